"""Chunks of a source: some megabytes of lines, cut between records, in the store's normal form.

A record is a run of lines with the same subject. The store's in-memory engine normalizes chunks: it parses,
compares and writes them several times as fast as Python.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, parse, serialize

from kg import scratch
from kg.characters import check_quads
from kg.errors import BadInput, Unreadable
from kg.facts import parsing
from kg.facts.blank_nodes import renamed
from kg.facts.computed import completed
from kg.facts.kept_texts import TextsAtHand
from kg.facts.loads.uniform import UniformRecord, UniformRecords
from kg.formats import RDF_FORMATS
from kg.gate.rules import told_by_commits
from kg.gate.rules.vocabulary import NEAR_BASE
from kg.store import bulk_file
from kg.terms import DIP

SIZE = 1 << 24
"""Bytes of a chunk: the engine briefly needs 15 times as much."""
_LONGEST = 4 * SIZE
"""Maximum bytes of a chunk; beyond this, it is cut even within a record."""
_SUSPECT = re.compile(rb"\\[ubf]")
"""Escape sequences, which may stand for characters that XML cannot represent."""
_OURS = re.compile(NEAR_BASE.pattern.encode(), re.IGNORECASE)
_NEWER = re.compile(rb'<<|"@[A-Za-z0-9]++(?:-[A-Za-z0-9]++)*+--')
"""What begins a triple term, or a text direction, of RDF 1.2."""
_HOME = DefaultGraph()


@dataclass(frozen=True)
class SentChunk:
    """Lines as they were sent; the first is line ``first`` of its source."""

    lines: bytes
    first: int


@dataclass(frozen=True)
class Chunk:
    """Lines in the store's normal form, each once and in a named graph.

    If any of them uses our terms, ``sent`` has the quads as they were sent, with computed values. Of these,
    ``examples`` are examples of uniform records; the records ``alike`` are only in the text.
    """

    text: bytes
    graphs: frozenset[str]
    sent: tuple[Quad, ...] | None = None
    examples: Sequence[UniformRecord] = ()
    alike: Sequence[UniformRecord] = ()

    @cached_property
    def lines(self) -> list[bytes]:
        """The separate lines."""
        return self.text.splitlines(keepends=True)

    @property
    def is_ours(self) -> bool:
        """True if a triple contains one of our namespaces, or a misspelling of one."""
        return self.sent is not None or is_ours(self.text)


def is_ours(lines: bytes) -> bool:
    """Return True if a normalized line contains one of our namespaces, or a misspelling of one."""
    return _OURS.search(bulk_file.triples(lines)) is not None


def mentions_ours(text: bytes) -> bool:
    """Return True if a text contains one of our namespaces, or a misspelling of one."""
    return _OURS.search(text) is not None


def is_newer(text: bytes) -> bool:
    """Return True if lines use features that only RDF 1.2 has."""
    return _NEWER.search(text) is not None


def cut(blocks: Iterable[bytes], size: int = SIZE) -> Iterator[SentChunk]:
    """Split lines into chunks of about ``size`` bytes, between records."""
    waiting, bytes_waiting, first = [], 0, 1
    for block in blocks:
        waiting.append(block)
        bytes_waiting += len(block)
        if bytes_waiting >= size:
            lines, rest = _cut_between_records(b"".join(waiting))
            if lines:
                yield SentChunk(lines, first)
                first += lines.count(b"\n")
            waiting, bytes_waiting = [rest], len(rest)
    if rest := b"".join(waiting):
        yield SentChunk(rest, first)


def _cut_between_records(text: bytes) -> tuple[bytes, bytes]:
    """Return the lines before the last record, and that record, which may continue."""
    end = text.rfind(b"\n") + 1
    start = text.rfind(b"\n", 0, end - 1) + 1
    subject = _subject(text, start)
    while start and _subject(text, before := text.rfind(b"\n", 0, start - 1) + 1) == subject:
        start = before
    if not start and len(text) > _LONGEST:
        start = end
    return text[:start], text[start:]


def _subject(text: bytes, start: int) -> bytes:
    return text[start : text.find(b" ", start) + 1]


@dataclass(frozen=True)
class Normaliser:
    """Normalizes the chunks of one source; ``key`` is part of the names of its blank nodes."""

    name: str
    key: str
    graph: str
    uniform: UniformRecords
    texts: TextsAtHand

    def normal(self, sent_chunk: SentChunk) -> Chunk:
        """Return a normalized chunk; raises Unreadable or BadInput."""
        if is_newer(sent_chunk.lines):
            self._refuse_newer(sent_chunk)
        try:
            if b"_:" in sent_chunk.lines or _OURS.search(sent_chunk.lines):
                return self._ours(sent_chunk.lines)
            store = scratch.filled()
            store.bulk_load(sent_chunk.lines, RdfFormat.N_QUADS)
        except SyntaxError as fault:
            raise self._unreadable(fault, sent_chunk) from None
        if (chunk := dumped(store, self.graph)).is_ours:  # an IRI was written with escapes
            return self.of_quads(parse(sent_chunk.lines, RdfFormat.N_QUADS))
        return chunk

    def _ours(self, lines: bytes) -> Chunk:
        """Return a chunk of lines that use our terms; most uniform records do not become Python objects."""
        others, examples, alike = self.uniform.separate(lines)
        if not examples and not alike:
            return self.of_quads(parse(lines, RdfFormat.N_QUADS))
        store = scratch.filled()
        try:
            store.bulk_load(_joined(alike), RdfFormat.N_QUADS)
            quads = [*parse(others, RdfFormat.N_QUADS), *parse(_joined(examples), RdfFormat.N_QUADS)]
        except SyntaxError:
            return self.of_quads(parse(lines, RdfFormat.N_QUADS))  # reports the right line
        placed = completed(map(self._placed, quads), self.texts)
        store.bulk_extend(placed)
        return replace(dumped(store, self.graph), sent=tuple(placed), examples=examples, alike=alike)

    def of_quads(self, quads: Iterable[Quad]) -> Chunk:
        """Return quads as a chunk, with computed values if any quad uses our terms."""
        placed = [self._placed(quad) for quad in quads]
        is_ours = any(map(_is_ours, placed))
        if is_ours:
            placed = completed(placed, self.texts)
        store = scratch.filled()
        store.bulk_extend(placed)
        return replace(dumped(store, self.graph), sent=tuple(placed) if is_ours else None)

    def _placed(self, quad: Quad) -> Quad:
        """Put a quad in a named graph, and name its blank nodes after the source."""
        if quad.predicate == DIP.SUPERSEDES:
            raise BadInput(
                f"{self.name}: {quad.subject} says that it supersedes {quad.object}, and a load cannot "
                "supersede graphs: add that graph with kg add, or remove dip:supersedes."
            )
        graph = NamedNode(self.graph) if quad.graph_name == _HOME else quad.graph_name
        if isinstance(graph, BlankNode):
            raise BadInput(f"{self.name}: the graph {graph} has no IRI; name it, or leave the graph out.")
        blank = [node for node in (quad.subject, quad.object) if isinstance(node, BlankNode)]
        placed = Quad(quad.subject, quad.predicate, quad.object, graph)
        return renamed(placed, {node: BlankNode(f"b{self.key[:16]}-{node.value}") for node in blank})

    def _refuse_newer(self, chunk: SentChunk) -> None:
        """Reject RDF 1.2 before the engine parses it: deep nesting would crash the process."""
        for number, line in enumerate(chunk.lines.split(b"\n"), chunk.first):
            if _NEWER.search(line):
                self._read_alone(line, number)

    def _read_alone(self, line: bytes, number: int) -> None:
        """Parse one line like a small file; raises Unreadable with its number."""
        try:
            parsing.read(line, RDF_FORMATS["nquads"])
        except Unreadable as found:
            raise self._at(number, found) from None

    def _unreadable(self, fault: SyntaxError, chunk: SentChunk) -> Unreadable:
        """Return the error for a line, with the same message as for a small file."""
        number = fault.lineno or 1
        self._read_alone(chunk.lines.split(b"\n", number)[number - 1], chunk.first + number - 1)
        return self._at(chunk.first + number - 1, Unreadable(fault.msg))

    def _at(self, number: int, error: Unreadable) -> Unreadable:
        """Return an error of one line with its place in the source."""
        message = re.sub(r"^Line 1(?=[,: ])", f"line {number}", error.detail)
        place = "" if message != error.detail else f"line {number}: "
        return Unreadable(f"{self.name}: {place}{message}", line=number)


def dumped(store: pyoxigraph.Store, home: str, dump: bytes | None = None) -> Chunk:
    """Return the content of a store as a chunk; triples in no graph go to the graph ``home``.

    ``dump`` is the store's dump as N-Quads, if the caller has it. Raises BadInput for a character that XML
    cannot carry.
    """
    graphs = {graph.value for graph in store.named_graphs()}
    has_home = any(True for _ in store.quads_for_pattern(None, None, None, _HOME))
    if has_home and graphs:
        text = b"".join(_texts(store, home))
    else:
        text = dump or store.dump(format=RdfFormat.N_QUADS) or b""
        text = text.replace(b" .\n", f" <{home}> .\n".encode()) if has_home else text
    if has_home:
        graphs.add(home)
    if _SUSPECT.search(text):
        suspects = b"".join(line for line in text.splitlines(keepends=True) if _SUSPECT.search(line))
        check_quads(parse(suspects, RdfFormat.N_QUADS))
    return Chunk(text, frozenset(graphs))


def _texts(store: pyoxigraph.Store, home: str) -> Iterator[bytes]:
    at_home = store.dump(format=RdfFormat.N_TRIPLES, from_graph=_HOME) or b""
    yield at_home.replace(b" .\n", f" <{home}> .\n".encode())
    for graph in store.named_graphs():
        yield serialize(store.quads_for_pattern(None, None, None, graph), format=RdfFormat.N_QUADS) or b""


def _joined(records: Iterable[UniformRecord]) -> bytes:
    return b"".join(line for record in records for line in record.lines)


def _is_ours(quad: Quad) -> bool:
    return told_by_commits.is_commit(quad.graph_name) or any(
        isinstance(node, NamedNode) and NEAR_BASE.match(node.value) for node in quad.triple
    )
