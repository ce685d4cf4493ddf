"""Common headers: adds them to each response, answers HEAD and OPTIONS, and reports unexpected exceptions."""

from collections.abc import Iterable
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.api import languages, lengths, problems, sparql_protocol
from kg.api.answer_headers import CLOSED, OPEN, RawHeaders
from kg.api.parameters import FORM_TYPE
from kg.api.route_table import RouteTable


class CommonHeaders:
    """Wraps the application; ``table`` lists its routes. Pages of ``origins`` may write as well as read."""

    def __init__(self, app: ASGIApp, table: RouteTable, origins: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._table = table
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the headers of every response."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        path = scope["path"]
        may_write = bool(self._origins) and Headers(scope=scope).get("origin") in self._origins
        may_cross = may_write or not self._table.is_closed(path)
        outgoing = _Response(scope, send, OPEN if may_cross else CLOSED)
        if fault := lengths.header_fault(scope["headers"]):
            return await problems.problem(fault)(scope, receive, outgoing.send)
        if scope["method"] == "OPTIONS" and (allowed := self._table.methods(path)):
            needs_token = self._table.needs_token
            crossing = [each for each in allowed if may_write or not needs_token(each, path)]
            return await _options(allowed, crossing if may_cross else [])(scope, receive, outgoing.send)
        get_scope = {**scope, "method": "GET"} if outgoing.is_head else scope
        try:
            await self._app(get_scope, receive, outgoing.send)
            scope["route"] = get_scope.get("route")  # for the log: a HEAD has a scope of its own
        except Exception as fault:
            if outgoing.is_begun:  # too late for another answer: the server closes the connection
                raise
            await problems.unforeseen(fault, scope)(scope, receive, outgoing.send)


def _options(allowed: list[str], crossing: list[str]) -> Response:
    headers = {"Allow": ", ".join(allowed)}
    if "QUERY" in allowed:
        headers["Accept-Query"] = ", ".join(f'"{each}"' for each in (sparql_protocol.QUERY_TYPE, FORM_TYPE))
    if crossing:
        headers |= {
            "Access-Control-Allow-Methods": ", ".join(crossing),
            "Access-Control-Allow-Headers": "Accept, Authorization, Content-Encoding, Content-Type, "
            "If-None-Match",
            "Access-Control-Max-Age": "86400",
        }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


class _Response:
    """One outgoing response."""

    def __init__(self, scope: Scope, send: Send, headers: RawHeaders) -> None:
        self.is_head = scope["method"] == "HEAD"
        self._cookie = languages.cookie(scope)
        self.is_begun = False
        self._headers = headers
        self._send = send

    async def send(self, message: Message) -> None:
        """Add headers to the start of the response; drop the body of an answer to HEAD."""
        if message["type"] == "http.response.start":
            self.is_begun = True
            names = {name for name, _ in message["headers"]}
            more = (pair for pair in self._headers if pair[0] not in names)
            message = {**message, "headers": [*message["headers"], *more]}
            if self._cookie and _is_page(message["headers"]):
                message["headers"].append((b"set-cookie", self._cookie))
        elif self.is_head:
            message = {**message, "body": b""}
        await self._send(message)


def _is_page(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers)
