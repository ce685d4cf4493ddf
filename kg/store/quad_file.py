"""Quad file: quads as N-Quads in a file, or in memory if they are few; can be read repeatedly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse, serialize

_QUADS_AT_ONCE = 10_000
_CHUNK = 1 << 16


@dataclass(frozen=True)
class QuadFile:
    """Quads in a file or in memory, and their number; iterating parses them and keeps blank-node labels."""

    content: Path | bytes
    count: int

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> QuadFile:
        """Return quads serialised in memory."""
        quads = list(quads)
        return cls(_serialized(quads), len(quads))

    @classmethod
    def write(cls, path: Path, quads: Iterable[Quad]) -> QuadFile:
        """Write quads to a new file; if there are none, no file is created."""
        remaining, count = iter(quads), 0
        batch = list(islice(remaining, _QUADS_AT_ONCE))
        if batch:
            with path.open("wb") as file:
                while batch:
                    file.write(_serialized(batch))
                    count += len(batch)
                    batch = list(islice(remaining, _QUADS_AT_ONCE))
        return cls(path, count)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Quad]:
        if not self.count:
            return iter(())
        if isinstance(self.content, bytes):
            return iter(parse(self.content, format=RdfFormat.N_QUADS))
        return iter(parse(path=str(self.content), format=RdfFormat.N_QUADS))

    def __contains__(self, quad: object) -> bool:
        return any(quad == each for each in self)

    def chunks(self, prefix: bytes) -> Iterator[bytes]:
        """Yield the lines, each after the prefix, in chunks of bounded size."""
        if not self.count:
            return
        with BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb") as file:
            while lines := file.readlines(_CHUNK):
                yield prefix + prefix.join(lines)


def _serialized(quads: Iterable[Quad]) -> bytes:
    return serialize(quads, format=RdfFormat.N_QUADS) or b""
