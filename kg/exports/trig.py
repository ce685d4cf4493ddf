"""Writes TriG: each graph under its name."""

from collections.abc import Iterator, Sequence
from itertools import chain

from kg import turtle
from kg.changes import GraphName, Quads
from kg.exports import chunks, traversal


def write(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    """Yield the document in chunks."""
    blocks = (
        turtle.graph_blocks(graph, traversal.subjects_of(store, graph)) for graph in _filled(store, graphs)
    )
    return chunks.gather(chain([turtle.HEADER], chain.from_iterable(blocks)))


def _filled(store: Quads, graphs: Sequence[GraphName]) -> Iterator[GraphName]:
    """Yield the graphs that hold something: an empty block for the default graph would puzzle a reader."""
    for graph in graphs:
        if next(store.quads_for_pattern(None, None, None, graph), None):
            yield graph
