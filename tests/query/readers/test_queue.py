"""The queue for readers: long jobs, slow clients, and the end of waiting."""

import asyncio
from collections.abc import Iterator
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import cast

import pytest

from kg.errors import QueryKilled, Unavailable
from kg.pages import views
from kg.query.job import QueryJob, ReadJob
from kg.query.limits import QueryLimits
from kg.query.readers.answer import RunningJob
from kg.query.readers.long_jobs import LongJobs
from kg.query.readers.memory_copy import MemoryCopy
from kg.query.readers.pool import ReaderPool
from kg.query.readers.processes import ReaderProcess
from kg.query.readers.queue import MOST_PARKED, ReaderQueue
from kg.query.readers.reader_set import ReaderSet
from kg.query.readers.waiting import IdleReaders
from kg.store.store import Contents, Store
from tests.support.readers import LONG, late, run, until, values


def endless(_: Contents) -> Iterator[bytes]:
    return repeat(b"x" * 1000)


def test_long_work_leaves_readers_to_queries(tmp_path: Path, budget: int) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        long = ReadJob("text/plain", endless, is_long=True)
        first = await pool.answer(long)
        with pytest.raises(Unavailable, match="Many exports"):
            await pool.answer(long)
        found = await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))
        first.close()
        (await pool.answer(long)).close()
        return found

    assert run(tmp_path, ask, memory_budget=budget, readers=2, query_seconds=0.5) == ["7"]


def test_long_work_that_comes_at_once_waits_for_its_turn(tmp_path: Path, budget: int) -> None:
    async def ask(_: Store, pool: ReaderPool) -> set[bytes]:
        short = ReadJob("text/plain", partial(views.thing_as, "ntriples", "urn:s7"), is_long=True)
        going = asyncio.create_task(pool.answer(short))
        await asyncio.sleep(0)
        going.cancel()
        return {
            await answer.read() for answer in await asyncio.gather(*(pool.answer(short) for _ in range(9)))
        }

    assert len(run(tmp_path, ask, memory_budget=budget, readers=2)) == 1


def test_another_reader_is_forked_in_place_of_one_that_waits_for_its_client(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> tuple[list[str], int, float]:
        long = await pool.answer(QueryJob(f"{LONG} LIMIT 20000", "text/csv"))
        assert not long.is_whole
        began = pool.readers.idle.loop.time()
        found = await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))
        seconds = pool.readers.idle.loop.time() - began
        assert len(pool.readers.parked) == 1
        lines = (await long.read()).count(b"\n")  # the slow client has its whole answer all the same
        await until(lambda: (len(pool.readers.alive), len(pool.readers.parked)) == (1, 0))
        return found, lines, seconds

    found, lines, seconds = run(tmp_path, ask, readers=1, query_seconds=20)
    assert found == ["7"]
    assert lines == 20001
    assert seconds < 5


def test_of_too_many_slow_clients_the_slowest_loses_its_answer(tmp_path: Path) -> None:
    async def ask(_store: Store, pool: ReaderPool) -> int:
        answers, reading = [], []
        for number in range(MOST_PARKED + 2):
            answers.append(await pool.answer(QueryJob(f"{LONG} # {number}", "text/csv")))
            reading.append(answers[-1].chunks())
            for _ in range(0 if number == 2 else 3):
                await anext(reading[-1])
        with pytest.raises(QueryKilled):
            await answers[2].read()
        assert len(pool.readers.parked) == MOST_PARKED
        for answer in answers:
            answer.close()
        await until(lambda: not pool.queue.running)
        await until(lambda: len(pool.readers.alive) == 1)
        return len(pool.readers.parked)

    assert run(tmp_path, ask, readers=1, query_seconds=20) == 0


