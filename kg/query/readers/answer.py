"""One reader's answer to one job: its first bytes, then the rest while the client reads.

The first chunk is held back until the reader has sent it or has failed. So a query that fails early is
answered by an error; one that fails later breaks the connection, so that no client takes the answer for
whole.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Protocol

from kg import errors
from kg.errors import Damaged, KGError, QueryKilled
from kg.formats import content_type
from kg.query.job import Job, QueryJob
from kg.query.limits import QueryLimits
from kg.query.readers.pace import Pace
from kg.query.readers.processes import ReaderProcess
from kg.query.readers.reader import DATA, FAULT, WHOLE, Task
from kg.query.readers.snapshots import Snapshot
from kg.store.snapshots import Past

SECONDS_TO_JUDGE = 0.5
"""Minimum seconds between two checks of how fast a client reads its answer."""
_SLOW = "The client read the answer too slowly; read it faster, or ask for less."
_LONG = "The answer took too long to send; read it faster, or ask for less."


class ReaderOwner(Protocol):
    """Takes a reader and its snapshot back at the end of a job."""

    def release(self, reader: ReaderProcess, snapshot: Snapshot | Past | None) -> None:
        """Take back a reader that has finished its job."""
        ...

    def end(self, reader: ReaderProcess, snapshot: Snapshot | Past | None) -> None:
        """Kill a reader during its job, and fork another."""
        ...

    def note_damage(self, job: Job, fault: Damaged) -> None:
        """Record that a job failed on damaged tables."""
        ...


class StreamedAnswer:
    """Media type, warnings, version and bytes of an answer. Iterate ``chunks`` to the end, or close it."""

    def __init__(self, head: bytes, version: int, first: bytes, running: "RunningJob | None") -> None:
        media_type, _, warnings = head.decode().partition("\n")
        self.media_type = media_type
        self.warnings: tuple[str, ...] = tuple(json.loads(warnings)) if warnings else ()
        self.version = version
        self.first = first
        self._running = running

    @property
    def content_type(self) -> str:
        """The Content-Type to send."""
        return content_type(self.media_type)

    @property
    def is_whole(self) -> bool:
        """True if ``first`` is the whole answer."""
        return self._running is None

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes; raises QueryKilled if the reader fails on the way."""
        yield self.first
        if self._running is not None:
            async for chunk in self._running.rest():
                yield chunk

    async def read(self) -> bytes:
        """Return all bytes at once."""
        return b"".join([chunk async for chunk in self.chunks()])

    def close(self) -> None:
        """Release the reader, also during an answer."""
        if self._running is not None:
            self._running.abandon()


class RunningJob:
    """One reader that runs one job: reads its frames, and gives the reader back at the end."""

    def __init__(
        self,
        owner: ReaderOwner,
        reader: ReaderProcess,
        snapshot: Snapshot | Past | None,
        job: Job,
        limits: QueryLimits,
    ) -> None:
        self._owner = owner
        self._reader = reader
        self._snapshot = snapshot
        self._job = job
        self._limits = limits
        self._is_over = False
        self._ending: str | None = None
        self._judging: asyncio.TimerHandle | None = None
        self.pace = Pace(limits.least_rate, reader.loop.time)
        self.began = reader.loop.time()

    async def answer(self) -> StreamedAnswer:
        """Send the job to the reader and wait for the first bytes.

        Raises the error that the reader sends, or QueryKilled if the reader has ended.
        """
        path, version = None, self._reader.version
        if self._snapshot is not None:
            path, version = self._snapshot.path, self._snapshot.version
        try:
            self._reader.send(Task(self._job, path, version, self._limits.in_reader(self._job)))
            kind, payload = await self._frame()
            if kind == WHOLE:
                head, _, body = payload.partition(b"\0")
                self._finish()
                return StreamedAnswer(head, version, body, None)
            _, first = await self._frame()
        except BaseException:
            self.abandon()
            raise
        self.pace.offer(len(first))
        self._judge()
        return StreamedAnswer(payload, version, first, self)

    async def rest(self) -> AsyncIterator[bytes]:
        """Yield the bytes after the first chunk. A client that reads too slowly loses the reader."""
        timer = self._reader.loop.call_later(self._limits.sending, self.abandon, _LONG)
        try:
            while (frame := await self._next_frame())[0] == DATA:
                self.pace.offer(len(frame[1]))
                yield frame[1]
            self._finish()
        finally:
            timer.cancel()
            self.abandon()

    def abandon(self, reason: str | None = None) -> None:
        """End the reader, unless the job is over; ``reason`` is then the error of the answer."""
        if self._ends():
            self._ending = reason
            self._owner.end(self._reader, self._snapshot)

    def _finish(self) -> None:
        if self._ends():
            self._owner.release(self._reader, self._snapshot)

    def _ends(self) -> bool:
        """Mark the job as over; return False if it was over already."""
        was_over, self._is_over = self._is_over, True
        if self._judging is not None:
            self._judging.cancel()
        return not was_over

    def _judge(self) -> None:
        """End the reader if the client is too slow; else check again when it may be."""
        allowed = self.pace.allowed
        if allowed <= 0:
            self.abandon(_SLOW)
        elif self._limits.least_rate:
            self._judging = self._reader.loop.call_later(max(allowed, SECONDS_TO_JUDGE), self._judge)

    async def _next_frame(self) -> tuple[bytes, bytes]:
        self.pace.take()
        return await self._frame()

    async def _frame(self) -> tuple[bytes, bytes]:
        """Read a frame; raises the error that it carries, or QueryKilled if the reader has ended."""
        try:
            kind, payload = await self._reader.frame()
        except EOFError:
            raise await self._cause_of_end() from None
        if kind == FAULT:
            self._finish()
            error = _error(payload)
            if isinstance(error, Damaged):
                self._owner.note_damage(self._job, error)
            raise error
        return kind, payload

    async def _cause_of_end(self) -> QueryKilled:
        if self._ending is not None:
            return QueryKilled(self._ending)
        subject = "The query" if isinstance(self._job, QueryJob) else "This work"
        if await self._reader.timed_out():
            seconds = self._limits.evaluation(self._job)
            return QueryKilled(
                f"{subject} was ended after {seconds:g} seconds; ask for less, or in smaller parts."
            )
        megabytes = self._limits.query_memory >> 20
        return QueryKilled(f"{subject} was ended: it exceeded {megabytes} MB, or crashed its reader process.")


def _error(payload: bytes) -> KGError:
    """Return the error that the reader caught."""
    error = json.loads(payload)
    kind: type[KGError] = getattr(errors, error["kind"])
    return kind(error["detail"], **error["extra"])
