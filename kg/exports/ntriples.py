"""Writes N-Triples: the union of the graphs, a line for each triple."""

from collections.abc import Iterator, Sequence
from itertools import chain

from kg.changes import GraphName, Quads
from kg.exports import chunks, traversal


def write(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    """Yield the document in chunks."""
    lines = (sorted({f"{quad.triple} .\n" for quad in quads}) for quads in traversal.union(store, graphs))
    return chunks.gather(chain.from_iterable(lines))
