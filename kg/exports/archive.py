"""Zip archives that are streamed: several files as one document, with fixed times, so that bytes repeat."""

import io
import zipfile
from collections.abc import Iterable, Iterator

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first time that an archive can name; a file's own time is no part of what it says."""


def zipped(members: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """Yield an archive of files, each given by its name and its chunks. The files are written in turn.

    If a file fails, the archive has no directory, and no program opens it.
    """
    spool = _Spool()
    archive = zipfile.ZipFile(spool, "w")
    for name, chunks in members:
        told = zipfile.ZipInfo(name, _EPOCH)
        told.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(told, "w", force_zip64=True) as file:
            for chunk in chunks:
                file.write(chunk)
                yield from spool.taken()
        yield from spool.taken()
    archive.close()
    yield from spool.taken()


class _Spool(io.RawIOBase):
    """Takes what the archive writes until it is sent; nobody can seek in it, so sizes follow the data."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # a buffer
        self._pieces.append(piece)
        return len(piece)

    def taken(self) -> Iterator[bytes]:
        """Yield what was written since, unless nothing was."""
        pieces, self._pieces = self._pieces, []
        if data := b"".join(pieces):
            yield data
