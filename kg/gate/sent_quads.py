"""Quads of a change, in memory, with literals as they were sent; answers patterns as a store does.

A store keeps numbers and times by value ("01"^^xsd:integer as "1"), so it cannot hold all literals in the
form that is checked. The quads whose form it keeps, nearly all, are in a store; the few others are beside it.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad

from kg import scratch
from kg.changes import GraphName, Object, Quads, Subject


class SentQuads(NamedTuple):
    """The quads of one side of a change: as a view, as a list, and the stored form of the respelled ones."""

    view: Quads
    quads: tuple[Quad, ...]
    either: frozenset[Quad]
    """The quads as they were sent, and as a store would keep them."""
    respelled: frozenset[Quad] = frozenset()
    """The quads that a store would change, as they were sent."""
    kept: frozenset[Quad] = frozenset()
    """The stored form of the respelled quads, unless it was also sent."""


def held(quads: Sequence[Quad]) -> SentQuads:
    """Return quads in the form in which they were sent.

    >>> from pyoxigraph import Literal
    >>> integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    >>> sent = held([Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("01", datatype=integer))])
    >>> [quad.object.value for quad in sent.view.quads_for_pattern(None, None, None)]
    ['01']
    """
    if not quads:
        return _nothing()
    store = scratch.filled(quads)
    listed = tuple(store)
    sent, stored_quads = frozenset(quads), frozenset(listed)
    if sent == stored_quads:
        return SentQuads(store, listed, stored_quads)
    respelled, added = sent - stored_quads, stored_quads - sent
    for quad in added:
        store.remove(quad)
    beside = [quad for quad in dict.fromkeys(quads) if quad in respelled]
    return SentQuads(_Both(store, beside), (*store, *beside), sent | stored_quads, respelled, added)


@cache
def _nothing() -> SentQuads:
    return SentQuads(scratch.filled(), (), frozenset())


class _Both:
    """A store, and beside it the quads whose literals the store would change."""

    def __init__(self, store: Quads, beside: Sequence[Quad]) -> None:
        self._store = store
        self._by_subject: dict[Subject, list[Quad]] = {}
        for quad in beside:
            self._by_subject.setdefault(quad.subject, []).append(quad)
        self._objects = frozenset(quad.object for quad in beside)

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Object | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        """Yield the quads that match term by term; ``None`` matches anything."""
        if object not in self._objects:
            yield from self._store.quads_for_pattern(subject, predicate, object, graph_name)
            if object is not None:
                return
        groups = self._by_subject.values() if subject is None else (self._by_subject.get(subject, ()),)
        for quads in groups:
            for quad in quads:
                if (
                    predicate in (None, quad.predicate)
                    and object in (None, quad.object)
                    and graph_name in (None, quad.graph_name)
                ):
                    yield quad
