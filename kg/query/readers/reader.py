"""Reader process: runs one job at a time; a crash or a limit ends it, not the server.

Tasks arrive and frames leave over one socket. A frame is one byte of kind, four bytes of length, and the
payload of at most ``CHUNK`` bytes. A timer of the kernel enforces the time limit, so a reader ends there even
if its server has died.
"""

import json
import pickle
import resource
import signal
import struct
import time
from collections.abc import Sequence
from pathlib import Path
from socket import socket
from typing import IO, NamedTuple

from kg.errors import KGError
from kg.query.evaluation import evaluate
from kg.query.job import Job, QueryJob
from kg.store import table_check
from kg.store.store import Contents, open_snapshot

HEAD, DATA, END, FAULT, WHOLE = b"H", b"D", b"E", b"F", b"W"
"""Kinds of frames: head, some bytes, end, an error instead; or a whole answer (head, NUL, bytes).

The head is the media type, followed on a second line by the warnings as JSON, if there are any.
"""
FRAME = struct.Struct(">cI")
CHUNK = 1 << 16
"""Maximum bytes of a frame's payload, whatever a row of the answer holds."""
LONGEST_DETAIL = 1 << 13
"""Maximum characters of an error's text, which may quote the query."""


class Task(NamedTuple):
    """A job, the snapshot to read (None: the in-memory copy), and its time limit in seconds."""

    job: Job
    snapshot: Path | None
    version: int
    seconds: float

    def packed(self) -> bytes:
        """Return the pickled task; plain tuples take a fraction of the time that named ones take."""
        return pickle.dumps((tuple(self.job) if isinstance(self.job, QueryJob) else self.job, *self[1:]))


class FrameWriter:
    """Collects the serialiser's small writes into frames; a short answer is one frame.

    The timer stops while the socket is full. When it expires, SIGALRM ends the process.
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
        """Add bytes of the answer, and send each frame that they fill."""
        rest = memoryview(data)
        while len(self._buffer) + len(rest) >= CHUNK:
            room = CHUNK - len(self._buffer)
            self._buffer += rest[:room]
            rest = rest[room:]
            self._send_full()
        self._buffer += rest
        return len(data)

    def flush(self) -> None:
        """Do nothing: the serialiser calls this at its end, and ``end`` follows."""

    def begin(self, media_type: str, warnings: Sequence[str] = ()) -> None:
        """Set the media type of the answer, and the warnings that go with it."""
        lines = [media_type, json.dumps(warnings)] if warnings else [media_type]
        self._media_type = "\n".join(lines).encode()

    def end(self) -> None:
        """Send the rest, and mark the end of the answer."""
        whole = self._media_type + b"\0" + self._buffer
        if self._is_begun or len(whole) > CHUNK:
            self._send(self._head() + _frame(DATA, self._buffer) + _frame(END))
        else:
            self._send(_frame(WHOLE, whole))

    def fail(self, error: bytes) -> None:
        """Send an error in place of the rest."""
        self._send(_frame(FAULT, error))

    def _send_full(self) -> None:
        self._send(self._head() + _frame(DATA, self._buffer))
        self._buffer.clear()
        self._start_clock()

    def _head(self) -> bytes:
        """Return the frame that begins an answer of several frames; nothing if it was sent before."""
        was_begun, self._is_begun = self._is_begun, True
        return b"" if was_begun else _frame(HEAD, self._media_type)

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
    """The contents that a reader can read: its share of the in-memory copy, and one snapshot at a time."""

    def __init__(self, copy: Contents | None, query_memory: int) -> None:
        self._copy = copy
        self._query_memory = query_memory
        self._snapshot: Contents | None = None
        self._inode = 0
        limit_memory(query_memory)

    def contents(self, task: Task) -> Contents:
        """Return the contents that a task asks for."""
        if task.snapshot is None:
            assert self._copy is not None
            return self._copy
        inode = task.snapshot.stat().st_ino  # an earlier version may be removed and made again
        if self._snapshot is None or (self._snapshot.version, self._inode) != (task.version, inode):
            self._snapshot = None
            limit_memory(resource.RLIM_INFINITY)
            try:
                self._snapshot, self._inode = open_snapshot(task.snapshot, task.version), inode
            finally:
                limit_memory(self._query_memory)
        return self._snapshot


def answer_tasks(link: socket, copy: Contents | None, _log: Path, query_memory: int) -> None:
    """Answer tasks until the other end closes."""
    library = Library(copy, query_memory)
    with link.makefile("rb") as source:
        while task := _next_task(source):
            try:
                _answer(library, task, FrameWriter(link, task.seconds))
            except ConnectionError:  # the server has closed the socket
                return


def _next_task(source: IO[bytes]) -> Task | None:
    try:
        job, *rest = pickle.load(source)  # written by the server
    except (EOFError, ConnectionError):
        return None
    return Task(QueryJob(*job) if isinstance(job, tuple) else job, *rest)


def held_memory() -> int:
    """Return the bytes of address space that this process holds."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def limit_memory(memory: int) -> None:
    """Limit the memory to ``memory`` bytes above those held now."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = hard if memory == resource.RLIM_INFINITY else held_memory() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _answer(library: Library, task: Task, output: FrameWriter) -> None:
    try:
        with table_check.table_errors(task.snapshot):
            _write_answer(library.contents(task), task, output)
    except KGError as fault:
        error = {"kind": type(fault).__name__, "detail": fault.detail[:LONGEST_DETAIL], "extra": fault.extra}
        output.fail(json.dumps(error).encode())


def _write_answer(contents: Contents, task: Task, output: FrameWriter) -> None:
    if isinstance(task.job, QueryJob):
        evaluated = evaluate(contents, task.job)
        output.begin(evaluated.choice.media_type, evaluated.warnings)
        evaluated.write(output)  # type: ignore[arg-type]  # it calls write() and flush() only
    else:
        output.begin(task.job.media_type)
        for piece in task.job.make(contents):
            output.write(piece)
    output.end()
