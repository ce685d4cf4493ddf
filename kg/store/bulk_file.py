"""Bulk file: the quads that a load brings or takes away, as compressed N-Quads beside its record in the log.

Each quad stands in it once, in a graph that an IRI names, in the normal form of the store. A line is thus cut
into triple and graph without a parser. The record names the number of quads and the hash of the file.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from kg.errors import Damaged
from kg.store.zstd import CompressionParameter, ZstdCompressor, ZstdError, ZstdFile

LINES = 1 << 20
"""Bytes of lines that are read at once, about."""
_LEVEL = 1
_GRAPH = re.compile(rb" <[^<>\n]*+> \.$", re.MULTILINE)


class BulkSide(NamedTuple):
    """What a record says of a bulk file: its number of quads, and the SHA-256 (hex) of its bytes."""

    quads: int
    sha256: str


class BulkFileWriter:
    """Writes a bulk file: ``write`` lines, ``finish``, ask for its ``side``; ``close`` it in any case."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.quads = 0
        self._hash = sha256()
        self._compressor = ZstdCompressor(
            options={CompressionParameter.compression_level: _LEVEL, CompressionParameter.checksum_flag: 1}
        )
        self._file = path.open("wb")

    def write(self, lines: bytes, count: int) -> None:
        """Write whole lines, so many."""
        self.quads += count
        self._put(self._compressor.compress(lines))

    def finish(self) -> None:
        """Complete the file and make it durable."""
        self._put(self._compressor.flush())
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file, whole or not."""
        self._file.close()

    @property
    def side(self) -> BulkSide:
        """What the record says of the file."""
        return BulkSide(self.quads, self._hash.hexdigest())

    def _put(self, data: bytes) -> None:
        self._hash.update(data)
        self._file.write(data)


def read(path: Path, size: int = LINES) -> Iterator[list[bytes]]:
    """Yield the lines of a bulk file, so many bytes at a time; raises Damaged."""
    try:
        with ZstdFile(path) as file:
            while lines := file.read(size):
                yield (lines + file.readline()).splitlines(keepends=True)
    except (ZstdError, EOFError, FileNotFoundError):
        raise Damaged(f"{path} is missing or damaged: restore a backup.") from None


def hash_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file."""
    hashed = sha256()
    with path.open("rb") as file:
        while piece := file.read(LINES):
            hashed.update(piece)
    return hashed.hexdigest()


def write(target: Path, lines: Iterable[list[bytes]]) -> BulkSide:
    """Write lines to a file, whole or not at all; it may be the one that they are read from."""
    partial = target.with_name(f".{target.name}.partial")
    with closing(BulkFileWriter(partial)) as writer:
        for some in lines:
            writer.write(b"".join(some), len(some))
        writer.finish()
    partial.rename(target)
    return writer.side


def triples(lines: bytes) -> bytes:
    r"""Return N-Triples: the lines without their graphs.

    >>> triples(b'<urn:a> <urn:p> "b" <urn:g> .\n')
    b'<urn:a> <urn:p> "b" .\n'
    """
    return _GRAPH.sub(b" .", lines)
