"""Admission of connections: counts those that are open, in total and by client, and refuses more."""

from collections import Counter

from kg.api.clients import share_of
from kg.errors import TooManyConnections


class Admissions:
    """Counts connections; a limit of 0 means no limit. Each successful ``enter`` needs one ``leave``."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._open: Counter[str] = Counter()
        self._total = 0

    @property
    def total(self) -> int:
        """The number of open connections."""
        return self._total

    def enter(self, address: str | None, *, is_proxy: bool) -> None:
        """Count a connection, or raise TooManyConnections. The limit per client does not apply to a proxy."""
        client = share_of(address)
        if self._most and self._total >= self._most:
            raise TooManyConnections(
                "The server has reached its limit of connections; try again in a moment."
            )
        if self._most_of_one and not is_proxy and self._open[client] >= self._most_of_one:
            raise TooManyConnections(
                f"You have {self._open[client]} connections open, which is the limit; close one, or reuse it."
            )
        self._open[client] += 1
        self._total += 1

    def leave(self, address: str | None) -> None:
        """Stop counting a connection."""
        client = share_of(address)
        self._total -= 1
        self._open[client] -= 1
        if not self._open[client]:
            del self._open[client]
