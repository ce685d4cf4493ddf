"""Shares of the readers: which client holds which, how many it may hold, and how much it used lately.

A client is a string that the caller makes, of a token or an address; the server itself is ``""``.
"""

import time
from collections import Counter
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

EXTRA = 24
"""Readers that may be forked beside those that always live, while jobs are long and callers wait."""
SECONDS_SHORT = 0.1
"""Time after which a job is long: another reader may be forked beside the one that works on it."""
LARGEST_HANDICAP = 5.0
"""Seconds by which a client that used much is served as if it had come later, at most."""
HALF_LIFE = 10.0
"""Seconds after which half of a client's use is forgotten."""
MOST_CLIENTS = 10_000
"""Clients whose use is remembered; the one noted first is forgotten first."""

Held = TypeVar("Held")


class Hold(NamedTuple):
    """The client that holds a reader, and since when."""

    client: str
    since: float


class Use(NamedTuple):
    """The seconds for which a client held readers, as remembered at a time."""

    seconds: float
    at: float

    def remembered(self, now: float) -> float:
        """Return what is remembered of it at a later time."""
        return float(self.seconds * 0.5 ** ((now - self.at) / HALF_LIFE))


class ReaderShares(Generic[Held]):
    """The holders of readers; ``count`` readers live always, and at a busy time up to ``most``."""

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
        """The readers that have been held for long."""
        latest = self._clock() - SECONDS_SHORT
        return sum(hold.since < latest for hold in self._holds.values())

    @property
    def wanted(self) -> int:
        """The readers that should live: beside each long job as many as if there were none, within limits."""
        return min(self.most, self.count + self.long_jobs)

    def may_hold(self, client: str) -> bool:
        """Return whether a client may take a reader: one that holds half leaves the last to others."""
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
        """Return the place of a waiting caller: clients that hold half of the readers come after all others.

        A client that used much lately is served as if it had come later.
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
