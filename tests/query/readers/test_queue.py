"""The queue for readers: long jobs, runaways, slow clients, and the end of waiting."""

import asyncio
import json
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
from kg.query.readers.long_jobs import LongJobs
from kg.query.readers.memory_copy import MemoryCopy
from kg.query.readers.pool import ReaderPool
from kg.query.readers.queue import ReaderQueue
from kg.query.readers.reader_set import ReaderSet
from kg.query.readers.shares import ReaderShares
from kg.query.readers.waiting import IdleReaders
from kg.store.log import CommitLog
from kg.store.store import Contents, Store
from tests.support.readers import ENDLESS, LONG, late, run, until, values


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

    assert run(tmp_path, ask, memory_budget=budget, readers=2, query_seconds=2) == ["7"]


def test_long_work_that_comes_at_once_waits_for_its_turn(tmp_path: Path, budget: int) -> None:
    async def ask(_: Store, pool: ReaderPool) -> set[bytes]:
        short = ReadJob(
            "text/plain", partial(views.thing_as, "ntriples", "urn:s7", CommitLog(Path("log"))), is_long=True
        )
        going = asyncio.create_task(pool.answer(short))
        await asyncio.sleep(0)
        going.cancel()
        return {
            await answer.read() for answer in await asyncio.gather(*(pool.answer(short) for _ in range(9)))
        }

    assert len(run(tmp_path, ask, memory_budget=budget, readers=2)) == 1


@pytest.mark.parametrize("clients", [[""] * 6, list("abcdef")], ids=["of one client", "of six clients"])
def test_beside_runaways_a_simple_query_is_answered_soon(
    tmp_path: Path, budget: int, clients: list[str]
) -> None:
    async def ask(_: Store, pool: ReaderPool) -> None:
        runaways = [
            asyncio.create_task(pool.answer(QueryJob(ENDLESS), f"runaway{client}")) for client in clients
        ]
        for client in ("runawaya", "other"):
            simple = QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }")
            found = json.loads(await (await pool.answer(simple, client)).read())
            assert len(found["results"]["bindings"]) == 1
        assert not all(runaway.done() for runaway in runaways)
        outcomes = await asyncio.gather(*runaways, return_exceptions=True)
        assert all(isinstance(outcome, QueryKilled) for outcome in outcomes), outcomes
        assert min(str(outcome) for outcome in outcomes).count("after 3 seconds")
        await pool.tidy()
        await until(lambda: pool.readers.size == 2)

    run(tmp_path, ask, memory_budget=budget, readers=2, query_seconds=3)


def test_beside_a_client_that_reads_nothing_others_are_answered_and_it_has_its_whole_answer(
    tmp_path: Path,
) -> None:
    async def ask(_: Store, pool: ReaderPool) -> tuple[list[str], int]:
        long = await pool.answer(QueryJob(f"{LONG} LIMIT 20000", "text/csv"))
        assert not long.is_whole
        found = await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))
        assert pool.readers.size == 2
        lines = (await long.read()).count(b"\n")
        await pool.tidy()
        assert pool.readers.size == 1
        return found, lines

    assert run(tmp_path, ask, readers=1, query_seconds=20) == (["7"], 20001)


def test_where_there_are_no_more_readers_the_slowest_client_loses_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.query.readers.queue.SECONDS_TO_MEASURE", 0.2)

    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        answer = await pool.answer(QueryJob(LONG, "text/csv"))
        found = await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))
        with pytest.raises(QueryKilled, match="while other queries waited"):
            await answer.read()
        return found

    assert run(tmp_path, ask, readers=1, query_seconds=5, extra=0) == ["7"]


def test_where_all_readers_are_busy_the_wait_has_an_end(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> None:
        working = asyncio.create_task(pool.answer(ReadJob("text/plain", late, is_long=True)))
        await until(lambda: bool(pool.queue.running))
        with pytest.raises(Unavailable, match="busy"):
            await pool.answer(QueryJob("ASK {}"))
        await working

    run(tmp_path, ask, readers=1, query_seconds=0.5, extra=0)


class StubReader:
    """A reader of a version; nothing runs."""

    def __init__(self, version: int, *, has_ended: bool = False) -> None:
        self.version = version
        self.has_ended = has_ended


class StubReaders:
    """Idle readers, and those that were replaced: each by one of the newest version."""

    def __init__(self, *readers: StubReader) -> None:
        self.idle: IdleReaders[StubReader] = IdleReaders(ReaderShares(2))
        self.size = self.starting = len(readers)
        self.replaced: list[StubReader] = []
        for reader in readers:
            self.idle.put(reader)

    def start(self) -> None:
        """Fork none."""

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
