"""Answers that are read to the end, cut short, closed, or read too slowly."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from kg.errors import QueryKilled
from kg.query.job import QueryJob
from kg.query.readers import pace
from kg.query.readers.pool import ReaderPool
from kg.store.store import Store
from tests.support.readers import ENDLESS, LONG, run, values


def test_an_answer_cut_short_is_never_taken_for_a_whole_one(tmp_path: Path, budget: int) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        answer = await pool.answer(QueryJob(LONG))
        assert not answer.is_whole
        for reader in pool.readers.alive:
            os.kill(reader.pid, signal.SIGKILL)
        with pytest.raises(QueryKilled):
            await answer.read()
        return await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))

    assert run(tmp_path, ask, memory_budget=budget) == ["7"]


def test_an_answer_nobody_wants_any_more_frees_its_reader(tmp_path: Path, budget: int) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        (await pool.answer(QueryJob(LONG))).close()
        waiting = asyncio.create_task(pool.answer(QueryJob(ENDLESS)))
        await asyncio.sleep(0.1)
        waiting.cancel()
        return await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))

    assert run(tmp_path, ask, memory_budget=budget) == ["7"]


def test_a_reader_held_by_a_slow_client_is_taken_back(tmp_path: Path, budget: int) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        chunks = (await pool.answer(QueryJob(LONG))).chunks()
        await anext(chunks)
        await anext(chunks)
        answers = await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))
        with pytest.raises(QueryKilled):
            [chunk async for chunk in chunks]
        return answers

    assert run(tmp_path, ask, memory_budget=budget, answer_seconds=0.2) == ["7"]


@pytest.mark.parametrize(("pause", "is_ended"), [(0.1, True), (0.0, False)], ids=["by drops", "at once"])
def test_a_client_that_takes_too_little_loses_its_reader_though_no_other_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pause: float, is_ended: bool
) -> None:
    monkeypatch.setattr(pace, "SECONDS_TO_PAUSE", 0.5)

    async def ask(_: Store, pool: ReaderPool) -> None:
        answer = await pool.answer(QueryJob(LONG, "text/csv"))
        (reader,) = pool.queue.running
        chunks = answer.chunks()
        for _number in range(25):
            if not pool.queue.running:
                break
            await anext(chunks)
            await asyncio.sleep(pause)
        assert (reader not in pool.queue.running) == is_ended
        if is_ended:
            with pytest.raises(QueryKilled, match="read the answer too slowly"):
                [chunk async for chunk in chunks]
        answer.close()

    run(tmp_path, ask, least_rate=1 << 21)
