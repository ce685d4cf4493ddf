"""The pace of a client: how long it may let chunks wait, and how fast it is called."""

import pytest

from kg.query.limits import SECONDS_TO_PAUSE
from kg.query.readers.pace import Pace

RATE = 1000


class Client:
    """Takes chunks, each after some seconds."""

    def __init__(self, least_rate: int = RATE) -> None:
        self.now = 0.0
        self.pace = Pace(least_rate, lambda: self.now)

    def take(self, size: int, after: float) -> None:
        self.pace.offer(size)
        self.now += after
        self.pace.take()


@pytest.mark.parametrize(("size", "is_too_slow"), [(4 * RATE, False), (2 * RATE, True)])
def test_a_client_is_too_slow_by_its_rate_and_not_by_silence_alone(size: int, is_too_slow: bool) -> None:
    client = Client()
    for _ in range(20):
        client.take(size, after=3)
    assert (client.pace.allowed <= 0) == is_too_slow


def test_a_client_that_took_much_may_pause_so_long_and_no_longer() -> None:
    client = Client()
    client.take(1000 * RATE, after=0)
    client.pace.offer(RATE)
    client.now += SECONDS_TO_PAUSE - 0.1
    assert client.pace.allowed > 0
    client.now += 0.2
    assert client.pace.allowed < 0


def test_time_in_which_no_chunk_waits_does_not_count() -> None:
    client = Client()
    for _ in range(100):
        client.now += 60
        client.take(RATE, after=0.5)
    assert client.pace.allowed == SECONDS_TO_PAUSE
    assert client.pace.rate == 2 * RATE


def test_the_rate_is_that_of_late() -> None:
    client = Client()
    for _ in range(100):
        client.take(100 * RATE, after=0.1)
    for _ in range(40):
        client.take(RATE, after=1)
    assert client.pace.rate < 4 * RATE
    client.pace.offer(RATE)
    before = client.pace.rate
    client.now += 30
    assert client.pace.rate < before / 2


def test_without_a_least_rate_any_client_is_fast_enough() -> None:
    client = Client(least_rate=0)
    client.take(1, after=SECONDS_TO_PAUSE - 1)
    assert client.pace.allowed == SECONDS_TO_PAUSE
