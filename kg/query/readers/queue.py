"""Queue for readers: gives each caller a reader that has the version it needs, or says that all are busy."""

import asyncio

from kg.errors import Unavailable
from kg.query.job import Job, QueryJob
from kg.query.limits import CROWDED_RATE, QueryLimits
from kg.query.readers.answer import RunningJob
from kg.query.readers.long_jobs import LongJobs
from kg.query.readers.memory_copy import MemoryCopy
from kg.query.readers.processes import ReaderProcess
from kg.query.readers.reader_set import ReaderSet

SECONDS_BETWEEN_LOOKS = 0.05
"""Time between two looks at the waiting callers, to fork readers for them."""
SECONDS_CROWDED = 0.25
"""Time that a caller waits, with as many readers as may be, until the slowest client loses its reader."""
SECONDS_TO_MEASURE = 1.0
"""Seconds for which an answer must have waited for its client to be called slow."""


class ReaderQueue:
    """The callers that wait for a reader, in the order of their clients' shares, and the jobs at work.

    Long jobs wait for a slot of their own first. While callers wait, a reader is forked for each that has
    been held for long; if there are as many as may be, the client that takes its answer most slowly loses
    its reader. No job is ended for another before its time limit.
    """

    def __init__(
        self, readers: ReaderSet, copy: MemoryCopy, long_jobs: LongJobs, limits: QueryLimits
    ) -> None:
        self.running: dict[ReaderProcess, RunningJob] = {}
        self._readers = readers
        self._copy = copy
        self._long_jobs = long_jobs
        self._limits = limits
        self._look: asyncio.TimerHandle | None = None

    async def take(self, job: Job, version: int, client: str = "") -> ReaderProcess:
        """Wait for a reader, one with at least this version if the copy in memory has it.

        Raises Unavailable if all readers are busy for longer than the limit.
        """
        if isinstance(job, QueryJob) or not job.is_long:
            return await self._take(version, client)
        await self._long_jobs.reserve(self._limits.waiting)
        try:
            reader = await self._take(version, client)
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

    def close(self) -> None:
        """Stop looking at the waiting callers."""
        if self._look is not None:
            self._look.cancel()

    async def _take(self, version: int, client: str) -> ReaderProcess:
        idle = self._readers.idle
        is_replaced = False
        if 0 < version <= self._copy.version and (reader := idle.take(client)):
            if not reader.has_ended and reader.version >= version:
                return reader
            self._readers.replace(reader)
            is_replaced = True
        until = idle.loop.time() + self._limits.waiting
        try:
            return await self._wait(version, client, until, is_replaced=is_replaced)
        except TimeoutError:
            raise Unavailable("All readers are busy; try again in some seconds.") from None

    async def _wait(self, version: int, client: str, until: float, *, is_replaced: bool) -> ReaderProcess:
        """Wait for a reader. If one was replaced, wait for its successor: to replace more takes longer."""
        while True:
            has_copy = self._copy.version >= version or await self._copy.reaches(version, until)
            self._begin_looking()
            reader = await self._readers.idle.wait(until, client, for_next=is_replaced)
            if not reader.has_ended and (reader.version >= version or not has_copy):
                return reader
            self._readers.replace(reader)
            is_replaced = True

    def _begin_looking(self) -> None:
        if self._look is None:
            self._look = self._readers.idle.loop.call_later(SECONDS_BETWEEN_LOOKS, self._relieve)

    def _relieve(self) -> None:
        """Fork readers while callers wait for long jobs, or end the slowest answer; then look again later."""
        self._look = None
        readers = self._readers
        waiting = readers.idle.waiting
        if not waiting and not readers.idle.seconds_waited():
            return
        shares = readers.idle.shares
        for _ in range(min(shares.wanted - readers.size, waiting - readers.starting)):
            readers.start()
        if readers.size >= shares.most and readers.idle.seconds_waited() > SECONDS_CROWDED:
            self._end_slowest()
        self._begin_looking()

    def _end_slowest(self) -> None:
        """End the answer that its client takes most slowly, if one is taken slowly."""
        slow = [job for job in self.running.values() if job.pace.waited > SECONDS_TO_MEASURE]
        slowest = min(slow, key=lambda job: job.pace.rate, default=None)
        if slowest is not None and slowest.pace.rate < CROWDED_RATE:
            slowest.abandon(_SLOW)


_SLOW = "The answer was taken too slowly while others waited; take it faster, or ask for less."
