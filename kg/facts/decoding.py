"""Decoding of bodies in a content coding (RFC 9110, 8.4), up to a maximum size.

Decoding stops as soon as the output exceeds that size.
"""

import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

from kg.errors import BadInput, TooLarge
from kg.store import zstd

IDENTITY = "identity"
MOST_PARTS = 1000
"""Maximum members of gzip, or frames of zstd, in one body."""
LONGEST_WINDOW = 23
"""Binary logarithm of the zstd window in bytes: 8 MiB, which RFC 9659 requires every decoder to support."""


class _Decoder(Protocol):
    """Decoder of one gzip member or zstd frame."""

    @property
    def eof(self) -> bool:
        """True at the end of the member or frame."""
        ...

    @property
    def unused_data(self) -> bytes:
        """The bytes after the member or frame."""
        ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Decode data, and return at most ``max_length`` bytes."""
        ...


def _of_zstd() -> _Decoder:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: LONGEST_WINDOW})


_DECODERS: Mapping[str, Callable[[], _Decoder]] = {
    "gzip": lambda: zlib.decompressobj(wbits=31),
    "zstd": _of_zstd,
}
CODINGS = tuple(_DECODERS)


def decoded(data: bytes, coding: str, most_bytes: int) -> bytes:
    """Decode a body; raises TooLarge for more than ``most_bytes``, BadInput if it is not in the coding."""
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
    """Return the first part of a body, decoded up to ``most_bytes``, and the bytes after that part."""
    decoder = _DECODERS[coding]()
    try:
        piece = decoder.decompress(data, most_bytes)
    except (zlib.error, zstd.ZstdError):
        raise BadInput(f"The body is not in the coding {coding}, as its header says.") from None
    if not decoder.eof and len(piece) < most_bytes:
        raise _cut(coding)
    return piece, decoder.unused_data


def _cut(coding: str) -> BadInput:
    return BadInput(f"The body in the coding {coding} is truncated; send it again.")