def test_where_all_readers_are_busy_the_wait_has_an_end(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> None:
        working = asyncio.create_task(pool.answer(ReadJob("text/plain", late, is_long=True)))
        await until(lambda: bool(pool.queue.running))
        with pytest.raises(Unavailable, match="busy"):
            await pool.answer(QueryJob("ASK {}"))
        await working

    run(tmp_path, ask, readers=1, query_seconds=0.5)


class StubReader:
    """A reader of a version; nothing runs."""

    def __init__(self, version: int, *, has_ended: bool = False) -> None:
        self.version = version
        self.has_ended = has_ended


class StubReaders:
    """Idle readers, and those that were replaced: each by one of the newest version."""

    def __init__(self, *readers: StubReader) -> None:
        self.idle: IdleReaders[StubReader] = IdleReaders()
        self.replaced: list[StubReader] = []
        self.parked: set[StubReader] = set()
        self.park = self.parked.add
        for reader in readers:
            self.idle.put(reader)

    def replace(self, reader: StubReader) -> None:
        self.replaced.append(reader)
        self.idle.loop.call_soon(self.idle.put, StubReader(NEWEST))


class StubCopy:
    """A copy in memory of a version, which reaches the newest one or does not."""

    def __init__(self, version: int, *, reaches_all: bool = True) -> None:
        self.version = version
        self.reaches_all = reaches_all

    async def reaches(self, version: int, until: float) -> bool:  # noqa: ARG002  # nothing to wait for
        if self.reaches_all:
            self.version = version
        return self.reaches_all


NEWEST = 3
LIMITS = QueryLimits(query_seconds=0.2, answer_seconds=1)


def queue(readers: StubReaders, copy: StubCopy) -> ReaderQueue:
    return ReaderQueue(cast(ReaderSet, readers), cast(MemoryCopy, copy), LongJobs(2), LIMITS)


@pytest.mark.parametrize("at", [NEWEST, NEWEST - 1], ids=["copy is current", "copy is advanced"])
@pytest.mark.parametrize(
    "unfit", [StubReader(NEWEST - 1), StubReader(NEWEST, has_ended=True)], ids=["outdated", "ended"]
)
def test_a_reader_that_cannot_serve_is_replaced_and_its_successor_taken(unfit: StubReader, at: int) -> None:
    async def main() -> None:
        spare = StubReader(NEWEST - 1)
        readers = StubReaders(spare, unfit)
        taken = await queue(readers, StubCopy(at)).take(QueryJob("ASK {}"), NEWEST)
        assert taken.version == NEWEST
        assert readers.replaced == [unfit]
        assert readers.idle.take_all() == [spare]

    asyncio.run(main())


def test_an_outdated_reader_serves_where_the_copy_does_not_reach_the_version() -> None:
    async def main() -> None:
        outdated = StubReader(NEWEST - 1)
        readers = StubReaders(outdated)
        copy = StubCopy(NEWEST - 1, reaches_all=False)
        taken = await queue(readers, copy).take(QueryJob("ASK {}"), NEWEST)
        assert cast(StubReader, taken) is outdated
        assert readers.replaced == []

    asyncio.run(main())


class StubJob:
    """A job whose client has read nothing for some seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def seconds_unread(self) -> float:
        return self.seconds


@pytest.mark.parametrize(("unread", "parked"), [([0.0, 0.15, 9.0], [9.0]), ([0.0, 0.09], [])])
def test_a_waiting_caller_parks_the_reader_that_waited_longest_for_its_client(
    monkeypatch: pytest.MonkeyPatch, unread: list[float], parked: list[float]
) -> None:
    monkeypatch.setattr("kg.query.readers.queue.SECONDS_UNREAD", 0.15)

    async def main() -> list[float]:
        readers = StubReaders()
        waiting = queue(readers, StubCopy(NEWEST))
        for seconds in unread:
            waiting.start(cast(ReaderProcess, StubReader(NEWEST)), cast(RunningJob, StubJob(seconds)))
        with pytest.raises(Unavailable, match="busy"):
            await waiting.take(QueryJob("ASK {}"), NEWEST)
        return [waiting.running[cast(ReaderProcess, reader)].seconds_unread() for reader in readers.parked]

    assert asyncio.run(main()) == parked


def test_a_long_job_that_gets_no_reader_frees_its_slot() -> None:
    async def main() -> None:
        readers = StubReaders()
        waiting = queue(readers, StubCopy(NEWEST))
        job = ReadJob("text/plain", late, is_long=True)
        with pytest.raises(Unavailable, match="busy"):
            await waiting.take(job, 0)
        readers.idle.put(StubReader(NEWEST))
        reader = await waiting.take(job, 0)
        with pytest.raises(Unavailable, match="exports"):
            await waiting.take(job, 0)
        waiting.give_back(reader)
        assert await waiting.take(job, 0) is reader

    asyncio.run(main())
