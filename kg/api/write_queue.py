"""Queue of judgements and commits: one runs at a time, off the event loop, until it is durable."""

import asyncio
from collections.abc import Callable
from functools import partial
from traceback import clear_frames
from typing import TypeVar

from kg.store.durability import Pending, Writing

T = TypeVar("T")


class WriteQueue:
    """Runs one piece of work at a time; ``writing`` is None where the server only reads."""

    def __init__(self, writing: Writing | None) -> None:
        self._writing = writing
        self._judging = asyncio.Lock()
        self._flushing = asyncio.Lock()

    async def judge(self, work: Callable[[], T]) -> T:
        """Run work that only validates; the state that it judged by is durable when this returns."""
        if self._writing is None:
            return await self._alone(work)
        return await self.write(partial(_within, self._writing, work))

    async def write(self, work: Callable[[], T]) -> T:
        """Run work that commits; its commits are durable when this returns.

        The next work begins while the commits of this one are flushed, together with all earlier ones. If the
        caller is cancelled, the work still runs to its end.
        """
        assert self._writing is not None, "a server that only reads has refused the request before"
        return await asyncio.shield(asyncio.ensure_future(self._written(self._writing, work)))

    async def _alone(self, work: Callable[[], T]) -> T:
        async with self._judging:
            return await asyncio.to_thread(_on_its_own, work)

    async def _written(self, writing: Writing, work: Callable[[], T]) -> T:
        commits: list[Pending] = []

        def unawaited() -> T:
            with writing.leaving(commits.append):
                return work()

        try:
            return await self._alone(unawaited)
        finally:
            async with self._flushing:
                for commit in commits:
                    if not commit.is_durable:
                        await asyncio.to_thread(writing.wait, commit)


def _within(writing: Writing, work: Callable[[], T]) -> T:
    with writing:
        return work()


def _on_its_own(work: Callable[[], T]) -> T:
    """Run work on this thread; if it fails, release here the iterators of the engine that it held.

    The engine never frees an iterator that is dropped on another thread than its own.
    """
    try:
        return work()
    except BaseException as fault:
        raised: BaseException | None = fault
        while raised is not None:
            clear_frames(raised.__traceback__)
            raised = raised.__context__
        raise
