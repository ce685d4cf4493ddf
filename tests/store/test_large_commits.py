"""A large commit is made in steps: killed or failed at any of them, it is there whole or not at all."""

import gc
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg import provenance
from kg.changes import ChangeSet, Delta, Provenance, Quads
from kg.errors import Unavailable
from kg.store.read_only import open_read_only
from kg.store.store import Store
from kg.store.transaction import change, in_steps

ME = Provenance("Ana")
GRAPH = NamedNode("urn:g")
STEPS = 12


class Killed(BaseException):
    """The process ends here."""


def fact(number: int) -> Quad:
    subject = BlankNode(f"b{number}") if number % 3 else NamedNode(f"urn:s{number}")
    return Quad(subject, NamedNode("urn:p"), Literal(f"\\u{number}"), GRAPH)


BEFORE = tuple(map(fact, range(8)))
LARGE = Delta(tuple(map(fact, range(100, 112))), BEFORE[:5])


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("kg.store.transaction", "kg.store.recovery"):
        monkeypatch.setattr(f"{module}.LARGEST_STEP", 3)


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with Store.open(data) as store:
        store.commit(Delta(BEFORE), ME)
        yield store


def held(contents: Quads) -> set[Quad]:
    return set(contents.quads_for_pattern(None, None, None, GRAPH))


def after(delta: Delta) -> set[Quad]:
    return (set(BEFORE) - set(delta.removed)) | set(delta.added)


def failing_at(step: int, fault: Callable[[], BaseException]) -> Callable[..., None]:
    """Make the changes before a step, and fail there."""
    left = iter(range(step))

    def changing(store: pyoxigraph.Store, *parts: ChangeSet) -> None:
        if next(left, None) is None:
            raise fault()
        change(store, *parts)

    return changing


def left_behind(store: Store) -> None:
    """End a store as a kill would, but for what the engine still writes."""
    store._engine.close()
    store._lock.close()
    gc.collect()  # what still holds the engine would hold its lock


def test_steps_are_bounded_and_what_tells_of_the_commit_comes_last() -> None:
    told = Quad(NamedNode("urn:commit"), NamedNode("urn:p"), Literal("x"), provenance.GRAPH)
    steps = list(in_steps([LARGE, Delta((told,))]))
    assert [sum(len(part.added) + len(part.removed) for part in step) for step in steps] == [
        3,
        2,
        3,
        3,
        3,
        3,
        1,
    ]
    assert steps[-1] == [Delta((told,))]


def test_a_large_commit_is_there_whole(store: Store, data: Path) -> None:
    store.commit(LARGE, ME)
    assert held(store) == after(LARGE)
    store.close()
    assert held(open_read_only(data)) == after(LARGE)


@pytest.mark.parametrize("step", range(STEPS))
def test_killed_at_any_step_it_is_there_whole_or_not_at_all(
    store: Store, data: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    version = store.version
    monkeypatch.setattr("kg.store.engine.change", failing_at(step, Killed))
    with suppress(Killed):
        store.commit(LARGE, ME)
    monkeypatch.setattr("kg.store.engine.change", change)
    left_behind(store)
    beside = open_read_only(data)
    assert held(beside) in (set(BEFORE), after(LARGE))
    with Store.open(data) as again:
        assert held(again) == (after(LARGE) if again.version > version else set(BEFORE))
        again.commit(LARGE, ME)
        assert held(again) == after(LARGE)


@pytest.mark.parametrize("step", range(STEPS))
def test_an_engine_that_fails_at_any_step_is_opened_anew_and_the_commit_stands(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    def once(given: pyoxigraph.Store, *parts: ChangeSet) -> None:
        try:
            failing(given, *parts)
        except OSError:
            monkeypatch.setattr("kg.store.engine.change", change)
            raise

    failing = failing_at(step, partial(OSError, "IO error: Input/output error"))
    monkeypatch.setattr("kg.store.engine.change", once)
    store.commit(LARGE, ME)
    assert held(store) == after(LARGE)


@pytest.mark.parametrize("step", range(1, 7))
def test_where_an_engine_cannot_be_opened_anew_nothing_is_left_of_the_commit_once_it_can(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(
        "kg.store.engine.change", failing_at(step, partial(OSError, "IO error: No space left"))
    )
    with pytest.raises(Exception, match=r"disk|room|space|Nothing was stored"):
        store.commit(LARGE, ME)
    with pytest.raises(Unavailable):
        store.mend()
    monkeypatch.setattr("kg.store.engine.change", change)
    store.mend()
    assert held(store) == set(BEFORE)
    assert store.log.pending == []
    store.commit(LARGE, ME)
    assert held(store) == after(LARGE)


def test_a_reader_beside_a_writer_waits_while_a_large_commit_is_written(
    store: Store, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.store.recovery.SECONDS_TO_SETTLE", 0.05)
    found: list[str] = []

    def looking(given: pyoxigraph.Store, *parts: ChangeSet) -> None:
        change(given, *parts)
        if not found:
            with pytest.raises(Unavailable, match="large commit"):
                open_read_only(data)
            found.append("refused")

    monkeypatch.setattr("kg.store.engine.change", looking)
    store.commit(LARGE, ME)
    assert found == ["refused"]
    assert held(open_read_only(data)) == after(LARGE)
