"""Read set of a judgement: the patterns that it queried in the store.

A judgement on version ``n`` also holds on a later version if no quad added or removed in between matches one
of its patterns: every look-up would return the same quads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import GraphName, Object, Subject
from kg.iris import PREFIXES

Pattern: TypeAlias = tuple[Subject | None, NamedNode | None, Object | None, GraphName | None]

EVERYTHING: Pattern = (None, None, None, None)
_TEXT = frozenset(
    NamedNode(prefix + name)
    for prefix, name in ((PREFIXES["xsd"], "string"), (PREFIXES["rdf"], "langString"))
)


class ReadSet:
    """The patterns queried so far."""

    def __init__(self) -> None:
        self._patterns: set[Pattern] = set()

    def __len__(self) -> int:
        return len(self._patterns)

    def add(
        self,
        subject: Subject | None = None,
        predicate: NamedNode | None = None,
        obj: Object | None = None,
        graph: GraphName | None = None,
    ) -> None:
        """Add a pattern; without arguments, all quads.

        The store keeps literals by value ("01" as "1"), so a pattern with a literal that is not text matches
        more than its own term: it is added as a pattern for any object.
        """
        if is_by_value(obj):
            obj = None
        self._patterns.add((subject, predicate, obj, graph))

    def clear(self) -> None:
        """Remove all patterns."""
        self._patterns.clear()

    def matches(self, quads: Iterable[Quad]) -> bool:
        """Return True if one of the quads, as the store holds them, matches a pattern."""
        if EVERYTHING in self._patterns:
            return any(True for _ in quads)
        return any(not self._patterns.isdisjoint(generalised(quad)) for quad in quads)


def generalised(quad: Quad) -> Iterator[Pattern]:
    """Yield the 16 patterns that match a quad."""
    parts = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return product(*((part, None) for part in parts))  # type: ignore[return-value]  # product() widens


def is_by_value(term: Object | None) -> bool:
    """Return True if a store matches a term by value: a literal that is not text."""
    return isinstance(term, Literal) and term.datatype not in _TEXT
