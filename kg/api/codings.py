"""Content codings of answers: which of zstd and gzip a client accepts (RFC 9110, 12.5.3), and the coding.

Of two that a client likes equally, zstd is chosen: it is as small, in a third of the time. Only a client that
names zstd is sent it.
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
"""Its window is 2 MiB; clients may refuse one above 8 (RFC 9659)."""
SMALLEST = 1024
"""Bytes below which a body is sent plain."""

_CODING = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.IGNORECASE)


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
    """Code a whole body; return it with the headers that say so."""
    if coding == IDENTITY or len(body) < SMALLEST:
        return body, {}
    packed = zstd.compress(body, ZSTD_LEVEL) if coding == ZSTD else gzip.compress(body, LEVEL, mtime=0)
    return packed, {"Content-Encoding": coding}


def coded_chunks(chunks: AsyncIterator[bytes], coding: str) -> tuple[AsyncIterator[bytes], dict[str, str]]:
    """Code a body chunk by chunk; return the coded chunks with the headers that say so."""
    if coding == IDENTITY:
        return chunks, {}
    return _coded_chunks(chunks, compressor(coding)), {"Content-Encoding": coding}


async def _coded_chunks(chunks: AsyncIterator[bytes], compressor: "Compressor") -> AsyncIterator[bytes]:
    async for chunk in chunks:
        if piece := compressor.compress(chunk):
            yield piece
    yield compressor.flush()


class Compressor(Protocol):
    """Codes a body piece by piece."""

    def compress(self, data: bytes, /) -> bytes:
        """Take a piece; return the bytes that are ready."""
        ...

    def flush(self) -> bytes:
        """Return the rest."""
        ...


def compressor(coding: str) -> Compressor:
    """Make the compressor of a coding."""
    return zstd.ZstdCompressor(level=ZSTD_LEVEL) if coding == ZSTD else zlib.compressobj(LEVEL, wbits=31)
