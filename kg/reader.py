"""A reader: the process that answers queries and may die of them. ``kg.readers`` starts it.

Jobs come in on standard input, frames go out on standard output: one byte of kind, four of length, the rest.
The wall clock is the kernel's own timer, so a reader ends at its limit even if nobody is left to end it.
"""

import json
import os
import pickle
import resource
import signal
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kg.errors import KGError
from kg.evaluation import QueryJob, evaluate
from kg.store import Contents, open_snapshot

HEAD, DATA, END, FAULT = b"H", b"D", b"E", b"F"
FRAME = struct.Struct(">cI")
CHUNK = 1 << 16


@dataclass(frozen=True)
class Task:
    """A job, the snapshot to ask, and how long to work on it."""

    job: QueryJob
    snapshot: Path
    version: int
    seconds: float


class FrameWriter:
    """Takes the serialiser's small writes and sends frames; the clock stands still while the pipe is full."""

    def __init__(self, descriptor: int, seconds: float) -> None:
        self._descriptor = descriptor
        self._left = seconds
        self._buffer = bytearray()
        self._started = 0.0
        self._start_clock()

    def write(self, data: bytes) -> int:
        """Take some bytes of the answer."""
        self._buffer += data
        if len(self._buffer) >= CHUNK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Send what has gathered."""
        if self._buffer:
            self.send(DATA, bytes(self._buffer))
            self._buffer.clear()

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        """Send one frame."""
        self.stop_clock()
        message = memoryview(FRAME.pack(kind, len(payload)) + payload)
        while message:
            message = message[os.write(self._descriptor, message) :]
        self._start_clock()

    def stop_clock(self) -> None:
        """Do not count the time from here on."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        self._left -= time.monotonic() - self._started

    def _start_clock(self) -> None:
        self._started = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, max(self._left, 0.001))


def main() -> None:
    """Answer tasks until standard input ends."""
    query_memory = int(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's interrupt is for the server, which ends us
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    frames = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing printed may get between the frames
    contents: Contents | None = None
    known = 0
    while task := _next_task(sys.stdin.buffer):
        asked = task.snapshot.stat().st_ino  # an earlier version may have been removed and made again
        if contents is None or (contents.version, known) != (task.version, asked):
            contents = None
            contents, known = _opened(task, query_memory), asked
        _answer(contents, task, FrameWriter(frames, task.seconds))


def _next_task(source: IO[bytes]) -> Task | None:
    try:
        task = pickle.load(source)  # written by the process that started this one
    except EOFError:
        return None
    assert isinstance(task, Task)
    return task


def _opened(task: Task, query_memory: int) -> Contents:
    """Open a snapshot, then allow as much memory as a query may take above what is held now."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    contents = open_snapshot(task.snapshot, task.version)
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + query_memory, hard))
    return contents


def _answer(contents: Contents, task: Task, output: FrameWriter) -> None:
    try:
        evaluated = evaluate(contents, task.job)
        output.send(HEAD, evaluated.choice.media_type.encode())
        evaluated.write(output)  # type: ignore[arg-type]  # it needs write() only
        output.flush()
        output.send(END)
    except KGError as fault:
        told = {"kind": type(fault).__name__, "detail": fault.detail, "extra": fault.extra}
        output.send(FAULT, json.dumps(told).encode())
    output.stop_clock()
