"""Pool of judge processes: lends a judge to one change at a time, in the order of requests.

A fork server holds the gate and forks judges in milliseconds. Each judge opens a private copy of the store
and updates it from the log. A judge that crashes, or whose copy contains commits that were rolled back, is
replaced.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from kg import errors
from kg.errors import JSON, JudgementEnded, KGError, Unavailable
from kg.facts.judges.judge import Advance, Confirm, Job, Judge
from kg.query.readers.forkserver import ForkServerOptions
from kg.query.readers.processes import ForkServerLost, ForkServerProcess, ReaderProcess
from kg.query.readers.reader import FAULT
from kg.settings import Settings
from kg.store import delta_files, disk_space
from kg.store.effects import EffectiveDelta
from kg.store.store import Store

MOST_BEHIND = 5_000
"""Maximum quads that a judge applies from the log; beyond, a judge with a fresh copy replaces it."""
MOST_APPLIED = 50_000
"""Maximum quads that a private copy absorbs before a fresh one, sharing the store's files, replaces it."""


@dataclass(frozen=True)
class Decision:
    """A judgement on one version: a fault, or a report and the delta to commit, possibly in files.

    ``details`` are those of the job; ``delta`` is None if nothing changes.
    """

    version: int
    fault: KGError | None = None
    report: Mapping[str, JSON] | None = None
    graphs: tuple[str, ...] = ()
    content_hash: str | None = None
    warnings: tuple[str, ...] = ()
    details: Mapping[str, JSON] | None = None
    delta: EffectiveDelta | None = None

    def is_same_as(self, other: Decision) -> bool:
        """Return True if this is the other decision, possibly confirmed for a later version."""
        return self.report is other.report and self.fault is other.fault

    def discard(self) -> None:
        """Delete the files of the delta, if there are any."""
        if self.delta is not None:
            delta_files.discard(self.delta)


class LentJudge:
    """A judge that works on one change; one time limit applies to all judgements of that change."""

    def __init__(self, process: ReaderProcess, copy: _Copy, store: Store, settings: Settings) -> None:
        self._process = process
        self._copy = copy
        self._store = store
        self._settings = settings
        self._left = settings.judge_seconds
        self.decision: Decision | None = None

    @property
    def is_outdated(self) -> bool:
        """True if commits that the judge may have read were rolled back."""
        return self._copy.withdrawals != self._store.withdrawals

    async def judge(self, job: Job) -> Decision:
        """Judge a change on the newest version; raises JudgementEnded."""
        version, copy = self._store.newest, self._copy
        task = Judge(job, version, self._left, copy.path, copy.base, copy.folder)
        return await self._decided(task, version)

    async def confirm(self, version: int) -> Decision:
        """Return a decision that holds on a later version; raises JudgementEnded."""
        return await self._decided(Confirm(version, self._left), version)

    async def _decided(self, task: Judge | Confirm, version: int) -> Decision:
        kind, payload = await self._answer(task)
        answer = json.loads(payload if kind == FAULT else payload.partition(b"\0")[2])
        if kind == FAULT:
            decision = Decision(version, _fault(answer))
        elif answer.get("stands"):
            assert self.decision is not None, "only a decided change can be confirmed"
            return _moved(self.decision, version)
        else:
            decision = _decision(version, answer)
        if self.decision is not None:
            self.decision.discard()
        self.decision = decision
        return decision

    async def _answer(self, task: Judge | Confirm) -> tuple[bytes, bytes]:
        """Send a task and return its answer or fault; the elapsed time reduces the time left."""
        start = self._process.loop.time()
        self._process.send(task)
        try:
            return await self._process.answer()
        except EOFError:
            raise await self._cause_of_death() from None
        finally:
            self._left = max(self._left - (self._process.loop.time() - start), 0.01)

    async def _cause_of_death(self) -> JudgementEnded:
        if await self._process.timed_out():
            return JudgementEnded(
                f"Judging the change took longer than {self._settings.judge_seconds:g} seconds; send less at "
                "a time."
            )
        megabytes = self._settings.judge_memory >> 20
        return JudgementEnded(
            f"Judging the change exceeded {megabytes} MB of memory, or crashed the judge process; send less "
            "at a time."
        )


@dataclass
class _Copy:
    """The private copy of one judge: its folder, its first version, and its progress."""

    folder: Path
    """Holds the copy, and the delta files that the judge writes."""
    base: int
    withdrawals: int
    begun: int
    """Quads changed in the store, since the pool started, when the copy was made."""
    seen: int
    """The same count when the judge last caught up."""

    @property
    def path(self) -> Path:
        """The path of the copy itself."""
        return self.folder / "copy"


