"""Large submissions: facts of other vocabularies, which ``kg add`` commits as a load.

Hash and graph name are those that any submission has by its content. A document that uses our terms, has
blank nodes or supersedes a graph is judged and committed as an ordinary submission.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from pyoxigraph import NamedNode, RdfFormat, Store

from kg import scratch
from kg.changes import Quads
from kg.facts import parsing
from kg.facts.loads import chunks, load
from kg.facts.loads.files import BLOCK
from kg.facts.loads.source import LoadSource
from kg.formats import FactsFormat, RDFFormat
from kg.iris import submission_graph

LARGE = 1 << 20
"""Minimum bytes of a large submission."""
_LINES = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
_WITHOUT_LOSSES = (*_LINES, RdfFormat.TURTLE, RdfFormat.TRIG)


class LargeSubmission(NamedTuple):
    """The source of a load, and the graphs that it creates, sorted."""

    source: LoadSource
    graphs: tuple[str, ...]

    def can_be_loaded(self, store: Quads) -> bool:
        """Return True if all or none of its graphs exist: a load cannot skip single graphs."""
        if load.is_known(store, self.source.key):
            return True
        names = map(NamedNode, self.graphs)
        return not any(True for name in names for _ in store.quads_for_pattern(None, None, None, name))


def found_in(data: bytes, facts_format: FactsFormat, name: str) -> LargeSubmission | None:
    """Return a document as a large submission; None if it is an ordinary one.

    Raises TooLarge or Unreadable as ``parsing.read`` does.
    """
    if len(data) < LARGE or not isinstance(facts_format, RDFFormat):
        return None
    if facts_format.syntax not in _WITHOUT_LOSSES or b"_:" in data or chunks.mentions_ours(data):
        return None
    store = _filled(data, facts_format)
    text = store.dump(format=RdfFormat.N_QUADS) or b""
    if b"_:" in text or chunks.mentions_ours(text):
        return None
    lines = sorted(text.splitlines(keepends=True))
    content_hash = hashlib.sha256(b"".join(lines)).hexdigest()
    home = submission_graph(content_hash)
    whole = chunks.dumped(store, home, text)
    source = LoadSource(name, content_hash, home, partial(_blocks, whole.text), normal=whole.graphs)
    return LargeSubmission(source, tuple(sorted(whole.graphs)))


def _filled(data: bytes, facts_format: RDFFormat) -> Store:
    """Return an in-memory store with the triples of a text; raises as ``parsing.read``."""
    store = scratch.filled()
    if facts_format.syntax in _LINES and not chunks.is_newer(data) and len(data) <= parsing.MAX_BYTES:
        with suppress(SyntaxError):  # parsing.read reports the fault
            store.bulk_load(data, facts_format.syntax)
            return store
        store = scratch.filled()
    store.bulk_extend(parsing.read(data, facts_format).quads)
    return store


def _blocks(text: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(text):
        end = text.find(b"\n", start + BLOCK) + 1 or len(text)
        yield text[start:end]
        start = end
