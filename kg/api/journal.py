"""One line on standard error for each request, with an id that the client is told too."""

import json
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter
from typing import TypeAlias
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import BadInput

Writer: TypeAlias = Callable[[dict[str, object]], str]

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SHOWN_PATH = 200


class Journal:
    """Wraps the application; ``write`` makes a line, ``count`` hears of each method and status."""

    def __init__(self, app: ASGIApp, write: Writer | None, count: Callable[[str, int], None]) -> None:
        self._app = app
        self._write = write
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, then write its line."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        given = Headers(scope=scope).get("x-request-id", "")
        entry = _Entry(scope, given if _ID.fullmatch(given) else uuid4().hex, send)
        scope["kg.request"] = entry.id
        try:
            await self._app(scope, receive, entry.send)
        finally:
            self._count(scope["method"], entry.status)
            if self._write is not None:
                with suppress(OSError):  # a log that takes no more lines is no fault of the answer
                    print(self._write(entry.members()), file=sys.stderr, flush=True)


class _Entry:
    """What is told of one request."""

    def __init__(self, scope: Scope, request_id: str, send: Send) -> None:
        self.id = request_id
        self.status = 0
        self._scope = scope
        self._send = send
        self._sent = 0
        self._is_over = False
        self._began = perf_counter()

    async def send(self, message: Message) -> None:
        """Pass a message on, and note what it tells."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["X-Request-Id"] = self.id
        await self._send(message)
        self._sent += len(message.get("body", b""))
        self._is_over = message["type"] == "http.response.body" and not message.get("more_body", False)

    def members(self) -> dict[str, object]:
        """Tell it; what was asked in the address stays out, for it may be long and may be private."""
        client = self._scope.get("client")
        return {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request": self.id,
            "client": client[0] if client else None,
            "method": self._scope["method"],
            "path": self._scope["path"][:_SHOWN_PATH],
            "status": self.status,
            "bytes": self._sent,
            "seconds": round(perf_counter() - self._began, 4),
            "whole": self._is_over,
        }


def _json(members: dict[str, object]) -> str:
    return json.dumps(members, ensure_ascii=True)


def _text(members: dict[str, object]) -> str:
    path = str(members["path"]).encode("unicode_escape").decode()  # a line stays one line
    whole = "" if members["whole"] else " broken off"
    return "{time} {request} {method} {} {status} {bytes} bytes {seconds} s{}".format(path, whole, **members)


_FORMS: dict[str, Writer | None] = {"json": _json, "text": _text, "off": None}


def writer(form: str) -> Writer | None:
    """Give what writes a line in a form: json, text, or nothing where it is off."""
    if form not in _FORMS:
        raise BadInput(f"KG_LOG is one of {', '.join(_FORMS)}, not {form!r}.")
    return _FORMS[form]