class JudgePool:
    """Judge processes of one writer; an async context manager.

    ``folder`` has a subfolder for each judge; it is emptied at the start and at the end. A caller takes a
    ``place`` first, in which it may be ``lent`` one judge after another.
    """

    def __init__(self, store: Store, settings: Settings, folder: Path) -> None:
        self._store = store
        self._settings = settings
        self._folder = folder
        self._names = count(1)
        self._most = max(1, settings.judges)
        self._places = asyncio.Semaphore(self._most)
        self._idle: list[tuple[ReaderProcess, _Copy]] = []
        self._server: ForkServerProcess | None = None
        self._starting = asyncio.Lock()
        self._unfinished: set[asyncio.Future[Any]] = set()
        """Starts and removals in the background, which only the end of the pool waits for."""
        self._changed = 0
        """Quads changed since the pool started."""

    async def __aenter__(self) -> JudgePool:
        await asyncio.to_thread(_emptied, self._folder)
        return self

    async def __aexit__(self, *_: object) -> None:
        for process, _copy in self._idle:
            process.stop()
        if self._server is not None:
            await self._server.close()
        await asyncio.gather(*self._unfinished, return_exceptions=True)
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def warm(self) -> None:
        """Start the fork server and one judge, so that the first change need not wait for them."""
        async with self.place(), self.lent():
            pass

    def note(self, changed: int) -> None:
        """Count the quads that a commit changed."""
        self._changed += changed

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for one of the places, which limit concurrent changes; callers get them in order."""
        async with self._places:
            yield

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[LentJudge]:
        """Lend a judge to a caller that has a place; raises Unavailable if no process can be started."""
        process, copy = await self._taken()
        judge = LentJudge(process, copy, self._store, self._settings)
        try:
            yield judge
        except BaseException:
            self._retire(process, copy)
            raise
        else:
            copy.seen = self._changed
            self._give_back(process, copy)
        finally:
            if judge.decision is not None:
                judge.decision.discard()

    async def _taken(self) -> tuple[ReaderProcess, _Copy]:
        while self._idle:
            process, copy = self._idle.pop()
            if self._is_fit(process, copy):
                return process, copy
            self._retire(process, copy)
        starting = asyncio.ensure_future(self._started())
        self._finish(starting)
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            starting.add_done_callback(self._keep_started)
            raise
        except (ForkServerLost, OSError) as fault:
            if disk_space.is_lacking(fault):
                raise disk_space.lacking() from fault
            raise Unavailable("No judge process can be started; try again later.") from fault

    async def _started(self) -> tuple[ReaderProcess, _Copy]:
        server = await self._fork_server()
        process = await server.fork()
        changed, withdrawals = self._changed, self._store.withdrawals
        copy = _Copy(self._folder / f"judge-{next(self._names)}", 0, withdrawals, changed, changed)
        try:
            copy.base = await asyncio.to_thread(self._store.copy_newest, copy.path)
        except BaseException:
            self._retire(process, copy)
            raise
        return process, copy

    def _keep_started(self, started: asyncio.Future[tuple[ReaderProcess, _Copy]]) -> None:
        """Keep a newly started judge for the next caller, if its own caller was cancelled."""
        if not started.cancelled() and started.exception() is None:
            self._give_back(*started.result())

    def _finish(self, work: asyncio.Future[Any]) -> None:
        self._unfinished.add(work)
        work.add_done_callback(self._unfinished.discard)

    async def _fork_server(self) -> ForkServerProcess:
        async with self._starting:
            if self._server is None or self._server.is_lost:
                self._server = await ForkServerProcess.start(
                    ForkServerOptions(
                        self._settings.judge_memory,
                        str(self._store.log.folder),
                        preload=("kg.facts.judges.release_gate:release_gate", "kg.facts.judges.jobs"),
                        work="kg.facts.judges.judge:judge_tasks",
                    )
                )
            return self._server

    def _is_fit(self, process: ReaderProcess, copy: _Copy) -> bool:
        return (
            not process.has_ended
            and copy.withdrawals == self._store.withdrawals
            and self._changed - copy.seen <= MOST_BEHIND
            and self._changed - copy.begun <= MOST_APPLIED
        )

    def _give_back(self, process: ReaderProcess, copy: _Copy) -> None:
        if len(self._idle) < self._most and self._is_fit(process, copy):
            process.send(Advance(self._store.newest))
            self._idle.append((process, copy))
        else:
            self._retire(process, copy)

    def _retire(self, process: ReaderProcess, copy: _Copy) -> None:
        """Kill a process, and remove its folder once it has ended."""
        process.kill()
        self._finish(asyncio.ensure_future(_removed(process, copy.folder)))


async def _removed(process: ReaderProcess, folder: Path) -> None:
    await process.ended()
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _decision(version: int, answer: Mapping[str, Any]) -> Decision:
    return Decision(
        version,
        report=answer["report"],
        graphs=tuple(answer["graphs"]),
        content_hash=answer["hash"],
        warnings=tuple(answer["warnings"]),
        details=answer["details"],
        delta=delta_files.read(answer["delta"]) if answer["delta"] else None,
    )


def _moved(decision: Decision, version: int) -> Decision:
    return Decision(**{**vars(decision), "version": version})


def _fault(answer: Mapping[str, Any]) -> KGError:
    """Return the error that the judge raised."""
    kind: type[KGError] = getattr(errors, answer["kind"])
    return kind(answer["detail"], **answer["extra"])
