"""Yields the quads of graphs in an order that depends on nothing but the quads.

No iterator of the store stays open between two steps, because a store's iterator must stay on the thread that
made it, and each step may run on another thread.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from pyoxigraph import BlankNode, Quad

from kg.changes import GraphName, Quads, Subject


def union(store: Quads, graphs: Sequence[GraphName]) -> Iterator[list[Quad]]:
    """Yield, subject by subject in order, the quads about it in any of the graphs."""
    chosen = set(graphs)
    subjects = {quad.subject for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph)}
    for subject in sorted(subjects, key=_rank):
        yield [
            quad for quad in store.quads_for_pattern(subject, None, None, None) if quad.graph_name in chosen
        ]


def each(store: Quads, graphs: Sequence[GraphName]) -> Iterator[list[Quad]]:
    """Yield, graph by graph and subject by subject in order, the quads about it."""
    return chain.from_iterable(subjects_of(store, graph) for graph in graphs)


def subjects_of(store: Quads, graph: GraphName) -> Iterator[list[Quad]]:
    """Yield, subject by subject in order, the quads about it in one graph."""
    subjects = {quad.subject for quad in store.quads_for_pattern(None, None, None, graph)}
    for subject in sorted(subjects, key=_rank):
        yield list(store.quads_for_pattern(subject, None, None, graph))


def _rank(subject: Subject) -> tuple[bool, str]:
    """Sort blank nodes last: what has a name comes first."""
    return isinstance(subject, BlankNode), str(subject)
