"""TriG writer: each graph under its name."""

from collections.abc import Iterator
from itertools import chain

from kg import turtle
from kg.changes import GraphName
from kg.exports import chunks, edition, traversal
from kg.exports.extract import Extract


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    blocks = (
        turtle.graph_blocks(graph, traversal.subjects_of(extract.quads, graph)) for graph in _filled(extract)
    )
    header = [edition.comments(extract.edition), turtle.HEADER]
    return chunks.gather(chain(header, chain.from_iterable(blocks)))


def _filled(extract: Extract) -> Iterator[GraphName]:
    """Yield the graphs that hold quads: an empty block for the default graph would confuse readers."""
    for graph in extract.graphs:
        if next(extract.quads.quads_for_pattern(None, None, None, graph), None):
            yield graph
