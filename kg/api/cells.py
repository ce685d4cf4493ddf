"""Terms and triples as a page shows them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kg import iris
from kg.api import descriptions
from kg.provenance import TYPE
from kg.quads import Object, Subject
from kg.store import Contents

_STRING = iris.PREFIXES["xsd"] + "string"


@dataclass(frozen=True)
class Cell:
    """A term: its text, where it leads, its language, its datatype, the short form of its IRI."""

    text: str
    link: str | None = None
    language: str | None = None
    datatype: str | None = None
    iri: str | None = None


@dataclass(frozen=True)
class Row:
    """A property of a thing, with its values."""

    name: Cell
    values: tuple[Cell, ...]


class Cells:
    """Makes the cells of one page; each thing's label is looked up once."""

    def __init__(self, contents: Contents, link: Callable[[str], str]) -> None:
        self._contents = contents
        self._link = link
        self._made: dict[Subject | Object, Cell] = {}

    def cell(self, node: Subject | Object) -> Cell:
        """Show a term: a thing by its label, a literal with its language."""
        if node not in self._made:
            self._made[node] = self._new(node)
        return self._made[node]

    def rows(self, triples: Iterable[Triple]) -> list[Row]:
        """Arrange what is said of one thing by property, its type first."""
        return self._arranged((triple.predicate, triple.object) for triple in triples)

    def mentions(self, triples: Iterable[Triple]) -> list[Row]:
        """Arrange what points at one thing by property."""
        return self._arranged((triple.predicate, triple.subject) for triple in triples)

    def _arranged(self, pairs: Iterable[tuple[NamedNode, Subject | Object]]) -> list[Row]:
        values: dict[NamedNode, list[Subject | Object]] = {}
        for predicate, value in pairs:
            values.setdefault(predicate, []).append(value)
        ordered = sorted(values, key=lambda predicate: (predicate != TYPE, predicate.value))
        return [
            Row(self.cell(predicate), tuple(self.cell(value) for value in sorted(values[predicate], key=str)))
            for predicate in ordered
        ]

    def _new(self, node: Subject | Object) -> Cell:
        if isinstance(node, NamedNode):
            name = descriptions.label(self._contents, node)
            short = iris.compact(node.value).strip("<>")
            return Cell(
                name.value if name else short,
                self._link(node.value),
                name.language if name else None,
                iri=short,
            )
        if isinstance(node, Literal):
            is_plain = node.language or node.datatype.value == _STRING
            datatype = None if is_plain else iris.compact(node.datatype.value)
            return Cell(node.value, language=node.language, datatype=datatype)
        return Cell("(unnamed)")
