"""Quads in a file of N-Quads, read as often as needed without being held in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse, serialize

_QUADS_AT_ONCE = 10_000
_CHUNK = 1 << 16


@dataclass(frozen=True)
class QuadFile:
    """Quads in a file, in a given number; iterating parses them and keeps the names of blank nodes."""

    path: Path
    count: int

    @classmethod
    def write(cls, path: Path, quads: Iterable[Quad]) -> QuadFile:
        """Write quads to a new file; no file is made if there are none."""
        remaining, count = iter(quads), 0
        batch = list(islice(remaining, _QUADS_AT_ONCE))
        if batch:
            with path.open("wb") as file:
                while batch:
                    file.write(serialize(batch, format=RdfFormat.N_QUADS) or b"")
                    count += len(batch)
                    batch = list(islice(remaining, _QUADS_AT_ONCE))
        return cls(path, count)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Quad]:
        return iter(parse(path=str(self.path), format=RdfFormat.N_QUADS)) if self.count else iter(())

    def __contains__(self, quad: object) -> bool:
        return any(quad == each for each in self)

    def chunks(self, prefix: bytes) -> Iterator[bytes]:
        """Yield the lines with a prefix before each, in chunks of bounded size."""
        if not self.count:
            return
        with self.path.open("rb") as file:
            while lines := file.readlines(_CHUNK):
                yield prefix + prefix.join(lines)
