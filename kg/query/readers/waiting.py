"""Idle readers and waiting callers: the clients' shares decide who is served first."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from kg.query.readers.shares import ReaderShares

Waited = TypeVar("Waited")


@dataclass(frozen=True, eq=False)
class Waiter(Generic[Waited]):
    """A waiting caller, and since when it waits; one ``for_next`` takes no reader that is idle now."""

    future: asyncio.Future[Waited]
    client: str
    arrived: float
    until: float
    for_next: bool


class IdleReaders(Generic[Waited]):
    """Idle readers and waiting callers.

    The reader that became idle last is taken first, because it already has private copies of the pages that
    it wrote to. Among callers with equal shares, the one that has waited longest is served first.
    """

    def __init__(self, shares: ReaderShares[Waited]) -> None:
        self.loop = asyncio.get_running_loop()
        self.shares = shares
        self._readers: list[Waited] = []
        self._waiting: list[Waiter[Waited]] = []
        self._expiry: asyncio.TimerHandle | None = None
        """One timer for all waiting callers, as most are served long before it expires."""

    @property
    def waiting(self) -> int:
        """The number of waiting callers that may have a reader."""
        return sum(self.shares.may_hold(waiter.client) for waiter in self._waiting)

    def seconds_waited(self) -> float:
        """Return how long the first caller has waited, in seconds; 0 if none waits."""
        return self.loop.time() - self._waiting[0].arrived if self._waiting else 0.0

    def put(self, reader: Waited) -> None:
        """Give a reader to the first waiting caller that may have it; if there is none, it becomes idle."""
        self.shares.release(reader)
        if not self._give(reader, self._waiting):
            self._readers.append(reader)

    def lose(self, reader: Waited) -> None:
        """Note that a reader has ended; its client may now take an idle one."""
        self.shares.release(reader)
        while self._readers:
            waiting = [waiter for waiter in self._waiting if not waiter.for_next]
            if not self._give(self._readers[-1], waiting):
                return
            self._readers.pop()

    def take(self, client: str = "") -> Waited | None:
        """Take a reader for a client; return None if none is idle, or none for this client."""
        if not self._readers or not self.shares.may_hold(client):
            return None
        reader = self._readers.pop()
        self.shares.hold(reader, client)
        return reader

    def remove(self, reader: Waited) -> bool:
        """Take a given reader; return False if it is not idle."""
        if reader not in self._readers:
            return False
        self._readers.remove(reader)
        return True

    def take_oldest(self) -> Waited | None:
        """Take the reader that has been idle for the longest time; return None if none is idle."""
        return self._readers.pop(0) if self._readers else None

    def take_all(self) -> list[Waited]:
        """Take all idle readers, in the order in which they became idle."""
        readers, self._readers = self._readers, []
        return readers

    async def wait(self, until: float, client: str = "", *, for_next: bool = False) -> Waited:
        """Wait for a reader or, if ``for_next``, for the next that becomes idle.

        Raises TimeoutError at ``until``, a time of the event loop.
        """
        if not for_next and (reader := self.take(client)) is not None:
            return reader
        now = self.loop.time()
        waiter: Waiter[Waited] = Waiter(self.loop.create_future(), client, now, until, for_next)
        self._waiting.append(waiter)
        if self._expiry is None or until < self._expiry.when():
            self._expire_at(until)
        try:
            return await waiter.future
        except asyncio.CancelledError:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            elif not waiter.future.cancelled() and waiter.future.exception() is None:
                self.put(waiter.future.result())  # it was given just now
            raise

    def close(self) -> None:
        """Stop the timer of the waiting callers."""
        if self._expiry is not None:
            self._expiry.cancel()

    def _give(self, reader: Waited, waiting: Iterable[Waiter[Waited]]) -> bool:
        """Give a reader to the first of some callers that may have it; return False if there is none."""
        may_have = [waiter for waiter in waiting if self.shares.may_hold(waiter.client)]
        is_one_client = len({waiter.client for waiter in may_have}) == 1
        first = may_have[0] if is_one_client else min(may_have, key=self._rank, default=None)
        if first is None:
            return False
        self._waiting.remove(first)
        if first.future.done():  # its caller was cancelled just now
            return self._give(reader, waiting)
        self.shares.hold(reader, first.client)
        first.future.set_result(reader)
        return True

    def _rank(self, waiter: Waiter[Waited]) -> tuple[bool, float]:
        return self.shares.rank(waiter.client, waiter.arrived)

    def _expire_at(self, until: float) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
        self._expiry = self.loop.call_at(until, self._expire)

    def _expire(self) -> None:
        """Give up for the callers whose time is over, and look again when that of the next one is."""
        self._expiry = None
        now = self.loop.time()
        for waiter in [waiter for waiter in self._waiting if waiter.until <= now]:
            self._waiting.remove(waiter)
            if not waiter.future.done():
                waiter.future.set_exception(TimeoutError())
        if self._waiting:
            self._expire_at(min(waiter.until for waiter in self._waiting))
