"""Long jobs (exports): at most half of the readers run them, so that queries have the others."""

import asyncio

from kg.errors import Unavailable
from kg.query.readers.processes import ReaderProcess


class LongJobs:
    """Counts the long jobs and knows their readers."""

    def __init__(self, reader_count: int) -> None:
        self._slots = asyncio.Semaphore(max(1, reader_count // 2))
        self._readers: set[ReaderProcess] = set()

    async def reserve(self, seconds: float) -> None:
        """Wait for a slot; raises Unavailable if none is free after some seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise Unavailable("Many exports are running; try again in a few seconds.") from None

    def cancel(self) -> None:
        """Free a slot that was reserved and not assigned."""
        self._slots.release()

    def assign(self, reader: ReaderProcess) -> None:
        """Note which reader uses the slot that was reserved."""
        self._readers.add(reader)

    def finish(self, reader: ReaderProcess) -> None:
        """Free a reader's slot, if it has one."""
        if reader in self._readers:
            self._readers.remove(reader)
            self._slots.release()
