"""External sort of text lines: sorts runs in memory, and merges them from temporary files."""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO

RUN = 1 << 25
"""Bytes of lines sorted in memory at once."""
STEP = 1 << 16
"""Approximate bytes of lines returned at once."""
_LINES_AT_ONCE = 64
"""Lines returned at once if all are in memory."""


class SortedLines:
    """A file to write lines to, which returns them sorted by their bytes.

    Lines end in a line feed. ``chunks`` may be called once. With ``once``, equal lines are returned once.
    """

    def __init__(self, *, once: bool = False) -> None:
        self._once = once
        self._pieces: list[bytes] = []
        self._size = 0
        self._runs: list[IO[bytes]] = []

    def write(self, data: bytes) -> int:
        """Add bytes, which need not end with a line."""
        self._pieces.append(bytes(data))
        self._size += len(data)
        if self._size >= RUN:
            self._store_run()
        return len(data)

    def flush(self) -> None:
        """Do nothing: serialisers call this at their end."""

    def chunks(self) -> Iterator[bytes]:
        """Yield all lines in order, in chunks of many lines."""
        last = self._taken(b"".join(self._pieces))
        if not self._runs:
            starts = range(0, len(last), _LINES_AT_ONCE)
            return (b"".join(last[start : start + _LINES_AT_ONCE]) for start in starts)
        merged = heapq.merge(*map(_lines, self._runs), last)
        return map(b"".join, _grouped(_unrepeated(merged) if self._once else merged))

    def _taken(self, data: bytes) -> list[bytes]:
        """Return the sorted lines of ``data``, and empty the buffer."""
        lines = data.splitlines(keepends=True)
        self._pieces, self._size = [], 0
        return sorted(set(lines) if self._once else lines)

    def _store_run(self) -> None:
        """Write a sorted run to a temporary file; a last, incomplete line stays in the buffer."""
        data = b"".join(self._pieces)
        end = data.rfind(b"\n") + 1
        run = tempfile.TemporaryFile()  # noqa: SIM115  # it is read later, and closed when it is dropped
        run.writelines(self._taken(data[:end]))
        run.seek(0)
        self._runs.append(run)
        self._pieces, self._size = [data[end:]], len(data) - end


def _lines(run: IO[bytes]) -> Iterator[bytes]:
    with run:
        yield from run


def _unrepeated(lines: Iterable[bytes]) -> Iterator[bytes]:
    last = b""
    for line in lines:
        if line != last:
            yield line
        last = line


def _grouped(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield lines in lists of about ``STEP`` bytes."""
    group: list[bytes] = []
    size = 0
    for line in chain(lines):
        group.append(line)
        size += len(line)
        if size >= STEP:
            yield group
            group, size = [], 0
    if group:
        yield group
