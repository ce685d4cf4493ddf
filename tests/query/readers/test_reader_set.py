"""The living readers: replaced when they end, are outdated or too large."""

from pathlib import Path

import pytest

from kg.query.job import QueryJob
from kg.query.readers.pool import ReaderPool
from kg.query.readers.processes import ReaderProcess
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
