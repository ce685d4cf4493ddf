"""Queue of changes: judged side by side, committed first come, first served.

A change is judged on the version that is newest when it gets a judge. In its turn the decision is confirmed
for the version that is newest then, and nobody else commits meanwhile: so the decision is the one that the
change would get if all changes were judged one after the other. Accepted or refused, a change is answered
when the commits that it saw are durable.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from kg.changes import Commit, Provenance
from kg.errors import JudgementEnded, KGError
from kg.facts.judges.judge import Job
from kg.facts.judges.pool import Decision, JudgePool, LentJudge
from kg.store.durability import Pending
from kg.store.store import Store


@dataclass(frozen=True)
class Settled:
    """A change that was accepted: the decision, and its commit (None where nothing changed)."""

    decision: Decision
    commit: Commit | None


OUTCOMES = ("committed", "unchanged", "refused", "ended", "left")
"""The ends that a change can come to; what a client left is not judged to its end."""


@dataclass
class _Counted:
    outcome: str = "left"


@dataclass
class _Progress:
    """How far a change has come: in its turn it is no longer given up."""

    is_in_turn: bool = False


class WriteQueue:
    """Orders the commits of a store's only writer."""

    def __init__(self, store: Store, judges: JudgePool) -> None:
        self._store = store
        self._judges = judges
        self.outcomes: Counter[str] = Counter(dict.fromkeys(OUTCOMES, 0))
        """How many changes came to which end."""
        self.repeated = 0
        """How many were judged again, because a commit since had changed what they were judged by."""
        self.waiting = 0
        """Changes that have come and have not been answered."""
        self._last: asyncio.Future[None] | None = None
        """Done when the change before the next one has left the queue."""
        self._flushing = asyncio.Lock()

    async def warm(self) -> None:
        """Start a judge, so that the first change need not wait for one."""
        await self._judges.warm()

    async def change(self, job: Job, by: Provenance) -> Settled:
        """Judge a change and commit it, durably. Raises the fault that the judge found, or JudgementEnded.

        If the caller is cancelled before the change's turn, nothing is committed; in its turn, it goes on to
        its end. The caller is held until then: what was sent may have to be read again.
        """
        progress = _Progress()
        task = asyncio.ensure_future(self._changed(job, by, progress))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_retrieve)
            if not progress.is_in_turn:
                task.cancel()
            await asyncio.wait([task])
            raise

    async def _changed(self, job: Job, by: Provenance, progress: _Progress) -> Settled:
        with self._counted() as counted:
            async with self._turn() as turn:
                decision, commit, seen = await self._decided(job, by, turn, progress)
            await self._wait_for(seen)
            if decision.fault is not None:
                raise decision.fault
            counted.outcome = "committed" if commit else "unchanged"
            return Settled(decision, commit)

    @contextmanager
    def _counted(self) -> Iterator[_Counted]:
        """Count a change while it waits, and by its end."""
        counted = _Counted()
        self.waiting += 1
        try:
            yield counted
        except JudgementEnded:
            counted.outcome = "ended"
            raise
        except KGError:
            counted.outcome = "refused"
            raise
        finally:
            self.waiting -= 1
            self.outcomes[counted.outcome] += 1

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[asyncio.Future[None]]:
        """Enter the queue; the future is done when all who came before have left."""
        loop = asyncio.get_running_loop()
        before, own = self._last or loop.create_future(), loop.create_future()
        if self._last is None:
            before.set_result(None)
        self._last = own
        try:
            yield before
        finally:
            before.add_done_callback(lambda _: own.set_result(None))

    async def _decided(
        self, job: Job, by: Provenance, turn: asyncio.Future[None], progress: _Progress
    ) -> tuple[Decision, Commit | None, list[Pending]]:
        """Decide and commit in turn; again if commits were withdrawn meanwhile that the judge had seen.

        The place is kept through all of it: those who come after wait with theirs for this change's turn.
        """
        async with self._judges.place():
            while True:
                async with self._judges.lent() as judge:
                    decision = await judge.judge(job)
                    await asyncio.shield(turn)
                    progress.is_in_turn = not judge.is_outdated
                    if progress.is_in_turn:
                        decision = await self._confirmed(judge, decision)
                        if (ending := await asyncio.to_thread(self._commit, judge, decision, by)) is not None:
                            return decision, *ending

    async def _confirmed(self, judge: LentJudge, decision: Decision) -> Decision:
        if judge.is_outdated or decision.version == self._store.newest:
            return decision
        confirmed = await judge.confirm(self._store.newest)
        self.repeated += not confirmed.is_same_as(decision)
        return confirmed

    def _commit(
        self, judge: LentJudge, decision: Decision, by: Provenance
    ) -> tuple[Commit | None, list[Pending]] | None:
        """Commit what was decided, without waiting for the disk; return the commit that must be durable.

        Returns None, and commits nothing, if the judge has seen commits that are withdrawn.
        """
        seen: list[Pending] = []
        commit = None
        with self._store.writing.leaving(seen.append), self._store.writing:
            if judge.is_outdated:
                return None
            if decision.delta is not None:
                commit = self._store.commit_effective(
                    decision.delta, by, content_hash=decision.content_hash, warnings=decision.warnings
                )
                self._judges.note(commit.added + commit.removed)
        return commit, seen

    async def _wait_for(self, seen: list[Pending]) -> None:
        async with self._flushing:
            for commit in seen:
                if not commit.is_durable:
                    await asyncio.to_thread(self._store.writing.wait, commit)


def _retrieve(task: asyncio.Future[Settled]) -> None:
    """Look at the exception of a task that nobody waits for, so that none is reported as lost."""
    if not task.cancelled():
        task.exception()
