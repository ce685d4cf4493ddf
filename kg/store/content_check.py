"""Comparison of a store with a replay of its log, in constant memory.

Both sides are lines of N-Quads. Each line's hash is added to the sum of one of many buckets: with a plus sign
if the log adds the line, with a minus sign if the log removes it or the store holds it. All sums are zero if
both sides hold the same quads. For buckets that differ, a second pass collects the lines and names one that
differs.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b

from kg.store.log import ADDED, REMOVED, CommitLog
from kg.store.store import Contents

_BUCKETS = 4096
_MOST_COLLECTED = 64
"""Maximum number of buckets whose lines are collected to name the quads that differ."""
_PIECE = 1 << 20

Note = Callable[[str], None]
"""Receives progress messages."""


def differences(contents: Contents, log: CommitLog, note: Note) -> Iterator[str]:
    """Yield a sentence about quads that the store lacks, and one about quads that it should not hold."""
    sums = [0] * _BUCKETS
    for line, sign in _replayed(log, contents.version, note):
        number = _number(line)
        sums[number % _BUCKETS] += sign * number

    def subtract(line: bytes) -> None:
        number = _number(line)
        sums[number % _BUCKETS] -= number

    note("reading the store")
    _dump(contents, subtract)
    if bad := [bucket for bucket, total in enumerate(sums) if total]:
        yield from _named(contents, log, set(bad[:_MOST_COLLECTED]), is_all=len(bad) <= _MOST_COLLECTED)


def _named(contents: Contents, log: CommitLog, buckets: set[int], *, is_all: bool) -> Iterator[str]:
    expected: set[bytes] = set()
    for line, sign in _replayed(log, contents.version, lambda _: None):
        if _number(line) % _BUCKETS in buckets:
            (expected.add if sign > 0 else expected.discard)(line)
    lines: set[bytes] = set()
    _dump(contents, lambda line: lines.add(line) if _number(line) % _BUCKETS in buckets else None)
    least = "" if is_all else "at least "
    for verb, quads, log_verb in (("lacks", expected - lines, "has"), ("holds", lines - expected, "lacks")):
        if quads:
            number = f"{least}{len(quads)} quads"
            yield f"The store {verb} {number} that its log {log_verb}, such as {min(quads).decode()}"


def _replayed(log: CommitLog, upto: int, note: Note) -> Iterator[tuple[bytes, int]]:
    """Yield each line that a commit adds, with 1, or removes, with -1."""
    for version in range(1, upto + 1):
        note(f"replaying commit {version} of {upto}")
        for side, sign in ((REMOVED, -1), (ADDED, 1)):
            for lines in log.lines(version, side):
                for line in lines:
                    yield line.rstrip(b"\n"), sign


def _number(line: bytes) -> int:
    return int.from_bytes(blake2b(line, digest_size=16).digest())


class _LineWriter:
    """A file object that passes each written line to a function."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        self._take = take
        self._rest = bytearray()

    def write(self, data: bytes) -> int:
        self._rest += data
        if len(self._rest) >= _PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        *lines, rest = self._rest.split(b"\n")
        self._rest = rest
        for line in lines:
            self._take(bytes(line))


def _dump(contents: Contents, take: Callable[[bytes], object]) -> None:
    lines = _LineWriter(take)
    contents.dump(lines)  # type: ignore[arg-type]  # the serialiser calls write() and flush() only
    lines.flush()
