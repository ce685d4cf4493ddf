"""Writes RDF/XML: the union of the graphs. Raises NotAcceptable for a triple that XML cannot carry."""

from collections.abc import Iterator, Sequence
from itertools import chain

from pyoxigraph import Quad

from kg.changes import GraphName, Quads
from kg.exports import chunks, traversal
from kg.query.results import rdfxml


def write(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    """Yield the document in chunks; raises NotAcceptable before the first."""
    pieces = chain([rdfxml.HEADER], map(_block, traversal.union(store, graphs)), [rdfxml.FOOTER])
    return chunks.from_file(lambda file: file.writelines(chunks.gather(pieces)))


def _block(quads: Sequence[Quad]) -> str:
    """Return the element of one subject."""
    return rdfxml.block(sorted({quad.triple for quad in quads}, key=str))
