"""Requests that came before, to the byte, and whose answers are kept: answered again without being read.

A client that asks the same thing again sends the same bytes, and for as long as the version is the same it is
owed the same answer. Found by its bytes, the answer costs a fraction of what reading the request costs.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.api.metrics import Metrics
from kg.api.middleware.access_log import REQUEST_ID, Journal, Line
from kg.api.scope_keys import REQUEST

KEPT = "kg.kept"
"""Where a route says that its answer is kept, and for which version it holds."""

_LARGEST = 1 << 13
"""Bytes that a request may have to be remembered."""
_SHARE = 8
"""An answer larger than this part of the budget is not remembered."""
_OVERHEAD = 1024
_OWN_WORDS = frozenset(
    {
        *(b"authorization", b"connection", b"expect", b"upgrade", REQUEST_ID),
        *(b"content-length", b"transfer-encoding"),
    }
)
"""Headers of requests that are read each time: they concern one request, its body, or the connection."""


@dataclass(frozen=True)
class Repeat:
    """An answer as it goes out, but for its id; and the version it holds for."""

    version: int
    path: str
    head: bytes
    body: bytes

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return len(self.head) + len(self.body) + _OVERHEAD

    def response(self, number: str, more: Iterable[tuple[bytes, bytes]]) -> bytes:
        """Give all that goes out: with the request's id, and with ``more`` headers (the date)."""
        head = b"".join([b"%b: %b\r\n" % pair for pair in (*more, (REQUEST_ID, number.encode()))])
        return b"%b%b\r\n%b" % (self.head, head, self.body)


class Repeats:
    """Answers by the bytes of their request, the longest unused leaving first; ``budget`` in bytes."""

    def __init__(self, journal: Journal, metrics: Metrics, version: Callable[[], int], budget: int) -> None:
        self._journal = journal
        self._metrics = metrics
        self._version = version
        self._budget = budget
        self._held = 0
        self._known: OrderedDict[bytes, Repeat] = OrderedDict()

    def answer(self, request: bytes, client: str | None, more: Iterable[tuple[bytes, bytes]]) -> bytes | None:
        """Give the whole response to a request that came before, with ``more`` headers (the date).

        It is counted and told like any other; None where the request is not known.
        """
        found = self._known.get(request)
        if found is None:
            return None
        if found.version != self._version():
            self._forget(request)
            return None
        self._known.move_to_end(request)
        self._metrics.kept["hit"] += 1
        number = self._journal.new_id()
        self._journal.tell(Line(number, client, "GET", found.path, 200, len(found.body), 0.0, True))
        return found.response(number, more)

    def keep(self, request: bytes, repeat: Repeat) -> None:
        """Remember an answer, if it is small enough."""
        if len(request) + repeat.size > self._budget // _SHARE or request in self._known:
            return
        self._known[request] = repeat
        self._held += len(request) + repeat.size
        while self._held > self._budget:
            self._forget(next(iter(self._known)))

    def _forget(self, request: bytes) -> None:
        self._held -= len(request) + self._known.pop(request).size


def is_whole(data: bytes) -> bool:
    """Tell if bytes are one request without a body, short enough to be remembered."""
    return len(data) <= _LARGEST and data.startswith(b"GET ") and data.find(b"\r\n\r\n") == len(data) - 4


class Repeating:
    """Wraps the application: what it answers to a whole request, and says is kept, is remembered."""

    def __init__(self, app: ASGIApp, repeats: Repeats) -> None:
        self._app = app
        self._repeats = repeats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if _may_come_again(scope):
            await self._app(scope, receive, _Answer(self._repeats, scope, send).send)
        else:
            await self._app(scope, receive, send)


def _may_come_again(scope: Scope) -> bool:
    """Tell if a request is whole, and asks for nothing but its answer: HTTP/1.0 ends the connection too."""
    if scope.get(REQUEST) is None or scope["http_version"] != "1.1":
        return False
    return not any(name in _OWN_WORDS for name, _ in scope["headers"])


class _Answer:
    """One response on its way out."""

    def __init__(self, repeats: Repeats, scope: Scope, send: Send) -> None:
        self._repeats = repeats
        self._scope = scope
        self._send = send
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on; a body in one piece is remembered with its head."""
        if message["type"] == "http.response.start":
            self._start = message
        elif self._start is not None:
            if KEPT in self._scope and self._start["status"] == 200 and not message.get("more_body", False):
                self._keep(self._start, message.get("body", b""))
            self._start = None
        await self._send(message)

    def _keep(self, start: Message, body: bytes) -> None:
        head = b"".join(b"%b: %b\r\n" % pair for pair in start["headers"])
        version, path = self._scope[KEPT], self._scope["path"]
        self._repeats.keep(self._scope[REQUEST], Repeat(version, path, b"HTTP/1.1 200 OK\r\n" + head, body))
