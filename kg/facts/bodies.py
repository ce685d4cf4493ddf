"""Bodies of requests on their way to a judge: in memory if they are small, else in a file."""

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
"""Bytes of a body that stays in memory."""
KEPT_FREE = 4 * disk_space.RESERVE
"""Bytes that bodies leave free on the disk: anybody may send some, and commits must go on."""


@dataclass(frozen=True)
class Body:
    """What a client sent, with the Content-Type that it gave, in a coding if it sent it so.

    ``most_bytes`` bounds what is decoded of it.
    """

    content_type: str
    content: bytes | Path
    coding: str = IDENTITY
    most_bytes: int = 0

    def read(self) -> bytes:
        """Return the bytes, decoded; raises as ``decoded``. The server leaves this to a judge."""
        data = self.content if isinstance(self.content, bytes) else self.content.read_bytes()
        return decoded(data, self.coding, self.most_bytes)

    def discard(self) -> None:
        """Remove the file, if there is one."""
        if isinstance(self.content, Path):
            self.content.unlink(missing_ok=True)


class BodyWriter:
    """Takes a body piece by piece; use it in a ``with``. Without ``finish``, nothing is left of it."""

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
        """Take the next piece; raises OSError or NoRoom if there is no room for it."""
        self._gathered += piece
        if len(self._gathered) > LARGEST_IN_MEMORY:
            self._spill()

    def finish(self, content_type: str, coding: str = IDENTITY, most_bytes: int = 0) -> Body:
        """Return the body; the caller discards it."""
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
