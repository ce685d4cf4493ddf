"""Streamed zip archives: several files as one document, with fixed times, so that output is reproducible."""

import io
import zipfile
from collections.abc import Iterable, Iterator

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first time that zip can represent; file times are not part of the content."""


def zipped(members: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """Yield an archive of files, each a name and its chunks; the files are written one after the other.

    If a file fails, the archive has no directory, so that no program opens it.
    """
    spool = _Spool()
    archive = zipfile.ZipFile(spool, "w")
    for name, chunks in members:
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(entry, "w", force_zip64=True) as file:
            for chunk in chunks:
                file.write(chunk)
                yield from spool.taken()
        yield from spool.taken()
    archive.close()
    yield from spool.taken()


class _Spool(io.RawIOBase):
    """Buffers the archive's output until it is sent; it cannot seek, so sizes follow the data."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # a buffer
        self._pieces.append(piece)
        return len(piece)

    def taken(self) -> Iterator[bytes]:
        """Yield the bytes written since the last call, if any."""
        pieces, self._pieces = self._pieces, []
        if data := b"".join(pieces):
            yield data
