"""The readers that have nothing to do, and the queue of those who wait for one."""

import asyncio
from collections import deque

from kg.query.readers.processes import ReaderProcess


class Idle:
    """Readers with nothing to do, and those who wait for one: who waits the longest is served first.

    The last reader to come is the first to go: the pages it shared and wrote to are its own by now.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._readers: list[ReaderProcess] = []
        self._waiting: deque[asyncio.Future[ReaderProcess]] = deque()

    def put(self, reader: ReaderProcess) -> None:
        """Give a reader to who waits, or keep it."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(reader)
                return
        self._readers.append(reader)

    def take(self) -> ReaderProcess | None:
        """Take a reader, if there is one."""
        return self._readers.pop() if self._readers else None

    def remove(self, reader: ReaderProcess) -> bool:
        """Take this very reader; False where it is not here."""
        if reader not in self._readers:
            return False
        self._readers.remove(reader)
        return True

    def take_all(self) -> list[ReaderProcess]:
        """Take all there are, the last to come last."""
        taken, self._readers = self._readers, []
        return taken

    async def wait(self, until: float, *, for_another: bool = False) -> ReaderProcess:
        """Wait for a reader, or another than are here; raises TimeoutError at a time of the loop."""
        if not for_another and (reader := self.take()):
            return reader
        waiting: asyncio.Future[ReaderProcess] = self.loop.create_future()
        self._waiting.append(waiting)
        timer = self.loop.call_at(until, _give_up, waiting)
        try:
            return await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
                self.put(waiting.result())
            raise
        finally:
            timer.cancel()


def _give_up(waiting: asyncio.Future[ReaderProcess]) -> None:
    if not waiting.done():
        waiting.set_exception(TimeoutError())
