"""The copy in memory: it follows commits, and gives way to the disk beyond its budget."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.changes import Delta, Provenance
from kg.query.job import QueryJob
from kg.query.readers.memory_copy import LARGEST_STEP, CopyWear
from kg.query.readers.pool import ReaderPool
from kg.store.compaction import BYTES_EACH
from kg.store.store import Store
from tests.support.contents import quads_in
from tests.support.readers import fact, run, until, values

RISING = QueryJob("SELECT (STR(COUNT(*)) AS ?x) { GRAPH ?g { ?s ?p ?o } }")


def test_the_copy_in_memory_follows_what_commits_remove_and_add(tmp_path: Path) -> None:
    """Blank nodes, and what the provenance graph tells, are followed too."""
    foreign = Quad(BlankNode("b1"), NamedNode("urn:q"), BlankNode("b2"), NamedNode("urn:foreign"))

    async def ask(store: Store, pool: ReaderPool) -> None:
        deltas = (Delta((foreign,)), Delta((), (foreign, fact(7))), Delta((fact(7),)))
        for delta in deltas:
            store.commit(delta, Provenance("Ana"))
            assert await values(pool, RISING) == [str(len(quads_in(store)))]

    run(tmp_path, ask, memory_budget=1 << 30)


def test_a_copy_that_steps_over_much_that_is_gone_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.query.readers.memory_copy.LARGEST_STEP", 5)
    monkeypatch.setattr("kg.query.readers.memory_copy.BYTES_EACH", 1 << 30)

    async def ask(store: Store, pool: ReaderPool) -> None:
        first = pool.supervisor.current
        for begin in (0, 4):
            assert pool.supervisor.current is first
            store.commit(Delta(removed=tuple(map(fact, range(begin, begin + 4)))), Provenance("Ana"))
            assert await values(pool, QueryJob(f"SELECT ?x {{ <urn:s{begin}> <urn:p> ?x }}")) == []
        await until(lambda: pool.supervisor.current is not first)
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
            assert await values(pool, RISING) == [str(len(quads_in(store)))]
        await until(lambda: pool.copy.version == store.version)
        store.commit(Delta((), (foreign,)), Provenance("Ana"))
        assert await values(pool, RISING) == [str(len(quads_in(store)))]
        assert pool.copy.version == store.version
        assert pool.served["disk"] > 0
        pool.served["disk"] = 0

    run(tmp_path, ask, memory_budget=1 << 30)


def test_a_graph_beyond_the_budget_is_read_from_disk(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        await until(lambda: not pool.copy.fits)
        assert "KG_MEMORY_BUDGET" in str(pool.copy.note)
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
        await until(lambda: not pool.copy.fits)
        pool.served["disk"] = 0
        return found

    run(tmp_path, ask, memory_budget=1 << 24)


@pytest.mark.parametrize(
    ("wear", "is_heavy"),
    [
        (CopyWear(size=BYTES_EACH * 10_000, removed=LARGEST_STEP), False),
        (CopyWear(size=BYTES_EACH * 10_000, removed=10_000), False),
        (CopyWear(size=BYTES_EACH * 10_000, removed=10_001), True),
        (CopyWear(size=0, removed=LARGEST_STEP), False),
    ],
)
def test_a_copy_is_rebuilt_when_more_is_removed_than_is_left(wear: CopyWear, is_heavy: bool) -> None:
    assert wear.is_heavy == is_heavy
