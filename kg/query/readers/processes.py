"""The server's side of other processes: the fork servers, and the readers that they fork."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from kg.query.readers.forkserver import ADVANCE, AT, ENDED, FORK, FORKED, KILL, MESSAGE, ForkServerOptions
from kg.query.readers.reader import DATA, END, FRAME, HEAD, WHOLE

SECONDS_TO_END = 2
LOW_PRIORITY = 15
"""Nice value of a reader whose job takes long: on a busy core it gets about 3 % of the time."""
READ_AHEAD = 1 << 18
"""Maximum bytes of an answer that are read before its client reads them."""
UNKNOWN_STATUS = 0
_PRIVATE = re.compile(r"^Private_Dirty:\s+(\d+) kB$", re.MULTILINE)


class ForkServerLost(ConnectionError):
    """The fork server has ended."""

    def __init__(self) -> None:
        super().__init__("their fork server has ended")


@dataclass(frozen=True)
class ForkedReader:
    """A reader as the fork server reports it: socket, process, version, and its future exit status."""

    descriptor: int
    pid: int
    version: int
    status: asyncio.Future[int]


class ReaderConnection(asyncio.Protocol):
    """The socket of a reader: sends tasks and receives frames. A long answer is read ahead up to a limit."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._waiting: asyncio.Future[None] | None = None
        self._is_paused = False
        self.has_ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's does not derive from it

    def data_received(self, data: bytes) -> None:
        """Keep the data; beyond the limit, pause the socket."""
        self._buffer += data
        if len(self._buffer) > READ_AHEAD and not self._is_paused:
            self._is_paused = True
            self.transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # the cause makes no difference
        """Note that no more data will come."""
        self.has_ended = True
        self._wake()

    async def next(self) -> tuple[bytes, bytes]:
        """Wait for a frame and return its kind and payload; raises EOFError if the socket has closed."""
        while True:
            if len(self._buffer) >= FRAME.size:
                kind, length = FRAME.unpack_from(self._buffer)
                end = FRAME.size + length
                if len(self._buffer) >= end:
                    payload = bytes(self._buffer[FRAME.size : end])
                    del self._buffer[:end]
                    return kind, payload
            if self.has_ended:
                raise EOFError
            if self._is_paused:
                self._is_paused = False
                self.transport.resume_reading()
            self._waiting = self.loop.create_future()
            await self._waiting

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class Packed(Protocol):
    """A task that can be serialised for a process."""

    def packed(self) -> bytes:
        """Return the bytes that the process reads."""
        ...


class ReaderProcess:
    """A reader process as the server sees it."""

    def __init__(
        self, server: "ForkServerProcess", forked: ForkedReader, connection: ReaderConnection
    ) -> None:
        self.pid = forked.pid
        self.version = forked.version
        self.has_low_priority = False
        self._normal_priority = 0
        self._server = server
        self._status = forked.status
        self._connection = connection
        self.loop = connection.loop
        self.frame = connection.next
        """Reads a frame; raises EOFError if the reader has ended."""

    def send(self, task: Packed) -> None:
        """Send a task. If the reader has died while idle, reading the next frame raises."""
        if not self._connection.transport.is_closing():
            self._connection.transport.write(task.packed())

    async def answer(self) -> tuple[bytes, bytes]:
        """Read a whole answer, which may have several frames, or a fault; return its kind and payload.

        Raises EOFError if the reader has ended.
        """
        kind, payload = await self.frame()
        if kind != HEAD:
            return kind, payload
        pieces = [payload, b"\0"]
        kind, payload = await self.frame()
        while kind == DATA:
            pieces.append(payload)
            kind, payload = await self.frame()
        return (WHOLE, b"".join(pieces)) if kind == END else (kind, payload)

    @property
    def has_ended(self) -> bool:
        """True if the reader is known to have ended."""
        return self._status.done() or self._connection.has_ended

    def lower_priority(self) -> None:
        """Lower the priority below that of all other processes."""
        self.has_low_priority = True
        with suppress(ProcessLookupError):
            self._normal_priority = os.getpriority(os.PRIO_PROCESS, self.pid)
            os.setpriority(os.PRIO_PROCESS, self.pid, LOW_PRIORITY)

    def restore_priority(self) -> bool:
        """Restore the normal priority; return False if the system does not permit it."""
        try:
            os.setpriority(os.PRIO_PROCESS, self.pid, self._normal_priority)
        except (ProcessLookupError, PermissionError):
            return False
        self.has_low_priority = False
        return True

    def private_memory(self) -> int:
        """Return the bytes shared with no other process; 0 if the system does not report them."""
        try:
            rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            return 0
        match = _PRIVATE.search(rollup)
        return int(match[1]) << 10 if match else 0

    def kill(self) -> None:
        """Kill the reader during its job."""
        self._server.kill(self.pid)
        self._connection.transport.abort()

    def stop(self) -> None:
        """Let an idle reader end."""
        self._connection.transport.close()

    async def ended(self) -> None:
        """Wait until the reader has ended, for at most ``SECONDS_TO_END``."""
        await asyncio.wait([self._status], timeout=SECONDS_TO_END)

    async def timed_out(self) -> bool:
        """Wait until the reader has ended, and return whether its own timer ended it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_END):
                status = await asyncio.shield(self._status)
                return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
        return False


class Ending(Protocol):
    """A process that can be ended and waited for."""

    def kill(self) -> None:
        """End it; raises ProcessLookupError if it has ended."""
        ...

    async def wait(self) -> int:
        """Wait until it has ended, and return its exit status."""
        ...


async def begin_process(descriptor: int, options: ForkServerOptions) -> Ending:
    """Start the process of a fork server; ``descriptor`` is its end of the control socket."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from kg.query.readers.forkserver import main; main()"),
        *(str(descriptor), options.to_json()),
        stdin=DEVNULL,
        stdout=DEVNULL,
        pass_fds=[descriptor],
    )


