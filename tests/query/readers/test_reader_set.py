"""The living readers: replaced when they end, are outdated or too large."""

import asyncio
from pathlib import Path
from typing import cast

import pytest

from kg.query.job import QueryJob
from kg.query.readers.pool import ReaderPool
from kg.query.readers.processes import ReaderProcess
from kg.query.readers.reader_set import LEAST_PRIVATE, ReaderSet
from kg.query.readers.shares import ReaderShares
from kg.query.readers.supervisor import ForkServerSupervisor
from kg.store.store import Store
from tests.support.readers import run, values


def test_readers_whose_private_memory_exceeds_the_budget_are_replaced_when_they_are_idle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(_: Store, pool: ReaderPool) -> None:
        await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))
        (first,) = pool.readers.alive
        assert 0 < first.private_memory() < 1 << 30
        await pool.tidy()
        assert pool.readers.alive == {first}
        monkeypatch.setattr("kg.query.readers.reader_set.LEAST_PRIVATE", 0)
        monkeypatch.setattr(ReaderProcess, "private_memory", lambda _: 1 << 31)
        await pool.tidy()
        assert await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }")) == ["7"]
        assert first not in pool.readers.alive

    run(tmp_path, ask, memory_budget=1 << 30)


class StubSupervisor:
    """Forks readers of a version."""

    version = 1
    forked = 0

    async def fork(self) -> "StubReader":
        self.forked += 1
        return StubReader(self.version)


class StubReader:
    """A reader with some private memory; its events are recorded."""

    has_low_priority = False

    def __init__(self, version: int, size: int = 0) -> None:
        self.version = version
        self.size = size
        self.events: list[str] = []

    def private_memory(self) -> int:
        return self.size

    def restore_priority(self) -> bool:
        return False

    def kill(self) -> None:
        self.events.append("killed")

    def stop(self) -> None:
        self.events.append("stopped")


def reader_set(count: int) -> ReaderSet:
    return ReaderSet(cast(ForkServerSupervisor, StubSupervisor()), ReaderShares(count))


def test_a_reader_that_ends_has_a_successor() -> None:
    async def main() -> None:
        readers = reader_set(2)
        for _ in range(2):
            await readers.start()
        first, second = readers.idle.take(), readers.idle.take()
        assert first is not None
        assert second is not None
        readers.end(first)
        await asyncio.sleep(0.01)
        second.has_low_priority = True  # which it must keep
        readers.put_back(second)
        await asyncio.sleep(0.01)
        assert (cast(StubReader, first).events, cast(StubReader, second).events) == (["killed"], ["stopped"])
        assert len(readers.alive) == len(readers.idle.take_all()) == 2
        assert not {first, second} & readers.alive
        await readers.close()
        assert all(cast(StubReader, reader).events == ["killed"] for reader in readers.alive)

    asyncio.run(main())


def test_idle_readers_that_are_outdated_or_the_largest_beyond_the_budget_are_replaced() -> None:
    async def main() -> None:
        readers = reader_set(5)
        sizes = {"at work": 9, "largest": 6, "large": 5, "small": 1}
        stubs = {name: StubReader(2, size * LEAST_PRIVATE) for name, size in sizes.items()}
        stubs["outdated"] = StubReader(1)
        for name, stub in stubs.items():
            readers.alive.add(cast(ReaderProcess, stub))
            if name != "at work":
                readers.idle.put(cast(ReaderProcess, stub))
        await readers.tidy(version=2, budget=16 * LEAST_PRIVATE)
        assert {name for name, stub in stubs.items() if stub.events} == {"largest", "outdated"}
        await readers.close()

    asyncio.run(main())


def test_more_readers_than_always_live_are_ended_when_they_are_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        readers = reader_set(2)
        for _ in range(5):
            await readers.start()
        busy = [readers.idle.take(), readers.idle.take()]
        assert all(busy)
        monkeypatch.setattr("kg.query.readers.shares.SECONDS_SHORT", 0)
        await asyncio.sleep(0.01)
        await readers.tidy(version=1, budget=1 << 30)
        assert readers.size == 4  # two are held for long
        for reader in busy:
            assert reader
            readers.end(reader)
        await readers.tidy(version=1, budget=1 << 30)
        assert readers.size == 2
        await readers.close()

    asyncio.run(main())
