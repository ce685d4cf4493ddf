"""Connections as uvicorn keeps them, with repeats answered at once, and an end to what comes too slowly.

Of uvicorn's own it uses the hooks of its parser; the tests of hostile requests hold it to what it promises.
"""

from asyncio import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from kg.api.problems import problem
from kg.api.repeats import REQUEST, Repeats, is_whole
from kg.errors import BadInput, HeadTooLarge, KGError, TooSlow

LONGEST_HEAD = 1 << 16
"""Bytes that the line and the headers of a request may have."""
SECONDS_TO_ASK = 10.0
"""Time in which they must be there, from the first byte on."""
LEAST_RATE = 4096
"""Bytes a second in which a body must come, after that time."""


class Connection(HttpToolsProtocol):
    """One connection of a client."""

    def __init__(self, repeats: Repeats, **given: Any) -> None:
        super().__init__(**given)
        self._repeats = repeats
        self._request: bytes | None = None
        self._is_arriving = self._is_head = False
        self._arrived = 0
        self._began = 0.0
        self._deadline: TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Answer a request that came before at once; read any other."""
        self._request = data if self._is_idle and is_whole(data) else None
        if self._request and self._repeat(data):
            return
        super().data_received(data)
        self._arrived += len(data)
        if self._is_head and self._arrived > LONGEST_HEAD:
            self._refuse(HeadTooLarge(f"The headers are longer than {LONGEST_HEAD} bytes; use the body."))
        elif self._is_arriving and self._deadline is None:
            self._began = self.loop.time()
            self._deadline = self.loop.call_later(SECONDS_TO_ASK, self._look_at_clock)

    def on_message_begin(self) -> None:
        """Note that a request begins."""
        super().on_message_begin()
        self._is_arriving = self._is_head = True
        self._arrived = 0

    def on_headers_complete(self) -> None:
        """Tell the application the bytes of the request, where they are all in one piece."""
        self._is_head = False
        self.scope[REQUEST] = self._request  # type: ignore[literal-required]  # a key of ours
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that a request is whole."""
        self._is_arriving = False
        self._stop_clock()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the connection go."""
        self._is_arriving = self._is_head = False
        self._stop_clock()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # what uvicorn would say
        """Say that what came is no HTTP, in the form of every other error."""
        self._refuse(BadInput("The request cannot be read: its method or its form is none of HTTP/1.1."))

    @property
    def _is_idle(self) -> bool:
        """True where no request is being read or answered."""
        return not self._is_arriving and (self.cycle is None or self.cycle.response_complete)

    def _repeat(self, request: bytes) -> bool:
        """Answer a request that came before, if it did; then wait for another."""
        client = self.client[0] if self.client else None
        response = self._repeats.answer(request, client, self.server_state.default_headers)
        if response is None:
            return False
        self.transport.write(response)
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )
        return True

    def _look_at_clock(self) -> None:
        """Refuse a request that comes too slowly; look again later at one that does not."""
        if self.flow.read_paused:  # it is the application that is slow
            self._began = self.loop.time() - SECONDS_TO_ASK
        passed = self.loop.time() - self._began
        allowed = SECONDS_TO_ASK + (0 if self._is_head else self._arrived / LEAST_RATE)
        if passed >= allowed and not self.flow.read_paused:
            self._refuse(TooSlow("The request came too slowly; send it in one go."))
        else:
            self._deadline = self.loop.call_later(max(1.0, allowed - passed), self._look_at_clock)

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, fault: KGError) -> None:
        """Answer what never gets as far as the application, and hang up."""
        self._stop_clock()
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            response = problem(fault)
            headers = [*self.server_state.default_headers, *response.raw_headers, (b"connection", b"close")]
            head = b"".join(b"%b: %b\r\n" % pair for pair in headers)
            self.transport.write(b"%b%b\r\n%b" % (STATUS_LINE[fault.status], head, bytes(response.body)))
        self.transport.close()
