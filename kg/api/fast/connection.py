"""Connections: uvicorn's protocol with a stricter parser, limits, and the fast path for queries.

A connection answers one request at a time, and buffers what the client sends ahead, up to a limit. It closes
if a request cannot be parsed or arrives too slowly, if the client reads an answer too slowly, or if it is
idle.
"""

import logging
from asyncio import Task, TimerHandle, Transport
from dataclasses import dataclass
from typing import Any, cast

from httptools import HttpParserError
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from kg.api.answering import Begun
from kg.api.fast.admissions import Admissions
from kg.api.fast.byte_cache import Repeats, is_whole
from kg.api.fast.outgoing import Outgoing
from kg.api.fast.plain_query import Plain, Query
from kg.api.fast.request_head import LONGEST_HEAD
from kg.api.fast.request_parser import RequestParser
from kg.api.problems import problem
from kg.api.proxies import Proxies
from kg.api.scope_keys import BEGUN, REQUEST, SINCE
from kg.errors import AddressTooLong, BadInput, HeadTooLarge, KGError, TooManyConnections, TooSlow

SECONDS_TO_ASK = 10.0
"""Seconds from the first byte in which the request line and the headers must arrive."""
LEAST_RATE = 4096
"""Minimum bytes a second at which a body must arrive after that time."""
SECONDS_TO_DISCARD = 30.0
"""Seconds in which the rest of a body must arrive if the request is answered before it is read."""

