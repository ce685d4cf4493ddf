"""Write queue: changes are judged concurrently and committed in order of arrival.

A change is judged on the version that is newest when it gets a judge. When its turn comes, the decision is
confirmed for the version that is newest then, and no other change commits in between: so the decision is the
same as if all changes were judged one after the other. A change is answered, whether accepted or rejected,
when the commits that its judge read are durable.
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
    """An accepted change: the decision, and its commit (None if nothing changed)."""

    decision: Decision
    commit: Commit | None


OUTCOMES = ("committed", "unchanged", "refused", "ended", "left")
"""Possible outcomes of a change; a change whose client has left is not judged to its end."""


@dataclass
class _Counted:
    outcome: str = "left"


@dataclass
class _Progress:
    """Progress of a change: once its turn has come, cancelling its caller does not stop it."""

    is_in_turn: bool = False


class WriteQueue:
    """Orders the commits of a store's only writer."""

    def __init__(self, store: Store, judges: JudgePool) -> None:
        self._store = store
        self._judges = judges
        self.outcomes: Counter[str] = Counter(dict.fromkeys(OUTCOMES, 0))
        """Number of changes by outcome."""
        self.repeated = 0
        """Number of changes judged again, because a later commit changed what their judgement read."""
        self.waiting = 0
        """Number of changes that have arrived and are not answered yet."""
        self._last: asyncio.Future[None] | None = None
        """Done when the last change in the queue has left it."""
        self._flushing = asyncio.Lock()

    async def warm(self) -> None:
        """Start a judge, so that the first change need not wait for it."""
        await self._judges.warm()

    async def change(self, job: Job, by: Provenance) -> Settled:
        """Judge a change and commit it; durable on return. Raises the judge's fault, or JudgementEnded.

        If the caller is cancelled before the change's turn, nothing is committed; once its turn has come, the
        change continues to its end. The call returns only then, because the judge may have to read the body
        again.
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
                decision, commit, pending_commits = await self._decided(job, by, turn, progress)
            await self._wait_for(pending_commits)
            if decision.fault is not None:
                raise decision.fault
            counted.outcome = "committed" if commit else "unchanged"
            return Settled(decision, commit)

    @contextmanager
    def _counted(self) -> Iterator[_Counted]:
        """Count a change as waiting, then by its outcome."""
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
        """Enter the queue; the yielded future is done when all earlier changes have left."""
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
        """Judge and commit in turn; repeat if commits that the judge had read were rolled back.

        The change keeps its place meanwhile: later changes wait for its turn.
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
        """Commit a decision without waiting for the disk; return the commit and those to wait for.

        Returns None, and commits nothing, if commits that the judge had read were rolled back.
        """
        pending_commits: list[Pending] = []
        commit = None
        with self._store.writing.leaving(pending_commits.append), self._store.writing:
            if judge.is_outdated:
                return None
            if decision.delta is not None:
                commit = self._store.commit_effective(
                    decision.delta, by, content_hash=decision.content_hash, warnings=decision.warnings
                )
                self._judges.note(commit.added + commit.removed)
        return commit, pending_commits

    async def _wait_for(self, pending_commits: list[Pending]) -> None:
        async with self._flushing:
            for commit in pending_commits:
                if not commit.is_durable:
                    await asyncio.to_thread(self._store.writing.wait, commit)


def _retrieve(task: asyncio.Future[Settled]) -> None:
    """Retrieve the exception of a task that nobody awaits, so that asyncio does not log it."""
    if not task.cancelled():
        task.exception()
