"""The graph of alignments arranged for reading, in groups with headings."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from kg.pages.cells import Cell, Cells, Row
from kg.pages.descriptions import Description
from kg.pages.rendering import marked
from kg.terms import OWL, RDF

_HEADER = marked("About this document")
_OTHER = marked("Terms and kinds")


@dataclass(frozen=True)
class TermEntry:
    """One term on the page: its anchor, its name, and its triples."""

    anchor: str
    name: Cell
    rows: list[Row]


@dataclass(frozen=True)
class Group:
    """Entries under one heading."""

    title: str
    anchor: str
    entries: list[TermEntry]


def groups(description: Description, graph: str, cells: Cells) -> list[Group]:
    """Return the groups of a graph: by type, each sorted by name."""
    found: dict[tuple[int, str], list[TermEntry]] = {}
    for iri, triples in description.by_subject().items():
        entry = TermEntry(_anchor(graph, iri), cells.cell(NamedNode(iri)), cells.rows(triples))
        found.setdefault(_place(triples), []).append(entry)
    return [
        Group(title, f"group-{number}", sorted(found[place, title], key=lambda entry: _order(entry.name)))
        for number, (place, title) in enumerate(sorted(found))
    ]


def _place(triples: Iterable[Triple]) -> tuple[int, str]:
    """Return a term's heading, preceded by the heading's position."""
    is_header = any(each.predicate == RDF.TYPE and each.object == OWL.ONTOLOGY for each in triples)
    return (0, _HEADER) if is_header else (1, _OTHER)


def _anchor(graph: str, iri: str) -> str:
    return iri.removeprefix(graph).lstrip("#/") or "document"


def _order(name: Cell) -> tuple[str, str]:
    return name.text.casefold(), name.iri or ""
