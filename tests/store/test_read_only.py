"""Reading beside a writer, who writes out tables one after the other: what is seen is of one moment."""

from itertools import count
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import ontology
from kg.changes import Delta, Provenance
from kg.errors import Unavailable
from kg.store import engine, read_only
from kg.store.store import Store, open_snapshot
from tests.support.contents import quads_in
from tests.support.stores import open_store

ME = Provenance("Ana")
GRAPH = NamedNode("urn:g")


def fact(number: int) -> Quad:
    return Quad(NamedNode(f"urn:s{number}"), NamedNode("urn:p"), Literal(number), GRAPH)


def opened(data: Path) -> Store:
    """Open a fresh directory and commit a fact, as version 3."""
    store = open_store(data, ontology.load(data / "none"))
    store.commit(Delta((fact(1),)), ME)
    return store


def test_what_was_opened_while_its_writer_wrote_tables_is_opened_anew(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One view in ten that was taken so lacked in one index what it had in another."""
    manifest = engine._manifest
    seen: list[set[tuple[str, int]]] = []
    with opened(data) as store:

        def watched(directory: Path) -> set[tuple[str, int]]:
            seen.append(manifest(directory))
            if len(seen) == 1:
                store.snapshot(data / "snapshots" / "v")
            return seen[-1]

        monkeypatch.setattr(engine, "_manifest", watched)
        assert fact(1) in read_only.open_read_only(data)
    assert len(seen) == 4
    assert seen[0] != seen[1] == seen[2] == seen[3]


def test_a_writer_that_never_rests_is_told_of_and_not_taken_for_a_fault_of_ours(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count()
    monkeypatch.setattr(engine, "_manifest", lambda _: {("MANIFEST", next(numbers))})
    monkeypatch.setattr(engine, "_PAUSES", (0.0, 0.0))
    with opened(data), pytest.raises(Unavailable, match="try again"):
        read_only.open_read_only(data)
    assert next(numbers) == 6


def links(snapshot: Path) -> set[int]:
    """Tell how many names the tables of a snapshot have."""
    return {path.stat().st_nlink for path in snapshot.glob("*.sst")}


def test_tables_are_linked_only_where_nobody_writes_them(data: Path, tmp_path: Path) -> None:
    """The indexes have tables of their own, which a writer writes out one after the other."""
    with opened(data) as store:
        reading = read_only.open_read_only(data)
        assert reading.snapshot(tmp_path / "copied") == store.version
    assert reading.snapshot(tmp_path / "linked") == reading.version
    assert links(tmp_path / "copied") == {1}
    assert max(links(tmp_path / "linked")) > 1
    for name in ("copied", "linked"):
        assert quads_in(open_snapshot(tmp_path / name, 3)) == quads_in(reading)


def test_a_snapshot_replaces_no_table_that_another_reader_may_need(data: Path, tmp_path: Path) -> None:
    opened(data).close()
    reading = read_only.open_read_only(data)
    tables = {path.name for path in (data / "store").iterdir() if not path.name.startswith("LOG")}
    reading.snapshot(tmp_path / "linked")
    assert max(links(tmp_path / "linked")) > 1
    assert {path.name for path in (data / "store").iterdir() if not path.name.startswith("LOG")} == tables


def test_a_snapshot_of_what_is_no_longer_the_last_version_is_of_the_one_that_is_read(
    data: Path, tmp_path: Path
) -> None:
    with opened(data) as store:
        reading = read_only.open_read_only(data)
        store.commit(Delta((fact(2),), (fact(1),)), ME)
    assert reading.snapshot(tmp_path / "v") == 3
    assert set(open_snapshot(tmp_path / "v", 3).quads_for_pattern(None, None, None, GRAPH)) == {fact(1)}
