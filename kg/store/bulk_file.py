"""Bulk file: the quads that a load adds or removes, as compressed N-Quads beside the load's log record.

Each quad occurs once, in a graph named by an IRI, in the normal form of the store, so a line can be split
into triple and graph without a parser. The record holds the number of quads and the hash of the file.
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
"""Approximate number of bytes of lines that are read at once."""
_LEVEL = 1
_GRAPH = re.compile(rb" <[^<>\n]*+> \.$", re.MULTILINE)


class BulkSide(NamedTuple):
    """A record's entry for a bulk file: its number of quads, and the SHA-256 (hex) of its bytes."""

    quads: int
    sha256: str


class BulkFileWriter:
    """Writes a bulk file: call ``write``, then ``finish``, then read ``side``; ``close`` it in any case."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.quads = 0
        self._hash = sha256()
        self._compressor = ZstdCompressor(
            options={CompressionParameter.compression_level: _LEVEL, CompressionParameter.checksum_flag: 1}
        )
        self._file = path.open("wb")

    def write(self, lines: bytes, count: int) -> None:
        """Write ``count`` whole lines."""
        self.quads += count
        self._put(self._compressor.compress(lines))

    def finish(self) -> None:
        """Complete the file and make it durable."""
        self._put(self._compressor.flush())
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file, complete or not."""
        self._file.close()

    @property
    def side(self) -> BulkSide:
        """The record's entry for the file."""
        return BulkSide(self.quads, self._hash.hexdigest())

    def _put(self, data: bytes) -> None:
        self._hash.update(data)
        self._file.write(data)


def read(path: Path, size: int = LINES) -> Iterator[list[bytes]]:
    """Yield the lines of a bulk file in batches of about ``size`` bytes; raises Damaged."""
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
    """Write lines to a file, all or nothing; the target may be the file that the lines are read from."""
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
