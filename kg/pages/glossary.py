"""Glossary: the meanings of the badges, and the graph's terms for hedges and statuses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.pages.cells import Cell, Cells
from kg.pages.rendering import Style, marked
from kg.pages.stories.reading import NodeReader
from kg.store.store import Contents
from kg.terms import DIP, SKOS

SIGNS: Mapping[str, str] = {
    "source": marked("A document, a passage of it, or the report that it makes of something."),
    "statement": marked(
        "What somebody said or issued. The graph reports that it was said, not that it is true."
    ),
    "claim": marked("What a statement alleges. It is its claimant’s, never a fact of this graph."),
    "happening": marked("An event or a gesture that a source reports as having occurred."),
    "prospect": marked("An act that was threatened, promised or asked for; not one that was done."),
    "assessment": marked("A judgement with an author: a stance, a tone, a reading of a gesture."),
    "coding": marked("A row of an event data set: how a coder read a story, not evidence that it occurred."),
    "actor": marked("A person, a state, an organization or a group that can act."),
    "record": marked("A part of other records: a time span, an office held, a quantity."),
    "submission": marked("Facts that one curator handed in together; the unit of evidence."),
    "term": marked("A term of the ontology, or a kind of a controlled list."),
}
"""Meaning of each badge."""

_LISTS = ("hedges", "report-bases", "claim-statuses", "act-statuses", "date-bases")
"""Controlled lists that occur on pages."""
_WORDINGS = 6


@dataclass(frozen=True)
class GlossaryEntry:
    """A kind with its definition, and words by which sources express it, in the reader's language."""

    anchor: str
    name: Cell
    definition: Cell | None
    wordings: tuple[str, ...]


class GlossaryList(NamedTuple):
    """A controlled list with its kinds, sorted by strength of the hedge and by name."""

    anchor: str
    name: Cell
    definition: Cell | None
    entries: list[GlossaryEntry]


def page(style: Style, contents: Contents) -> Iterator[bytes]:
    """Yield the page."""
    cells = style.cells(contents)
    lists = [_list(cells, NamedNode(iris.KINDS + name)) for name in _LISTS]
    yield style.text(
        "glossary.html", signs=SIGNS, lists=[each for each in lists if each.entries], version=contents.version
    ).encode()


def _list(cells: Cells, scheme: NamedNode) -> GlossaryList:
    reader = NodeReader(cells.contents)
    kinds = reader.subjects(scheme, SKOS.IN_SCHEME)
    ordered = sorted(
        kinds, key=lambda kind: (int(reader.text(kind, DIP.RESERVE) or 0), cells.cell(kind).text)
    )
    return GlossaryList(
        _anchor(scheme),
        cells.cell(scheme),
        _definition(cells, reader, scheme),
        [_entry(cells, reader, kind) for kind in ordered],
    )


def _entry(cells: Cells, reader: NodeReader, kind: NamedNode) -> GlossaryEntry:
    has_reserve = (reader.text(kind, DIP.RESERVE) or "0") != "0"  # a plain report has no such words
    texts = reader.texts(kind, DIP.WORDED_AS) if has_reserve else []
    worded = [each.value for each in texts if each.language == cells.language]
    return GlossaryEntry(
        _anchor(kind), cells.cell(kind), _definition(cells, reader, kind), tuple(worded[:_WORDINGS])
    )


def _definition(cells: Cells, reader: NodeReader, node: NamedNode) -> Cell | None:
    """Return the definition in the reader's language, else in another."""
    found = reader.texts(node, SKOS.DEFINITION)
    best: Literal | None = next((each for each in found if each.language == cells.language), None)
    best = best or next(iter(found), None)
    return Cell(best.value, language=best.language) if best else None


def _anchor(node: NamedNode) -> str:
    return node.value.removeprefix(iris.KINDS)
