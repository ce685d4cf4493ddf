"""Pool of reader processes: answers jobs from the copy in memory or from snapshots on disk.

Each part has a module of its own: ``snapshots``, ``memory_copy``, ``supervisor`` (of the fork servers),
``reader_set`` (the processes), ``queue`` (of the callers), ``answer`` (one job in one reader).
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from kg.errors import Damaged, KGError
from kg.query.job import Job, QueryJob, ReadJob
from kg.query.limits import QueryLimits
from kg.query.outbound import AllowList
from kg.query.readers.answer import RunningJob, StreamedAnswer
from kg.query.readers.forkserver import ForkServerOptions
from kg.query.readers.long_jobs import LongJobs
from kg.query.readers.memory_copy import MemoryCopy
from kg.query.readers.processes import ReaderProcess
from kg.query.readers.queue import ReaderQueue
from kg.query.readers.read_fault import ReadFault, read_all
from kg.query.readers.reader_set import ReaderSet
from kg.query.readers.shares import EXTRA, ReaderShares
from kg.query.readers.snapshots import Snapshot, SnapshotShelf
from kg.query.readers.supervisor import ForkServerSupervisor
from kg.query.service_calls import ServiceCalls
from kg.settings import Settings
from kg.store.snapshots import Past, version_of
from kg.store.store import Contents

SECONDS_BETWEEN_TIDYING = 5.0


class ReaderPool:
    """Reader processes and what they read; use it in an ``async with``.

    ``folder`` holds the snapshots of the current version; its parent is the data directory. ``preload`` names
    the modules that the readers share, see ``ForkServerOptions``. ``served`` counts the answers by source.
    """

    def __init__(
        self,
        store: Contents,
        settings: Settings,
        folder: Path,
        preload: Sequence[str] = (),
        extra: int = EXTRA,
    ) -> None:
        self.served = {"memory": 0, "disk": 0}
        self.limits = QueryLimits.of(settings)
        self.services = ServiceCalls(AllowList.read(settings.allow), self.limits)
        self.snapshots = SnapshotShelf(store, folder)
        log = str(self.snapshots.log.folder)
        options = ForkServerOptions(settings.query_memory, log, tuple(preload))
        self.supervisor = ForkServerSupervisor(
            options, on_restart=lambda: self.copy.build(), is_expected=settings.memory_budget > 0
        )
        self.readers = ReaderSet(self.supervisor, ReaderShares(settings.reader_count, extra))
        self.copy = MemoryCopy(
            store,
            self.snapshots,
            self.supervisor,
            settings.memory_budget,
            self.readers.replace_idle,
            self._check_all,
        )
        self.queue = ReaderQueue(self.readers, self.copy, LongJobs(settings.reader_count), self.limits)
        self.fault = ReadFault(self._read_whole)
        """The last read that failed on damaged tables, if one did."""
        self._store = store
        self._settings = settings

    @property
    def allow_list(self) -> AllowList:
        """The servers that SERVICE and LOAD may call."""
        return self.services.allow_list

    async def __aenter__(self) -> "ReaderPool":
        self.snapshots.clear()
        await self.supervisor.start()
        await asyncio.gather(*(self.readers.start() for _ in range(self._settings.reader_count)))
        self.copy.build()
        self._tidying = asyncio.create_task(self._tidy_regularly())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._tidying.cancel()
        self.queue.close()
        await self.copy.close()
        await self.readers.close()
        await self.supervisor.close()
        await self.snapshots.close()

    async def answer(self, job: Job, client: str = "") -> StreamedAnswer:
        """Answer a job on the newest acknowledged version, or on ``job.as_of``.

        ``client`` is the client that the job counts for when readers are shared, see ``ReaderShares``. Raises
        what ``evaluation.evaluate`` and ``federation.asked`` raise, QueryKilled at a limit, and Unavailable
        if all readers are busy for longer than a query may take.
        """
        if isinstance(job, QueryJob):
            job = await self.with_services(job)
        newest = self._store.version
        if job.as_of and version_of(self.snapshots.log, job.as_of, newest) < newest:
            return await self.answer_from(await self._hold(job, job.as_of), job, client)
        reader = await self.queue.take(job, newest, client)
        is_fit = reader.version == newest if job.as_of else reader.version >= newest
        try:
            snapshot = None if is_fit else await self._hold(job, job.as_of)
        except BaseException:
            self.queue.give_back(reader)
            raise
        return await self._answer(reader, snapshot, job)

    async def answer_from(self, snapshot: Snapshot | Past, job: Job, client: str = "") -> StreamedAnswer:
        """Answer a job from a snapshot that the caller holds; the pool releases it when the answer ends."""
        try:
            if isinstance(job, QueryJob):
                job = await self.with_services(job)
            reader = await self.queue.take(job, 0, client)
        except BaseException:
            self.snapshots.leave(snapshot)
            raise
        return await self._answer(reader, snapshot, job)

    def release(self, reader: ReaderProcess, snapshot: Snapshot | Past | None) -> None:
        """Take back a reader that has finished its job."""
        self.queue.finish(reader)
        self.snapshots.leave(snapshot)
        self.readers.put_back(reader)

    def end(self, reader: ReaderProcess, snapshot: Snapshot | Past | None) -> None:
        """Kill a reader during its job, and fork another."""
        self.queue.finish(reader)
        self.snapshots.leave(snapshot)
        self.readers.end(reader)

    def note_damage(self, job: Job, fault: Damaged) -> None:
        """Record that a job failed on damaged tables."""
        self.fault.note(job, fault)

    async def tidy(self) -> None:
        """Replace idle readers that are outdated or too large."""
        await self.readers.tidy(self.copy.version, self._settings.memory_budget)

    async def with_services(self, job: QueryJob) -> QueryJob:
        """Call the endpoints of a query before it takes a reader; raises as ``ServiceCalls.answered``."""
        return await self.services.answered(job)

    async def _hold(self, job: Job, as_of: str | None = None) -> Snapshot | Past:
        try:
            return await self.snapshots.hold(as_of)
        except Damaged as fault:
            self.note_damage(job, fault)
            raise

    async def _check_all(self) -> None:
        """Read the whole graph once; if that fails, record the fault."""
        with suppress(KGError):
            await self._read_whole(ReadJob("text/plain", read_all, is_long=True))

    async def _read_whole(self, job: Job) -> None:
        async for _ in (await self.answer(job)).chunks():
            pass

    async def _answer(
        self, reader: ReaderProcess, snapshot: Snapshot | Past | None, job: Job
    ) -> StreamedAnswer:
        self.served["disk" if snapshot else "memory"] += 1
        running = RunningJob(self, reader, snapshot, job, self.limits)
        self.queue.start(reader, running)
        return await running.answer()

    async def _tidy_regularly(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_TIDYING)
            await self.tidy()
