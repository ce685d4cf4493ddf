"""Compression middleware: compresses an answer if the client accepts it and it makes the answer smaller."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.api.codings import IDENTITY, SMALLEST, Compressor, chosen, compressor

_TEXTUAL = ("text/", "application/", "image/svg")


class Compression:
    """Wraps the application: compresses an answer that is not compressed, if the client accepts a coding."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        coding = chosen(Headers(scope=scope)) if scope["type"] == "http" else IDENTITY
        if coding != IDENTITY:
            await self._app(scope, receive, _Coder(send, coding).send)
        else:
            await self._app(scope, receive, send)


class _Coder:
    """One outgoing response; holds the headers back until the first bytes of the body."""

    def __init__(self, send: Send, coding: str) -> None:
        self._send = send
        self._coding = coding
        self._start: Message | None = None
        self._compressor: Compressor | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on, compressed if that makes it smaller."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        start, self._start = self._start, None
        if start is not None and _is_worth_it(Headers(raw=start["headers"]), len(body), more):
            self._compressor = compressor(self._coding)
        if self._compressor is not None:
            body = self._compressor.compress(body) + (b"" if more else self._compressor.flush())
        if start is not None:
            await self._send(self._with_coding(start, len(body), more))
        await self._send({**message, "body": body})

    def _with_coding(self, start: Message, size: int, more: bool) -> Message:
        if self._compressor is None:
            return start
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["Content-Encoding"] = self._coding
        del headers["Content-Length"]
        if not more:
            headers["Content-Length"] = str(size)
        return {**start, "headers": headers.raw}


def _is_worth_it(headers: Headers, size: int, more: bool) -> bool:
    if "content-encoding" in headers or "content-range" in headers:
        return False
    return headers.get("content-type", "").startswith(_TEXTUAL) and (more or size >= SMALLEST)
