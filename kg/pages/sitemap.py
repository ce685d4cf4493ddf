"""Sitemaps (sitemaps.org): the URLs of all things, terms and kinds, in files of bounded length.

A file contains at most 50,000 URLs. For more things, an index names several files; the checksum of a thing's
IRI determines its file, so that nothing is sorted or stored.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape
from zlib import crc32

from pyoxigraph import NamedNode

from kg import iris
from kg.exports import chunks
from kg.pages import listing
from kg.store.store import Contents
from kg.terms import RDF

MOST_ADDRESSES = 50_000
"""Maximum URLs in one file by the protocol."""
THINGS_IN_A_FILE = MOST_ADDRESSES // 2
"""Approximate things in one of several files: checksums are not perfectly uniform."""
MOST_FILES = 50_000
"""Maximum files in one index by the protocol."""
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write(root: str, others: Sequence[str], contents: Contents) -> Iterator[bytes]:
    """Yield a file of all URLs if it can hold them, else the index; ``others`` are paths of other pages."""
    number = sum(1 for _ in _things(contents))
    first = [*(root + path for path in others), *_terms(root, contents)]
    if number + len(first) <= MOST_ADDRESSES:
        return chunks.gather(_file(first, _addresses(root, contents, 0, 1)))
    files = min(-(-number // THINGS_IN_A_FILE), MOST_FILES)
    return chunks.gather(_index(root, files))


def write_part(root: str, part: int, files: int, contents: Contents) -> Iterator[bytes]:
    """Yield one of several files, counted from 0."""
    return chunks.gather(_file([], _addresses(root, contents, part, files)))


def _index(root: str, files: int) -> Iterator[str]:
    yield f"{_HEADER}<sitemapindex {_NAMESPACE}>\n"
    for part in range(files):
        yield f"<sitemap><loc>{escape(f'{root}sitemap.xml?part={part + 1}&of={files}')}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def _file(first: Sequence[str], addresses: Iterator[str]) -> Iterator[str]:
    yield f"{_HEADER}<urlset {_NAMESPACE}>\n"
    number = 0
    for number, address in enumerate((*first, *addresses), 1):
        if number > MOST_ADDRESSES:
            break
        yield f"<url><loc>{escape(address)}</loc></url>\n"
    yield "</urlset>\n"


def _addresses(root: str, contents: Contents, part: int, files: int) -> Iterator[str]:
    names = {iri for iri in _things(contents) if crc32(iri.encode()) % files == part}  # has several classes
    return (root + quote(iri.removeprefix(iris.BASE), safe="/") for iri in sorted(names))


def _terms(root: str, contents: Contents) -> list[str]:
    """Return the URLs of the pages of terms and kinds."""
    found: set[str] = set()
    for graph, namespace in ((iris.TERMS_GRAPH, iris.TERMS), (iris.KINDS_GRAPH, iris.KINDS)):
        for quad in contents.quads_for_pattern(None, RDF.TYPE, None, NamedNode(graph)):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(namespace):
                found.add(f"{root}{quad.subject.value.removeprefix(iris.BASE).replace('#', '/')}")
    return sorted(found)


def _things(contents: Contents) -> Iterator[str]:
    """Yield the IRIs of things that have a class of ours, once for each class."""
    for name in listing.classes_below(contents, None):
        for quad in contents.quads_for_pattern(None, RDF.TYPE, NamedNode(name)):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(iris.DATA):
                yield quad.subject.value
