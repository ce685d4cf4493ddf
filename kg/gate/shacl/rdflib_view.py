"""rdflib view of an overlay: a read-only store, and a graph that parses each SPARQL text only once.

Terms convert exactly, with one rule of RDF 1.1 that rdflib lacks: "x" and "x"^^xsd:string are one literal.
rdflib treats them as different, so sh:in and sh:hasValue would reject valid data; therefore a string always
becomes a plain rdflib literal. Lexical forms are kept (``normalize=False``): the store normalises. Dates
before the year 1, after 9999 or with a time zone get values of a class of their own, because Python has no
such dates.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NoReturn, Self

import pyoxigraph
import rdflib
from pyoxigraph import NamedNode, Quad
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.store import Store
from rdflib.term import Node

from kg.gate.dates.calendar import Day, Period
from kg.gate.overlay import Overlay, Term
from kg.iris import PREFIXES
from kg.terms import XSD


@lru_cache(maxsize=1 << 16)
def to_rdflib(term: Term) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    """Return a term in rdflib's form; raises TypeError for a triple term."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return rdflib.BNode(term.value)
    if not isinstance(term, pyoxigraph.Literal):
        raise TypeError(f"{term} is not a term of RDF 1.1.")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype == XSD.STRING:
        return rdflib.Literal(term.value)
    datatype = rdflib.URIRef(term.datatype.value)
    if term.datatype in _CALENDAR and not _PYTHON_DATE.fullmatch(term.value) and (period := Period.of(term)):
        return _dated(term.value, datatype, period)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


_CALENDAR = (XSD.DATE, XSD.G_YEAR_MONTH, XSD.G_YEAR)
_PYTHON_DATE = re.compile(r"(?!0000)\d{4}(-\d\d){0,2}", re.ASCII)


def _dated(lexical: str, datatype: rdflib.URIRef, period: Period) -> rdflib.Literal:
    """Return a literal with a value that rdflib cannot parse; rdflib has no public way to set the value."""
    literal = rdflib.Literal(lexical)
    literal._datatype, literal._value, literal._ill_typed = datatype, _Date(period), False
    return literal


class _Date(date):
    """A date that Python does not support, in XML Schema's order: greater means certainly later.

    As a Python date it is 0001-01-01, because pySHACL checks that the value is a date.
    """

    first: Day

    def __new__(cls, period: Period) -> Self:
        """Return a date for the first day of a period."""
        date = super().__new__(cls, 1, 1, 1)
        assert period.first is not None  # a literal's period has both bounds
        date.first = period.first
        return date

    def __eq__(self, other: object) -> bool:
        day = _day(other)
        return day is not None and not (self.first.is_after(day) or day.is_after(self.first))

    def __hash__(self) -> int:
        return hash(self.first.minute)

    def __gt__(self, other: object) -> bool:
        return (day := _day(other)) is not None and self.first.is_after(day)

    def __lt__(self, other: object) -> bool:
        return (day := _day(other)) is not None and day.is_after(self.first)


def _day(value: object) -> Day | None:
    if isinstance(value, _Date):
        return value.first
    return Day(value.year, value.month, value.day) if isinstance(value, date) else None


@lru_cache(maxsize=1 << 16)
def from_rdflib(node: Node) -> Term:
    """Return a node in pyoxigraph's form."""
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return pyoxigraph.BlankNode(str(node))
    if not isinstance(node, rdflib.Literal):
        raise TypeError(f"{node!r} is not an RDF term.")
    if node.language:
        return pyoxigraph.Literal(str(node), language=node.language)
    datatype = NamedNode(str(node.datatype)) if node.datatype else None
    return pyoxigraph.Literal(str(node), datatype=datatype)


def copy(quads: Iterable[Quad], graph: rdflib.Graph) -> None:
    """Copy the triples of quads into an rdflib graph."""
    for quad in quads:
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))


class OverlayStore(Store):
    """The union of an overlay's graphs as an rdflib store; writing raises TypeError."""

    def __init__(self, overlay: Overlay) -> None:
        super().__init__()
        self._overlay = overlay
        self._namespaces = {prefix: rdflib.URIRef(namespace) for prefix, namespace in PREFIXES.items()}

    def triples(
        self,
        triple_pattern: tuple[Node | None, Node | None, Node | None],
        context: object = None,  # noqa: ARG002  # rdflib names it; all graphs are one here
    ) -> Iterator[tuple[tuple[Node, Node, Node], Iterator[None]]]:
        """Yield the matching triples, each once."""
        subject, predicate, obj = triple_pattern
        if isinstance(subject, rdflib.Literal) or not isinstance(predicate, rdflib.URIRef | None):
            return  # rdflib's SPARQL engine asks this when a join binds a literal as a subject
        found = self._overlay.triples(_term(subject), _term(predicate), _term(obj))  # type: ignore[arg-type]
        for found_subject, found_predicate, found_object in found:
            yield (to_rdflib(found_subject), to_rdflib(found_predicate), to_rdflib(found_object)), iter(())

    def __len__(self, context: object = None) -> int:
        return sum(1 for _ in self._overlay.triples(None, None, None))

    def bind(self, prefix: str, namespace: rdflib.URIRef, override: bool = True) -> None:
        """Store a prefix; pySHACL binds some for its messages."""
        if override or prefix not in self._namespaces:
            self._namespaces[prefix] = namespace

    def namespace(self, prefix: str) -> rdflib.URIRef | None:
        """Return the namespace of a prefix."""
        return self._namespaces.get(prefix)

    def prefix(self, namespace: rdflib.URIRef) -> str | None:
        """Return the prefix of a namespace."""
        return next(
            (prefix for prefix, namespace_iri in self._namespaces.items() if namespace_iri == namespace), None
        )

    def namespaces(self) -> Iterator[tuple[str, rdflib.URIRef]]:
        """Yield all prefixes."""
        yield from self._namespaces.items()

    def add(self, *_args: Any, **_options: Any) -> NoReturn:
        """Raise TypeError."""
        raise TypeError("This view is read-only.")

    addN = remove = add  # noqa: N815  # rdflib's name


class OverlayGraph(rdflib.Graph):
    """An overlay as an rdflib graph."""

    def __init__(self, overlay: Overlay) -> None:
        super().__init__(store=OverlayStore(overlay), bind_namespaces="none")

    def __bool__(self) -> bool:
        """Return True: pySHACL evaluates ``datagraph or ...``, and rdflib would count all triples."""
        return True

    def query(self, query_object: str | Query, *args: Any, **options: Any) -> Result:
        """Run a query. pySHACL runs the same text per focus node; parsing would take 85 % of the time."""
        if isinstance(query_object, str):
            query_object = prepared(query_object)
        return super().query(query_object, *args, **options)


@lru_cache(maxsize=512)
def prepared(text: str) -> Query:
    """Return a parsed SPARQL text, cached. Our prefixes are predefined, as rdflib's own are elsewhere."""
    return prepareQuery(text, initNs=PREFIXES)


def _term(node: Node | None) -> Term | None:
    return None if node is None else from_rdflib(node)