SECONDS_TO_LINGER = 5.0
"""Seconds a client may keep sending an oversized request before the connection closes: it reads the error."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Terms:
    """What applies to all connections of a server."""

    admissions: Admissions
    proxies: Proxies
    idle_seconds: int
    least_rate: int
    """Minimum bytes a second that a client must read of an answer that waits for it; 0 sets no limit."""


class Connection(HttpToolsProtocol):
    """One connection of a client."""

    def __init__(self, repeats: Repeats, plain: Plain, terms: Terms, **options: Any) -> None:
        super().__init__(**options)
        self.parser: RequestParser = RequestParser(self)  # type: ignore[assignment]  # all that uvicorn asks of one
        self.timeout_keep_alive = terms.idle_seconds
        self._repeats = repeats
        self._plain = plain
        self._terms = terms
        self._outgoing: Outgoing | None = None
        self._answering: Task[None] | None = None
        self._early = b""
        self._is_admitted = self._is_proxied = self._is_last = False
        self._request: bytes | None = None
        self._begun: Begun | None = None
        self._is_in_body = self._is_lingering = False
        self._arrived = 0
        self._began = self._answered_at = 0.0
        self._deadline: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Admit the connection if there is room, and wait for its first request."""
        super().connection_made(transport)
        self.transport = self._outgoing = Outgoing(transport, self.loop, self._terms.least_rate)
        self._is_proxied = self._terms.proxies.trusts(self._address)
        try:
            self._terms.admissions.enter(self._address, is_proxy=self._is_proxied)
        except TooManyConnections as refusal:
            self._refuse(refusal)
            return
        self._is_admitted = True
        self._wait_for_request()

    def data_received(self, data: bytes) -> None:
        """Answer a repeated request at once, start a plain query, and parse any other request."""
        if self._is_lingering:
            return
        if self._is_busy:
            self._hold_back(data)
        else:
            self._receive(data)

    def _receive(self, data: bytes) -> None:
        try:
            self._take(data)
        except KGError as fault:
            self._refuse(fault)
        except HttpParserError:
            self._refuse(BadInput("Malformed request: its target is not a valid address."))
        except Exception as fault:
            self._fail(fault)

    def on_headers_complete(self) -> None:
        """Pass a request to the application, with its bytes if they arrived in one piece."""
        self._is_in_body = True
        scope = cast(dict[str, object], self.scope)
        scope[REQUEST] = self._request
        if self._begun:
            scope[BEGUN], scope[SINCE] = self._begun, self._begun.since
            self._begun = None
        if self.parser.get_http_version() == "1.0":
            self.expect_100_continue = False  # RFC 9110, 10.1.1
        super().on_headers_complete()
        if self.expect_100_continue:  # the body may come or not, so what follows is ambiguous
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """Note that a request is complete."""
        self._is_in_body = False
        self._stop_clock()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Read the next request, if it has arrived already."""
        self._answered_at = self.loop.time()
        super().on_response_complete()
        if not self.transport.is_closing() and self.parser.held:
            self.loop.call_soon(self._go_on)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the work on the connection, and stop counting it."""
        self._is_in_body = False
        self._early = b""
        self._stop_clock()
        if self._is_admitted:
            self._terms.admissions.leave(self._address)
        if self._answering is not None:
            self._answering.cancel()
        super().connection_lost(exc)
        if self._outgoing is not None:
            self._outgoing.go_on()
        self._unset_keepalive_if_required()

    def pause_writing(self) -> None:
        """Wait until the client has read what was sent."""
        super().pause_writing()
        if self._outgoing is not None:
            self._outgoing.wait_for_client()

    def resume_writing(self) -> None:
        """Resume sending."""
        if self._outgoing is not None:
            self._outgoing.go_on()
        super().resume_writing()

    def shutdown(self) -> None:
        """Close the connection once the current request is answered."""
        self._is_last = True
        if self._answering is None:
            super().shutdown()

    @property
    def _address(self) -> str | None:
        return self.client[0] if self.client else None

    @property
    def _is_answered(self) -> bool:
        """True if no request waits for its answer."""
        return self._answering is None and (self.cycle is None or self.cycle.response_complete)

    @property
    def _is_busy(self) -> bool:
        """True while a complete request is being answered."""
        return not (self._is_in_body or self._is_answered)

    @property
    def _is_arriving(self) -> bool:
        """True while a request is arriving."""
        return self._is_in_body or self.parser.is_within_head

    @property
    def _is_idle(self) -> bool:
        """True while no request is being read or answered."""
        return self._is_answered and not self._is_arriving

    def _take(self, data: bytes) -> None:
        """Answer or parse requests, up to the first that is not answered at once."""
        is_alone = self._is_idle and not self._is_proxied and is_whole(data)
        self._request = data if is_alone else None
        if self._request and self._is_answered_briefly(data):
            return
        has_more = self._read(data)
        while has_more and not self._is_busy:  # the request before was answered before it was complete
            has_more = self._read(b"")
        if has_more:
            self._hold_back(b"")

    def _is_answered_briefly(self, request: bytes) -> bool:
        """Answer a repeated request or a plain query; False for any other, and while the client is slow."""
        return not self.flow.write_paused and (self._repeat(request) or self._answer_plainly(request))

    def _read(self, data: bytes) -> bool:
        """Parse a request, which the application then answers; return True if more bytes follow it."""
        self._arrived = len(data) + (self._arrived if self._deadline else 0)
        has_more = self.parser.feed(data)
        if self._is_idle:
            self._wait_for_request()
        else:
            self._unset_keepalive_if_required()
        if self._is_arriving and not self._is_busy and self._deadline is None:
            self._began = self.loop.time()
            self._deadline = self.loop.call_later(SECONDS_TO_ASK, self._look_at_clock)
        return has_more

    def _repeat(self, request: bytes) -> bool:
        """Answer a repeated request, then wait for the next; return False if the request is not known."""
        response = self._repeats.answer(request, self._address, self.server_state.default_headers)
        if response is None:
            return False
        self._write(response)
        return True

    def _answer_plainly(self, request: bytes) -> bool:
        """Begin to answer a plain query; return False if the request is not one."""
        query = self._plain.read(request)
        if query is None:
            return False
        self._answering = self.loop.create_task(self._answer(query))
        return True

    async def _answer(self, query: Query) -> None:
        try:
            response = await self._plain.answer(query, self._address, self.server_state.default_headers)
            self._answering = None
            if isinstance(response, Begun):
                self._begun = response
                self._read(query.request)
                early, self._early = self._early, b""
                self._hold_back(early)
            else:
                self._write(response)
        except Exception as fault:
            self._answering = None
            self._fail(fault)
        if self._is_last:
            super().shutdown()
        else:
            self._go_on()

    def _write(self, response: bytes) -> None:
        """Send a whole response, then wait for another request."""
        self.transport.write(response)
        self._answered_at = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._wait_for_request()

    def _wait_for_request(self) -> None:
        """Start the timer that closes an idle connection."""
        if self.timeout_keep_alive_task is None:
            self._answered_at = self.loop.time()
            self._look_again_after(self.timeout_keep_alive)

    def _look_again_after(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection if it has been idle for long enough.

        The fast path leaves the timer running, as stopping and starting it for each request takes longer.
        """
        self.timeout_keep_alive_task = None
        if self._answering is not None:  # the timer starts with the answer
            return
        seconds_left = self._answered_at + self.timeout_keep_alive - self.loop.time()
        if seconds_left > 0:
            self._look_again_after(seconds_left)
        else:
            super().timeout_keep_alive_handler()

    def _hold_back(self, data: bytes) -> None:
        """Buffer what arrives while a request is being answered; above a limit, pause reading."""
        if self._answering is not None:  # the parser may still have to read its request
            self._early += data
        else:
            self.parser.hold(data)
        if len(self._early) + self.parser.held > LONGEST_HEAD:
            self.flow.pause_reading()

    def _go_on(self) -> None:
        """Read what was buffered, unless a request is being answered or the connection is lost."""
        if self.parser is None or self._is_busy:
            return
        early, self._early = self._early, b""
        if early or self.parser.held:
            self.flow.resume_reading()
            self._receive(early)

    def _look_at_clock(self) -> None:
        """Refuse a request that arrives too slowly; otherwise look again later."""
        now = self.loop.time()
        if self.flow.read_paused:  # the application is slow, not the client
            self._began = now - SECONDS_TO_ASK
        passed = now - self._began
        allowed = SECONDS_TO_ASK + (self._arrived / LEAST_RATE if self._is_in_body else 0)
        if passed >= allowed and not self.flow.read_paused:
            self._refuse(TooSlow("The request arrived too slowly; send it without pauses."))
        elif self._is_in_body and self._is_answered and now - self._answered_at > SECONDS_TO_DISCARD:
            self.transport.close()
        else:
            self._deadline = self.loop.call_later(max(1.0, allowed - passed), self._look_at_clock)

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _fail(self, fault: Exception) -> None:
        """Answer an unexpected exception as an internal error, and log it in full."""
        _log.error("unforeseen", exc_info=fault)
        self._refuse(KGError(str(fault)))

    def _refuse(self, fault: KGError) -> None:
        """Send the error of a request that never reaches the application, and close the connection."""
        self._stop_clock()
        self._unset_keepalive_if_required()
        if not (self._is_in_body and self.cycle.response_started):
            response = problem(fault)
            headers = [*self.server_state.default_headers, *response.raw_headers, (b"connection", b"close")]
            head = b"".join(b"%b: %b\r\n" % pair for pair in headers)
            self.transport.write(b"%b%b\r\n%b" % (STATUS_LINE[fault.status], head, bytes(response.body)))
        if isinstance(
            fault, AddressTooLong | HeadTooLarge
        ):  # closing now would discard the response in transit
            self._is_lingering = True
            self.transport.write_eof()
            self._deadline = self.loop.call_later(SECONDS_TO_LINGER, self.transport.close)
        else:
            self.transport.close()
