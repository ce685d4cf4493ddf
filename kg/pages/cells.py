"""Terms and triples as shown on a page."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Triple

from kg import iris
from kg.changes import Object, Subject
from kg.query import names
from kg.store.engine_protocols import QueriedQuads
from kg.terms import RDF, XSD

_PLAIN = {
    each.value for each in (XSD.DATE, XSD.G_YEAR, XSD.G_YEAR_MONTH, XSD.INTEGER, XSD.BOOLEAN, XSD.ANY_URI)
}
"""Datatypes that readers recognize by the value."""

FOLLOWED = re.compile(r"(?:https?|urn|mailto):", re.IGNORECASE)
"""Prefixes of IRIs that may be links; another scheme (``javascript:``) could run code."""

_WHOLE = _PLAIN - {XSD.ANY_URI.value}
_UTC = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)")


@dataclass(frozen=True)
class Cell:
    """A term: its text, link, language, and the short form of its IRI.

    The note states what the text does not show: a language other than the page's, a rare datatype. A cell
    such as a date is ``is_whole``: no line break within it.
    """

    text: str
    link: str | None = None
    language: str | None = None
    iri: str | None = None
    note: str | None = None
    is_whole: bool = False

    @cached_property
    def html(self) -> Markup:
        """The cell as HTML: a link if it has one, in its language."""
        language = Markup(' lang="{}"').format(self.language) if self.language else ""
        note = Markup(" <small>{}</small>").format(self.note) if self.note else ""
        if self.link:
            return Markup('<a href="{}" title="{}"{}>{}</a>{}').format(
                self.link, self.iri, language, self.text, note
            )
        if self.language:
            return Markup('<span{} dir="auto">{}</span>{}').format(language, self.text, note)
        whole = Markup(' class="whole"') if self.is_whole else ""
        return Markup('<span dir="auto"{}>{}</span>{}').format(whole, self.text, note)


@dataclass(frozen=True)
class Row:
    """A property of a thing, with its values."""

    name: Cell
    values: tuple[Cell, ...]


class Cells:
    """Makes the cells of one page, in the reader's language; each thing's name is looked up once."""

    def __init__(self, contents: QueriedQuads, link: Callable[[str], str], language: str = "en") -> None:
        self.contents = contents
        self.language = language
        self._link = link
        self._made: dict[Subject | Object, Cell] = {}

    def cell(self, node: Subject | Object) -> Cell:
        """Return the cell of a term: a thing by its label, a literal with its language."""
        if node not in self._made:
            self._made[node] = self._new(node)
        return self._made[node]

    def rows(self, triples: Iterable[Triple]) -> list[Row]:
        """Return the triples of one thing by property, its type first."""
        return self._arranged((triple.predicate, triple.object) for triple in triples)

    def mentions(self, triples: Iterable[Triple]) -> list[Row]:
        """Return the things that point to one thing, by property."""
        return self._arranged((triple.predicate, triple.subject) for triple in triples)

    def _arranged(self, pairs: Iterable[tuple[NamedNode, Subject | Object]]) -> list[Row]:
        values: dict[NamedNode, list[Subject | Object]] = {}
        for predicate, value in pairs:
            values.setdefault(predicate, []).append(value)
        ordered = sorted(values, key=lambda predicate: (predicate != RDF.TYPE, predicate.value))
        return [
            Row(self.cell(predicate), tuple(self.cell(value) for value in sorted(values[predicate], key=str)))
            for predicate in ordered
        ]

    def literal(self, text: str, language: str | None, datatype: str | None) -> Cell:
        """Return the cell of a literal; a time without fractions of a second."""
        if language:
            note = None if language.partition("-")[0].lower() == self.language else language
            return Cell(text, language=language, note=note)
        if datatype == XSD.DATE_TIME.value:
            return Cell(_UTC.sub(r"\1 \2 UTC", text), is_whole=True)
        is_seen = datatype in _PLAIN or datatype in (None, XSD.STRING.value)
        return Cell(text, note=None if is_seen else iris.compact(datatype or ""), is_whole=datatype in _WHOLE)

    def _new(self, node: Subject | Object) -> Cell:
        if isinstance(node, NamedNode):
            name = names.name_of(self.contents, node, self.language)
            short = iris.compact(node.value).strip("<>")
            text, language = (name.value, name.language) if name else (short, None)
            link = self._link(node.value) if FOLLOWED.match(node.value) else None
            return Cell(text, link, language, iri=short)
        if isinstance(node, Literal):
            return self.literal(node.value, node.language, node.datatype.value)
        return Cell("(unnamed)")
