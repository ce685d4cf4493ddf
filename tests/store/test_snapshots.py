"""Earlier versions: exactly what was answered then, whatever came after; kept for a while, never half."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kg import ontology
from kg.changes import Delta, Provenance
from kg.errors import BadInput, NotFound
from kg.store.differences import net
from kg.store.read_only import open_read_only
from kg.store.snapshots import Snapshots, version_of
from kg.store.store import Store
from tests.support.contents import quads_in
from tests.support.stores import open_store
from tests.support.strategies import quads

ME = Provenance("Ana")


def fact(number: int, graph: str = "urn:g") -> Quad:
    return Quad(NamedNode(f"urn:s{number}"), NamedNode("urn:p"), Literal(number), NamedNode(graph))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Version n holds the facts 1 to n, but 1, which version 4 takes away."""
    with open_store(tmp_path / "data", ontology.load(tmp_path / "none")) as store:
        for number in range(store.version + 1, 9):
            store.commit(Delta((fact(number),), (fact(1),) if number == 4 else ()), ME)
        yield store


def held(store: Store, snapshots: Snapshots, version: int) -> set[Quad]:
    with snapshots.opened(store, version) as contents:
        assert contents.version == version
        return quads_in(contents)


def kept(store: Store) -> list[str]:
    return sorted(path.name for path in (store.directory / "asof").iterdir())


def test_an_earlier_version_is_found_again(store: Store) -> None:
    snapshots = Snapshots(store.directory)
    facts = {quad for quad in held(store, snapshots, 5) if quad.graph_name == NamedNode("urn:g")}
    assert facts == {fact(3), fact(4), fact(5)}
    provenance = {str(quad.subject) for quad in held(store, snapshots, 5)}
    assert any("commit-5" in name for name in provenance)
    assert not any("commit-6" in name for name in provenance)


def test_only_some_earlier_versions_are_kept_those_asked_for_last(store: Store) -> None:
    snapshots = Snapshots(store.directory)
    for version in (3, 4, 5, 6, 3, 7):
        held(store, snapshots, version)
    assert kept(store) == ["v3", "v5", "v6", "v7"]


def test_a_version_that_is_being_read_is_not_removed(store: Store) -> None:
    snapshots = Snapshots(store.directory)
    past = snapshots.hold(store, 3)
    for version in (4, 5, 6, 7):
        held(store, snapshots, version)
    assert "v3" in kept(store)
    past.release()
    held(store, snapshots, 7)
    assert kept(store) == ["v4", "v5", "v6", "v7"]


def test_what_a_killed_process_left_half_made_is_removed(store: Store) -> None:
    half = store.directory / "asof" / ".partial-x"
    half.mkdir(parents=True)
    os.utime(half, (0, 0))
    held(store, Snapshots(store.directory), 3)
    assert kept(store) == ["v3"]


def test_earlier_versions_are_read_beside_a_writer_and_after_it(store: Store) -> None:
    snapshots = Snapshots(store.directory)
    expected = held(store, snapshots, 4)
    beside = open_read_only(store.directory)
    with Snapshots(store.directory).opened(beside, 4) as contents:
        assert quads_in(contents) == expected


def test_a_time_means_the_last_commit_not_later(store: Store) -> None:
    log = store.log
    assert version_of(log, log.commit(5).time.isoformat(), 8) == 5
    just_before = log.commit(5).time - timedelta(microseconds=1)
    assert version_of(log, just_before.isoformat(), 8) == 4
    assert version_of(log, just_before.isoformat().replace("+", " "), 8) == 4
    assert version_of(log, "2999-01-01", 8) == 8
    assert version_of(log, datetime.now(UTC).date().isoformat(), 8) == 8
    assert version_of(log, f"{log.commit(5).time:%Y-%m-%dT%H:%M:%S.%fZ}", 8) == 5
    assert version_of(log, "v5", 8) == version_of(log, " 5 ", 8) == 5
    assert version_of(log, "29990101", 8) == 8


@pytest.mark.parametrize("text", ["yesterday", "v", "2026-13-45", "v1.5", "-1", "1e3", "٣"])
def test_what_is_neither_time_nor_version_is_refused(store: Store, text: str) -> None:
    with pytest.raises(BadInput, match="v17"):
        version_of(store.log, text, store.version)


@pytest.mark.parametrize(
    ("text", "said"), [("v9", "v1 to v8"), ("v0", "v1 to v8"), ("9", "v1 to v8"), ("1999", "2026-11-22")]
)
def test_a_version_that_never_was_is_not_found(store: Store, text: str, said: str) -> None:
    with pytest.raises((NotFound, BadInput), match=said):
        version_of(store.log, text, store.version)


def test_before_the_first_commit_there_was_no_graph(store: Store) -> None:
    with pytest.raises(NotFound, match="begins at"):
        version_of(store.log, "1999-12-31", store.version)


@settings(max_examples=5)
@given(st.lists(st.tuples(quads, quads), min_size=2, max_size=5))
def test_every_version_equals_what_the_store_held_then(
    changes: list[tuple[tuple[Quad, ...], tuple[Quad, ...]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        nothing = ontology.load(Path(folder) / "ontology")
        with open_store(Path(folder) / "data", nothing) as store:
            states = {store.version: quads_in(store)}
            for added, removed in changes:
                store.commit(Delta(added, removed), ME)
                states[store.version] = quads_in(store)
            snapshots = Snapshots(store.directory)
            for version in (2, store.version - 1, 3, 2):
                assert held(store, snapshots, version) == states[version]


@given(st.lists(st.tuples(quads, quads), max_size=5))
def test_combined_deltas_do_what_they_do_one_by_one(
    changes: list[tuple[tuple[Quad, ...], tuple[Quad, ...]]],
) -> None:
    state: set[Quad] = set()
    deltas = []
    for added, removed in changes:
        effective = Delta(tuple(set(added) - state), tuple(set(removed) & state - set(added)))
        state = state.difference(effective.removed).union(effective.added)
        deltas.append(effective)
    combined = net(deltas)
    assert set(combined.added) == state
    assert not combined.removed
    undone = net(delta.inverse() for delta in reversed(deltas))
    assert set(undone.removed) == state
    assert not undone.added
