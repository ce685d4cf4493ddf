"""Writes Turtle: the union of the graphs, a block for each subject."""

from collections.abc import Iterator, Sequence
from itertools import chain

from kg import turtle
from kg.changes import GraphName, Quads
from kg.exports import chunks, traversal


def write(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    """Yield the document in chunks."""
    blocks = ("\n" + turtle.block(quads) for quads in traversal.union(store, graphs))
    return chunks.gather(chain([turtle.HEADER], blocks))
