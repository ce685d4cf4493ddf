"""N-Triples writer: the union of the graphs, a line for each triple."""

from collections.abc import Iterator
from itertools import chain

from kg.exports import chunks, edition, traversal
from kg.exports.extract import Extract


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    header = edition.comments(extract.edition).encode()
    return chunks.regather(chain([header], _lines(extract)))


def _lines(extract: Extract) -> Iterator[bytes]:
    yield from traversal.union_lines(extract.quads, extract.graphs)
