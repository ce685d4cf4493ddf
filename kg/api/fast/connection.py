"""Connections as uvicorn keeps them, with short ways for repeats and plain queries, and an end to slow ones.

Of uvicorn's own it uses the hooks of its parser; the tests of hostile requests hold it to what it promises.
"""

from asyncio import Task, TimerHandle
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from kg.api.answering import BEGUN, Begun
from kg.api.fast.byte_cache import REQUEST, Repeats, is_whole
from kg.api.fast.plain_query import Plain, Query
from kg.api.middleware.access_log import SINCE
from kg.api.problems import problem
from kg.errors import BadInput, HeadTooLarge, KGError, TooSlow

LONGEST_HEAD = 1 << 16
"""Bytes that the line and the headers of a request may have."""
SECONDS_TO_ASK = 10.0
"""Time in which they must be there, from the first byte on."""
LEAST_RATE = 4096
"""Bytes a second in which a body must come, after that time."""


class Connection(HttpToolsProtocol):
    """One connection of a client."""

    def __init__(self, repeats: Repeats, plain: Plain, **given: Any) -> None:
        super().__init__(**given)
        self._repeats = repeats
        self._plain = plain
        self._answering: Task[None] | None = None
        self._early = b""
        self._is_last = False
        self._request: bytes | None = None
        self._begun: Begun | None = None
        self._is_arriving = self._is_head = False
        self._ended_one = False
        self._arrived = 0
        self._began = 0.0
        self._deadline: TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Answer a request that came before at once, and a plain query soon; read any other."""
        if self._answering is not None:
            self._hold_back(data)
            return
        self._request = data if self._is_idle and is_whole(data) else None
        if self._request and self._is_answered_briefly(data):
            return
        self._read(data)

    def _is_answered_briefly(self, request: bytes) -> bool:
        """Answer a repeat or a plain query; where answers wait for their client, it waits as well."""
        return not self.flow.write_paused and (self._repeat(request) or self._answer_plainly(request))

    def _read(self, data: bytes) -> None:
        """Have a request read, and answered the usual way."""
        self._ended_one = False
        super().data_received(data)
        self._arrived += 0 if self._ended_one else len(data)  # else it is not told how much is the next's
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
        scope = cast(dict[str, object], self.scope)
        scope[REQUEST] = self._request
        if self._begun:
            scope[BEGUN], scope[SINCE] = self._begun, self._begun.since
            self._begun = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that a request is whole."""
        self._is_arriving = False
        self._ended_one = True
        self._stop_clock()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the connection go."""
        self._is_arriving = self._is_head = False
        self._stop_clock()
        if self._answering is not None:
            self._answering.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Close the connection as soon as the request that is being answered is."""
        self._is_last = True
        if self._answering is None:
            super().shutdown()

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
        self._write(response)
        return True

    def _answer_plainly(self, request: bytes) -> bool:
        """Begin to answer a plain query, if it is one."""
        query = self._plain.read(request)
        if query is None:
            return False
        self._unset_keepalive_if_required()
        self._answering = answering = self.loop.create_task(self._answer(query))
        self.tasks.add(answering)
        answering.add_done_callback(self.tasks.discard)
        return True

    async def _answer(self, query: Query) -> None:
        client = self.client[0] if self.client else None
        response = await self._plain.answer(query, client, self.server_state.default_headers)
        self._answering = None
        if isinstance(response, Begun):
            self._begun = response
            self._read(query.request)
        else:
            self._write(response)
        early, self._early = self._early, b""
        if self._is_last:
            super().shutdown()
        elif early:
            self.flow.resume_reading()
            self.data_received(early)

    def _write(self, response: bytes) -> None:
        """Send a whole response, then wait for another request."""
        self.transport.write(response)
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def _hold_back(self, data: bytes) -> None:
        """Keep what comes while a plain query is being answered, in bounds."""
        self._early += data
        if len(self._early) > LONGEST_HEAD:
            self.flow.pause_reading()

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
