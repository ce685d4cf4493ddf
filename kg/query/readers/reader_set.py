"""The living reader processes: each is forked, replaced when outdated or too large, and ended here."""

import asyncio

from kg.query.readers.background import BackgroundTasks
from kg.query.readers.processes import ReaderProcess
from kg.query.readers.supervisor import ForkServerSupervisor
from kg.query.readers.waiting import IdleReaders

LEAST_PRIVATE = 1 << 26
"""Bytes of private memory that any reader may have."""


class ReaderSet:
    """Keeps the number of readers constant: for each that ends, another is forked and becomes idle.

    A parked reader, which waits for its client, is not counted: it ends with its job.
    """

    def __init__(self, supervisor: ForkServerSupervisor) -> None:
        self.idle: IdleReaders[ReaderProcess] = IdleReaders()
        self.alive: set[ReaderProcess] = set()
        self.parked: set[ReaderProcess] = set()
        self._supervisor = supervisor
        self._background = BackgroundTasks()

    async def start(self) -> None:
        """Fork a reader and make it idle."""
        reader = await self._supervisor.fork()
        self.alive.add(reader)
        self.idle.put(reader)

    def put_back(self, reader: ReaderProcess) -> None:
        """Make a reader idle that has finished its job; replace it if its priority cannot be restored."""
        if reader in self.parked:
            self.parked.discard(reader)
            self.alive.discard(reader)
            reader.stop()
        elif reader.has_low_priority and not reader.restore_priority():
            self.replace(reader)
        else:
            self.idle.put(reader)

    def end(self, reader: ReaderProcess) -> None:
        """Kill a reader in the middle of its job, and fork another unless the reader was parked."""
        reader.kill()
        self.alive.discard(reader)
        if reader in self.parked:
            self.parked.discard(reader)
        else:
            self._background.start(self.start())

    def park(self, reader: ReaderProcess) -> None:
        """Fork another reader in place of one that waits for its client."""
        self.parked.add(reader)
        self._background.start(self.start())

    def replace(self, reader: ReaderProcess) -> asyncio.Task[None]:
        """Let a reader without a job end, and fork another; the task ends when that is idle."""
        reader.stop()
        self.alive.discard(reader)
        return self._background.start(self.start())

    def replace_idle(self) -> None:
        """Replace all idle readers."""
        for reader in self.idle.take_all():
            self.replace(reader)

    async def tidy(self, version: int, budget: int) -> None:
        """Replace idle readers of earlier versions, and the largest while their memory exceeds the budget.

        The budget is in bytes and for the private memory of all readers together. A scan writes to the pages
        that it reads (the engine's locks are there), so these become private.
        """
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
