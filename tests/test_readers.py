"""Reader processes: answers, faults, limits, and the pool that goes on when one is killed."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Variable

from kg import ontology
from kg.errors import BadInput, NotAcceptable, QueryKilled, TooLarge, Unavailable, Unreadable
from kg.evaluation import QueryJob
from kg.quads import Delta, Provenance
from kg.readers import ReaderPool
from kg.settings import Settings
from kg.store import Store

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


@asynccontextmanager
async def opened(folder: Path, **limits: float) -> AsyncIterator[tuple[Store, ReaderPool]]:
    settings = Settings(readers=1, **{"query_seconds": 20, **limits})  # type: ignore[arg-type]  # numbers all
    with Store.open(folder / "data", ontology.load(folder / "none")) as store:
        store.commit(Delta(tuple(map(fact, range(60)))), Provenance("Ana"))
        async with ReaderPool(store, settings, folder / "data" / "snapshots") as pool:
            yield store, pool


def run(folder: Path, ask: Callable[[Store, ReaderPool], Awaitable[T]], **limits: float) -> T:
    async def main() -> T:
        async with opened(folder, **limits) as (store, pool):
            return await ask(store, pool)

    return asyncio.run(main())


async def values(pool: ReaderPool, job: QueryJob) -> list[str]:
    """Ask, and give the values of ``?x``."""
    told = json.loads(await (await pool.answer(job)).read())
    return [row["x"]["value"] for row in told["results"]["bindings"]]


def test_the_default_graph_is_the_union_unless_graphs_are_named(tmp_path: Path) -> None:
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

    assert run(tmp_path, ask) == ["60", "30", "0", "30", "0", "30"]


def test_bindings_are_terms_and_not_text(tmp_path: Path) -> None:
    job = QueryJob("SELECT ?x ?s { ?s <urn:p> ?x }", bindings={Variable("s"): NamedNode("urn:s7")})
    assert run(tmp_path, lambda _, pool: values(pool, job)) == ["7"]


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
    tmp_path: Path, query: str, limits: dict[str, float], reason: str
) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        with pytest.raises(QueryKilled, match=reason):
            await pool.answer(QueryJob(query))
        return await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))

    assert run(tmp_path, ask, **limits) == ["7"]


def test_an_answer_cut_short_is_never_taken_for_a_whole_one(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        answer = await pool.answer(QueryJob(LONG))
        assert not answer.is_whole
        for process in pool._alive:
            process.send_signal(signal.SIGKILL)
        with pytest.raises(QueryKilled):
            await answer.read()
        return await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))

    assert run(tmp_path, ask) == ["7"]


def test_an_answer_nobody_wants_any_more_frees_its_reader(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        (await pool.answer(QueryJob(LONG))).close()
        waiting = asyncio.create_task(pool.answer(QueryJob(ENDLESS)))
        await asyncio.sleep(0.1)
        waiting.cancel()
        return await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))

    assert run(tmp_path, ask) == ["7"]


def test_a_reader_held_by_a_slow_client_is_taken_back(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        chunks = (await pool.answer(QueryJob(LONG))).chunks()
        await anext(chunks)
        await anext(chunks)
        answers = await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))
        with pytest.raises(QueryKilled):
            [chunk async for chunk in chunks]
        return answers

    assert run(tmp_path, ask, answer_seconds=0.2) == ["7"]


def test_where_all_readers_are_busy_the_wait_has_an_end(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> None:
        answer = await pool.answer(QueryJob(LONG))
        with pytest.raises(Unavailable, match="busy"):
            await pool.answer(QueryJob("ASK {}"))
        answer.close()

    run(tmp_path, ask, query_seconds=0.5)


def test_a_query_sees_every_commit_acknowledged_before_it(tmp_path: Path) -> None:
    async def ask(store: Store, pool: ReaderPool) -> list[list[str]]:
        seen = []
        for number in (100, 101, 102):
            store.commit(Delta((fact(number),)), Provenance("Ana"))
            seen.append(
                await values(pool, QueryJob("SELECT ?x { ?s <urn:p> ?x FILTER(?x >= 100) } ORDER BY ?x"))
            )
        assert [path.name for path in (tmp_path / "data" / "snapshots").iterdir()] == [f"v{store.version}"]
        return seen

    assert run(tmp_path, ask) == [["100"], ["100", "101"], ["100", "101", "102"]]
