"""A graph of shapes or alignments arranged for reading, in groups with headings."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from kg import iris
from kg.pages.cells import Cell, Cells, Row
from kg.pages.descriptions import Description
from kg.terms import RDF

_GROUPS = {
    "sh:NodeShape": "Rules for classes",
    "sh:PropertyShape": "Rules for properties",
    "owl:Ontology": "About this document",
}
_OTHER = "Terms and kinds"


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


def groups(told: Description, graph: str, cells: Cells) -> list[Group]:
    """Return the groups of a graph: by type, each sorted by name."""
    found: dict[tuple[int, str], list[TermEntry]] = {}
    for iri, triples in told.by_subject().items():
        entry = TermEntry(_anchor(graph, iri), cells.cell(NamedNode(iri)), cells.rows(triples))
        found.setdefault(_place(triples), []).append(entry)
    return [
        Group(title, f"group-{number}", sorted(found[place, title], key=lambda entry: _order(entry.name)))
        for number, (place, title) in enumerate(sorted(found))
    ]


def _place(triples: Iterable[Triple]) -> tuple[int, str]:
    """Return a term's heading, preceded by the heading's position."""
    types = {triple.object for triple in triples if triple.predicate == RDF.TYPE}
    names = list(_GROUPS)
    for place, name in enumerate(names):
        if NamedNode(iris.expand(name)) in types:
            return place, _GROUPS[name]
    return len(names), _OTHER


def _anchor(graph: str, iri: str) -> str:
    return iri.removeprefix(graph).lstrip("#/") or "document"


def _order(name: Cell) -> tuple[str, str]:
    return name.text.casefold(), name.iri or ""
