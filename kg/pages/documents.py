"""A graph of terms, kinds or shapes arranged for reading: what belongs together under one heading."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from kg import iris
from kg.pages.cells import Cell, Cells, Row
from kg.pages.descriptions import Description
from kg.terms import RDF, SKOS

_GROUPS = {
    "owl:Class": "Classes",
    "owl:ObjectProperty": "Properties between things",
    "owl:DatatypeProperty": "Properties with values",
    "owl:AnnotationProperty": "Properties of terms",
    "skos:Concept": "Kinds",
    "sh:NodeShape": "Rules for classes",
    "sh:PropertyShape": "Rules for properties",
    "skos:ConceptScheme": "The lists themselves",
    "owl:Ontology": "About this document",
}
_OTHER = "Terms and kinds"


@dataclass(frozen=True)
class TermEntry:
    """What is told of one term: where to jump to, its name, all that is said."""

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
    """Arrange a graph: kinds by their list, all else by what it is, and by name within."""
    found: dict[tuple[int, str], list[TermEntry]] = {}
    for iri, triples in told.by_subject().items():
        entry = TermEntry(_anchor(graph, iri), cells.cell(NamedNode(iri)), cells.rows(triples))
        found.setdefault(_place(triples, cells), []).append(entry)
    return [
        Group(title, f"group-{number}", sorted(found[place, title], key=lambda entry: _order(entry.name)))
        for number, (place, title) in enumerate(sorted(found))
    ]


def _place(triples: Iterable[Triple], cells: Cells) -> tuple[int, str]:
    """Say under which heading a term stands, and how far down that is."""
    values = [(triple.predicate, triple.object) for triple in triples if isinstance(triple.object, NamedNode)]
    lists = sorted(cells.cell(value).text for predicate, value in values if predicate == SKOS.IN_SCHEME)
    names = list(_GROUPS)
    for place, name in enumerate(names):
        if (RDF.TYPE, NamedNode(iris.expand(name))) in values:
            return place, lists[0] if lists else _GROUPS[name]
    return len(names), _OTHER


def _anchor(graph: str, iri: str) -> str:
    return iri.removeprefix(graph).lstrip("#/") or "document"


def _order(name: Cell) -> tuple[str, str]:
    return name.text.casefold(), name.iri or ""
