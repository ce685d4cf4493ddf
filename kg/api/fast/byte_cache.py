"""Cache of answers by request bytes: answers a repeated request without parsing it.

A client that repeats a request sends the same bytes, and on the same version the answer is the same.
"""

from collections.abc import Callable, Iterable

from starlette.types import Scope

from kg.api.answer_cache import AnswerCache, CachedAnswer, RequestBytes
from kg.api.metrics import Metrics
from kg.api.middleware.access_log import REQUEST_ID, AccessLog, Line
from kg.api.scope_keys import REQUEST

_LARGEST = 1 << 13
"""Maximum bytes of a request that is remembered."""
_OWN_WORDS = frozenset(
    {
        *(b"authorization", b"connection", b"expect", b"upgrade", REQUEST_ID),
        *(b"content-length", b"transfer-encoding"),
    }
)
"""A request with one of these headers is always parsed: they concern it alone, its body or the connection."""


class Repeats:
    """Answers repeated requests from the cache; ``version`` returns the current version."""

    def __init__(
        self, log: AccessLog, metrics: Metrics, version: Callable[[], int], answers: AnswerCache
    ) -> None:
        self._log = log
        self._metrics = metrics
        self._version = version
        self._answers = answers

    def answer(self, request: bytes, client: str | None, more: Iterable[tuple[bytes, bytes]]) -> bytes | None:
        """Return the whole response to a repeated request, with ``more`` headers (the date); else None.

        The request is counted and logged like any other.
        """
        entry = self._answers.find(request, self._version())
        if entry is None:
            return None
        path, found = entry
        self._metrics.kept["hit"] += 1
        number = self._log.new_id()
        self._log.write(Line(number, client, "GET", path, 200, len(found.body), 0.0, True, _route(path)))
        return written(found, number, more)


def _route(path: str) -> str:
    return "/questions/{name}" if path.startswith("/questions/") else path


def written(answer: CachedAnswer, number: str, more: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return a whole response as bytes, with the request's id and ``more`` headers (the date)."""
    rest = b"".join([b"%b: %b\r\n" % pair for pair in (*more, (REQUEST_ID, number.encode()))])
    return b"%b%b\r\n%b" % (answer.head, rest, answer.body)


def is_whole(data: bytes) -> bool:
    """Return True if ``data`` is one complete request without a body, short enough to be remembered."""
    return len(data) <= _LARGEST and data.startswith(b"GET ") and data.find(b"\r\n\r\n") == len(data) - 4


def repeatable(scope: Scope, version: int) -> RequestBytes | None:
    """Return the bytes of a request, if the same bytes have the same answer on this version; else None.

    None for a request of HTTP/1.0, which also ends the connection, and for one that is not complete.
    """
    data: bytes | None = scope.get(REQUEST)
    if data is None or scope["http_version"] != "1.1":
        return None
    if any(name in _OWN_WORDS for name, _ in scope["headers"]):
        return None
    return RequestBytes(data, scope["path"], version)
