"""A pool of reader processes: each can be ended, and the next query does not wait.

``answer`` says what becomes of one query, ``forkserver`` how the processes are made.
"""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from pathlib import Path

from kg.errors import Unavailable
from kg.query import federation
from kg.query.job import Job, QueryJob
from kg.query.outbound import AllowList
from kg.query.readers.answer import StreamedAnswer, Work
from kg.query.readers.forkserver import CopySource, ForkServerOptions
from kg.query.readers.processes import ForkServerLost, ForkServerProcess, ReaderProcess
from kg.query.readers.snapshots import Snapshot, SnapshotShelf
from kg.query.readers.waiting import Idle
from kg.settings import Settings
from kg.store.compaction import BYTES_EACH
from kg.store.log import CommitLog
from kg.store.snapshots import Past
from kg.store.store import Contents

LARGEST_STEP = 5_000
"""Facts that may change until the copy in memory is made anew, from disk, rather than brought up to date."""
SECONDS_UNTIL_NEXT_TRY = 0.5
"""Time after which a nursery that did not come to life is started again."""
SECONDS_BETWEEN_LOOKS = 5.0
"""Time between two looks at the memory of the readers."""
LEAST_OWN = 1 << 26
"""Bytes that any reader may have of its own."""
MOST_CALLING = 8
"""Queries that may wait for other endpoints at once."""

_log = logging.getLogger(__name__)


