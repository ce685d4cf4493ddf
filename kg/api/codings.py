"""Content codings of answers: chooses zstd or gzip by Accept-Encoding (RFC 9110, 12.5.3), and compresses.

If a client accepts both with equal weight, zstd is chosen: its output is as small and takes a third of the
time. zstd is sent only to a client that names it.
"""

import gzip
import re
import sys
import zlib
from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Protocol

from starlette.datastructures import Headers

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

IDENTITY, GZIP, ZSTD = "identity", "gzip", "zstd"
LEVEL = 5
ZSTD_LEVEL = 3
"""Compression level of zstd; its window is 2 MiB, and clients may refuse one above 8 MiB (RFC 9659)."""
SMALLEST = 1024
"""Minimum bytes of a body that is compressed."""

_CODING = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.IGNORECASE)


def chosen(headers: Headers) -> str:
    """Return the content coding of an answer.

    >>> chosen(Headers({"accept-encoding": "br, gzip;q=0.5"}))
    'gzip'
    >>> chosen(Headers({"accept-encoding": "gzip, br, zstd"}))
    'zstd'
    >>> chosen(Headers({"accept-encoding": "gzip;q=0, *"}))
    'identity'
    """
    accept_encoding = ",".join(headers.getlist("accept-encoding"))
    if not accept_encoding:
        return IDENTITY
    return (
        _remembered(accept_encoding)
        if len(accept_encoding) <= _LONGEST_REMEMBERED
        else _chosen(accept_encoding)
    )


def _chosen(accept_encoding: str) -> str:
    matches = (_CODING.fullmatch(entry) for entry in accept_encoding.split(","))
    qualities = {match[1].lower(): float(match[2] or 1) for match in matches if match}
    liked = {
        ZSTD: qualities.get(ZSTD, 0.0),
        GZIP: qualities.get(GZIP, qualities.get("x-gzip", qualities.get("*", 0.0))),
    }
    best = max(liked, key=lambda coding: liked[coding])
    return best if liked[best] > 0 and liked[best] >= qualities.get(IDENTITY, 0.0) else IDENTITY


_LONGEST_REMEMBERED = 256
_remembered = lru_cache(256)(_chosen)  # programs send the same header with each request


def coded(body: bytes, coding: str) -> tuple[bytes, dict[str, str]]:
    """Compress a whole body; return it with the headers that name the coding."""
    if coding == IDENTITY or len(body) < SMALLEST:
        return body, {}
    packed = zstd.compress(body, ZSTD_LEVEL) if coding == ZSTD else gzip.compress(body, LEVEL, mtime=0)
    return packed, {"Content-Encoding": coding}


def coded_chunks(chunks: AsyncIterator[bytes], coding: str) -> tuple[AsyncIterator[bytes], dict[str, str]]:
    """Compress a body chunk by chunk; return the chunks with the headers that name the coding."""
    if coding == IDENTITY:
        return chunks, {}
    return _coded_chunks(chunks, compressor(coding)), {"Content-Encoding": coding}


async def _coded_chunks(chunks: AsyncIterator[bytes], compressor: "Compressor") -> AsyncIterator[bytes]:
    async for chunk in chunks:
        if piece := compressor.compress(chunk):
            yield piece
    yield compressor.flush()


class Compressor(Protocol):
    """Compresses a body piece by piece."""

    def compress(self, data: bytes, /) -> bytes:
        """Add a piece; return the bytes that are ready."""
        ...

    def flush(self) -> bytes:
        """Return the rest."""
        ...


def compressor(coding: str) -> Compressor:
    """Return the compressor of a content coding."""
    return zstd.ZstdCompressor(level=ZSTD_LEVEL) if coding == ZSTD else zlib.compressobj(LEVEL, wbits=31)
