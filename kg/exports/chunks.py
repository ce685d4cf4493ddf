"""Chunks of an export: collected from pieces of text, or read back from a temporary file."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO

CHUNK = 1 << 16
"""Approximate bytes in a chunk."""


def gather(pieces: Iterable[str]) -> Iterator[bytes]:
    """Gather small pieces of text into chunks of bytes."""
    return regather(piece.encode() for piece in pieces)


def regather(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Gather pieces of bytes of any size into chunks."""
    gathered: list[bytes] = []
    size = 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield b"".join(gathered)
            gathered, size = [], 0
    if size:
        yield b"".join(gathered)


def from_file(write: Callable[[IO[bytes]], object]) -> Iterator[bytes]:
    """Let ``write`` write a document to a temporary file, then yield it.

    A format needs this if it may fail after its first chunk, or if its library requires a file.
    """
    with tempfile.TemporaryFile() as file:
        write(file)
        file.seek(0)
        yield from iter(lambda: file.read(CHUNK), b"")
