"""Queue for readers: gives each caller a reader that has the version it needs, or says that all are busy."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from kg.errors import Unavailable
from kg.query.job import Job, QueryJob
from kg.query.limits import QueryLimits
from kg.query.readers.answer import RunningJob
from kg.query.readers.long_jobs import LongJobs
from kg.query.readers.memory_copy import MemoryCopy
from kg.query.readers.processes import ReaderProcess
from kg.query.readers.reader_set import ReaderSet

SECONDS_UNREAD = 0.1
"""Time without a read after which the reader of an answer is parked, if a caller has waited as long."""
MOST_PARKED = 4
"""Parked readers for each reader that is at work."""


class ReaderQueue:
    """The callers that wait for a reader, in turn, and the jobs that readers work on.

    Long jobs wait for a slot of their own first. If a caller has waited for a moment, another reader is
    forked in place of the one that has waited longest for its client to read. If there are too many such
    readers, the answer whose client reads most slowly is ended.
    """

    def __init__(
        self, readers: ReaderSet, copy: MemoryCopy, long_jobs: LongJobs, limits: QueryLimits
    ) -> None:
        self.running: dict[ReaderProcess, RunningJob] = {}
        self._readers = readers
        self._copy = copy
        self._long_jobs = long_jobs
        self._limits = limits

    async def take(self, job: Job, version: int) -> ReaderProcess:
        """Wait for a reader, one with at least this version if the copy in memory has it.

        Raises Unavailable if all readers are busy for longer than the limit.
        """
        if isinstance(job, QueryJob) or not job.is_long:
            return await self._take(version)
        await self._long_jobs.reserve(self._limits.waiting)
        try:
            reader = await self._take(version)
        except BaseException:
            self._long_jobs.cancel()
            raise
        self._long_jobs.assign(reader)
        return reader

    def give_back(self, reader: ReaderProcess) -> None:
        """Return a reader that was taken and not used."""
        self.finish(reader)
        self._readers.idle.put(reader)

    def start(self, reader: ReaderProcess, running: RunningJob) -> None:
        """Note that a reader works on a job."""
        self.running[reader] = running

    def finish(self, reader: ReaderProcess) -> None:
        """Note that a reader works no longer; if its job was long, the next long job may begin."""
        self.running.pop(reader, None)
        self._long_jobs.finish(reader)

    async def _take(self, version: int) -> ReaderProcess:
        idle = self._readers.idle
        is_replaced = False
        if 0 < version <= self._copy.version and (reader := idle.take()):
            if not reader.has_ended and reader.version >= version:
                return reader
            self._readers.replace(reader)
            is_replaced = True
        until = idle.loop.time() + self._limits.waiting
        try:
            with self._relief():
                return await self._wait(version, until, is_replaced=is_replaced)
        except TimeoutError:
            raise Unavailable("All readers are busy; try again in some seconds.") from None

    async def _wait(self, version: int, until: float, *, is_replaced: bool) -> ReaderProcess:
        """Wait for a reader. If one was replaced, wait for its successor: to replace more takes longer."""
        while True:
            has_copy = self._copy.version >= version or await self._copy.reaches(version, until)
            reader = await self._readers.idle.wait(until, for_next=is_replaced)
            if not reader.has_ended and (reader.version >= version or not has_copy):
                return reader
            self._readers.replace(reader)
            is_replaced = True

    @contextmanager
    def _relief(self) -> Iterator[None]:
        """Free readers that wait for their clients, again and again for as long as a caller waits."""
        relieving = asyncio.ensure_future(self._relieve())
        try:
            yield
        finally:
            relieving.cancel()

    async def _relieve(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_UNREAD)
            self._park_slowest()

    def _park_slowest(self) -> None:
        """Park the reader that waits longest for its client; of too many such, end the slowest answer."""
        parked = self._readers.parked
        at_work = [reader for reader in self.running if reader not in parked]
        slow = max(at_work, key=lambda reader: self.running[reader].seconds_unread(), default=None)
        if slow is None or self.running[slow].seconds_unread() < SECONDS_UNREAD:
            return
        if len(parked) >= MOST_PARKED * len(at_work):
            min((self.running[reader] for reader in parked), key=RunningJob.rate).abandon()
        self._readers.park(slow)
