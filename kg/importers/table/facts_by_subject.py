"""Index of facts by subject and property, for writing them as rows."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kg.importers.table.values import Value
from kg.terms import RDF


class Facts:
    """Facts by subject and property."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = frozenset(triples)
        self._said: dict[NamedNode, dict[NamedNode, list[Value]]] = {}
        self._subjects: dict[tuple[NamedNode, Value], list[NamedNode]] = {}
        for triple in sorted(self.triples, key=str):
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
                values = self._said.setdefault(triple.subject, {})
                values.setdefault(triple.predicate, []).append(triple.object)
                self._subjects.setdefault((triple.predicate, triple.object), []).append(triple.subject)

    def __iter__(self) -> Iterator[NamedNode]:
        """Iterate over the subjects."""
        return iter(self._said)

    def __contains__(self, node: object) -> bool:
        """Return True if a thing is a subject."""
        return node in self._said

    def properties(self, node: NamedNode) -> frozenset[NamedNode]:
        """Return the properties of a thing."""
        return frozenset(self._said.get(node, ()))

    def all(self, node: Value | None, predicate: NamedNode) -> list[Value]:
        """Return the values of a property."""
        return self._said.get(node, {}).get(predicate, []) if isinstance(node, NamedNode) else []

    def subjects(self, predicate: NamedNode, value: Value) -> list[NamedNode]:
        """Return the things with a value of a property."""
        return self._subjects.get((predicate, value), [])

    def is_a(self, node: Value, class_: NamedNode) -> bool:
        """Return True if a thing has a class."""
        return class_ in self.all(node, RDF.TYPE)

    def languages(self, node: NamedNode, but: Iterable[NamedNode]) -> Iterator[str]:
        """Yield the languages of a thing's texts, except those of some properties."""
        for predicate, values in self._said.get(node, {}).items():
            for value in values if predicate not in but else ():
                if isinstance(value, Literal) and value.language:
                    yield value.language
