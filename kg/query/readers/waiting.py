"""Idle readers, and the callers that wait for one: the caller that has waited longest is served first."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

Waited = TypeVar("Waited")


class IdleReaders(Generic[Waited]):
    """Idle readers and waiting callers.

    The reader that became idle last is taken first: the pages that it wrote to are private already.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._readers: list[Waited] = []
        self._waiting: deque[asyncio.Future[Waited]] = deque()

    def put(self, reader: Waited) -> None:
        """Give a reader to the first waiting caller; if none waits, keep it."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(reader)
                return
        self._readers.append(reader)

    def take(self) -> Waited | None:
        """Take a reader; return None if none is idle."""
        return self._readers.pop() if self._readers else None

    def remove(self, reader: Waited) -> bool:
        """Take one particular reader; return False if it is not idle."""
        if reader not in self._readers:
            return False
        self._readers.remove(reader)
        return True

    def take_all(self) -> list[Waited]:
        """Take all idle readers, in the order in which they became idle."""
        taken, self._readers = self._readers, []
        return taken

    async def wait(self, until: float, *, for_next: bool = False) -> Waited:
        """Wait for a reader, or for the next that becomes idle.

        Raises TimeoutError at a time of the event loop.
        """
        if not for_next and (reader := self.take()):
            return reader
        waiting: asyncio.Future[Waited] = self.loop.create_future()
        self._waiting.append(waiting)
        timer = self.loop.call_at(until, _time_out, waiting)
        try:
            return await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
                self.put(waiting.result())
            raise
        finally:
            timer.cancel()


def _time_out(waiting: asyncio.Future[Waited]) -> None:
    if not waiting.done():
        waiting.set_exception(TimeoutError())
