"""Commit of a load: a copy of the store takes in the load and then replaces the store.

The engine's bulk loader is fast but not atomic, so it writes to a hard-linked copy in a folder of its own.
The log record makes the commit. Until the record is settled, the load is not committed, and the next start
removes the copy that a killed process left. After that, the next start puts the copy in place of the store,
or replays the record.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from time import sleep
from typing import TypeAlias

from pyoxigraph import Quad

from kg import __version__, provenance
from kg.changes import Commit, Delta, Provenance, Quads
from kg.errors import Conflict
from kg.store import recovery
from kg.store.engine import open_to_amend, open_to_read
from kg.store.log import CommitLog, sync_folder

Confirm: TypeAlias = Callable[[Quads, Delta], None]
"""Checks a delta that was committed during a load against the copy with the load; raises Conflict."""

FOLDER = "loads"
"""Folder of a data directory that holds the copies of running loads."""
ASIDE = "store.replaced"
"""Name of the old store while a load replaces it."""
_STORE = "store"
_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between attempts to remove a folder."""


@dataclass(frozen=True)
class BulkChange:
    """The work of a load in its ``folder``: a copy of the store at version ``base``, and bulk files.

    ``bulk`` maps ``ADDED`` and ``REMOVED`` to bulk files; ``hashes`` pairs each submitted graph with its
    content hash.
    """

    folder: Path
    base: int
    bulk: Mapping[str, Path]
    graphs: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    hashes: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    added: int = 0
    removed: int = 0

    @property
    def store(self) -> Path:
        """The path of the copy."""
        return store_in(self.folder)

    @property
    def provenance_quads(self) -> Iterator[Quad]:
        """Yield the provenance quads of the submitted graphs."""
        for graph, content_hash in self.hashes:
            yield from provenance.submission(graph, content_hash)

    def commit(self, version: int, time: datetime, by: Provenance) -> Commit:
        """Return the commit for the record."""
        return Commit(
            version=version,
            time=time,
            agent=by.agent,
            source=by.source,
            reason=by.reason,
            graphs=self.graphs,
            hash=None,
            software=f"kg {__version__}",
            warnings=self.warnings,
            withdrawn=self.withdrawn,
            added=self.added,
            removed=self.removed,
        )


def new_folder(directory: Path) -> Path:
    """Create the folder of a load in a data directory."""
    (directory / FOLDER).mkdir(exist_ok=True)
    return Path(mkdtemp(dir=directory / FOLDER))


def directory_of(folder: Path) -> Path:
    """Return the data directory that holds the folder of a load."""
    return folder.parent.parent


def store_in(folder: Path) -> Path:
    """Return the path of the copy of the store in the folder of a load."""
    return folder / _STORE


def catch_up(load: BulkChange, log: CommitLog, version: int, confirm: Confirm) -> None:
    """Apply to the copy the commits made since it was taken; raises Conflict."""
    if load.base == version:
        return
    copy = open_to_amend(load.store)
    try:
        for number in range(load.base + 1, version + 1):
            commit, delta = log.read_record(number)
            graphs_of_load = {*load.graphs, *load.withdrawn}
            if clashes := graphs_of_load.intersection((*commit.graphs, *commit.withdrawn)):
                raise Conflict(f"Commit v{number} wrote <{min(clashes)}> during the load; load again.")
            if log.bulk(number):
                raise Conflict(f"Another load, v{number}, was committed during this one; load again.")
            confirm(copy, delta)
            copy.apply(delta)
        copy.flush()
    finally:
        copy.close()


def complete(load: BulkChange, provenance_quads: Delta) -> None:
    """Write the commit's provenance to the copy, and make the copy durable."""
    copy = open_to_amend(load.store)
    copy.apply(provenance_quads)
    copy.flush()
    copy.close()
    for path in (*load.store.iterdir(), load.store, load.folder):
        sync_folder(path)


def finish_exchange(directory: Path, log: CommitLog) -> None:
    """At a start, remove the copies of loads; if a load is in the log but not in the store, use its copy."""
    store, aside = directory / _STORE, directory / ASIDE
    if aside.exists() and not store.exists():
        aside.rename(store)
    last = log.last
    for folder in (directory / FOLDER).glob("*"):
        if last and log.bulk(last) and _holds(store_in(folder), last, log) and not _holds(store, last, log):
            store.rename(aside)
            store_in(folder).rename(store)
            sync_folder(directory)
    log.discard_bulk_beyond()
    for path in (directory / FOLDER, aside):
        _remove(path)


def _remove(path: Path) -> None:
    """Remove a folder; retry, since a process of a killed server may still write to it for a while."""
    for pause in _PAUSES:
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return
        sleep(pause)


def _holds(path: Path, version: int, log: CommitLog) -> bool:
    """Return whether the store at a path holds exactly this version of the log."""
    with suppress(OSError, RuntimeError):
        if path.exists():
            opened = open_to_read(path)
            return recovery.version_in(opened, version) == version and recovery.is_of(log, opened)
    return False
