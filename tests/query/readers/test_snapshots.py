"""Snapshots on disk: shared while they are current, removed when nobody reads them."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import ontology
from kg.changes import Delta, Provenance
from kg.errors import NotFound
from kg.query.job import QueryJob
from kg.query.readers.pool import ReaderPool
from kg.query.readers.snapshots import Snapshot, SnapshotShelf
from kg.store.snapshots import Past
from kg.store.store import Store
from tests.support.readers import fact, run, values
from tests.support.stores import open_store


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


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "data", ontology.load(tmp_path / "none")) as store:
        yield store


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_snapshot_is_shared_until_a_commit_outdates_it_and_goes_with_its_last_user(
    tmp_path: Path, store: Store
) -> None:
    folder = tmp_path / "data" / "snapshots"

    async def hold() -> None:
        shelf = SnapshotShelf(store, folder)
        first, again = await asyncio.gather(shelf.hold(), shelf.hold())
        assert first is again
        shelf.leave(again)
        store.commit(Delta((fact(1),)), Provenance("Ana"))
        second = await shelf.hold()
        assert (first.version + 1, names(folder)) == (second.version, [first.path.name, second.path.name])
        shelf.leave(first)
        shelf.leave(second)
        assert names(folder) == [second.path.name]
        await shelf.close()
        assert not folder.exists()

    asyncio.run(hold())


def test_an_earlier_version_has_a_snapshot_of_its_own(tmp_path: Path, store: Store) -> None:
    async def hold() -> None:
        store.commit(Delta((fact(1),)), Provenance("Ana"))
        shelf = SnapshotShelf(store, tmp_path / "data" / "snapshots")
        earlier = await shelf.hold("v1")
        assert (type(earlier), earlier.version) == (Past, 1)
        newest = await shelf.hold(f"v{store.version}")
        assert (type(newest), newest.version) == (Snapshot, store.version)
        shelf.leave(earlier)
        shelf.leave(newest)
        with pytest.raises(NotFound):
            await shelf.hold("v99")

    asyncio.run(hold())
