"""The queue for readers: long jobs, stalled answers, and the end of waiting."""

import asyncio
from collections.abc import Iterator
from functools import partial
from itertools import repeat
from pathlib import Path

import pytest

from kg.errors import QueryKilled, Unavailable
from kg.pages import views
from kg.query.job import QueryJob, ReadJob
from kg.query.readers.pool import ReaderPool
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


def test_a_reader_is_taken_from_a_client_that_takes_nothing_where_others_wait(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        answer = await pool.answer(QueryJob(LONG, "text/csv"))
        found = await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))
        with pytest.raises(QueryKilled):
            await answer.read()
        return found

    assert run(tmp_path, ask, readers=1, query_seconds=1) == ["7"]


def test_where_all_readers_are_busy_the_wait_has_an_end(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> None:
        working = asyncio.create_task(pool.answer(ReadJob("text/plain", late, is_long=True)))
        await until(lambda: bool(pool.queue.running))
        with pytest.raises(Unavailable, match="busy"):
            await pool.answer(QueryJob("ASK {}"))
        await working

    run(tmp_path, ask, readers=1, query_seconds=0.5)
