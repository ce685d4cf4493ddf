"""Limits of one client: so many requests at a time, so many in a second. Others do not wait for it."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from time import monotonic

from starlette.types import ASGIApp, Receive, Scope, Send

from kg.api import problems
from kg.api.clients import address_of, share_of
from kg.api.scope_keys import BEGUN
from kg.errors import TooManyRequests

MOST_CLIENTS = 10_000
"""Clients remembered; of more, those not seen for the longest are forgotten."""
_BURST = 10
"""A client that was quiet may ask at once what it may ask in so many seconds."""
_ALWAYS = ("/health", "/ready", "/metrics")


@dataclass
class _Client:
    """What a client is at, and what it may still ask."""

    allowance: float
    seen: float
    open: int = 0


class Limits:
    """Wraps the application; a limit of 0 is none. A client is an address (``clients``)."""

    def __init__(
        self, app: ASGIApp, at_once: int, rate: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._app = app
        self._at_once = at_once
        self._rate = rate
        self._clock = clock
        self._clients: OrderedDict[str, _Client] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with the time after which to come again."""
        if scope["type"] != "http" or scope["path"] in _ALWAYS:
            return await self._app(scope, receive, send)
        try:
            with self.entered(address_of(scope), again=BEGUN in scope):
                await self._app(scope, receive, send)
        except TooManyRequests as refusal:
            await problems.problem(refusal, scope)(scope, receive, send)

    @contextmanager
    def entered(self, address: str | None, *, again: bool = False) -> Iterator[None]:
        """Count a request of a client as open for as long as this lasts; raises TooManyRequests.

        One that comes ``again``, another way, was let in or refused before.
        """
        client = self._known(share_of(address))
        if not again and (refusal := self._refusal(client)):
            raise refusal
        client.open += 1
        try:
            yield
        finally:
            client.open -= 1

    def _known(self, address: str) -> _Client:
        now = self._clock()
        client = self._clients.setdefault(address, _Client(self._rate * _BURST, now))
        self._clients.move_to_end(address)
        client.allowance = min(self._rate * _BURST, client.allowance + (now - client.seen) * self._rate)
        client.seen = now
        if len(self._clients) > MOST_CLIENTS:
            self._forget()
        return client

    def _refusal(self, client: _Client) -> TooManyRequests | None:
        if self._at_once and client.open >= self._at_once:
            return TooManyRequests(f"You have {client.open} requests open; wait until one is answered.")
        if self._rate:
            if client.allowance < 1:
                wait = ceil((1 - client.allowance) / self._rate)
                return TooManyRequests(f"You may ask {self._rate:g} times in a second.", retry_after=wait)
            client.allowance -= 1
        return None

    def _forget(self) -> None:
        """Forget the client that was not seen for the longest, of those with nothing open."""
        idle = next((address for address, client in self._clients.items() if not client.open), None)
        if idle is not None:
            del self._clients[idle]
