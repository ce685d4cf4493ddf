"""Purge of a graph from a data directory that no server has open, or from a backup."""

from pathlib import Path

from kg.changes import Provenance
from kg.errors import Unavailable
from kg.store import disk_space, purge
from kg.store.log import CommitLog
from kg.store.store import Store
from kg.store.tombstones import Tombstone
from kg.store.writer_lock import locked


def purge_graph(directory: Path, graph: str, by: Provenance) -> Tombstone:
    """Purge a graph; raises as ``purge.purge``, and Unavailable or Damaged for an unusable directory."""
    with disk_space.disk_errors(directory):
        _bring_together(directory)
        with locked(directory):
            if CommitLog(directory / "log").pending:
                raise Unavailable(f"{directory} was written at the same time; try again.")
            return purge.purge(directory, graph, by)


def _bring_together(directory: Path) -> None:
    """Make log and store consistent, however the process that last wrote them ended."""
    lock = locked(directory)
    try:
        Store(directory, lock).close()
    finally:
        lock.close()
