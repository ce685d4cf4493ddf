"""The pool: answers from memory and from disk, limits, and readers that are killed."""

import asyncio
import os
import signal
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from kg.changes import Delta, Provenance
from kg.errors import NotFound, QueryKilled
from kg.pages import views
from kg.query.job import QueryJob, ReadJob
from kg.query.readers.pool import ReaderPool
from kg.store.store import Store
from tests.support.readers import ENDLESS, GREEDY, fact, late, run, values


def test_the_default_graph_is_the_union_unless_graphs_are_named(tmp_path: Path, budget: int) -> None:
    def count(dataset: str = "", pattern: str = "?s <urn:p> ?o", **graphs: tuple[str, ...]) -> QueryJob:
        return QueryJob(f"SELECT (COUNT(*) AS ?x) {dataset} {{ {pattern} }}", **graphs)  # type: ignore[arg-type]

    jobs = [
        count(),
        count("FROM <urn:g0>"),
        count("FROM NAMED <urn:g0>"),
        count(default_graphs=("urn:g1",)),
        count("FROM <urn:g0>", named_graphs=("urn:g1",)),
        count(pattern="GRAPH ?g { ?s <urn:p> ?o }", named_graphs=("urn:g1",)),
    ]

    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        return [value for job in jobs for value in await values(pool, job)]

    assert run(tmp_path, ask, memory_budget=budget) == ["60", "30", "0", "30", "0", "30"]


@pytest.mark.parametrize(
    ("query", "limits", "reason"),
    [(ENDLESS, {"query_seconds": 1}, "after 1 seconds"), (GREEDY, {"query_memory": 1 << 27}, "128 MB")],
    ids=["time", "memory"],
)
def test_a_query_at_a_limit_is_killed_and_the_next_is_answered(
    tmp_path: Path, query: str, limits: dict[str, float], reason: str, budget: int
) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        with pytest.raises(QueryKilled, match=reason):
            await pool.answer(QueryJob(query))
        return await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))

    assert run(tmp_path, ask, memory_budget=budget, extra=1, **limits) == ["7"]


def test_work_that_is_no_query_is_done_in_a_reader_and_ended_at_its_limit(
    tmp_path: Path, budget: int
) -> None:
    async def ask(store: Store, pool: ReaderPool) -> None:
        told = await pool.answer(
            ReadJob("text/plain", partial(views.thing_as, "ntriples", "urn:s7", store.log))
        )
        assert (told.content_type, told.version) == ("text/plain; charset=utf-8", store.version)
        assert await told.read() == b'<urn:s7> <urn:p> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
        with pytest.raises(NotFound, match="urn:s77"):
            await pool.answer(
                ReadJob("text/plain", partial(views.thing_as, "ntriples", "urn:s77", store.log))
            )
        with pytest.raises(QueryKilled, match=r"^This work was ended after 0\.5 seconds"):
            await pool.answer(ReadJob("text/plain", late))
        long = ReadJob("text/plain", late, is_long=True)
        assert await (await pool.answer(long)).read() == str(store.version).encode()

    run(tmp_path, ask, memory_budget=budget, query_seconds=0.5)


def test_a_query_sees_every_commit_acknowledged_before_it(tmp_path: Path, budget: int) -> None:
    async def ask(store: Store, pool: ReaderPool) -> list[list[str]]:
        seen = []
        for number in (100, 101, 102):
            store.commit(Delta((fact(number),)), Provenance("Ana"))
            seen.append(
                await values(pool, QueryJob("SELECT ?x { ?s <urn:p> ?x FILTER(?x >= 100) } ORDER BY ?x"))
            )
        kept = [path.name for path in (tmp_path / "data" / "snapshots").iterdir()]
        assert kept == ["v3" if budget else f"v{store.version}"]
        return seen

    assert run(tmp_path, ask, memory_budget=budget) == [["100"], ["100", "101"], ["100", "101", "102"]]


def test_readers_killed_under_load_give_no_wrong_answer(tmp_path: Path, budget: int) -> None:
    job = QueryJob("SELECT ?x { ?s <urn:p> ?x . ?a ?b ?c . ?d ?e ?c } ORDER BY ?x", "text/csv")

    async def outcome(pool: ReaderPool) -> str:
        try:
            return sha256(await (await pool.answer(job)).read()).hexdigest()
        except QueryKilled:
            return "killed"

    async def ask(_: Store, pool: ReaderPool) -> set[str]:
        whole = await outcome(pool)
        asking = [asyncio.create_task(outcome(pool)) for _ in range(40)]
        while not all(task.done() for task in asking):
            await asyncio.sleep(0.03)
            for reader in list(pool.readers.alive):
                with suppress(ProcessLookupError):
                    os.kill(reader.pid, signal.SIGKILL)
        while await outcome(pool) != whole:
            pass
        return {task.result() for task in asking} - {whole}

    assert run(tmp_path, ask, memory_budget=budget) == {"killed"}
