"""Compression of exports: a document as one gzip or zstd stream, by file suffix or by name."""

import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kg.errors import BadInput

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_GZIP_LEVEL, _ZSTD_LEVEL = 6, 6


class _Compressor(Protocol):
    """Compresses a document piece by piece."""

    def compress(self, data: bytes, /) -> bytes:
        """Compress a piece; return the bytes that are ready."""
        ...

    def flush(self) -> bytes:
        """Return the remaining bytes, with the end mark; without it, readers report a truncated document."""
        ...


@dataclass(frozen=True)
class FileCompression:
    """A file compression: its name is the suffix without the dot."""

    name: str
    media_type: str

    @property
    def suffix(self) -> str:
        """The suffix that follows the format's own."""
        return f".{self.name}"

    def _compressor(self) -> _Compressor:
        """Return a compressor; neither writes a time, so that the same document gives the same bytes."""
        if self.name == "gz":
            return zlib.compressobj(_GZIP_LEVEL, wbits=31)
        return zstd.ZstdCompressor(level=_ZSTD_LEVEL)

    def compressed(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield a compressed document."""
        compressor = self._compressor()
        for chunk in chunks:
            if piece := compressor.compress(chunk):
                yield piece
        yield compressor.flush()


COMPRESSIONS: Mapping[str, FileCompression] = {
    each.name: each
    for each in (FileCompression("gz", "application/gzip"), FileCompression("zst", "application/zstd"))
}


def from_name(name: str) -> FileCompression | None:
    """Return a compression by name, None for an empty name; raises BadInput."""
    if not name:
        return None
    if name not in COMPRESSIONS:
        raise BadInput(f"There is no compression {name[:64]!r}; use one of {', '.join(COMPRESSIONS)}.")
    return COMPRESSIONS[name]


def of_path(path: Path) -> tuple[Path, FileCompression | None]:
    """Return a path without the suffix of a compression, and the compression.

    >>> of_path(Path("all.nq.gz"))[1].name
    'gz'
    """
    for each in COMPRESSIONS.values():
        if path.name.lower().endswith(each.suffix):
            return path.with_suffix(""), each
    return path, None
