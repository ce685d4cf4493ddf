"""Pace at which a client reads an answer: if it is too slow, it loses its reader.

Only the time during which a chunk waits for the client counts. Each byte that the client reads earns it some
more waiting time, so a client that reads a lot at once may pause.
"""

from collections.abc import Callable

from kg.query.limits import SECONDS_TO_PAUSE

SECONDS_OF_PACE = 5.0
"""Seconds of waiting after which earlier measurements count half."""


class Pace:
    """How fast one client reads, and how long it keeps chunks waiting; ``least_rate`` 0 sets no limit."""

    def __init__(self, least_rate: int, clock: Callable[[], float]) -> None:
        self._least_rate = least_rate
        self._clock = clock
        self._allowed = SECONDS_TO_PAUSE
        self._size = 0
        self._since: float | None = None
        self._taken = 0.0
        self._waited = 0.0

    @property
    def allowed(self) -> float:
        """Seconds for which the client may still keep chunks waiting; negative if it is too slow."""
        return self._allowed - self._waiting

    @property
    def waited(self) -> float:
        """Seconds for which chunks waited recently, including the current one."""
        return self._waited + self._waiting

    @property
    def rate(self) -> float:
        """Bytes that the client read recently for each second of waiting."""
        return self._taken / max(self.waited, 0.001)

    def offer(self, size: int) -> None:
        """Note that a chunk begins to wait."""
        self._size, self._since = size, self._clock()

    def take(self) -> None:
        """Note that the client has read the chunk."""
        if self._since is None:
            return
        if self._waited > SECONDS_OF_PACE:
            self._waited, self._taken = self._waited / 2, self._taken / 2
        earned = self._size / self._least_rate if self._least_rate else SECONDS_TO_PAUSE
        self._allowed = min(SECONDS_TO_PAUSE, self._allowed - self._waiting + earned)
        self._waited, self._taken = self.waited, self._taken + self._size
        self._since = None

    @property
    def _waiting(self) -> float:
        return 0.0 if self._since is None else self._clock() - self._since
