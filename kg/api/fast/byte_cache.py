"""Answers to requests that came before, found by their bytes, without reading the request.

A client that asks the same again sends the same bytes, and while the version is the same the answer is too.
"""

from collections.abc import Callable, Iterable

from starlette.types import Scope

from kg.api.answer_cache import AnswerCache, CachedAnswer, RequestBytes
from kg.api.metrics import Metrics
from kg.api.middleware.access_log import REQUEST_ID, AccessLog, Line
from kg.api.scope_keys import REQUEST

_LARGEST = 1 << 13
"""Bytes that a request may have to be remembered."""
_OWN_WORDS = frozenset(
    {
        *(b"authorization", b"connection", b"expect", b"upgrade", REQUEST_ID),
        *(b"content-length", b"transfer-encoding"),
    }
)
"""Headers of requests that are read each time: they concern one request, its body, or the connection."""


class Repeats:
    """Answers requests that came before from the cache; ``version`` gives the version that is served."""

    def __init__(
        self, log: AccessLog, metrics: Metrics, version: Callable[[], int], answers: AnswerCache
    ) -> None:
        self._log = log
        self._metrics = metrics
        self._version = version
        self._answers = answers

    def answer(self, request: bytes, client: str | None, more: Iterable[tuple[bytes, bytes]]) -> bytes | None:
        """Give the whole response to a request that came before, with ``more`` headers (the date).

        It is counted and logged like any other; None where the request is not known.
        """
        known = self._answers.find(request, self._version())
        if known is None:
            return None
        path, found = known
        self._metrics.kept["hit"] += 1
        number = self._log.new_id()
        self._log.tell(Line(number, client, "GET", path, 200, len(found.body), 0.0, True, _route(path)))
        return written(found, number, more)


def _route(path: str) -> str:
    return "/questions/{name}" if path.startswith("/questions/") else path


def written(answer: CachedAnswer, number: str, more: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Write a whole response: with the request's id, and with ``more`` headers (the date)."""
    rest = b"".join([b"%b: %b\r\n" % pair for pair in (*more, (REQUEST_ID, number.encode()))])
    return b"%b%b\r\n%b" % (answer.head, rest, answer.body)


def is_whole(data: bytes) -> bool:
    """Tell if bytes are one request without a body, short enough to be remembered."""
    return len(data) <= _LARGEST and data.startswith(b"GET ") and data.find(b"\r\n\r\n") == len(data) - 4


def repeatable(scope: Scope, version: int) -> RequestBytes | None:
    """Give the bytes of a request if the same bytes ask for the same answer, while the version is this.

    None for a request of HTTP/1.0, which ends the connection too, and for one that is not whole.
    """
    data: bytes | None = scope.get(REQUEST)
    if data is None or scope["http_version"] != "1.1":
        return None
    if any(name in _OWN_WORDS for name, _ in scope["headers"]):
        return None
    return RequestBytes(data, scope["path"], version)
