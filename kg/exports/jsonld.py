"""Expanded JSON-LD writer: each graph under its name, or one graph alone.

The metadata come first, under a key that is not an IRI, so that they are not statements to a reader.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from kg.exports import chunks, traversal
from kg.exports.edition import Edition
from kg.exports.extract import Extract


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    quads = chain.from_iterable(map(_in_order, traversal.each(extract.quads, extract.graphs)))
    return _document(quads, extract.edition)


def write_alone(extract: Extract) -> Iterator[bytes]:
    """Yield the first graph as a document of triples, without its name."""
    quads = chain.from_iterable(map(_in_order, traversal.subjects_of(extract.quads, extract.graphs[0])))
    return _document((quad.triple for quad in quads), extract.edition)


def _in_order(quads: Sequence[Quad]) -> list[Quad]:
    return sorted(quads, key=str)


def _document(statements: Iterable[Quad] | Iterable[Triple], edition: Edition | None) -> Iterator[bytes]:
    about = b"" if edition is None else json.dumps({"about": edition.members()}).encode()

    def write_whole(file: IO[bytes]) -> None:
        serialize(statements, file, RdfFormat.JSON_LD)

    return _with_first(chunks.from_file(write_whole), about)


def _with_first(document: Iterator[bytes], first: bytes) -> Iterator[bytes]:
    """Insert an element at the start of a JSON array."""
    start = next(document)
    if first:
        rest = start.removeprefix(b"[")
        start = b"[" + first + (b"" if rest.startswith(b"]") else b",\n") + rest
    yield start
    yield from document
