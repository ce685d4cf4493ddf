"""One reader at work on one query, and the answer that comes of it.

The first chunk of an answer is held until it is sure, so a query that fails early is answered by an error;
one that fails later breaks the connection, and is never mistaken for a whole answer.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Protocol

from kg import errors
from kg.errors import KGError, QueryKilled
from kg.formats import content_type
from kg.query.job import Job, QueryJob
from kg.query.readers.processes import ReaderProcess
from kg.query.readers.reader import DATA, FAULT, WHOLE, Task
from kg.query.readers.snapshots import Snapshot
from kg.settings import Settings
from kg.store.snapshots import Past

SECONDS_IN_FRONT = 0.25
"""Time after which a query lets others go first."""


class Pool(Protocol):
    """Where readers come from and go to."""

    def release(self, reader: ReaderProcess, snapshot: Snapshot | Past | None) -> None:
        """Take back a reader that has finished."""
        ...

    def end(self, reader: ReaderProcess, snapshot: Snapshot | Past | None) -> None:
        """End a reader that is at work, and put another in its place."""
        ...


class StreamedAnswer:
    """An answer on its way: what it is, and its bytes. Iterate it to the end, or close it."""

    def __init__(self, media_type: str, version: int, first: bytes, work: "Work | None") -> None:
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


class Work:
    """One reader at work on one task: its frames, and its way back to the pool."""

    def __init__(
        self, pool: Pool, reader: ReaderProcess, snapshot: Snapshot | Past | None, settings: Settings
    ) -> None:
        self._pool = pool
        self._reader = reader
        self._snapshot = snapshot
        self._settings = settings
        self._what, self._seconds = "The query", settings.query_seconds
        self._over = False
        self._offered: float | None = None
        """Since when a chunk waits to be taken."""
        self._stepping_back = reader.loop.call_later(SECONDS_IN_FRONT, reader.step_back)

    async def answer(self, job: Job) -> StreamedAnswer:
        """Hand the job over and wait until the answer is sure to come."""
        path, version = None, self._reader.version
        if self._snapshot is not None:
            path, version = self._snapshot.path, self._snapshot.version
        try:
            if isinstance(job, QueryJob):
                left = self._seconds - job.seconds_spent
            else:
                self._what = "This work"
                left = self._seconds = self._settings.answer_seconds if job.is_long else self._seconds
            self._reader.send(Task(job, path, version, left))
            kind, told = await self._frame()
            if kind == WHOLE:
                media_type, _, body = told.partition(b"\0")
                self._finish()
                return StreamedAnswer(media_type.decode(), version, body, None)
            _, first = await self._frame()
        except BaseException:
            self.abandon()
            raise
        self._offered = self._reader.loop.time()
        return StreamedAnswer(told.decode(), version, first, self)

    async def rest(self) -> AsyncIterator[bytes]:
        """Yield what follows the first chunk. Whoever is slow to take it loses the reader."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self._settings.answer_seconds, self.abandon)
        try:
            while (frame := await self._taken())[0] == DATA:
                self._offered = loop.time()
                yield frame[1]
            self._finish()
        finally:
            timer.cancel()
            self.abandon()

    def seconds_untaken(self) -> float:
        """Tell for how long a chunk has been waiting to be taken; 0 where none is."""
        return 0.0 if self._offered is None else self._reader.loop.time() - self._offered

    def abandon(self) -> None:
        """End a reader that is in the middle of something; nothing happens where it is not."""
        if self._is_first():
            self._pool.end(self._reader, self._snapshot)

    def _finish(self) -> None:
        if self._is_first():
            self._pool.release(self._reader, self._snapshot)

    def _is_first(self) -> bool:
        """Tell if it ends only now."""
        was_over, self._over = self._over, True
        self._stepping_back.cancel()
        return not was_over

    async def _taken(self) -> tuple[bytes, bytes]:
        """Read a frame, now that the last has been taken."""
        self._offered = None
        return await self._frame()

    async def _frame(self) -> tuple[bytes, bytes]:
        """Read a frame; raises the fault it carries, or QueryKilled where the reader has ended."""
        try:
            kind, payload = await self._reader.frame()
        except EOFError:
            raise await self._cause_of_death() from None
        if kind == FAULT:
            self._finish()
            raise _fault(payload)
        return kind, payload

    async def _cause_of_death(self) -> QueryKilled:
        if await self._reader.was_too_slow():
            return QueryKilled(
                f"{self._what} was ended after {self._seconds:g} seconds; ask for less, or in smaller parts."
            )
        megabytes = self._settings.query_memory >> 20
        return QueryKilled(
            f"{self._what} was ended: it needed more than {megabytes} MB, or crashed its reader."
        )


def _fault(payload: bytes) -> KGError:
    """Raise here what was raised there."""
    told = json.loads(payload)
    kind: type[KGError] = getattr(errors, told["kind"])
    return kind(told["detail"], **told["extra"])
