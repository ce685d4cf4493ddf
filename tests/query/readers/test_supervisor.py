"""The supervisor of the fork servers: one that dies is replaced."""

import asyncio
from pathlib import Path

import pytest

from kg.changes import Delta, Provenance
from kg.errors import QueryKilled
from kg.query.job import QueryJob
from kg.query.readers.forkserver import ForkServerOptions
from kg.query.readers.pool import ReaderPool
from kg.query.readers.processes import ForkServerLost, ForkServerProcess
from kg.query.readers.supervisor import ForkServerSupervisor
from kg.store.store import Store
from tests.support.readers import GREEDY, fact, run, until, values


def test_a_fork_server_that_is_killed_is_replaced_and_its_copy_made_anew(tmp_path: Path) -> None:
    async def ask(store: Store, pool: ReaderPool) -> list[str]:
        pool.supervisor.current._process.kill()
        await until(lambda: pool.supervisor.current.is_lost)
        seen = []
        for number in (100, 101):
            store.commit(Delta((fact(number),)), Provenance("Ana"))
            seen += await values(pool, QueryJob("SELECT (STR(MAX(?o)) AS ?x) { ?s <urn:p> ?o }"))
        with pytest.raises(QueryKilled):
            await pool.answer(QueryJob(GREEDY))
        await until(lambda: pool.copy.version > 0)
        seen += await values(pool, QueryJob("SELECT (STR(MAX(?o)) AS ?x) { ?s <urn:p> ?o }"))
        assert pool.copy.version == store.version
        pool.served["disk"] = 0
        return seen

    assert run(tmp_path, ask, memory_budget=1 << 30, query_memory=1 << 27) == ["100", "101", "101"]


def test_a_fork_server_that_is_killed_at_its_birth_is_replaced_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        failures = iter([ForkServerLost(), BlockingIOError("no process to be had")])
        start = ForkServerProcess.start

        async def start_at_last(options: ForkServerOptions) -> ForkServerProcess:
            if failure := next(failures, None):
                raise failure
            return await start(options)

        monkeypatch.setattr(ForkServerProcess, "start", start_at_last)
        monkeypatch.setattr("kg.query.readers.supervisor.SECONDS_UNTIL_RETRY", 0.01)
        pool.supervisor.current._process.kill()
        await until(lambda: pool.supervisor.current.is_lost)
        return await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))

    assert run(tmp_path, ask, readers=1, query_seconds=5) == ["7"]


def test_a_retired_fork_server_ends_with_the_last_of_its_readers(tmp_path: Path) -> None:
    async def supervise() -> None:
        restarts: list[str] = []
        supervisor = ForkServerSupervisor(
            ForkServerOptions(1 << 28, str(tmp_path)),
            on_restart=lambda: restarts.append("restarted"),
            is_expected=True,
        )
        await supervisor.start()
        first, reader = supervisor.current, await supervisor.fork()
        await supervisor.start()
        assert supervisor.current is not first
        assert not first.is_lost
        reader.stop()
        await until(lambda: first.is_lost)
        assert restarts == []
        await supervisor.replace(first)
        assert restarts == []
        supervisor.current.kill(0)  # no reader of its own: nothing happens
        supervisor.current._process.kill()
        await until(lambda: supervisor.current.is_lost)
        (await supervisor.fork()).stop()
        assert restarts == ["restarted"]
        await supervisor.close()

    asyncio.run(supervise())
