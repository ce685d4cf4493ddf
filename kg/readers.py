"""A pool of reader processes on hard-linked snapshots: each can be ended, and the next query does not wait.

The first chunk of an answer is held until it is sure, so a query that fails early is answered by an error;
one that fails later breaks the connection, and is never mistaken for a whole answer.
"""

import asyncio
import json
import pickle
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kg import errors
from kg.asof import Past, Snapshots, version_of
from kg.errors import KGError, QueryKilled, Unavailable
from kg.evaluation import QueryJob
from kg.negotiation import content_type
from kg.reader import CHUNK, DATA, END, FAULT, FRAME, Task
from kg.settings import Settings
from kg.store import Contents


@dataclass
class Snapshot:
    """A copy of the current version on disk, and how many readers are at work on it."""

    path: Path
    version: int
    users: int = 0


class Answer:
    """An answer on its way: what it is, and its bytes. Iterate it to the end, or close it."""

    def __init__(self, media_type: str, version: int, first: bytes, work: "_Work | None") -> None:
        self.media_type = media_type
        self.version = version
        self.first = first
        self._work = work

    @property
    def content_type(self) -> str:
        """The Content-Type to send."""
        return content_type(self.media_type)

    @property
    def is_whole(self) -> bool:
        """True where ``first`` is all there is."""
        return self._work is None

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes; raises QueryKilled where the reader fails on the way."""
        yield self.first
        if self._work is not None:
            async for chunk in self._work.rest():
                yield chunk

    async def read(self) -> bytes:
        """Give all bytes at once."""
        return b"".join([chunk async for chunk in self.chunks()])

    def close(self) -> None:
        """Let the reader go, also in the middle of an answer."""
        if self._work is not None:
            self._work.abandon()


class ReaderPool:
    """Reader processes and the snapshot they read; use it in an ``async with``."""

    def __init__(self, store: Contents, settings: Settings, folder: Path) -> None:
        self._store = store
        self._earlier = Snapshots(folder.parent)
        self._making_earlier = asyncio.Lock()
        self._settings = settings
        self._folder = folder
        self._idle: asyncio.Queue[Process] = asyncio.Queue()
        self._alive: set[Process] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._snapshot: Snapshot | None = None
        self._snapshot_lock = asyncio.Lock()

    async def __aenter__(self) -> "ReaderPool":
        shutil.rmtree(self._folder, ignore_errors=True)
        await asyncio.gather(*(self._start_reader() for _ in range(self._settings.reader_count)))
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*self._starting, return_exceptions=True)
        for process in self._alive:
            _kill(process)
        await asyncio.gather(*(_reap(process) for process in self._alive))
        shutil.rmtree(self._folder, ignore_errors=True)

    async def answer(self, job: QueryJob) -> Answer:
        """Answer a query with a version no older than the last commit acknowledged before, or as of then.

        Raises what ``evaluation.evaluate`` raises, QueryKilled at a limit, and Unavailable where all readers
        are busy for longer than a query may take.
        """
        snapshot = await self.hold(job.as_of)
        try:
            process = await self._free_reader()
        except BaseException:
            self.leave(snapshot)
            raise
        return await _Work(self, process, snapshot, self._settings).answer(job)

    async def _free_reader(self) -> Process:
        try:
            async with asyncio.timeout(self._settings.query_seconds):
                return await self._idle.get()
        except TimeoutError:
            raise Unavailable("All readers are busy; try again in some seconds.") from None

    async def hold(self, as_of: str | None = None) -> Snapshot | Past:
        """Give the snapshot of the current version or an earlier one; it stays until its user leaves it.

        Raises what ``asof.version_of`` raises.
        """
        newest = self._store.version
        if as_of and (version := version_of(self._earlier.log, as_of, newest)) < newest:
            return await self._hold_earlier(version)
        async with self._snapshot_lock:
            if self._snapshot is None or self._snapshot.version != self._store.version:
                path = self._folder / f"v{self._store.version}"
                version = await asyncio.to_thread(self._store.snapshot, path)
                outdated, self._snapshot = self._snapshot, Snapshot(path, version)
                _remove_unused(outdated)
            self._snapshot.users += 1
            return self._snapshot

    async def _hold_earlier(self, version: int) -> Past:
        """Make one earlier version at a time; it is let go again where nobody waits for it any more."""
        async with self._making_earlier:
            making = asyncio.ensure_future(asyncio.to_thread(self._earlier.hold, self._store, version))
            try:
                return await asyncio.shield(making)
            except asyncio.CancelledError:
                making.add_done_callback(_let_go)
                raise

    async def _start_reader(self) -> None:
        memory = str(self._settings.query_memory)
        command = (sys.executable, "-c", "from kg.reader import main; main()", memory)
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
        self._alive.add(process)
        self._idle.put_nowait(process)

    def _release(self, process: Process, snapshot: Snapshot | Past) -> None:
        self._idle.put_nowait(process)
        self.leave(snapshot)

    def _replace(self, process: Process, snapshot: Snapshot | Past) -> None:
        """End a reader and start another in its place, without waiting for either."""
        _kill(process)
        self.leave(snapshot)
        task = asyncio.create_task(self._succeed(process))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _succeed(self, process: Process) -> None:
        await self._start_reader()
        await _reap(process)
        self._alive.discard(process)

    def leave(self, snapshot: Snapshot | Past) -> None:
        """Let a snapshot go; an outdated one that nobody else reads is removed."""
        if isinstance(snapshot, Past):
            snapshot.let_go()
            return
        snapshot.users -= 1
        if snapshot is not self._snapshot:
            _remove_unused(snapshot)


class _Work:
    """One reader at work on one task: its frames, and its way back to the pool."""

    def __init__(
        self, pool: ReaderPool, process: Process, snapshot: Snapshot | Past, settings: Settings
    ) -> None:
        self._pool = pool
        self._process = process
        self._snapshot = snapshot
        self._settings = settings
        self._over = False

    async def answer(self, job: QueryJob) -> Answer:
        """Hand the job over and wait until the answer is sure to come."""
        version = self._snapshot.version
        task = Task(job, self._snapshot.path, version, self._settings.query_seconds)
        try:
            await self._send(task)
            _, media_type = await self._frame()
            kind, first = await self._frame()
            if kind == DATA and len(first) < CHUNK:
                kind, _ = await self._frame()
        except BaseException:
            self.abandon()
            raise
        if kind == END:
            self._finish()
        return Answer(media_type.decode(), version, first, None if kind == END else self)

    async def rest(self) -> AsyncIterator[bytes]:
        """Yield what follows the first chunk. Whoever is slow to take it loses the reader."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self._settings.answer_seconds, self.abandon)
        try:
            while (frame := await self._frame())[0] == DATA:
                yield frame[1]
            self._finish()
        finally:
            timer.cancel()
            self.abandon()

    def abandon(self) -> None:
        """End a reader that is in the middle of something; nothing happens where it is not."""
        if not self._over:
            self._over = True
            self._pool._replace(self._process, self._snapshot)

    def _finish(self) -> None:
        if not self._over:
            self._over = True
            self._pool._release(self._process, self._snapshot)

    async def _send(self, task: Task) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(pickle.dumps(task))
        with suppress(ConnectionError):  # it died while idle: the next frame tells
            await self._process.stdin.drain()

    async def _frame(self) -> tuple[bytes, bytes]:
        """Read a frame; raises the fault it carries, or QueryKilled where the reader has ended."""
        assert self._process.stdout is not None
        try:
            kind, length = FRAME.unpack(await self._process.stdout.readexactly(FRAME.size))
            payload = await self._process.stdout.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise await self._cause_of_death() from None
        if kind == FAULT:
            self._finish()
            raise _fault(payload)
        return kind, payload

    async def _cause_of_death(self) -> QueryKilled:
        if await self._process.wait() == -signal.SIGALRM:
            seconds = f"{self._settings.query_seconds:g}"
            return QueryKilled(
                f"The query was ended after {seconds} seconds; ask for less, or in smaller parts."
            )
        megabytes = self._settings.query_memory >> 20
        return QueryKilled(f"The query was ended: it needed more than {megabytes} MB, or crashed its reader.")


def _fault(payload: bytes) -> KGError:
    """Raise here what was raised there."""
    told = json.loads(payload)
    kind: type[KGError] = getattr(errors, told["kind"])
    return kind(told["detail"], **told["extra"])


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()


async def _reap(process: Process) -> None:
    """Wait for a process that was killed, and empty its pipe: one left unread would stay open."""
    assert process.stdout is not None
    with suppress(RuntimeError):  # whoever else is still reading gets to the end
        while await process.stdout.read(CHUNK):
            pass
    await process.wait()


def _let_go(made: asyncio.Future[Past]) -> None:
    if not made.cancelled() and made.exception() is None:
        made.result().let_go()


def _remove_unused(snapshot: Snapshot | None) -> None:
    if snapshot is not None and snapshot.users == 0:
        shutil.rmtree(snapshot.path, ignore_errors=True)
