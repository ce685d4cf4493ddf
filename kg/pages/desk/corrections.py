"""Corrections at the desk: the rows of a submission, to be edited and sent in its place."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from kg import turtle
from kg.changes import Quads
from kg.errors import NotFound
from kg.importers.drafts.article import Article
from kg.importers.drafts.draft import Cells
from kg.importers.table.written import untyped, written
from kg.iris import compact
from kg.pages.desk.entries import DeskEntry, DeskRequest, DraftDecision
from kg.terms import RDF


@dataclass(frozen=True)
class RowsOfQuads:
    """Facts as rows of the curators' table, and the triples that no row states, as Turtle."""

    rows: tuple[Cells, ...]
    unsaid: tuple[str, ...]


def rows_of(quads: Iterable[Quad], contents: Quads, graph: NamedNode | None = None) -> RowsOfQuads:
    """Return facts as rows; triples about ``graph`` itself are left out, because commits state them."""
    facts = [quad for quad in quads if quad.subject != graph]
    table = written(facts, dict(_classes(contents, untyped(facts))))
    rows = csv.DictReader(io.StringIO(table.text, newline=""))
    filled = ({name: text for name, text in row.items() if text} for row in rows)
    unsaid = (" ".join(map(turtle.term, each)) for each in table.unsaid)
    return RowsOfQuads(tuple(filled), tuple(unsaid))


def loaded(graph: str, contents: Quads) -> Iterator[bytes]:
    """Yield the rows of a submission as JSON for ``with_rows``; raises NotFound if it has no triples."""
    name = NamedNode(graph)
    quads = list(contents.quads_for_pattern(None, None, None, name))
    if not quads:
        raise NotFound(f"There is no graph {compact(graph)}, or it was withdrawn.", graph=graph)
    found = rows_of(quads, contents, name)
    yield json.dumps({"rows": found.rows, "unsaid": found.unsaid}).encode()


def with_rows(graph: str, document: bytes) -> DeskRequest:
    """Return a desk with the rows of ``loaded``, all accepted; raises TooLarge for too many."""
    members: Mapping[str, list[Cells]] = json.loads(document)
    desk = DeskRequest(Article(""), supersedes=graph, unsaid=tuple(map(str, members["unsaid"])))
    return desk.with_entries(DeskEntry(cells, (), DraftDecision.ACCEPTED) for cells in members["rows"])


def _classes(contents: Quads, things: Iterable[NamedNode]) -> Iterator[tuple[NamedNode, NamedNode]]:
    """Yield things that other submissions describe, each with a class."""
    for thing in things:
        for quad in contents.quads_for_pattern(thing, RDF.TYPE, None):
            if isinstance(quad.object, NamedNode):
                yield thing, quad.object
