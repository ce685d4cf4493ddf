"""Difference between two versions, in parts whose size stays small even if a load lies between them.

If no load lies between the versions, there is one part. Otherwise the added and removed lines are distributed
to files by hash, so that all changes of one quad are in the same file and cancel out there.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Self

from pyoxigraph import Quad, RdfFormat, parse

from kg.changes import Delta
from kg.store.log import ADDED, REMOVED, CommitLog

_FILES = 64
_CAME, _WENT = b"+", b"-"
_READ = 1 << 20


def net(deltas: Iterable[Delta]) -> Delta:
    """Combine consecutive effective deltas into one delta with the same effect.

    >>> quad = Quad(pyoxigraph.NamedNode("urn:a"), pyoxigraph.NamedNode("urn:p"), pyoxigraph.Literal("b"))
    >>> bool(net([Delta(added=(quad,)), Delta(removed=(quad,))]))
    False
    """
    added: dict[Quad, None] = {}
    removed: dict[Quad, None] = {}
    for delta in deltas:
        for going, to, back in ((delta.removed, removed, added), (delta.added, added, removed)):
            for quad in going:
                if quad in back:
                    del back[quad]
                else:
                    to[quad] = None
    return Delta(tuple(added), tuple(removed))


class Difference:
    """The change from one version to another, forwards or backwards; use it in a ``with``."""

    def __init__(self, log: CommitLog, start: int, end: int) -> None:
        self._log = log
        self._versions = range(start + 1, end + 1) if start <= end else range(start, end, -1)
        self._is_backward = start > end
        self._folder: Path | None = None

    def __enter__(self) -> Self:
        if len(self._versions) > 1 and any(self._log.bulk(version) for version in self._versions):
            self._folder = Path(mkdtemp(prefix="kg-difference-"))
            try:
                self._divide(self._folder)
            except BaseException:
                self.__exit__()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def parts(self) -> Iterator[Delta]:
        """Yield the parts, which have no quad in common; can be called repeatedly."""
        if self._folder is not None:
            yield from (_net_of(path) for path in sorted(self._folder.iterdir()))
        elif self._versions and self._log.bulk(self._versions[0]):
            yield from self._of_one(self._versions[0])
        else:
            deltas = (self._log.read(version)[1] for version in self._versions)
            yield net(delta.inverse() if self._is_backward else delta for delta in deltas)

    def _of_one(self, version: int) -> Iterator[Delta]:
        for side in (REMOVED, ADDED):
            for lines in self._log.lines(version, side):
                quads = tuple(parse(b"".join(lines), RdfFormat.N_QUADS))
                yield Delta(added=quads) if self._sign(side) == _CAME else Delta(removed=quads)

    def _sign(self, side: str) -> bytes:
        return _CAME if (side == ADDED) != self._is_backward else _WENT

    def _divide(self, folder: Path) -> None:
        """Write the lines of all commits, in the order of their effect, to files chosen by hash."""
        with ExitStack() as opened:
            files = [opened.enter_context((folder / f"{number:02}").open("wb")) for number in range(_FILES)]
            for version in self._versions:
                for side in (ADDED, REMOVED) if self._is_backward else (REMOVED, ADDED):
                    self._divide_side(files, version, side)

    def _divide_side(self, files: Sequence[IO[bytes]], version: int, side: str) -> None:
        sign = self._sign(side)
        for lines in self._log.lines(version, side):
            parts: list[list[bytes]] = [[] for _ in files]
            for line in lines:
                parts[hash(line) % _FILES].append(sign + line)
            for file, part in zip(files, parts, strict=True):
                file.writelines(part)


def _net_of(path: Path) -> Delta:
    """Return the net effect of the signed lines in a file."""
    signs: dict[bytes, bytes] = {}
    with path.open("rb") as file:
        for signed in file:
            sign, line = signed[:1], signed[1:]
            if line in signs:
                del signs[line]
            else:
                signs[line] = sign
    came, went = (
        tuple(parse(b"".join(line for line, sign in signs.items() if sign == sign_wanted), RdfFormat.N_QUADS))
        for sign_wanted in (_CAME, _WENT)
    )
    return Delta(came, went)
