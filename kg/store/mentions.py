"""Search for the commits that name a thing, in the log's records, newest first, within limits.

A record holds each quad as a line of N-Quads, so the search looks for the IRI as bytes and parses only the
lines that contain it. One search reads at most ``MOST_BYTES`` of ``MOST_RECORDS``; the next continues where
it ended.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from pyoxigraph import NamedNode, RdfFormat, parse

from kg import iris, provenance
from kg.changes import Commit, Quads
from kg.errors import Withdrawn
from kg.store.log import CommitLog
from kg.terms import DIP, PROV

MOST_BYTES = 1 << 28
"""Maximum bytes of records that one search reads."""
MOST_RECORDS = 10_000
"""Maximum number of records that one search opens."""
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Naming:
    """Commits that name a thing, newest first; pass ``before`` to continue, None at the end."""

    commits: tuple[Commit, ...]
    before: int | None


def commits_naming(log: CommitLog, node: NamedNode, newest: int, limit: int) -> Naming:
    """Return up to ``limit`` commits, ``newest`` or earlier, that added or removed a quad about a thing."""
    found: list[Commit] = []
    bytes_left = MOST_BYTES
    for version in range(newest, max(0, newest - MOST_RECORDS), -1):
        with log.open_record(version) as record:
            bytes_left -= os.fstat(record.fileno()).st_size
            if len(found) == limit or (bytes_left < 0 and version < newest):
                return Naming(tuple(found), version + 1)
            if _names(record, node, b"AD"):
                found.append(log.commit(version))
    oldest = newest - MOST_RECORDS + 1
    return Naming(tuple(found), oldest if oldest > 1 else None)


def require_not_withdrawn(contents: Quads, log: CommitLog, node: NamedNode) -> None:
    """Raise Withdrawn if a retraction or a correction removed quads about a thing.

    Reads only the records of commits that withdrew something according to the provenance graph.
    """
    bytes_left = MOST_BYTES
    for version in sorted(_withdrawing(contents), reverse=True)[:MOST_RECORDS]:
        with log.open_record(version) as record:
            bytes_left -= os.fstat(record.fileno()).st_size
            if bytes_left < 0:
                return
            if _names(record, node, b"D"):
                raise _withdrawn(node, log.commit(version))


def _withdrawing(contents: Quads) -> set[int]:
    """Return the versions that withdrew or superseded a graph."""
    graph = provenance.GRAPH
    versions = {
        provenance.version_of(quad.subject)
        for quad in contents.quads_for_pattern(None, DIP.RETRACTS, None, graph)
    }
    for quad in contents.quads_for_pattern(None, DIP.SUPERSEDES, None, graph):
        for commit_quad in contents.quads_for_pattern(quad.subject, PROV.WAS_GENERATED_BY, None, graph):
            versions.add(provenance.version_of(commit_quad.object))
    return versions


def _withdrawn(node: NamedNode, commit: Commit) -> Withdrawn:
    reason = f": {commit.reason.rstrip('. ')}" if commit.reason else ""
    before = f"v{commit.version - 1}"
    return Withdrawn(
        f"The facts about {iris.compact(node.value)} were withdrawn on {commit.time:%Y-%m-%d} by "
        f"{commit.agent}, in version {commit.version}{reason}. Read the earlier state with as-of={before}.",
        commit=commit.version,
        reason=commit.reason,
        withdrawn=list(commit.withdrawn),
        as_of=before,
    )


def _names(record: IO[bytes], node: NamedNode, marks: bytes) -> bool:
    """Return whether a record adds (``A``) or removes (``D``) a quad that has the thing as a term."""
    record.readline()
    lines = (line for line in _holding(record, str(node).encode()) if line[:1] in marks)
    return any(_is_of(line[2:], node) for line in lines)


def _is_of(line: bytes, node: NamedNode) -> bool:
    """Return whether a quad has the thing as a term; its IRI may also occur inside a literal."""
    return any(node in tuple(quad) for quad in parse(line, format=RdfFormat.N_QUADS))


def _holding(record: IO[bytes], text: bytes) -> Iterator[bytes]:
    """Yield the lines that contain the bytes."""
    return (line for part in _parts(record) if text in part for line in part.split(b"\n") if text in line)


def _parts(record: IO[bytes]) -> Iterable[bytes]:
    """Yield a file in large parts that end at a line end."""
    rest = b""
    while chunk := record.read(_CHUNK):
        whole, newline, rest_of_chunk = chunk.rpartition(b"\n")
        if newline:
            yield rest + whole
            rest = rest_of_chunk
        else:
            rest += chunk
    yield rest
