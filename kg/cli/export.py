"""The command export."""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli import completion, output
from kg.cli.options import AsOf, Data, Endpoint
from kg.cli.reaching import graph_named, reached
from kg.errors import BadInput
from kg.exports.catalogue import DEFAULT, EXPORT_FORMATS
from kg.formats import from_name, from_path


def export(
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"{', '.join(EXPORT_FORMATS)}; by default as -o says, or {DEFAULT.name}. The graphs stay"
            f" apart in {', '.join(known.name for known in EXPORT_FORMATS.values() if known.holds_graphs)}.",
            autocompletion=completion.one_of(EXPORT_FORMATS),
        ),
    ] = None,
    graphs: Annotated[
        list[str] | None,
        typer.Option(
            "--graph",
            metavar="IRI",
            help="Only this graph; may be repeated.",
            autocompletion=completion.graphs,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Terms, kinds, shapes and provenance too, not only facts.")
    ] = False,
    target: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="A file, written whole or not at all."),
    ] = None,
    as_of: AsOf = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Write graphs to a file or standard output.

    kg export --format turtle -o diplomacy.ttl
    """
    if everything and graphs:
        raise BadInput("Give --graph or --all, not both.")
    is_file = target is not None and str(target) != "-"
    named = from_name(format_name, EXPORT_FORMATS) if format_name else None
    chosen = named or (from_path(target, EXPORT_FORMATS) if target and is_file else DEFAULT)
    access = reached(data, endpoint)
    named_graphs = [graph_named(access, graph) for graph in graphs or []]
    chunks = access.export(chosen, named_graphs, everything=everything, as_of=as_of)
    if target and is_file:
        with output.working(f"Writing {target}"):
            output.write_file(target, chunks)
    else:
        output.send(lambda file: file.writelines(chunks))
