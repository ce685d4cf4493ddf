"""A reader: the process that answers queries and may die of them. ``forkserver`` forks it.

Tasks come in over a socket, frames go out over it: one byte of kind, four of length, the rest. The wall clock
is the kernel's own timer, so a reader ends at its limit even if nobody is left to end it.
"""

import json
import pickle
import resource
import signal
import struct
import time
from pathlib import Path
from socket import socket
from typing import IO, NamedTuple

from kg.errors import KGError
from kg.query.evaluation import evaluate
from kg.query.job import Job, QueryJob
from kg.store.store import Contents, open_snapshot

HEAD, DATA, END, FAULT, WHOLE = b"H", b"D", b"E", b"F", b"W"
"""Media type, some bytes, the end, a fault in their place; or all in one: media type, a NUL, the bytes."""
FRAME = struct.Struct(">cI")
CHUNK = 1 << 16


class Task(NamedTuple):
    """A job, the snapshot to ask (none: the copy in memory), and how long to work on it."""

    job: Job
    snapshot: Path | None
    version: int
    seconds: float

    def packed(self) -> bytes:
        """Write it for the way to a reader: bare tuples take a fraction of the time that named ones do."""
        return pickle.dumps((tuple(self.job) if isinstance(self.job, QueryJob) else self.job, *self[1:]))


class FrameWriter:
    """Takes the serialiser's small writes and sends frames; the clock stands still while they wait.

    What is short goes out in one frame.
    """

    def __init__(self, link: socket, seconds: float) -> None:
        self._link = link
        self._left = seconds
        self._buffer = bytearray()
        self._media_type = b""
        self._is_begun = False
        self._started = 0.0
        self._start_clock()

    def write(self, data: bytes) -> int:
        """Take some bytes of the answer."""
        self._buffer += data
        if len(self._buffer) >= CHUNK:
            head = b"" if self._is_begun else _frame(HEAD, self._media_type)
            self._is_begun = True
            self._send(head + _frame(DATA, self._buffer))
            self._buffer.clear()
            self._start_clock()
        return len(data)

    def flush(self) -> None:
        """Do nothing: the serialiser calls it at its end, and then the end of the answer is near."""

    def begin(self, media_type: str) -> None:
        """Say what is about to come."""
        self._media_type = media_type.encode()

    def end(self) -> None:
        """Send the rest, and that it was all."""
        if self._is_begun:
            self._send(_frame(DATA, self._buffer) + _frame(END))
        else:
            self._send(_frame(WHOLE, self._media_type + b"\0" + self._buffer))

    def fail(self, told: bytes) -> None:
        """Send a fault in place of what has not been sent yet."""
        self._send(_frame(FAULT, told))

    def _send(self, frames: bytes) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        self._left -= time.monotonic() - self._started
        self._link.sendall(frames)

    def _start_clock(self) -> None:
        self._started = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, max(self._left, 0.001))


def _frame(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    return FRAME.pack(kind, len(payload)) + payload


class Library:
    """What a reader can ask: the copy in memory it was forked with, and one snapshot at a time."""

    def __init__(self, copy: Contents | None, query_memory: int) -> None:
        self._copy = copy
        self._query_memory = query_memory
        self._snapshot: Contents | None = None
        self._known = 0
        _allow(query_memory)

    def contents(self, task: Task) -> Contents:
        """Give what a task asks."""
        if task.snapshot is None:
            assert self._copy is not None
            return self._copy
        asked = task.snapshot.stat().st_ino  # an earlier version may have been removed and made again
        if self._snapshot is None or (self._snapshot.version, self._known) != (task.version, asked):
            self._snapshot = None
            _allow(resource.RLIM_INFINITY)
            self._snapshot, self._known = open_snapshot(task.snapshot, task.version), asked
            _allow(self._query_memory)
        return self._snapshot


def answer_tasks(link: socket, copy: Contents | None, query_memory: int) -> None:
    """Answer tasks until the other end closes."""
    library = Library(copy, query_memory)
    with link.makefile("rb") as source:
        while task := _next_task(source):
            try:
                _answer(library.contents(task), task, FrameWriter(link, task.seconds))
            except ConnectionError:  # nobody waits for it any more
                return


def _next_task(source: IO[bytes]) -> Task | None:
    try:
        job, *rest = pickle.load(source)  # written by the process that had this one forked
    except (EOFError, ConnectionError):
        return None
    return Task(QueryJob(*job) if isinstance(job, tuple) else job, *rest)


def held_memory() -> int:
    """Give the bytes of address space that this process holds."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def _allow(memory: int) -> None:
    """Allow as much memory above what is held now."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = hard if memory == resource.RLIM_INFINITY else held_memory() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _answer(contents: Contents, task: Task, output: FrameWriter) -> None:
    try:
        if isinstance(task.job, QueryJob):
            evaluated = evaluate(contents, task.job)
            output.begin(evaluated.choice.media_type)
            evaluated.write(output)  # type: ignore[arg-type]  # it needs write() only
        else:
            output.begin(task.job.media_type)
            for piece in task.job.make(contents):
                output.write(piece)
        output.end()
    except KGError as fault:
        told = {"kind": type(fault).__name__, "detail": fault.detail, "extra": fault.extra}
        output.fail(json.dumps(told).encode())
