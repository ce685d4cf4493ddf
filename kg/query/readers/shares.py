"""Fair sharing of the readers: which client holds which reader, how many it may hold, and its recent use.

A client is a string that the caller makes from a token or an address; the server itself is ``""``.
"""

import time
from collections import Counter
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

EXTRA = 24
"""Maximum readers beyond those that always live, forked while jobs are long and callers wait."""
SECONDS_SHORT = 0.1
"""Seconds after which a job counts as long: from then on, another reader may be forked in addition."""
LARGEST_HANDICAP = 5.0
"""Maximum seconds by which a client with much recent use is served later."""
HALF_LIFE = 10.0
"""Seconds after which half of a client's use is forgotten."""
MOST_CLIENTS = 10_000
"""Maximum clients whose use is remembered; the one recorded first is forgotten first."""

Held = TypeVar("Held")


class Hold(NamedTuple):
    """The client that holds a reader, and since when."""

    client: str
    since: float


class Use(NamedTuple):
    """The seconds for which a client held readers, and the time at which they were computed."""

    seconds: float
    at: float

    def remembered(self, now: float) -> float:
        """Return the seconds that still count at a later time."""
        return float(self.seconds * 0.5 ** ((now - self.at) / HALF_LIFE))


class ReaderShares(Generic[Held]):
    """Which client holds which reader; ``count`` readers always live, at busy times up to ``most``."""

    def __init__(self, count: int, extra: int = EXTRA, clock: Callable[[], float] = time.monotonic) -> None:
        self.count = count
        self.most = count + extra
        self._reserve = min(count, extra)
        self._clock = clock
        self._holds: dict[Held, Hold] = {}
        self._held: Counter[str] = Counter()
        self._uses: dict[str, Use] = {}

    @property
    def long_jobs(self) -> int:
        """The number of readers that run long jobs."""
        latest = self._clock() - SECONDS_SHORT
        return sum(hold.since < latest for hold in self._holds.values())

    @property
    def wanted(self) -> int:
        """The number of readers that should live: ``count``, and one for each long job, up to ``most``."""
        return min(self.most, self.count + self.long_jobs)

    def may_hold(self, client: str) -> bool:
        """Return whether a client may take a reader; one that holds half must leave the last to others."""
        return len(self._holds) < self.most - self._reserve or self._held[client] < self.most // 2

    def hold(self, reader: Held, client: str) -> None:
        """Note that a client holds a reader."""
        self._holds[reader] = Hold(client, self._clock())
        self._held[client] += 1

    def release(self, reader: Held) -> None:
        """Note that a reader is held no longer, if it was."""
        hold = self._holds.pop(reader, None)
        if hold is None:
            return
        self._held[hold.client] -= 1
        if not self._held[hold.client]:
            del self._held[hold.client]
        now = self._clock()
        if now - hold.since > SECONDS_SHORT:
            self._note(hold.client, now - hold.since, now)

    def rank(self, client: str, arrived: float) -> tuple[bool, float]:
        """Return the sort key of a waiting caller: clients that already hold half of the readers come last.

        A client with much recent use is served as if it had come later.
        """
        has_half = self._held[client] >= max(1, self.count // 2)
        return has_half, arrived + min(self._used(client), 2 * LARGEST_HANDICAP) / 2

    def _used(self, client: str) -> float:
        use = self._uses.get(client)
        return use.remembered(self._clock()) if use else 0.0

    def _note(self, client: str, seconds: float, now: float) -> None:
        self._uses[client] = Use(self._used(client) + seconds, now)
        if len(self._uses) > MOST_CLIENTS:
            del self._uses[next(iter(self._uses))]
