"""Compaction: when it is due, that it is done once, and that it ends with the store."""

import time
from threading import Event

import pytest

from kg.store.compaction import AT_ONCE, BYTES_EACH, QUIET, Compaction


class Counted:
    """Counts its calls; each takes until it is let go."""

    def __init__(self) -> None:
        self.calls = 0
        self.may_end = Event()
        self.may_end.set()

    def __call__(self) -> None:
        self.calls += 1
        self.may_end.wait(120)


def test_much_that_was_removed_is_forgotten_at_once() -> None:
    compact = Counted()
    compaction = Compaction(compact, lambda: AT_ONCE * BYTES_EACH)
    compaction.note(AT_ONCE - 1)
    time.sleep(0.05)
    assert compact.calls == 0
    compaction.note(1)
    compaction.settle()
    assert compact.calls == 1
    compaction.end()


@pytest.mark.parametrize(("removed", "calls"), [(AT_ONCE // QUIET, 1), (AT_ONCE // QUIET - 1, 0)])
def test_less_is_forgotten_after_some_quiet(
    monkeypatch: pytest.MonkeyPatch, removed: int, calls: int
) -> None:
    monkeypatch.setattr("kg.store.compaction.SECONDS_OF_QUIET", 0.05)
    compact = Counted()
    compaction = Compaction(compact, lambda: AT_ONCE * BYTES_EACH)
    compaction.note(removed)
    time.sleep(0.2)
    compaction.settle()
    assert compact.calls == calls
    compaction.end()


def test_of_a_large_store_more_must_have_gone() -> None:
    compact = Counted()
    compaction = Compaction(compact, lambda: 2 * AT_ONCE * BYTES_EACH)
    compaction.note(AT_ONCE)
    time.sleep(0.05)
    assert compact.calls == 0
    compaction.end()


def test_the_end_waits_for_what_is_being_done_and_begins_nothing() -> None:
    compact = Counted()
    compact.may_end.clear()
    compaction = Compaction(compact, lambda: 0)
    compaction.note(AT_ONCE)
    while compact.calls == 0:
        time.sleep(0.01)
    compaction.note(AT_ONCE)
    compact.may_end.set()
    compaction.end()
    assert compact.calls <= 2
    done = compact.calls
    compaction.note(AT_ONCE)
    time.sleep(0.05)
    assert compact.calls == done
