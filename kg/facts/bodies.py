"""Request bodies on their way to a judge process: small ones in memory, others in a file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from types import TracebackType
from typing import Self

from kg.facts.decoding import IDENTITY, decoded
from kg.store import disk_space

LARGEST_IN_MEMORY = 1 << 16
"""Maximum bytes of a body that is held in memory."""
KEPT_FREE = 4 * disk_space.RESERVE
"""Bytes of disk that bodies must leave free: any client may send one, and commits must still succeed."""


@dataclass(frozen=True)
class Body:
    """A request body as the client sent it, with its Content-Type and content coding.

    ``most_bytes`` is the maximum size after decoding.
    """

    content_type: str
    content: bytes | Path
    coding: str = IDENTITY
    most_bytes: int = 0

    def read(self) -> bytes:
        """Return the decoded bytes; raises as ``decoded``. In the server, only a judge process calls this."""
        data = self.content if isinstance(self.content, bytes) else self.content.read_bytes()
        return decoded(data, self.coding, self.most_bytes)

    def discard(self) -> None:
        """Delete the file, if the body has one."""
        if isinstance(self.content, Path):
            self.content.unlink(missing_ok=True)


class BodyWriter:
    """Collects a body piece by piece; a context manager, which deletes the file if the block raises."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gathered = bytearray()
        self._file: tuple[int, Path] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            descriptor, path = self._file
            os.close(descriptor)
            if kind is not None:
                path.unlink()

    def write(self, piece: bytes) -> None:
        """Append a piece; raises OSError or NoRoom if there is no room for it."""
        self._gathered += piece
        if len(self._gathered) > LARGEST_IN_MEMORY:
            self._spill()

    def finish(self, content_type: str, coding: str = IDENTITY, most_bytes: int = 0) -> Body:
        """Return the body; the caller must discard it."""
        if self._file is None:
            return Body(content_type, bytes(self._gathered), coding, most_bytes)
        self._spill()
        return Body(content_type, self._file[1], coding, most_bytes)

    def _spill(self) -> None:
        if self._file is None:
            self._folder.mkdir(exist_ok=True)
            descriptor, name = mkstemp(dir=self._folder)
            self._file = descriptor, Path(name)
        disk_space.require(self._folder, KEPT_FREE)
        view = memoryview(self._gathered)
        while view:
            view = view[os.write(self._file[0], view) :]
        view.release()
        self._gathered.clear()
