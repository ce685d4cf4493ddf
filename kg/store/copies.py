"""Copies of a version that are changed while nobody reads them: one class in memory, one on disk."""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Quad

from kg.changes import Delta
from kg.store import engine
from kg.store.store import Contents


class ContentsInMemory(Contents):
    """The quads of a version in memory."""

    def __init__(self, quads: Iterable[Quad], version: int, *, are_stored: bool = False) -> None:
        """Hold quads; ``are_stored`` means that they are in the engine's form (``Contents.dump_stored``)."""
        self._memory = engine.in_memory_of(quads) if are_stored else engine.in_memory(quads)
        super().__init__(self._memory, version)

    def advance(self, delta: Delta, version: int) -> None:
        """Apply the delta to another version. It is not atomic, so nobody may read meanwhile."""
        self._memory.amend(delta)
        self.version = version


class ContentsOnDisk(Contents):
    """A copy on disk that no other process has open."""

    def __init__(self, path: Path, version: int) -> None:
        self._copy = engine.open_to_amend(path)
        super().__init__(self._copy, version)

    def apply(self, delta: Delta) -> None:
        """Apply a delta in one transaction."""
        self._copy.apply(delta)


def amend(path: Path, deltas: Iterable[Delta]) -> None:
    """Apply deltas to a snapshot on disk that nobody reads yet: fast, not atomic."""
    copy = engine.open_to_amend(path)
    for delta in deltas:
        copy.amend(delta)
    copy.flush()
    copy.close()
