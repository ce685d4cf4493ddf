"""Fork server: the process that forks readers, and holds the in-memory copy of the graph that they share.

A fork takes milliseconds. To fork safely the process has one thread and opens no store on disk: a child
process reads the snapshot and writes it to a pipe. Commits are applied to the copy from the records of the
log, so each reader forked later has the complete new version.

Orders arrive and reports leave as JSON over one socket; the socket of a new reader is sent with its report.
"""

import gc
import json
import os
import pkgutil
import resource
import select
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread
from typing import NamedTuple, NoReturn

from pyoxigraph import Quad, RdfFormat, parse

from kg.query.readers.reader import held_memory
from kg.store.copies import ContentsInMemory
from kg.store.log import CommitLog
from kg.store.store import open_snapshot

FORK, KILL, ADVANCE = "fork", "kill", "advance"
AT, FORKED, ENDED = "at", "forked", "ended"
MESSAGE = 1 << 12
LOADING = 1 << 28
"""Bytes that the engine uses while it loads, above what it keeps."""


class CopySource(NamedTuple):
    """The snapshot to copy into memory, its version, and the maximum bytes of the copy."""

    snapshot: str
    version: int
    budget: int


class ForkServerOptions(NamedTuple):
    """Options of a fork server: limits in bytes, the log's folder, the modules to preload.

    ``memory`` is the limit for each forked process above what it shares. ``preload`` lists modules that the
    forked processes will need, as ``multiprocessing.set_forkserver_preload`` takes them; an entry
    ``module:function`` also calls the function. ``work`` names the function that a forked process runs, with
    its socket, the copy, the log's folder and ``memory``.
    """

    memory: int
    log: str
    preload: tuple[str, ...] = ()
    copy: CopySource | None = None
    work: str = "kg.query.readers.reader:answer_tasks"

    def to_json(self) -> str:
        """Write the options for the command line of the fork server."""
        return json.dumps(self)

    @classmethod
    def from_json(cls, text: str) -> "ForkServerOptions":
        """Read what ``to_json`` wrote."""
        memory, log, preload, copy, work = json.loads(text)
        return cls(memory, log, tuple(preload), CopySource(*copy) if copy else None, work)


class ForkServer:
    """Forks readers (or judges), ends them, reports when they have ended, and advances the copy."""

    def __init__(
        self, control: socket.socket, copy: ContentsInMemory | None, options: ForkServerOptions
    ) -> None:
        self._control = control
        self._copy = copy
        self._options = options
        self._log = CommitLog(Path(options.log))
        self._work = pkgutil.resolve_name(options.work)
        self._children: set[int] = set()
        self._signals, self._wake = os.pipe2(os.O_NONBLOCK)

    @property
    def version(self) -> int:
        """The version of the copy; 0 if there is none."""
        return self._copy.version if self._copy else 0

    def serve(self) -> None:
        """Execute orders until the other end closes, then end all readers."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        try:
            self._report(AT, self.version)
            while self._next():
                pass
        except ConnectionError:
            pass
        finally:
            for child in self._children:
                os.kill(child, signal.SIGKILL)

    def _next(self) -> bool:
        control = self._control.fileno()
        ready, _, _ = select.select([control, self._signals], [], [])
        if self._signals in ready:
            os.read(self._signals, MESSAGE)
            self._reap()
        if control in ready:
            message = self._control.recv(MESSAGE)
            if not message:
                return False
            self._obey(*json.loads(message))
        return True

    def _obey(self, order: str, number: int) -> None:
        if order == FORK:
            self._fork()
        elif order == KILL and number in self._children:
            os.kill(number, signal.SIGKILL)
        elif order == ADVANCE:
            self._advance(number)
            self._report(AT, self.version)

    def _report(self, report: str, *numbers: int, descriptors: Sequence[int] = ()) -> None:
        socket.send_fds(self._control, [json.dumps([report, *numbers]).encode()], descriptors)

    def _fork(self) -> None:
        theirs, own = socket.socketpair()
        with theirs, own:
            child = os.fork()
            if child == 0:
                theirs.close()
                self._become_reader(own)
            self._children.add(child)
            self._report(FORKED, child, self.version, descriptors=[theirs.fileno()])

    def _become_reader(self, link: socket.socket) -> NoReturn:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for descriptor in (self._signals, self._wake):
                os.close(descriptor)
            self._control.close()
            # A new thread allocates from an arena of its own, so the pages of the copy stay shared.
            log, memory = Path(self._options.log), self._options.memory
            thread = Thread(target=self._work, args=(link, self._copy, log, memory))
            thread.start()
            thread.join()
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(1)

    def _reap(self) -> None:
        for child in list(self._children):
            found, status = os.waitpid(child, os.WNOHANG)
            if found:
                self._children.discard(child)
                self._report(ENDED, child, status)

    def _advance(self, version: int) -> None:
        """Apply commits, without a transaction, as no reader uses this process's own copy."""
        assert self._copy is not None
        for number in range(self._copy.version + 1, version + 1):
            _, delta = self._log.read(number)
            self._copy.advance(delta, number)


def main() -> None:
    """Serve the process at the other end of a socket; the arguments are its descriptor and the options."""
    descriptor, options = int(sys.argv[1]), ForkServerOptions.from_json(sys.argv[2])
    for ignored in (signal.SIGINT, signal.SIGTERM):  # meant for the server, which ends this process
        signal.signal(ignored, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with socket.socket(fileno=descriptor) as control:
        copy = _copied(options.copy) if options.copy else None
        _preload(options.preload)
        gc.collect()
        gc.freeze()  # so that garbage collection leaves shared pages alone
        ForkServer(control, copy, options).serve()


def _preload(names: Sequence[str]) -> None:
    """Import modules once, before the fork, and call the functions named with them."""
    for name in names:
        found = pkgutil.resolve_name(name)
        if callable(found):
            found()


def _copied(source: CopySource) -> ContentsInMemory:
    """Copy a snapshot into memory. If the copy exceeds the budget, now or later, the process ends."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = held_memory() + source.budget
    resource.setrlimit(resource.RLIMIT_AS, (limit + LOADING, hard))
    stored = _quads_of(Path(source.snapshot), source.version)
    copy = ContentsInMemory(stored, source.version, are_stored=True)
    if held_memory() > limit:
        sys.exit(f"The in-memory copy exceeds {source.budget >> 20} MB.")
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    return copy


def _quads_of(snapshot: Path, version: int) -> Iterator[Quad]:
    """Yield the quads of a snapshot, which a child process reads. Blank nodes keep their names."""
    outlet, inlet = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(outlet)
        _write_out(snapshot, version, inlet)
    os.close(inlet)
    with os.fdopen(outlet, "rb") as source:
        yield from parse(source, format=RdfFormat.N_QUADS)
    if os.waitpid(child, 0)[1]:
        raise OSError(f"{snapshot} could not be read completely")


def _write_out(snapshot: Path, version: int, inlet: int) -> NoReturn:
    try:
        resource.setrlimit(resource.RLIMIT_AS, (resource.getrlimit(resource.RLIMIT_AS)[1],) * 2)
        os.nice(5)  # readers have priority
        with os.fdopen(inlet, "wb", 1 << 20) as output:
            open_snapshot(snapshot, version).dump_stored(output)
        os._exit(0)
    finally:
        os._exit(1)
