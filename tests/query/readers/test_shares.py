"""Shares of the readers: how many a client may hold, and when its callers are served."""

import pytest

from kg.query.readers import shares as module
from kg.query.readers.shares import EXTRA, HALF_LIFE, LARGEST_HANDICAP, ReaderShares


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def held(shares: ReaderShares[str], client: str, count: int) -> None:
    for number in range(count):
        shares.hold(f"{client}{number}", client)


def test_a_client_that_holds_half_leaves_the_last_readers_to_others() -> None:
    shares: ReaderShares[str] = ReaderShares(4)
    held(shares, "many", EXTRA)
    assert shares.may_hold("other")
    assert not shares.may_hold("many")
    shares.release("many0")
    assert shares.may_hold("many")


def test_without_further_readers_a_client_may_hold_all_that_nobody_waits_for() -> None:
    shares: ReaderShares[str] = ReaderShares(2, extra=0)
    held(shares, "many", 1)
    assert shares.may_hold("many")


def test_clients_that_hold_less_than_half_take_all_readers() -> None:
    shares: ReaderShares[str] = ReaderShares(4)
    held(shares, "one", shares.most // 2)
    held(shares, "two", shares.most // 2)
    assert [shares.may_hold(client) for client in ("one", "two", "other")] == [False, False, True]


def test_a_caller_whose_client_holds_half_of_the_readers_comes_after_all_others() -> None:
    shares: ReaderShares[str] = ReaderShares(4)
    held(shares, "one", 1)
    held(shares, "two", 2)
    arrived = {"two": 1.0, "one": 3.0, "other": 2.0}
    assert sorted(arrived, key=lambda client: shares.rank(client, arrived[client])) == ["other", "one", "two"]
    shares.release("two0")
    assert sorted(arrived, key=lambda client: shares.rank(client, arrived[client])) == ["two", "other", "one"]


def test_a_client_is_served_later_by_what_it_used_and_that_is_forgotten() -> None:
    clock = Clock()
    shares: ReaderShares[str] = ReaderShares(4, clock=clock)
    shares.hold("reader", "heavy")
    clock.now += 4
    shares.release("reader")
    assert shares.rank("heavy", 50) == (False, 52)
    assert shares.rank("light", 50) == (False, 50)
    clock.now += HALF_LIFE
    assert shares.rank("heavy", 50) == (False, 51)
    shares.hold("reader", "heavy")
    clock.now += 1000
    shares.release("reader")
    assert shares.rank("heavy", 50) == (False, 50 + LARGEST_HANDICAP)


def test_short_jobs_are_not_remembered() -> None:
    clock = Clock()
    shares: ReaderShares[str] = ReaderShares(4, clock=clock)
    for _ in range(1000):
        shares.hold("reader", "quick")
        clock.now += 0.05
        shares.release("reader")
    assert shares.rank("quick", 1) == (False, 1)


def test_the_use_of_a_limited_number_of_clients_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CLIENTS", 2)
    clock = Clock()
    shares: ReaderShares[str] = ReaderShares(4, clock=clock)
    for client in "abc":
        shares.hold("reader", client)
        clock.now += 1
        shares.release("reader")
    assert shares.rank("a", 1) == (False, 1)
    assert shares.rank("b", 1) > (False, 1)


def test_beside_each_long_job_as_many_readers_should_live_as_without_it() -> None:
    clock = Clock()
    shares: ReaderShares[str] = ReaderShares(4, clock=clock)
    held(shares, "a", 3)
    assert shares.wanted == 4
    clock.now += 0.2
    assert shares.wanted == 7
    held(shares, "b", 2 * EXTRA)
    clock.now += 0.2
    assert shares.wanted == shares.most


def test_a_reader_is_released_once() -> None:
    shares: ReaderShares[str] = ReaderShares(2)
    shares.hold("reader", "a")
    shares.release("reader")
    shares.release("reader")
    held(shares, "a", 1)
    assert shares.rank("a", 1) == (True, 1)