class ForkServerProcess:
    """A fork server as the server sees it: sends orders, and receives the reports in the same order."""

    def __init__(self, process: Ending, control: socket.socket) -> None:
        self.version = 0
        self.is_lost = False
        self._statuses: dict[int, asyncio.Future[int]] = {}
        """Future exit statuses of the living readers."""
        self._process = process
        self._control = control
        self._loop = asyncio.get_running_loop()
        self._forking: deque[asyncio.Future[ForkedReader]] = deque()
        self._advancing: deque[asyncio.Future[int]] = deque([self._loop.create_future()])
        self._is_retired = False
        self._loop.add_reader(control, self._receive)

    @classmethod
    async def start(cls, options: ForkServerOptions) -> "ForkServerProcess":
        """Start one and wait until it is ready. Raises ForkServerLost if the copy exceeds its budget."""
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        control.setblocking(False)
        try:
            with theirs:
                process = await begin_process(theirs.fileno(), options)
        except BaseException:  # the pool may close meanwhile
            control.close()
            raise
        server = cls(process, control)
        try:
            await asyncio.shield(server._advancing[0])
        except BaseException:
            process.kill()
            await server.close()
            raise
        return server

    async def fork(self) -> ReaderProcess:
        """Fork a reader on the current version of the copy. Raises ForkServerLost."""
        future: asyncio.Future[ForkedReader] = self._loop.create_future()
        self._order(FORK)
        self._forking.append(future)
        forked = await asyncio.shield(future)
        link = socket.socket(fileno=forked.descriptor)
        _, connection = await self._loop.create_connection(ReaderConnection, sock=link)
        return ReaderProcess(self, forked, connection)

    async def advance(self, version: int) -> None:
        """Advance the copy to a version. Raises ForkServerLost."""
        future: asyncio.Future[int] = self._loop.create_future()
        self._order(ADVANCE, version)
        self._advancing.append(future)
        await asyncio.shield(future)

    def retire(self) -> None:
        """End it once the last of its readers has ended."""
        self._is_retired = True
        if not self._statuses:
            self._lose()

    def kill(self, pid: int) -> None:
        """End a reader."""
        with suppress(ForkServerLost):  # then its timer or its closed socket ends the reader
            self._order(KILL, pid)

    async def close(self) -> None:
        """End it and all its readers."""
        self._lose()
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_END):
                await self._process.wait()
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    def _order(self, order: str, number: int = 0) -> None:
        try:
            self._control.send(json.dumps([order, number]).encode())
        except OSError:
            raise ForkServerLost from None

    def _receive(self) -> None:
        try:
            message, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE, 1)
        except BlockingIOError:
            return
        except ConnectionError:
            message, descriptors = b"", []
        if not message:
            self._lose()
            return
        for descriptor in descriptors:  # else a fork server started later keeps the socket open
            os.set_inheritable(descriptor, False)
        report, *numbers = json.loads(message)
        if report == AT:
            self.version = numbers[0]
            self._advancing.popleft().set_result(self.version)
        elif report == FORKED:
            self._admit(descriptors[0], *numbers)
        elif report == ENDED:
            self._statuses.pop(numbers[0]).set_result(numbers[1])
            if self._is_retired:
                self.retire()

    def _admit(self, descriptor: int, pid: int, version: int) -> None:
        self._statuses[pid] = status = self._loop.create_future()
        self._forking.popleft().set_result(ForkedReader(descriptor, pid, version, status))

    def _lose(self) -> None:
        if self.is_lost:
            return
        self.is_lost = True
        self._loop.remove_reader(self._control)
        self._control.close()
        waiting: list[asyncio.Future[ForkedReader] | asyncio.Future[int]] = [*self._forking, *self._advancing]
        for future in waiting:
            future.set_exception(ForkServerLost())
            future.exception()  # marks it as retrieved, for those that nobody awaits
        for status in self._statuses.values():
            status.set_result(UNKNOWN_STATUS)
        self._statuses.clear()
