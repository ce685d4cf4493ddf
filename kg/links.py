"""The server's end of its readers and of the nursery that forks them."""

import asyncio
import json
import os
import pickle
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kg.nursery import ADVANCE, AT, ENDED, KILL, MESSAGE, SPAWN, SPAWNED
from kg.reader import FRAME, Task

SECONDS_TO_END = 2
UNKNOWN = 0


class NurseryLost(ConnectionError):
    """The nursery has ended."""


@dataclass(frozen=True)
class ToCopy:
    """A snapshot to bring into memory, and the bytes that may take."""

    snapshot: Path
    version: int
    budget: int


@dataclass(frozen=True)
class Birth:
    """A reader as the nursery tells of it: its socket, number and version, and how it will end."""

    descriptor: int
    pid: int
    version: int
    end: asyncio.Future[int]


class Reader:
    """A reader process: tasks go in, frames come out."""

    def __init__(
        self, nursery: "Nursery", birth: "Birth", streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    ) -> None:
        self.nursery = nursery
        self.pid = birth.pid
        self.version = birth.version
        self._end = birth.end
        self._source, self._sink = streams

    async def send(self, task: Task) -> None:
        """Give it something to do."""
        self._sink.write(pickle.dumps(task))
        with suppress(ConnectionError):  # it died while idle: the next frame tells
            await self._sink.drain()

    async def frame(self) -> tuple[bytes, bytes]:
        """Read a frame; raises EOFError where the reader has ended."""
        try:
            kind, length = FRAME.unpack(await self._source.readexactly(FRAME.size))
            return kind, await self._source.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise EOFError from None

    @property
    def has_ended(self) -> bool:
        """True where it is known to have ended."""
        return self._end.done() or self._source.at_eof()

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self.nursery.kill(self.pid)
        self._sink.transport.abort()

    def dismiss(self) -> None:
        """Let it end: it has nothing to do."""
        self._sink.close()

    async def was_too_slow(self) -> bool:
        """Wait until it has ended, and say whether its clock ended it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_END):
                status = await asyncio.shield(self._end)
                return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
        return False


class Nursery:
    """The process that readers are forked from, as the server sees it."""

    def __init__(self, process: Process, control: socket.socket) -> None:
        self.version = 0
        self.readers: dict[int, asyncio.Future[int]] = {}
        """Those that live, and how each will end."""
        self._process = process
        self._control = control
        self._loop = asyncio.get_running_loop()
        self._spawning: deque[asyncio.Future[Birth]] = deque()
        self._arriving: deque[asyncio.Future[int]] = deque([self._loop.create_future()])
        self._is_retired = False
        self.is_lost = False
        self._loop.add_reader(control, self._receive)

    @classmethod
    async def start(cls, query_memory: int, log: Path, to_copy: ToCopy | None = None) -> "Nursery":
        """Start one; it is ready when this returns. Raises NurseryLost where the copy exceeds its budget."""
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        control.setblocking(False)
        copied = (str(to_copy.snapshot), str(to_copy.version), str(to_copy.budget)) if to_copy else ()
        try:
            with theirs:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-c", "from kg.nursery import main; main()"),
                    *(str(theirs.fileno()), str(query_memory), str(log), *copied),
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

    async def spawn(self) -> Reader:
        """Fork a reader, with the version that the copy has then. Raises NurseryLost."""
        born: asyncio.Future[Birth] = self._loop.create_future()
        self._order(SPAWN)
        self._spawning.append(born)
        birth = await asyncio.shield(born)
        streams = await asyncio.open_connection(sock=socket.socket(fileno=birth.descriptor))
        return Reader(self, birth, streams)

    async def advance(self, version: int) -> None:
        """Bring the copy up to a version. Raises NurseryLost."""
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
        with suppress(NurseryLost):  # then its clock ends it, or its closed socket
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
            raise NurseryLost from None

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
        self._spawning.popleft().set_result(Birth(descriptor, pid, version, end))

    def _lose(self) -> None:
        if self.is_lost:
            return
        self.is_lost = True
        self._loop.remove_reader(self._control)
        self._control.close()
        waiting: list[asyncio.Future[Birth] | asyncio.Future[int]] = [*self._spawning, *self._arriving]
        for future in waiting:
            future.set_exception(NurseryLost())
            future.exception()  # also where nobody waits
        for end in self.readers.values():
            end.set_result(UNKNOWN)
        self.readers.clear()
