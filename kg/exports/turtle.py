"""Turtle writer: the union of the graphs, a block for each subject."""

from collections.abc import Iterator
from itertools import chain

from kg import turtle
from kg.exports import chunks, edition, traversal
from kg.exports.extract import Extract


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    blocks = ("\n" + turtle.block(quads) for quads in traversal.union(extract.quads, extract.graphs))
    return chunks.gather(chain([edition.comments(extract.edition), turtle.HEADER], blocks))
