"""What holds for every request and response: HEAD, OPTIONS, CORS for reads, headers, the last resort."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.api import problems, sparql_protocol

_ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept, Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}
_READABLE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Allow, ETag, Location, Retry-After, X-Graph-Version, X-Request-Id",
}
_WRITING = ("/facts", "/update", "/retractions")
"""Addresses that pages of other sites may not use."""
_BOTH = ("/graphs",)
"""Addresses that they may read and not write."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})


class Edges:
    """Wraps the application; ``allowed`` lists the methods that are answered at a path.

    Pages of ``origins`` may write as well as read.
    """

    def __init__(
        self, app: ASGIApp, allowed: Callable[[str], list[str]], origins: frozenset[str] = frozenset()
    ) -> None:
        self._app = app
        self._allowed = allowed
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the headers that every response has."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        may_write = bool(self._origins) and Headers(scope=scope).get("origin") in self._origins
        edge = _Edge(scope, send, may_write=may_write)
        if scope["method"] == "OPTIONS" and (allowed := self._allowed(scope["path"])):
            options = _options(scope["path"], allowed, may_write=may_write)
            return await options(scope, receive, edge.send)
        asked = {**scope, "method": "GET"} if edge.is_head else scope
        try:
            await self._app(asked, receive, edge.send)
        except Exception as fault:
            if edge.is_begun:  # too late for another answer: let the server break off
                raise
            await problems.unforeseen(fault, scope)(scope, receive, edge.send)


def _options(path: str, allowed: list[str], *, may_write: bool) -> Response:
    headers = {"Allow": ", ".join(allowed)}
    if "QUERY" in allowed:
        headers["Accept-Query"] = ", ".join(
            f'"{each}"' for each in (sparql_protocol.QUERY_TYPE, sparql_protocol.FORM_TYPE)
        )
    if may_write or _crosses(path):
        crossing = [method for method in allowed if may_write or not writes(method, path)]
        headers |= {
            "Access-Control-Allow-Methods": ", ".join(crossing),
            "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match",
            "Access-Control-Max-Age": "86400",
        }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


class _Edge:
    """One response on its way out."""

    def __init__(self, scope: Scope, send: Send, *, may_write: bool) -> None:
        self.is_head = scope["method"] == "HEAD"
        self.is_begun = False
        self._headers = _OPEN if may_write or _crosses(scope["path"]) else _CLOSED
        self._send = send

    async def send(self, message: Message) -> None:
        """Add headers to the beginning, and keep the body from who asked for the head."""
        if message["type"] == "http.response.start":
            self.is_begun = True
            named = {name for name, _ in message["headers"]}
            more = (pair for pair in self._headers if pair[0] not in named)
            message = {**message, "headers": [*message["headers"], *more]}
        elif self.is_head:
            message = {**message, "body": b""}
        await self._send(message)


def writes(method: str, path: str) -> bool:
    """Return True where a request may change the graph."""
    return method not in _SAFE and path.startswith((*_WRITING, *_BOTH))


def _crosses(path: str) -> bool:
    """Tell if pages of any site may read there; there are no cookies, so they read what anyone can."""
    return not path.startswith(_WRITING)


def _encoded(headers: dict[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


_CLOSED = _encoded(_ALWAYS)
_OPEN = _encoded(_ALWAYS | _READABLE)
READABLE = b"".join(b"%b: %b\r\n" % pair for pair in _OPEN)
"""The headers of all that pages of any site may read, as they go out."""
