"""Writes JSON-LD: each graph under its name, or one graph alone."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from kg.changes import GraphName, Quads
from kg.exports import chunks, traversal


def write(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    """Yield the document in chunks."""
    return _document(chain.from_iterable(map(_in_order, traversal.each(store, graphs))))


def write_alone(store: Quads, graph: GraphName) -> Iterator[bytes]:
    """Yield a graph as a document of triples, in which it has no name."""
    quads = chain.from_iterable(map(_in_order, traversal.subjects_of(store, graph)))
    return _document(quad.triple for quad in quads)


def _in_order(quads: Sequence[Quad]) -> list[Quad]:
    return sorted(quads, key=str)


def _document(statements: Iterable[Quad] | Iterable[Triple]) -> Iterator[bytes]:
    return chunks.from_file(lambda file: serialize(statements, file, RdfFormat.JSON_LD))
