"""N-Quads writer: a line for each quad, graph by graph."""

from collections.abc import Iterator
from itertools import chain

from kg.exports import chunks, edition, traversal
from kg.exports.extract import Extract


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    header = edition.comments(extract.edition).encode()
    lines = (traversal.lines(extract.quads, graph) for graph in extract.graphs)
    return chunks.regather(chain([header], chain.from_iterable(lines)))
