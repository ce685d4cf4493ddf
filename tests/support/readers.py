"""A pool of reader processes over a small graph, for the tests of each of its parts."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from pyoxigraph import Literal, NamedNode, Quad

from kg import ontology
from kg.changes import Delta, Provenance
from kg.query.job import QueryJob
from kg.query.readers.pool import ReaderPool
from kg.query.readers.shares import EXTRA
from kg.settings import Settings
from kg.store.store import Contents, Store
from tests.support.stores import open_store

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
async def opened(
    folder: Path, memory_budget: int = 0, extra: int = EXTRA, **limits: float
) -> AsyncIterator[tuple[Store, ReaderPool]]:
    """Open readers; where the budget allows it, answers come from the copy in memory, else from disk."""
    given = {"query_seconds": 20, "memory_budget": memory_budget, **limits}
    settings = Settings(**{"readers": 1, **given})  # type: ignore[arg-type]  # numbers all
    with open_store(folder / "data", ontology.load(folder / "none")) as store:
        store.commit(Delta(tuple(map(fact, range(60)))), Provenance("Ana"))
        async with ReaderPool(store, settings, folder / "data" / "snapshots", extra=extra) as pool:
            if memory_budget > 1:
                await until(lambda: pool.copy.version == store.version)
            yield store, pool
            assert pool.served["disk" if memory_budget > 1 else "memory"] == 0


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not is_so():
            await asyncio.sleep(0.01)


def run(
    folder: Path,
    ask: Callable[[Store, ReaderPool], Awaitable[T]],
    *,
    memory_budget: int = 0,
    extra: int = EXTRA,
    **limits: float,
) -> T:
    async def main() -> T:
        async with opened(folder, memory_budget, extra, **limits) as (store, pool):
            return await ask(store, pool)

    return asyncio.run(main())


async def values(pool: ReaderPool, job: QueryJob) -> list[str]:
    """Ask, and give the values of ``?x``."""
    told = json.loads(await (await pool.answer(job)).read())
    return [row["x"]["value"] for row in told["results"]["bindings"]]


def late(contents: Contents) -> Iterator[bytes]:
    """Take longer than the queries of the tests may."""
    time.sleep(1)
    yield str(contents.version).encode()
