"""Access log: one line on standard error for each request, with the id that the answer carries too."""

import json
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from secrets import token_hex
from time import perf_counter
from typing import NamedTuple, TypeAlias

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.api.clients import address_of
from kg.api.scope_keys import SINCE
from kg.errors import BadInput

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SHOWN_PATH = 200
REQUEST_ID = b"x-request-id"


class Line(NamedTuple):
    """The line of one request. The query of the address is left out: it may be long, or private."""

    request: str
    client: str | None
    method: str
    path: str
    status: int
    bytes: int
    seconds: float
    whole: bool


Writer: TypeAlias = Callable[[Line], str]


class AccessLog:
    """Writes the lines. ``write`` makes the text of one; ``count`` is called with each method and status."""

    def __init__(self, write: Writer | None, count: Callable[[str, int], None]) -> None:
        self._write = write
        self._count = count
        self._start = token_hex(6)
        self._number = 0

    def new_id(self) -> str:
        """Return an id that no other request has."""
        self._number += 1
        return f"{self._start}-{self._number:x}"

    def tell(self, line: Line) -> None:
        """Count a request and write its line."""
        self._count(line.method, line.status)
        if self._write is not None:
            with suppress(OSError):  # a log that takes no more lines is no fault of the answer
                sys.stderr.write(self._write(line))
                sys.stderr.flush()


class AccessLogged:
    """Wraps the application: each request gets an id and a line."""

    def __init__(self, app: ASGIApp, log: AccessLog) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, then write its line."""
        given = Headers(scope=scope).get("x-request-id", "")
        entry = _Entry(scope, given if _ID.fullmatch(given) else self._log.new_id(), send)
        try:
            await self._app(scope, receive, entry.send)
        finally:
            self._log.tell(entry.line())


class _Entry:
    """What is told of one request that is being answered."""

    def __init__(self, scope: Scope, request_id: str, send: Send) -> None:
        self._id = request_id
        self._status = 0
        self._scope = scope
        self._send = send
        self._sent = 0
        self._is_over = False
        self._began = scope.get(SINCE) or perf_counter()

    async def send(self, message: Message) -> None:
        """Pass a message on, and note its status, its size and whether it is the last."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message = {**message, "headers": [*message["headers"], (REQUEST_ID, self._id.encode())]}
        await self._send(message)
        self._sent += len(message.get("body", b""))
        self._is_over = message["type"] == "http.response.body" and not message.get("more_body", False)

    def line(self) -> Line:
        """Return the line."""
        return Line(
            request=self._id,
            client=address_of(self._scope),
            method=self._scope["method"],
            path=self._scope["path"],
            status=self._status,
            bytes=self._sent,
            seconds=perf_counter() - self._began,
            whole=self._is_over,
        )


def _json(line: Line) -> str:
    return (
        f'{{"time": "{_now()}", "request": "{line.request}", "client": {json.dumps(line.client)},'
        f' "method": {json.dumps(line.method)}, "path": {json.dumps(line.path[:_SHOWN_PATH])},'
        f' "status": {line.status}, "bytes": {line.bytes}, "seconds": {line.seconds:.4f},'
        f' "whole": {"true" if line.whole else "false"}}}\n'
    )


def _text(line: Line) -> str:
    path = line.path[:_SHOWN_PATH].encode("unicode_escape").decode()  # a line stays one line
    whole = "" if line.whole else " broken off"
    return (
        f"{_now()} {line.request} {line.method} {path} {line.status} {line.bytes} bytes"
        f" {line.seconds:.4f} s{whole}\n"
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


_FORMS: dict[str, Writer | None] = {"json": _json, "text": _text, "off": None}


def writer(form: str) -> Writer | None:
    """Return the writer of lines in a form (json, text); None for off. Raises BadInput for another form."""
    if form not in _FORMS:
        raise BadInput(f"KG_LOG is one of {', '.join(_FORMS)}, not {form!r}.")
    return _FORMS[form]
