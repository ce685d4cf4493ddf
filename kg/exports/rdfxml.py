"""RDF/XML writer: the union of the graphs. Raises NotAcceptable for a triple that XML cannot carry."""

from collections.abc import Iterator, Sequence
from itertools import chain

from pyoxigraph import Quad

from kg.exports import chunks, traversal
from kg.exports.edition import Edition
from kg.exports.extract import Extract
from kg.query.results import rdfxml


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks; raises NotAcceptable before the first."""
    blocks = map(_block, traversal.union(extract.quads, extract.graphs))
    pieces = chain([rdfxml.HEADER, _comment(extract.edition)], blocks, [rdfxml.FOOTER])
    return chunks.from_file(lambda file: file.writelines(chunks.gather(pieces)))


def _block(quads: Sequence[Quad]) -> str:
    """Return the element of one subject."""
    return rdfxml.block(sorted({quad.triple for quad in quads}, key=str))


def _comment(edition: Edition | None) -> str:
    """Return the metadata as a comment; two hyphens would end an XML comment (XML 1.0, section 2.5)."""
    if edition is None:
        return ""
    return "<!--\n" + "".join(f"{line.replace('--', '- -')}\n" for line in edition.lines()) + "-->\n"
