"""Decoding of bodies in a content coding (RFC 9110, 8.4), within a bound of bytes.

A body that is longer than its bound is refused as soon as that shows: no more of it is decoded.
"""

import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

from kg.errors import BadInput, TooLarge
from kg.store import zstd

IDENTITY = "identity"
MOST_PARTS = 1000
"""Members of gzip, or frames of zstd, that one body may have."""
LONGEST_WINDOW = 23
"""The logarithm of the bytes that a decoder of zstd keeps: 8 MiB, which RFC 9659 asks of all."""


class _Decoder(Protocol):
    """Decodes one member or frame."""

    @property
    def eof(self) -> bool:
        """True at its end."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What follows it."""
        ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Decode data, but not more than so many bytes of it."""
        ...


def _of_zstd() -> _Decoder:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: LONGEST_WINDOW})


_DECODERS: Mapping[str, Callable[[], _Decoder]] = {
    "gzip": lambda: zlib.decompressobj(wbits=31),
    "zstd": _of_zstd,
}
CODINGS = tuple(_DECODERS)


def decoded(data: bytes, coding: str, most_bytes: int) -> bytes:
    """Decode a body. Raises TooLarge if it is longer than ``most_bytes``, BadInput if it is not so coded."""
    if coding == IDENTITY:
        return data
    if not data:
        raise _cut(coding)
    pieces: list[bytes] = []
    room = most_bytes
    while data:
        if len(pieces) == MOST_PARTS:
            raise TooLarge(f"The body has more than {MOST_PARTS} parts in the coding {coding}; send one.")
        piece, data = _part(data, coding, room + 1)
        room -= len(piece)
        if room < 0:
            raise TooLarge(f"The body is longer than {most_bytes} bytes when it is decoded.")
        pieces.append(piece)
    return b"".join(pieces)


def _part(data: bytes, coding: str, most_bytes: int) -> tuple[bytes, bytes]:
    """Decode the first part of a body, up to so many bytes; return it with what follows it."""
    decoder = _DECODERS[coding]()
    try:
        piece = decoder.decompress(data, most_bytes)
    except (zlib.error, zstd.ZstdError):
        raise BadInput(f"The body is not in the coding {coding}, as its header says.") from None
    if not decoder.eof and len(piece) < most_bytes:
        raise _cut(coding)
    return piece, decoder.unused_data


def _cut(coding: str) -> BadInput:
    return BadInput(f"The body in the coding {coding} was cut on its way.")
