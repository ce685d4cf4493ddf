"""The server's end of its readers and of the nursery that forks them."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from kg.query.readers.forkserver import ADVANCE, AT, ENDED, KILL, MESSAGE, SPAWN, SPAWNED, ForkServerOptions
from kg.query.readers.reader import FRAME, Task

SECONDS_TO_END = 2
BEHIND = 15
"""How nice a reader is that takes long, as Unix counts it: three in a hundred of a busy core are its."""
READ_AHEAD = 1 << 18
"""Bytes of an answer that are held here while its client takes its time."""
UNKNOWN = 0
_OWN = re.compile(r"^Private_Dirty:\s+(\d+) kB$", re.MULTILINE)


class ForkServerLost(ConnectionError):
    """The nursery has ended."""

    def __init__(self) -> None:
        super().__init__("their nursery has ended")


@dataclass(frozen=True)
class ForkedReader:
    """A reader as the nursery tells of it: its socket, number and version, and how it will end."""

    descriptor: int
    pid: int
    version: int
    end: asyncio.Future[int]


class ReaderConnection(asyncio.Protocol):
    """The frames that a reader sends, and the way to it. Of a long answer only so much is read ahead."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._gathered = bytearray()
        self._waiting: asyncio.Future[None] | None = None
        self._is_paused = False
        self.has_ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name

    def data_received(self, data: bytes) -> None:
        """Gather what comes."""
        self._gathered += data
        if len(self._gathered) > READ_AHEAD and not self._is_paused:
            self._is_paused = True
            self.transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # however it ends, it has
        """Note that no more will come."""
        self.has_ended = True
        self._wake()

    async def next(self) -> tuple[bytes, bytes]:
        """Wait for a frame; raises EOFError where none comes any more."""
        while True:
            if len(self._gathered) >= FRAME.size:
                kind, length = FRAME.unpack_from(self._gathered)
                end = FRAME.size + length
                if len(self._gathered) >= end:
                    payload = bytes(self._gathered[FRAME.size : end])
                    del self._gathered[:end]
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


class ReaderProcess:
    """A reader process: tasks go in, frames come out."""

    def __init__(self, nursery: "ForkServerProcess", birth: "ForkedReader", frames: ReaderConnection) -> None:
        self.nursery = nursery
        self.pid = birth.pid
        self.version = birth.version
        self.is_behind = False
        self._front = 0
        self._end = birth.end
        self._frames = frames
        self.loop = frames.loop
        self.frame = frames.next
        """Reads a frame; raises EOFError where the reader has ended."""

    def send(self, task: Task) -> None:
        """Give it something to do; where it died while idle, the next frame tells."""
        self._frames.transport.write(task.packed())

    @property
    def has_ended(self) -> bool:
        """True where it is known to have ended."""
        return self._end.done() or self._frames.has_ended

    def step_back(self) -> None:
        """Let all other processes go first from now on."""
        self.is_behind = True
        with suppress(ProcessLookupError):
            self._front = os.getpriority(os.PRIO_PROCESS, self.pid)
            os.setpriority(os.PRIO_PROCESS, self.pid, BEHIND)

    def come_forward(self) -> bool:
        """Go as before; False where this process may not decide that."""
        try:
            os.setpriority(os.PRIO_PROCESS, self.pid, self._front)
        except (ProcessLookupError, PermissionError):
            return False
        self.is_behind = False
        return True

    def own_memory(self) -> int:
        """Give the bytes that it shares with no other process; 0 where it has ended, or none can be told."""
        try:
            rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            return 0
        found = _OWN.search(rollup)
        return int(found[1]) << 10 if found else 0

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self.nursery.kill(self.pid)
        self._frames.transport.abort()

    def dismiss(self) -> None:
        """Let it end: it has nothing to do."""
        self._frames.transport.close()

    async def was_too_slow(self) -> bool:
        """Wait until it has ended, and say whether its clock ended it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_END):
                status = await asyncio.shield(self._end)
                return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
        return False


class ForkServerProcess:
    """The process that readers are forked from, as the server sees it."""

    def __init__(self, process: Process, control: socket.socket) -> None:
        self.version = 0
        self.readers: dict[int, asyncio.Future[int]] = {}
        """Those that live, and how each will end."""
        self._process = process
        self._control = control
        self._loop = asyncio.get_running_loop()
        self._spawning: deque[asyncio.Future[ForkedReader]] = deque()
        self._arriving: deque[asyncio.Future[int]] = deque([self._loop.create_future()])
        self._is_retired = False
        self.is_lost = False
        self._loop.add_reader(control, self._receive)

    @classmethod
    async def start(cls, options: ForkServerOptions) -> "ForkServerProcess":
        """Start one and wait until it is ready. Raises ForkServerLost if the copy exceeds its budget."""
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        control.setblocking(False)
        try:
            with theirs:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-c", "from kg.query.readers.forkserver import main; main()"),
                    *(str(theirs.fileno()), options.to_json()),
                    stdin=DEVNULL,
                    stdout=DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
        except BaseException:  # the pool may be closed while this is under way
            control.close()
            raise
        nursery = cls(process, control)
        try:
            await asyncio.shield(nursery._arriving[0])
        except BaseException:
            process.kill()
            await nursery.close()
            raise
        return nursery

    async def spawn(self) -> ReaderProcess:
        """Fork a reader, with the version that the copy has then. Raises ForkServerLost."""
        born: asyncio.Future[ForkedReader] = self._loop.create_future()
        self._order(SPAWN)
        self._spawning.append(born)
        birth = await asyncio.shield(born)
        link = socket.socket(fileno=birth.descriptor)
        _, frames = await self._loop.create_connection(ReaderConnection, sock=link)
        return ReaderProcess(self, birth, frames)

    async def advance(self, version: int) -> None:
        """Bring the copy up to a version. Raises ForkServerLost."""
        arrived: asyncio.Future[int] = self._loop.create_future()
        self._order(ADVANCE, version)
        self._arriving.append(arrived)
        await asyncio.shield(arrived)

    def retire(self) -> None:
        """Let it end with the last of its readers."""
        self._is_retired = True
        if not self.readers:
            self._lose()

    def kill(self, pid: int) -> None:
        """End a reader."""
        with suppress(ForkServerLost):  # then its clock ends it, or its closed socket
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
        news, *numbers = json.loads(message)
        if news == AT:
            self.version = numbers[0]
            self._arriving.popleft().set_result(self.version)
        elif news == SPAWNED:
            self._admit(descriptors[0], *numbers)
        elif news == ENDED:
            self.readers.pop(numbers[0]).set_result(numbers[1])
            if self._is_retired:
                self.retire()

    def _admit(self, descriptor: int, pid: int, version: int) -> None:
        self.readers[pid] = end = self._loop.create_future()
        self._spawning.popleft().set_result(ForkedReader(descriptor, pid, version, end))

    def _lose(self) -> None:
        if self.is_lost:
            return
        self.is_lost = True
        self._loop.remove_reader(self._control)
        self._control.close()
        waiting: list[asyncio.Future[ForkedReader] | asyncio.Future[int]] = [*self._spawning, *self._arriving]
        for future in waiting:
            future.set_exception(ForkServerLost())
            future.exception()  # also where nobody waits
        for end in self.readers.values():
            end.set_result(UNKNOWN)
        self.readers.clear()
