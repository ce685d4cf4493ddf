"""Copies of a version that are changed while nobody reads them: one in memory, others on disk."""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Quad

from kg.changes import Delta
from kg.store import engine
from kg.store.store import Contents


class ContentsInMemory(Contents):
    """The quads of a version in memory."""

    def __init__(self, quads: Iterable[Quad], version: int, *, are_stored: bool = False) -> None:
        """Hold quads; ``are_stored`` tells that an engine holds them so (``Contents.dump_stored``)."""
        self._memory = engine.in_memory_of(quads) if are_stored else engine.in_memory(quads)
        super().__init__(self._memory, version)

    def advance(self, delta: Delta, version: int) -> None:
        """Apply the delta that leads to another version. Not all or nothing, so nobody may read meanwhile."""
        self._memory.amend(delta)
        self.version = version


class ContentsOnDisk(Contents):
    """A copy on disk that nobody else has open."""

    def __init__(self, path: Path, version: int) -> None:
        self._copy = engine.open_to_amend(path)
        super().__init__(self._copy, version)

    def apply(self, delta: Delta) -> None:
        """Apply a delta in one transaction."""
        self._copy.apply(delta)


def amend(path: Path, deltas: Iterable[Delta]) -> None:
    """Apply deltas to a snapshot on disk that nobody reads yet. Not all or nothing, only quick."""
    copy = engine.open_to_amend(path)
    for delta in deltas:
        copy.amend(delta)
    copy.flush()
    copy.close()
