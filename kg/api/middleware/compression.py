"""Content codings: if a client takes zstd or gzip, and a wrapper that sends answers so (RFC 9110, 12.5.3).

Of what it likes equally, zstd: as small, in a third of the time. It is sent to those only who name it.
"""

import gzip
import re
import sys
import zlib
from functools import lru_cache
from typing import Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

IDENTITY, GZIP, ZSTD = "identity", "gzip", "zstd"
LEVEL = 5
ZSTD_LEVEL = 3
"""Its window is 2 MiB; clients may refuse one above 8 (RFC 9659)."""
SMALLEST = 1024
"""Bytes below which coding is not worth its while."""

_CODING = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.IGNORECASE)
_TEXTUAL = ("text/", "application/", "image/svg")


def chosen(headers: Headers) -> str:
    """Choose the coding of an answer.

    >>> chosen(Headers({"accept-encoding": "br, gzip;q=0.5"}))
    'gzip'
    >>> chosen(Headers({"accept-encoding": "gzip, br, zstd"}))
    'zstd'
    >>> chosen(Headers({"accept-encoding": "gzip;q=0, *"}))
    'identity'
    """
    told = ",".join(headers.getlist("accept-encoding"))
    if not told:
        return IDENTITY
    return _remembered(told) if len(told) <= _LONGEST_REMEMBERED else _chosen(told)


def _chosen(told: str) -> str:
    matches = (_CODING.fullmatch(entry) for entry in told.split(","))
    wanted = {match[1].lower(): float(match[2] or 1) for match in matches if match}
    liked = {
        ZSTD: wanted.get(ZSTD, 0.0),
        GZIP: wanted.get(GZIP, wanted.get("x-gzip", wanted.get("*", 0.0))),
    }
    best = max(liked, key=lambda coding: liked[coding])
    return best if liked[best] > 0 and liked[best] >= wanted.get(IDENTITY, 0.0) else IDENTITY


_LONGEST_REMEMBERED = 256
_remembered = lru_cache(256)(_chosen)  # programs send the same header with each request


def coded(body: bytes, coding: str) -> tuple[bytes, dict[str, str]]:
    """Code a whole body, and give the headers that say so."""
    if coding == IDENTITY or len(body) < SMALLEST:
        return body, {}
    packed = zstd.compress(body, ZSTD_LEVEL) if coding == ZSTD else gzip.compress(body, LEVEL, mtime=0)
    return packed, {"Content-Encoding": coding}


class _Compressor(Protocol):
    """What codes a body piece by piece."""

    def compress(self, data: bytes, /) -> bytes:
        """Take a piece; give what is ready."""
        ...

    def flush(self) -> bytes:
        """Give the rest."""
        ...


def _compressor(coding: str) -> _Compressor:
    return zstd.ZstdCompressor(level=ZSTD_LEVEL) if coding == ZSTD else zlib.compressobj(LEVEL, wbits=31)


class Codings:
    """Wraps the application: what goes out plain goes out coded, where the client takes it."""

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
    """One response on its way out; its beginning is held until its first bytes are there."""

    def __init__(self, send: Send, coding: str) -> None:
        self._send = send
        self._coding = coding
        self._start: Message | None = None
        self._compressor: _Compressor | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on, coded where that is worth it."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        start, self._start = self._start, None
        if start is not None and _is_worth_it(Headers(raw=start["headers"]), len(body), more):
            self._compressor = _compressor(self._coding)
        if self._compressor is not None:
            body = self._compressor.compress(body) + (b"" if more else self._compressor.flush())
        if start is not None:
            await self._send(self._told(start, len(body), more))
        await self._send({**message, "body": body})

    def _told(self, start: Message, size: int, more: bool) -> Message:
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