class ReaderPool:
    """ReaderProcess processes and what they read; use it in an ``async with``.

    They answer from a copy of the graph in memory where that fits the budget and has been made, else from a
    snapshot on disk. ``served`` counts the answers by which of the two it was.
    """

    def __init__(
        self, store: Contents, settings: Settings, folder: Path, preload: Sequence[str] = ()
    ) -> None:
        self.served = {"memory": 0, "disk": 0}
        self.allow_list = AllowList.read(settings.allow)
        self._calling = 0
        self._store = store
        self.snapshots = SnapshotShelf(store, folder)
        self._settings = settings
        self._options = ForkServerOptions(
            settings.query_memory, str(self.snapshots.log.folder), tuple(preload)
        )
        self._idle = Idle()
        self._long: set[ReaderProcess] = set()
        """Those that are at work that may take long."""
        self._at_work: dict[ReaderProcess, Work] = {}
        self._places = asyncio.Semaphore(max(1, settings.reader_count // 2))
        """For long work: half of the readers at most, so that queries have the others."""
        self._alive: set[ReaderProcess] = set()
        self._nurseries: list[ForkServerProcess] = []
        self._advancing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._copying: asyncio.Task[None] | None = None
        self._copied_bytes = 0
        self._gone = 0
        """Facts removed since the copy was made; it steps over them still."""
        self._fits = settings.memory_budget > 0

    async def __aenter__(self) -> "ReaderPool":
        self.snapshots.clear()
        self._nurseries.append(await self._empty_nursery())
        await asyncio.gather(*(self._start_reader() for _ in range(self._settings.reader_count)))
        self._begin_copy()
        self._tidying = asyncio.create_task(self._keep_tidy())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._tidying.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for reader in self._alive:
            reader.kill()
        await asyncio.gather(*(nursery.close() for nursery in self._nurseries))
        await self.snapshots.close()

    @property
    def copied(self) -> int:
        """The version of the copy in memory; 0 where there is none."""
        return self._nurseries[-1].version

    async def answer(self, job: Job) -> StreamedAnswer:
        """Do a job with a version no older than the last commit acknowledged before, or as of then.

        Raises what ``evaluation.evaluate`` and ``federation.asked`` raise, QueryKilled at a limit, and
        Unavailable where all readers are busy for longer than a query may take.
        """
        if isinstance(job, QueryJob):
            job = await self.with_services(job)
        if job.as_of:
            return await self.answer_from(await self.snapshots.hold(job.as_of), job)
        newest = self._store.version
        reader = await self._reader_for(job, newest)
        try:
            snapshot = None if reader.version >= newest else await self.snapshots.hold()
        except BaseException:
            self._leave_work(reader)
            self._idle.put(reader)
            raise
        return await self._answer(reader, snapshot, job)

    async def answer_from(self, snapshot: Snapshot | Past, job: Job) -> StreamedAnswer:
        """Do a job with a snapshot that is held; it is let go with the answer."""
        try:
            if isinstance(job, QueryJob):
                job = await self.with_services(job)
            reader = await self._reader_for(job, 0)
        except BaseException:
            self.snapshots.leave(snapshot)
            raise
        return await self._answer(reader, snapshot, job)

    async def with_services(self, job: QueryJob) -> QueryJob:
        """Ask other endpoints before a reader is taken: whoever waits for them holds nobody else up."""
        if job.services or not federation.is_meant(job.text):
            return job
        found = await asyncio.to_thread(federation.checked, job)
        if not found:
            return job
        if self._calling >= MOST_CALLING:
            raise Unavailable("Many queries wait for other endpoints; try again in some seconds.")
        self._calling += 1
        try:
            return await federation.asked(job, found, self.allow_list, self._settings.query_seconds)
        finally:
            self._calling -= 1

    async def _reader_for(self, job: Job, wanted: int) -> ReaderProcess:
        """Wait for a reader; long work waits for a place first."""
        if isinstance(job, QueryJob) or not job.is_long:
            return await self._free_reader(wanted)
        try:
            async with asyncio.timeout(self._settings.query_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise Unavailable("Many exports are on their way; try again in some seconds.") from None
        try:
            reader = await self._free_reader(wanted)
        except BaseException:
            self._places.release()
            raise
        self._long.add(reader)
        return reader

    def _leave_work(self, reader: ReaderProcess) -> None:
        """Note that a reader is at work no more; where that was long work, other may begin."""
        self._at_work.pop(reader, None)
        if reader in self._long:
            self._long.remove(reader)
            self._places.release()

    async def _answer(
        self, reader: ReaderProcess, snapshot: Snapshot | Past | None, job: Job
    ) -> StreamedAnswer:
        self.served["disk" if snapshot else "memory"] += 1
        self._at_work[reader] = work = Work(self, reader, snapshot, self._settings)
        return await work.answer(job)

    async def _free_reader(self, wanted: int) -> ReaderProcess:
        """Wait for a reader, one with the version wanted where the copy in memory has it."""
        is_outdated = False
        if 0 < wanted <= self.copied and (reader := self._idle.take()):
            if not reader.has_ended and reader.version >= wanted:
                return reader
            self._replace(reader)
            is_outdated = True
        patience = self._settings.query_seconds / 2
        until = self._idle.loop.time() + 2 * patience
        losing_it = self._idle.loop.call_later(patience, self._take_back, patience)
        try:
            while True:
                has_copy = self.copied >= wanted or await self._copy_reaches(wanted, until)
                # The one that takes its place is waited for: to replace the others too would take longer.
                reader = await self._idle.wait(until, for_another=is_outdated)
                if not reader.has_ended and (reader.version >= wanted or not has_copy):
                    return reader
                self._replace(reader)
                is_outdated = True
        except TimeoutError:
            raise Unavailable("All readers are busy; try again in some seconds.") from None
        finally:
            losing_it.cancel()

    def _take_back(self, seconds: float) -> None:
        """End the answer whose client has taken nothing of it for the longest, and for so many seconds."""
        work = max(self._at_work.values(), key=Work.seconds_untaken, default=None)
        if work is not None and work.seconds_untaken() > seconds:
            work.abandon()

    async def _start_reader(self) -> None:
        """Fork a reader, from a new nursery where the last one has ended."""
        while True:
            nursery = self._nurseries[-1]
            try:
                reader = await nursery.spawn()
            except ForkServerLost:
                await self._succeed(nursery)
            else:
                self._alive.add(reader)
                self._idle.put(reader)
                return

    async def _succeed(self, lost: ForkServerProcess) -> None:
        """Start a nursery in place of one that has ended; after a failure, wait: who needs it tries again."""
        async with self._advancing:
            if self._nurseries[-1] is not lost:
                return
            try:
                self._install(await self._empty_nursery())
            except OSError as fault:  # no process to be had, or it was ended at once
                _log.error("No readers can be started: %s", fault)
                await asyncio.sleep(SECONDS_UNTIL_NEXT_TRY)
            else:
                self._begin_copy()

    async def _empty_nursery(self) -> ForkServerProcess:
        return await ForkServerProcess.start(self._options)

    def release(self, reader: ReaderProcess, snapshot: Snapshot | Past | None) -> None:
        """Take back a reader that has finished."""
        self._leave_work(reader)
        self.snapshots.leave(snapshot)
        if reader.is_behind and not reader.come_forward():
            self._replace(reader)
        else:
            self._idle.put(reader)

    def end(self, reader: ReaderProcess, snapshot: Snapshot | Past | None) -> None:
        """End a reader that is at work, and put another in its place."""
        reader.kill()
        self._alive.discard(reader)
        self._leave_work(reader)
        self.snapshots.leave(snapshot)
        self._spend(self._start_reader())

    def _replace(self, idle: ReaderProcess) -> asyncio.Task[None]:
        """Put another in the place of a reader that has an older version, must stay behind, or has ended."""
        idle.dismiss()
        self._alive.discard(idle)
        return self._spend(self._start_reader())

    def _spend(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Let work go on beside all else."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _keep_tidy(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            await self.tidy()

    async def tidy(self) -> None:
        """Replace idle readers that are outdated, and those whose own memory exceeds the budget together.

        A scan writes to the pages it reads (the engine's locks are there), and so unshares them.
        """
        readers = list(self._alive)
        own = await asyncio.to_thread(lambda: {reader: reader.own_memory() for reader in readers})
        excess = sum(own.values()) - self._settings.memory_budget
        for reader in sorted(readers, key=lambda reader: own[reader], reverse=True):
            is_large = excess > 0 and own[reader] > LEAST_OWN
            if (is_large or reader.version < self.copied) and self._idle.remove(reader):
                excess -= own[reader]
                await self._replace(reader)  # one by one: a commit waits for one of them at most

    async def _copy_reaches(self, version: int, until: float) -> bool:
        """Bring the copy in memory up to the current version; False where there is none, or it is too far.

        Raises TimeoutError at a time of the loop.
        """
        nursery = self._nurseries[-1]
        if 0 < nursery.version < version:
            async with asyncio.timeout_at(until), self._advancing:
                if nursery.version < version and not self._is_copying:
                    await self._advance(nursery)
        return nursery.version >= version

    async def _advance(self, nursery: ForkServerProcess) -> None:
        newest = self._store.version
        changed, removed = _step(self.snapshots.log, nursery.version, newest)
        if changed > LARGEST_STEP:
            self._begin_copy()
            return
        try:
            await nursery.advance(newest)
            self._gone += removed
            if self._gone > LARGEST_STEP and self._gone * BYTES_EACH > self._copied_bytes:
                self._begin_copy()
        except ForkServerLost:
            self._spend(self._succeed(nursery))

    @property
    def _is_copying(self) -> bool:
        return self._copying is not None and not self._copying.done()

    def _begin_copy(self) -> None:
        if self._fits and not self._is_copying:
            self._copying = self._spend(self._copy())

    async def _copy(self) -> None:
        """Bring the graph into the memory of a new nursery, and have it fork the readers from then on."""
        snapshot = await self.snapshots.hold()
        budget = self._settings.memory_budget
        try:
            self._copied_bytes, self._gone = _size(snapshot.path), 0
            self._fits = self._copied_bytes < budget
            if self._fits:
                source = CopySource(str(snapshot.path), snapshot.version, budget)
                self._install(await ForkServerProcess.start(self._options._replace(copy=source)))
        except ForkServerLost:
            self._fits = False
        finally:
            self.snapshots.leave(snapshot)
        if not self._fits:
            _log.warning("The graph is read from disk: a copy in memory exceeds %d MB.", budget >> 20)
        else:
            for reader in self._idle.take_all():
                self._replace(reader)

    def _install(self, nursery: ForkServerProcess) -> None:
        """Have the next readers forked by another nursery."""
        for succeeded in self._nurseries:
            succeeded.retire()
        self._nurseries = [*(known for known in self._nurseries if not known.is_lost), nursery]


def _step(log: CommitLog, version: int, newest: int) -> tuple[int, int]:
    """Count the facts that changed since a version, and those of them that were removed."""
    commits = [log.commit(number) for number in range(version + 1, newest + 1)]
    removed = sum(commit.removed for commit in commits)
    return removed + sum(commit.added for commit in commits), removed


def _size(snapshot: Path) -> int:
    return sum(file.stat().st_size for file in snapshot.iterdir())
