"""ReaderProcess processes: answers, faults, limits, and the pool that goes on when one is killed."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from hashlib import sha256
from itertools import repeat
from pathlib import Path
from typing import TypeVar

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Variable

from kg import ontology
from kg.changes import Delta, Provenance
from kg.errors import BadInput, NotAcceptable, NotFound, QueryKilled, TooLarge, Unavailable, Unreadable
from kg.pages import views
from kg.query.job import QueryJob, ReadJob
from kg.query.readers.pool import LARGEST_STEP, ReaderPool
from kg.query.readers.processes import BEHIND, ForkServerLost, ForkServerProcess, ReaderProcess
from kg.settings import Settings
from kg.store.store import Contents, Store

T = TypeVar("T")

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n0 ?o }"
GREEDY = (
    'SELECT (STRLEN(?z) AS ?size) { BIND("0123456789abcdef" AS ?a) '
    + "".join(f"BIND(CONCAT(?{chr(97 + n)}, ?{chr(97 + n)}) AS ?{chr(98 + n)}) " for n in range(25))
    + "}"
)
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def fact(number: int) -> Quad:
    return Quad(
        NamedNode(f"urn:s{number}"), NamedNode("urn:p"), Literal(number), NamedNode(f"urn:g{number % 2}")
    )


@pytest.fixture(params=["memory", "disk"])
def budget(request: pytest.FixtureRequest) -> int:
    """What the copy in memory may take: enough, or nothing."""
    return 1 << 30 if request.param == "memory" else 0


@asynccontextmanager
async def opened(
    folder: Path, memory_budget: int = 0, **limits: float
) -> AsyncIterator[tuple[Store, ReaderPool]]:
    """Open readers; where the budget allows it, answers come from the copy in memory, else from disk."""
    given = {"query_seconds": 20, "memory_budget": memory_budget, **limits}
    settings = Settings(**{"readers": 1, **given})  # type: ignore[arg-type]  # numbers all
    with Store.open(folder / "data", ontology.load(folder / "none")) as store:
        store.commit(Delta(tuple(map(fact, range(60)))), Provenance("Ana"))
        async with ReaderPool(store, settings, folder / "data" / "snapshots") as pool:
            if memory_budget > 1:
                await until(lambda: pool.copied == store.version)
            yield store, pool
            assert pool.served["disk" if memory_budget > 1 else "memory"] == 0


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.01)


def run(
    folder: Path,
    ask: Callable[[Store, ReaderPool], Awaitable[T]],
    *,
    memory_budget: int = 0,
    **limits: float,
) -> T:
    async def main() -> T:
        async with opened(folder, memory_budget, **limits) as (store, pool):
            return await ask(store, pool)

    return asyncio.run(main())


async def values(pool: ReaderPool, job: QueryJob) -> list[str]:
    """Ask, and give the values of ``?x``."""
    told = json.loads(await (await pool.answer(job)).read())
    return [row["x"]["value"] for row in told["results"]["bindings"]]


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


def test_bindings_are_terms_and_not_text(tmp_path: Path, budget: int) -> None:
    job = QueryJob("SELECT ?x ?s { ?s <urn:p> ?x }", bindings={Variable("s"): NamedNode("urn:s7")})
    assert run(tmp_path, lambda _, pool: values(pool, job), memory_budget=budget) == ["7"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/csv", b"x\r\n7\r\n"),
        ("application/json", b'{"head":{"vars":["x"]},'),
        ("application/xml", b"<?xml"),
    ],
)
def test_results_come_in_the_format_asked_for(tmp_path: Path, accept: str, expected: bytes) -> None:
    async def ask(_: Store, pool: ReaderPool) -> tuple[str, bytes]:
        answer = await pool.answer(QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }", accept))
        return answer.media_type, await answer.read()

    media_type, data = run(tmp_path, ask)
    assert media_type == accept
    assert data.startswith(expected)


@pytest.mark.parametrize(
    ("job", "kind", "words"),
    [
        (QueryJob("SELECT * {\n ?s ?p .. }"), Unreadable, "line 2"),
        (QueryJob("SELECT * { ?s foaf:name ?o }"), Unreadable, "foaf:"),
        (QueryJob("ASK {}", "image/png"), NotAcceptable, "json"),
        (QueryJob("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv"), NotAcceptable, "turtle"),
        (QueryJob("ASK { SERVICE <http://127.0.0.1:9/> {} }"), BadInput, "SERVICE"),
        (QueryJob("ASK {}" + " " * 500, max_bytes=100), TooLarge, "100 bytes"),
        (QueryJob("ASK {}", default_graphs=("not an iri",)), BadInput, "not an iri"),
        (QueryJob("SELECT ?s { ?s ?p ?o }", bindings={Variable("q"): Literal("x")}), BadInput, r"\?q"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_fault_in_the_reader_is_raised_here(
    tmp_path: Path, job: QueryJob, kind: type[Exception], words: str
) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        with pytest.raises(kind, match=words):
            await pool.answer(job)
        return await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))

    assert run(tmp_path, ask) == ["7"]


@pytest.mark.parametrize(
    ("query", "limits", "reason"),
    [(ENDLESS, {"query_seconds": 0.3}, "0.3 seconds"), (GREEDY, {"query_memory": 1 << 27}, "128 MB")],
    ids=["time", "memory"],
)
def test_a_query_at_a_limit_is_killed_and_the_next_is_answered(
    tmp_path: Path, query: str, limits: dict[str, float], reason: str, budget: int
) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        with pytest.raises(QueryKilled, match=reason):
            await pool.answer(QueryJob(query))
        return await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))

    assert run(tmp_path, ask, memory_budget=budget, **limits) == ["7"]


def late(contents: Contents) -> Iterator[bytes]:
    """Take longer than the queries of the next test may."""
    time.sleep(1)
    yield str(contents.version).encode()


def endless(_: Contents) -> Iterator[bytes]:
    return repeat(b"x" * 1000)


def test_work_that_is_no_query_is_done_in_a_reader_and_ended_at_its_limit(
    tmp_path: Path, budget: int
) -> None:
    async def ask(store: Store, pool: ReaderPool) -> None:
        told = await pool.answer(ReadJob("text/plain", partial(views.thing_as, "ntriples", "urn:s7")))
        assert (told.content_type, told.version) == ("text/plain; charset=utf-8", store.version)
        assert await told.read() == b'<urn:s7> <urn:p> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
        with pytest.raises(NotFound, match="urn:s77"):
            await pool.answer(ReadJob("text/plain", partial(views.thing_as, "ntriples", "urn:s77")))
        with pytest.raises(QueryKilled, match=r"^This work was ended after 0\.5 seconds"):
            await pool.answer(ReadJob("text/plain", late))
        long = ReadJob("text/plain", late, is_long=True)
        assert await (await pool.answer(long)).read() == str(store.version).encode()

    run(tmp_path, ask, memory_budget=budget, query_seconds=0.5)


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


def test_a_snapshot_that_nobody_waits_for_any_more_is_in_no_ones_way(tmp_path: Path) -> None:
    async def ask(store: Store, pool: ReaderPool) -> tuple[list[str], int]:
        for number in (70, 71):
            store.commit(Delta((fact(number),)), Provenance("Ana"))
            going = asyncio.create_task(pool.snapshots.hold())
            await asyncio.sleep(0)
            going.cancel()
            found = await values(pool, QueryJob(f"SELECT ?x {{ <urn:s{number}> <urn:p> ?x }}"))
        return found, len(list((tmp_path / "data" / "snapshots").iterdir()))

    assert run(tmp_path, ask) == (["71"], 1)


def test_an_answer_cut_short_is_never_taken_for_a_whole_one(tmp_path: Path, budget: int) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        answer = await pool.answer(QueryJob(LONG))
        assert not answer.is_whole
        for reader in pool._alive:
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


def test_a_reader_is_taken_from_a_client_that_takes_nothing_where_others_wait(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        answer = await pool.answer(QueryJob(LONG, "text/csv"))
        found = await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))
        with pytest.raises(QueryKilled):
            await answer.read()
        return found

    assert run(tmp_path, ask, readers=1, query_seconds=1) == ["7"]


@pytest.mark.parametrize("may_come_forward", [True, False])
def test_a_query_that_takes_long_lets_others_go_first(
    tmp_path: Path, budget: int, monkeypatch: pytest.MonkeyPatch, may_come_forward: bool
) -> None:
    monkeypatch.setattr("kg.query.readers.answer.SECONDS_IN_FRONT", 0.01)
    if not may_come_forward:
        monkeypatch.setattr(ReaderProcess, "come_forward", lambda _: False)

    async def ask(_: Store, pool: ReaderPool) -> None:
        answer = await pool.answer(QueryJob(f"{LONG} LIMIT 20000"))
        (slow,) = pool._alive
        await until(lambda: slow.is_behind)
        assert niceness(slow) == BEHIND
        monkeypatch.setattr("kg.query.readers.answer.SECONDS_IN_FRONT", 60)
        await answer.read()
        assert await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }")) == ["7"]
        (next_one,) = pool._alive
        assert niceness(next_one) == niceness(None)
        assert (next_one is slow) == may_come_forward

    run(tmp_path, ask, memory_budget=budget)


def test_readers_whose_own_memory_exceeds_the_budget_are_replaced_when_they_are_idle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(_: Store, pool: ReaderPool) -> None:
        await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))
        (first,) = pool._alive
        assert 0 < first.own_memory() < 1 << 30
        await pool.tidy()
        assert pool._alive == {first}
        monkeypatch.setattr("kg.query.readers.pool.LEAST_OWN", 0)
        monkeypatch.setattr(ReaderProcess, "own_memory", lambda _: 1 << 31)
        await pool.tidy()
        assert await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }")) == ["7"]
        assert first not in pool._alive

    run(tmp_path, ask, memory_budget=1 << 30)


def niceness(reader: ReaderProcess | None) -> int:
    """Tell how nice a reader is, or this process."""
    return os.getpriority(os.PRIO_PROCESS, reader.pid if reader else 0)


def test_where_all_readers_are_busy_the_wait_has_an_end(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> None:
        working = asyncio.create_task(pool.answer(ReadJob("text/plain", late, is_long=True)))
        await until(lambda: bool(pool._at_work))
        with pytest.raises(Unavailable, match="busy"):
            await pool.answer(QueryJob("ASK {}"))
        await working

    run(tmp_path, ask, readers=1, query_seconds=0.5)


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


RISING = QueryJob("SELECT (STR(COUNT(*)) AS ?x) { GRAPH ?g { ?s ?p ?o } }")


def test_the_copy_in_memory_follows_what_commits_remove_and_add(tmp_path: Path) -> None:
    """Blank nodes, and what the provenance graph tells, are followed too."""
    foreign = Quad(BlankNode("b1"), NamedNode("urn:q"), BlankNode("b2"), NamedNode("urn:foreign"))

    async def ask(store: Store, pool: ReaderPool) -> None:
        deltas = (Delta((foreign,)), Delta((), (foreign, fact(7))), Delta((fact(7),)))
        for delta in deltas:
            store.commit(delta, Provenance("Ana"))
            assert await values(pool, RISING) == [str(len(store.engine))]

    run(tmp_path, ask, memory_budget=1 << 30)


def test_a_copy_that_steps_over_much_that_is_gone_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.query.readers.pool.LARGEST_STEP", 5)
    monkeypatch.setattr("kg.query.readers.pool.BYTES_EACH", 1 << 30)

    async def ask(store: Store, pool: ReaderPool) -> None:
        first = pool._nurseries[-1]
        for begin in (0, 4):
            assert pool._nurseries[-1] is first
            store.commit(Delta(removed=tuple(map(fact, range(begin, begin + 4)))), Provenance("Ana"))
            assert await values(pool, QueryJob(f"SELECT ?x {{ <urn:s{begin}> <urn:p> ?x }}")) == []
        await until(lambda: pool._nurseries[-1] is not first)
        assert await values(
            pool, QueryJob("SELECT ?x { VALUES ?s { <urn:s7> <urn:s8> } ?s <urn:p> ?x }")
        ) == ["8"]

    run(tmp_path, ask, memory_budget=1 << 30)


def test_blank_nodes_of_a_snapshot_keep_their_names_in_the_copy(tmp_path: Path) -> None:
    foreign = Quad(BlankNode("b1"), NamedNode("urn:q"), BlankNode("b2"), NamedNode("urn:foreign"))

    async def ask(store: Store, pool: ReaderPool) -> None:
        store.commit(Delta((foreign,)), Provenance("Ana"))
        many = tuple(map(fact, range(1000, 1000 + LARGEST_STEP + 1)))
        store.commit(Delta(many), Provenance("Ana"))
        for _ in range(3):  # too far from the copy: it is made anew, and the disk serves meanwhile
            assert await values(pool, RISING) == [str(len(store.engine))]
        await until(lambda: pool.copied == store.version)
        store.commit(Delta((), (foreign,)), Provenance("Ana"))
        assert await values(pool, RISING) == [str(len(store.engine))]
        assert pool.copied == store.version
        assert pool.served["disk"] > 0
        pool.served["disk"] = 0

    run(tmp_path, ask, memory_budget=1 << 30)


def test_a_graph_beyond_the_budget_is_read_from_disk(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        await until(lambda: not pool._fits)
        return await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))

    assert run(tmp_path, ask, memory_budget=1) == ["7"]


def test_a_copy_that_outgrows_its_budget_gives_way_to_the_disk(tmp_path: Path) -> None:
    async def ask(store: Store, pool: ReaderPool) -> list[str]:
        large = Literal("x" * (1 << 25))
        store.commit(
            Delta((Quad(NamedNode("urn:s"), NamedNode("urn:q"), large, NamedNode("urn:g")),)), Provenance("A")
        )
        for _ in range(3):
            found = await values(pool, QueryJob("SELECT (STR(STRLEN(?o)) AS ?x) { ?s <urn:q> ?o }"))
            assert found == [str(1 << 25)]
        await until(lambda: not pool._fits)
        pool.served["disk"] = 0
        return found

    run(tmp_path, ask, memory_budget=1 << 24)


def test_a_nursery_that_is_killed_is_replaced_and_its_copy_made_anew(tmp_path: Path) -> None:
    async def ask(store: Store, pool: ReaderPool) -> list[str]:
        pool._nurseries[-1]._process.kill()
        await until(lambda: pool._nurseries[-1].is_lost)
        seen = []
        for number in (100, 101):
            store.commit(Delta((fact(number),)), Provenance("Ana"))
            seen += await values(pool, QueryJob("SELECT (STR(MAX(?o)) AS ?x) { ?s <urn:p> ?o }"))
        with pytest.raises(QueryKilled):
            await pool.answer(QueryJob(GREEDY))
        await until(lambda: pool.copied > 0)
        seen += await values(pool, QueryJob("SELECT (STR(MAX(?o)) AS ?x) { ?s <urn:p> ?o }"))
        assert pool.copied == store.version
        pool.served["disk"] = 0
        return seen

    assert run(tmp_path, ask, memory_budget=1 << 30, query_memory=1 << 27) == ["100", "101", "101"]


def test_a_nursery_that_is_killed_at_its_birth_is_replaced_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        start, failures = (
            pool._empty_nursery,
            iter([ForkServerLost(), BlockingIOError("no process to be had")]),
        )

        async def start_at_last() -> ForkServerProcess:
            if failure := next(failures, None):
                raise failure
            return await start()

        monkeypatch.setattr(pool, "_empty_nursery", start_at_last)
        monkeypatch.setattr("kg.query.readers.pool.SECONDS_UNTIL_NEXT_TRY", 0.01)
        pool._nurseries[-1]._process.kill()
        await until(lambda: pool._nurseries[-1].is_lost)
        return await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))

    assert run(tmp_path, ask, readers=1, query_seconds=5) == ["7"]


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
            for reader in list(pool._alive):
                with suppress(ProcessLookupError):
                    os.kill(reader.pid, signal.SIGKILL)
        while await outcome(pool) != whole:
            pass
        return {task.result() for task in asking} - {whole}

    assert run(tmp_path, ask, memory_budget=budget) == {"killed"}
