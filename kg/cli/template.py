"""The command template: prints the curators' table, empty, with examples, or with a graph's facts."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli import completion, output
from kg.cli.options import Data, Endpoint, Spoken, SpokenLanguage
from kg.cli.reaching import reached
from kg.client.access import Access
from kg.client.naming import graph_named
from kg.errors import BadInput, NotFound

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

_MOST_SHOWN = 20
_ASKED_AT_ONCE = 200
_CLASSES = "SELECT ?thing ?class { VALUES ?thing { %s } ?thing a ?class } ORDER BY ?thing ?class"


def template(
    record: Annotated[
        str | None,
        typer.Argument(
            help="One record (statement, event, gesture, stance ...); left out, all of them.",
            autocompletion=completion.records,
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Explain each column and each kind, instead of printing the table."),
    ] = False,
    language: Spoken = SpokenLanguage.EN,
    empty: Annotated[bool, typer.Option("--empty", help="Omit the example rows.")] = False,
    graph: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="GRAPH",
            help="Write the facts of this graph as rows, to correct and add again with --supersedes.",
            autocompletion=completion.graphs,
        ),
    ] = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Print the CSV table for curators.

    Replace its example rows by your own:
    kg template statement > statements.csv
    """
    from kg.importers import table as table

    if graph is not None:
        if record or explain or empty:
            raise BadInput(
                "--from writes all records of a graph; do not combine it with RECORD, --explain or --empty."
            )
        _write_back(graph, data, endpoint)
        return
    if explain:
        output.line(table.explanation(record, language).rstrip("\n"))
        return
    output.line(table.text(record, has_examples=not empty).rstrip("\n"))
    command = " ".join(["kg template", *([record] if record else []), "--explain"])
    output.print_message(f"Replace the example rows by your own. {command} explains each column.")


def _write_back(name: str, data: Path | None, endpoint: str | None) -> None:
    from pyoxigraph import NamedNode, RdfFormat, parse

    from kg.exports.catalogue import EXPORT_FORMATS
    from kg.exports.selection import Selection
    from kg.importers.table.written import untyped, written
    from kg.turtle import term

    access = reached(data, endpoint)
    graph = graph_named(access, name)
    chunks = access.export(EXPORT_FORMATS["nquads"], Selection((graph,)))
    quads = list(parse(b"".join(chunks), format=RdfFormat.N_QUADS))
    if not quads:
        raise NotFound(f"There is no graph {name}; kg log lists those that were added.")
    table = written(quads, _classes(access, untyped(quads)))
    output.line(table.text.rstrip("\n"))
    of_itself = [triple for triple in table.unsaid if triple.subject == NamedNode(graph)]
    unsaid = [triple for triple in table.unsaid if triple not in of_itself]
    for triple in unsaid[:_MOST_SHOWN]:
        output.print_message(
            f"Not in any row: {term(triple.subject)} {term(triple.predicate)} {term(triple.object)}"
        )
    if unsaid:
        output.print_message(f"{len(unsaid)} of {len(quads)} triples are not in any row; add them as RDF.")
    if of_itself:
        output.print_message(
            "No row contains the graph's title, author and source; pass the author and the source to kg "
            "add with --by and --source."
        )
    if table.more:
        output.print_message(
            f"The rows state {table.more} triples that the graph does not hold; compare the two."
        )


def _classes(access: Access, things: "Iterable[NamedNode]") -> "Mapping[NamedNode, NamedNode]":
    """Return the class of each thing that the graph describes."""
    from pyoxigraph import NamedNode

    from kg.client.access import result_of
    from kg.client.results import ACCEPT

    names = sorted(map(str, things))
    classes: dict[NamedNode, NamedNode] = {}
    for begin in range(0, len(names), _ASKED_AT_ONCE):
        some = " ".join(names[begin : begin + _ASKED_AT_ONCE])
        for row in result_of(access.query(_CLASSES % some, ACCEPT)).rows():
            classes[NamedNode(str(row["thing"]))] = NamedNode(str(row["class"]))
    return classes
