"""Queue for readers: gives each caller a reader on the version it needs, or raises if all are busy."""

import asyncio

from kg.errors import Unavailable
from kg.query.job import Job, QueryJob
from kg.query.limits import CROWDED_RATE, QueryLimits
from kg.query.readers.answer import RunningJob
from kg.query.readers.long_jobs import LongJobs
from kg.query.readers.memory_copy import MemoryCopy
from kg.query.readers.processes import ReaderProcess
from kg.query.readers.reader_set import ReaderSet

SECONDS_AT_NORMAL_PRIORITY = 0.25
"""Seconds after which the reader of a job runs at low priority."""
SECONDS_BETWEEN_LOOKS = 0.05
"""Seconds between two checks of the waiting callers, which may fork readers for them."""
SECONDS_CROWDED = 0.25
"""Seconds that a caller waits, at the maximum of readers, until the slowest client loses its reader."""
SECONDS_TO_MEASURE = 1.0
"""Seconds that an answer must have waited before its client counts as slow."""


class ReaderQueue:
    """Callers that wait for a reader, in the order of their clients' shares, and the running jobs.

    Long jobs first wait for a slot of their own. While callers wait, another reader is forked for each one
    that has been busy for long; at the maximum of readers, the client that reads its answer most slowly loses
    its reader. No other job is ended early to free a reader.
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
        self._lowering: asyncio.TimerHandle | None = None

    async def take(self, job: Job, version: int, client: str = "") -> ReaderProcess:
        """Wait for a reader; if the in-memory copy has ``version``, for one with at least that version.

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
        """Return an unused reader."""
        self.finish(reader)
        self._readers.idle.put(reader)

    def start(self, reader: ReaderProcess, running: RunningJob) -> None:
        """Note that a reader runs a job; if that takes long, the reader gets a low priority."""
        self.running[reader] = running
        if self._lowering is None:
            self._lower_after(SECONDS_AT_NORMAL_PRIORITY)

    def finish(self, reader: ReaderProcess) -> None:
        """Note that a reader is done; if its job was long, the next long job may start."""
        self.running.pop(reader, None)
        self._long_jobs.finish(reader)

    def close(self) -> None:
        """Stop checking the waiting callers and the running jobs."""
        for timer in (self._look, self._lowering):
            if timer is not None:
                timer.cancel()
        self._readers.idle.close()

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
            raise Unavailable("All readers are busy; try again in a few seconds.") from None

    async def _wait(self, version: int, client: str, until: float, *, is_replaced: bool) -> ReaderProcess:
        """Wait for a reader. If one was replaced, wait for its successor, as replacing more takes longer."""
        while True:
            has_copy = self._copy.version >= version or await self._copy.reaches(version, until)
            self._begin_looking()
            reader = await self._readers.idle.wait(until, client, for_next=is_replaced)
            if not reader.has_ended and (reader.version >= version or not has_copy):
                return reader
            self._readers.replace(reader)
            is_replaced = True

    def _lower_after(self, seconds: float) -> None:
        self._lowering = self._readers.idle.loop.call_later(seconds, self._lower)

    def _lower(self) -> None:
        """Lower the priority of readers with long jobs; check again when the next job may count as long."""
        self._lowering = None
        latest = self._readers.idle.loop.time() - SECONDS_AT_NORMAL_PRIORITY
        later = []
        for reader, job in self.running.items():
            if job.began > latest:
                later.append(job.began - latest)
            elif not reader.has_low_priority:
                reader.lower_priority()
        if later:
            self._lower_after(min(later))

    def _begin_looking(self) -> None:
        if self._look is None:
            self._look = self._readers.idle.loop.call_later(SECONDS_BETWEEN_LOOKS, self._relieve)

    def _relieve(self) -> None:
        """Fork readers while callers wait for long jobs, or end the slowest answer; then check again."""
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
        """End the answer whose client reads most slowly, if one counts as slow."""
        slow = [job for job in self.running.values() if job.pace.waited > SECONDS_TO_MEASURE]
        slowest = min(slow, key=lambda job: job.pace.rate, default=None)
        if slowest is not None and slowest.pace.rate < CROWDED_RATE:
            slowest.abandon(_SLOW)


_SLOW = "The client read the answer too slowly while other queries waited; read it faster, or ask for less."
