"""The live reader processes: forks them, replaces outdated or oversized ones, and ends them.

A fixed number of them always live; more are forked while these run long jobs, and ended when idle.
"""

import asyncio

from kg.query.readers.background import BackgroundTasks
from kg.query.readers.processes import ReaderProcess
from kg.query.readers.shares import ReaderShares
from kg.query.readers.supervisor import ForkServerSupervisor
from kg.query.readers.waiting import IdleReaders

LEAST_PRIVATE = 1 << 26
"""Bytes of private memory that any reader may have, whatever the budget."""


class ReaderSet:
    """Keeps a minimum number of readers: for each that ends, another is forked and becomes idle."""

    def __init__(self, supervisor: ForkServerSupervisor, shares: ReaderShares[ReaderProcess]) -> None:
        self.idle = IdleReaders(shares)
        self.alive: set[ReaderProcess] = set()
        self.starting = 0
        """The number of readers that are being forked."""
        self._supervisor = supervisor
        self._shares = shares
        self._background = BackgroundTasks()

    @property
    def size(self) -> int:
        """The number of readers that live or are being forked."""
        return len(self.alive) + self.starting

    def start(self) -> asyncio.Task[None]:
        """Fork a reader; the task ends when it is idle."""
        self.starting += 1
        return self._background.start(self._start())

    def put_back(self, reader: ReaderProcess) -> None:
        """Make a reader idle after its job; replace it if its priority cannot be restored."""
        if reader.has_low_priority and not reader.restore_priority():
            self.replace(reader)
        else:
            self.idle.put(reader)

    def end(self, reader: ReaderProcess) -> None:
        """Kill a reader during its job, and fork another if too few live."""
        reader.kill()
        self._lose(reader)
        if self.size < self._shares.wanted:
            self.start()

    def replace(self, reader: ReaderProcess) -> asyncio.Task[None]:
        """Let an idle reader end and fork another; the task ends when that is idle."""
        reader.stop()
        self._lose(reader)
        return self.start()

    def replace_idle(self) -> None:
        """Replace all idle readers."""
        for reader in self.idle.take_all():
            self.replace(reader)

    async def tidy(self, version: int, budget: int) -> None:
        """End surplus idle readers; replace those of earlier versions, and the largest beyond the budget.

        The budget is in bytes, for the private memory of all readers together. A scan writes to the pages
        that it reads (the engine's locks are there), so these become private.
        """
        self._end_surplus()
        readers = list(self.alive)
        sizes = await asyncio.to_thread(lambda: {reader: reader.private_memory() for reader in readers})
        excess = sum(sizes.values()) - budget
        for reader in sorted(readers, key=lambda reader: sizes[reader], reverse=True):
            is_large = excess > 0 and sizes[reader] > LEAST_PRIVATE
            if (is_large or reader.version < version) and self.idle.remove(reader):
                excess -= sizes[reader]
                await self.replace(reader)  # one at a time: a commit then waits for one fork at most

    async def close(self) -> None:
        """Stop forking, then kill all readers."""
        await self._background.cancel()
        for reader in self.alive:
            reader.kill()

    async def _start(self) -> None:
        try:
            reader = await self._supervisor.fork()
        finally:
            self.starting -= 1
        self.alive.add(reader)
        self.idle.put(reader)

    def _end_surplus(self) -> None:
        while self.size > self._shares.wanted and (reader := self.idle.take_oldest()) is not None:
            reader.stop()
            self._lose(reader)

    def _lose(self, reader: ReaderProcess) -> None:
        self.alive.discard(reader)
        self.idle.lose(reader)
