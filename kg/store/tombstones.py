"""Tombstones of purged graphs: name, time, reason, agent, and the hash of the content."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kg import iris
from kg.errors import Damaged, Gone

FILE_NAME = "tombstones.json"


class Tombstone(NamedTuple):
    """A purged graph and the commit of the purge; no version up to that commit holds a quad of the graph."""

    graph: str
    time: str
    reason: str
    agent: str
    hash: str | None
    version: int

    def gone(self) -> Gone:
        """Return the error for a request for an earlier version of the graph."""
        name = iris.compact(self.graph)
        return Gone(
            f"{name} was purged on {self.time[:10]} by {self.agent}: {self.reason}",
            tombstone=self._asdict(),
        )


def read(directory: Path) -> list[Tombstone]:
    """Return the tombstones of a data directory, oldest first; raises Damaged for an invalid file."""
    path = directory / FILE_NAME
    if not path.exists():
        return []
    try:
        return [Tombstone(**members) for members in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        raise Damaged(f"{path} cannot be read: restore it from a backup.") from None


def text_with(directory: Path, tombstone: Tombstone) -> str:
    """Return the file's text with a tombstone added, which replaces an earlier one of the same commit."""
    others = [each for each in read(directory) if each.version != tombstone.version]
    return json.dumps([each._asdict() for each in (*others, tombstone)], ensure_ascii=False, indent=1)


def require_kept(directory: Path, graphs: Iterable[str], version: int) -> None:
    """Raise Gone if one of the graphs was purged in a version or later."""
    stones = {each.graph: each for each in purged_since(directory, version)}
    for graph in graphs:
        if graph in stones:
            raise stones[graph].gone()


def purged_since(directory: Path, version: int) -> list[Tombstone]:
    """Return the tombstones of the graphs that were purged in a version or later."""
    return [each for each in read(directory) if version <= each.version]
