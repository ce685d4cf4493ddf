"""Access log: one line on standard error for each request, with the id that the answer carries too."""

import json
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from secrets import token_hex
from time import perf_counter
from typing import NamedTuple, TypeAlias

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.api.clients import address_of
from kg.api.scope_keys import NOTES, SINCE
from kg.errors import BadInput

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SHOWN_PATH = 200
REQUEST_ID = b"x-request-id"


SECONDS_SLOW = 1.0
"""Minimum duration in seconds of a request whose log line shows its query."""
MOST_HASHED = 8192
"""Maximum characters of a query that are hashed (together with its length).

Hashing more takes too long on the event loop.
"""
_SHOWN_QUERY = 200
OTHER_ROUTE = "other"
"""The route name of requests that no route answers."""


class Line(NamedTuple):
    """The log line of one request, without the query string, which may be long or private.

    If a query was slow or failed, the line shows part of its text. ``route`` is the pattern of the path,
    ``bearer`` names the token of a write.
    """

    request: str
    client: str | None
    method: str
    path: str
    status: int
    bytes: int
    seconds: float
    whole: bool
    route: str = OTHER_ROUTE
    bearer: str | None = None
    query: str | None = None

    @property
    def notable_query(self) -> tuple[str, str] | None:
        """The hash and the first line of a query that was slow, failed, or was cut off; else None.

        >>> Line("1", None, "GET", "/sparql", 400, 0, 0.1, True, query="ASK {").notable_query
        ('1b5dd8e9d507', 'ASK {')
        """
        is_notable = self.status >= HTTPStatus.BAD_REQUEST or self.seconds >= SECONDS_SLOW or not self.whole
        if self.query is None or not is_notable:
            return None
        hashed = sha256(f"{len(self.query)} {self.query[:MOST_HASHED]}".encode(errors="replace"))
        first = self.query[:MOST_HASHED].lstrip().partition("\n")[0].rstrip()
        return hashed.hexdigest()[:12], first[:_SHOWN_QUERY]


def note_query(scope: Scope, text: str) -> None:
    """Record the query of a request for its log line."""
    if (notes := scope.get(NOTES)) is not None:
        notes["query"] = text


Writer: TypeAlias = Callable[[Line], str]


class AccessLog:
    """Writes log lines. ``write`` returns the text of a line; each line is passed to ``count``."""

    def __init__(self, write: Writer | None, count: Callable[[Line], None]) -> None:
        self._write = write
        self._count = count
        self._start = token_hex(6)
        self._number = 0

    def new_id(self) -> str:
        """Return a new id."""
        self._number += 1
        return f"{self._start}-{self._number:x}"

    def write(self, line: Line) -> None:
        """Count a request and write its line."""
        self._count(line)
        if self._write is not None:
            with suppress(OSError):  # a log that cannot be written must not fail the answer
                sys.stderr.write(self._write(line))
                sys.stderr.flush()


class AccessLogged:
    """Wraps the application: gives each request an id and a log line; ``bearer_of`` names a write's token."""

    def __init__(self, app: ASGIApp, log: AccessLog, bearer_of: Callable[[Scope], str | None]) -> None:
        self._app = app
        self._log = log
        self._bearer_of = bearer_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, then write its line."""
        request_id = Headers(scope=scope).get("x-request-id", "")
        entry = _Entry(scope, request_id if _ID.fullmatch(request_id) else self._log.new_id(), send)
        scope[NOTES] = {}
        try:
            await self._app(scope, receive, entry.send)
        finally:
            self._log.write(entry.line(self._bearer_of(scope)))


class _Entry:
    """The data of one request in progress that its log line shows."""

    def __init__(self, scope: Scope, request_id: str, send: Send) -> None:
        self._id = request_id
        self._status = 0
        self._scope = scope
        self._send = send
        self._sent = 0
        self._is_over = False
        self._began = scope.get(SINCE) or perf_counter()

    async def send(self, message: Message) -> None:
        """Pass a message on; note the status, the size, and whether it is the last message."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message = {**message, "headers": [*message["headers"], (REQUEST_ID, self._id.encode())]}
        await self._send(message)
        self._sent += len(message.get("body", b""))
        self._is_over = message["type"] == "http.response.body" and not message.get("more_body", False)

    def line(self, bearer: str | None) -> Line:
        """Return the line."""
        notes, found = self._scope[NOTES], self._scope.get("route")
        route = notes.get("route") or getattr(found, "path", OTHER_ROUTE)
        return Line(
            request=self._id,
            client=address_of(self._scope),
            method=self._scope["method"],
            path=self._scope["path"],
            status=self._status,
            bytes=self._sent,
            seconds=perf_counter() - self._began,
            whole=self._is_over,
            route=route,
            bearer=bearer,
            query=notes.get("query"),
        )


def _json(line: Line) -> str:
    return (
        f'{{"time": "{_now()}", "request": "{line.request}", "client": {json.dumps(line.client)},'
        f' "method": {json.dumps(line.method)}, "path": {json.dumps(line.path[:_SHOWN_PATH])},'
        f' "status": {line.status}, "bytes": {line.bytes}, "seconds": {line.seconds:.4f},'
        f' "whole": {"true" if line.whole else "false"}{_more(line)}}}\n'
    )


def _more(line: Line) -> str:
    """Return the members that few lines have."""
    query_line = line.notable_query
    query = {"query": query_line[0], "first_line": query_line[1]} if query_line else {}
    members = {**({"bearer": line.bearer} if line.bearer else {}), **query}
    return "".join(f", {json.dumps(name)}: {json.dumps(value)}" for name, value in members.items())


def _text(line: Line) -> str:
    path = _escaped(line.path[:_SHOWN_PATH])  # a line stays one line
    whole = "" if line.whole else " broken off"
    bearer = f" by {_escaped(line.bearer)}" if line.bearer else ""
    query_line = line.notable_query
    query = f" query {query_line[0]}: {_escaped(query_line[1])}" if query_line else ""
    return (
        f"{_now()} {line.request} {line.method} {path} {line.status} {line.bytes} bytes"
        f" {line.seconds:.4f} s{whole}{bearer}{query}\n"
    )


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


_FORMS: dict[str, Writer | None] = {"json": _json, "text": _text, "off": None}


def writer(form: str) -> Writer | None:
    """Return the writer of a form of lines (json, text); None for off. Raises BadInput for any other form."""
    if form not in _FORMS:
        raise BadInput(f"KG_LOG must be one of {', '.join(_FORMS)}, not {form!r}.")
    return _FORMS[form]
