"""Writes JSON-LD: each graph under its name."""

from collections.abc import Iterator, Sequence

from pyoxigraph import RdfFormat, serialize

from kg.changes import GraphName, Quads
from kg.exports import chunks, traversal


def write(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    """Yield the document in chunks."""
    quads = (quad for quads in traversal.each(store, graphs) for quad in sorted(quads, key=str))
    return chunks.from_file(lambda file: serialize(quads, file, RdfFormat.JSON_LD))
