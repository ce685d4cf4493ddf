"""Limits per client: open requests, and requests per second, so that one client does not delay the others."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import ceil
from time import monotonic

from starlette.types import ASGIApp, Receive, Scope, Send

from kg.api import problems
from kg.api.clients import address_of, share_of
from kg.api.scope_keys import BEGUN
from kg.errors import TooManyRequests

MOST_CLIENTS = 10_000
"""Maximum number of clients remembered; beyond it, the least recently seen one is forgotten."""
_BURST = 10
"""Seconds of allowance that a quiet client saves up and may use at once."""
_ALWAYS = ("/health", "/ready", "/metrics")


@dataclass
class _Client:
    """The open requests of a client, and its remaining allowance; a request is open in its ``with`` block."""

    allowance: float
    seen: float
    open: int = 0

    def __enter__(self) -> None:
        self.open += 1

    def __exit__(self, *_: object) -> None:
        self.open -= 1


class Limits:
    """Wraps the application; a limit of 0 means no limit.

    Module ``clients`` defines which requests count as one client.
    """

    def __init__(
        self, app: ASGIApp, at_once: int, rate: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._app = app
        self._at_once = at_once
        self._rate = rate
        self._clock = clock
        self._clients: OrderedDict[str, _Client] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it and say after how many seconds to try again."""
        if scope["type"] != "http" or scope["path"] in _ALWAYS:
            return await self._app(scope, receive, send)
        try:
            with self.entered(address_of(scope), again=BEGUN in scope):
                await self._app(scope, receive, send)
        except TooManyRequests as refusal:
            await problems.problem(refusal, scope)(scope, receive, send)

    def entered(self, address: str | None, *, again: bool = False) -> AbstractContextManager[None]:
        """Return what counts a request of a client as open in a ``with`` block; raises TooManyRequests.

        If ``again`` is true, the fast path has checked the limits for this request already.
        """
        client = self._known(share_of(address))
        if not again and (refusal := self._refusal(client)):
            raise refusal
        return client

    def _known(self, address: str) -> _Client:
        now = self._clock()
        client = self._clients.get(address)
        if client is None:
            client = self._clients[address] = _Client(self._rate * _BURST, now)
        self._clients.move_to_end(address)
        client.allowance = min(self._rate * _BURST, client.allowance + (now - client.seen) * self._rate)
        client.seen = now
        if len(self._clients) > MOST_CLIENTS:
            self._forget()
        return client

    def _refusal(self, client: _Client) -> TooManyRequests | None:
        if self._at_once and client.open >= self._at_once:
            return TooManyRequests(
                f"You have {client.open} requests open, which is the limit; wait until one is answered."
            )
        if self._rate:
            if client.allowance < 1:
                wait = ceil((1 - client.allowance) / self._rate)
                return TooManyRequests(
                    f"You may send {self._rate:g} requests a second; wait, then try again.", retry_after=wait
                )
            client.allowance -= 1
        return None

    def _forget(self) -> None:
        """Forget the least recently seen client that has no open request."""
        idle = next((address for address, client in self._clients.items() if not client.open), None)
        if idle is not None:
            del self._clients[idle]
