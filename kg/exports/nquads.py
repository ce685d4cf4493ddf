"""Writes N-Quads: a line for each quad, graph by graph."""

from collections.abc import Iterator, Sequence
from itertools import chain

from kg.changes import GraphName, Quads
from kg.exports import chunks, traversal


def write(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    """Yield the document in chunks."""
    lines = (sorted(f"{quad} .\n" for quad in quads) for quads in traversal.each(store, graphs))
    return chunks.gather(chain.from_iterable(lines))
