"""Upkeep of the projection: updates it to the last commit of the log, or rebuilds it from the store.

The projection is only a copy, which any process can rebuild. It holds one version of the log. New files are
written beside the old ones, and one manifest, replaced as a whole, names the current ones; so a killed
process leaves the projection as it was.
"""

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import duckdb
from pyoxigraph import NamedNode

from kg.errors import Damaged, Unavailable
from kg.query.columnar import building, coded_sql, extending, manifest
from kg.query.columnar.building import Note
from kg.query.columnar.manifest import Manifest
from kg.store import tombstones
from kg.store.log import CommitLog
from kg.store.store import Contents
from kg.terms import RDF

NAME = "The columnar projection"
FAULTS = (OSError, duckdb.Error)
"""Exceptions raised if the projection cannot be written."""
MANY_ROWS = 50_000
"""Number of coded rows from which the store takes long to answer a question."""
QUADS_OF_A_ROW = 9
LEAST_REBUILT = 1_000_000
"""If more quads changed than this, and more than the projection holds, it is rebuilt instead of extended."""

_log = logging.getLogger(__name__)


def bring_up_to_date(directory: Path, open_contents: Callable[[], Contents], note: Note) -> int:
    """Update the projection to the last durable commit, and return its version.

    ``open_contents`` opens the store to read; only a rebuild calls it. Raises KGError if the store cannot be
    read, one of ``FAULTS`` if the projection cannot be written.
    """
    log, folder = CommitLog(directory / "log"), manifest.folder_in(directory)
    folder.mkdir(exist_ok=True)
    with _locked(folder / manifest.LOCK_NAME):
        projection = standing(directory)
        if projection is not None:
            if projection.version == log.last and projection.made_by == building.MADE_BY:
                return projection.version
            try:
                if (extended := _extended(folder, log, projection, note)) is not None:
                    return _put(folder, extended, projection)
            except (duckdb.Error, Damaged) as fault:
                _log.warning("The columnar projection cannot be extended (%s): it is rebuilt.", fault)
        return _put(folder, _built(folder, log, open_contents(), note), projection)


def keep_up(directory: Path, open_contents: Callable[[], Contents]) -> None:
    """Update the projection to the last commit, if there is a projection or if the graph has many coded rows.

    If it cannot be written, this logs a warning, and questions ask the store.
    """
    if manifest.read(manifest.folder_in(directory)) is None and not _has_many_rows(open_contents()):
        return
    try:
        bring_up_to_date(directory, open_contents, lambda _: None)
    except FAULTS as fault:
        _log.warning("%s cannot be written: %s", NAME, fault)


def _has_many_rows(contents: Contents) -> bool:
    rows = contents.quads_for_pattern(None, RDF.TYPE, NamedNode(coded_sql.ROW_CLASS), None)
    return any(True for _ in islice(rows, MANY_ROWS - 1, MANY_ROWS))


def standing(directory: Path) -> Manifest | None:
    """Return the manifest of a directory; None if it has no projection that agrees with its log."""
    projection = manifest.read(manifest.folder_in(directory))
    log = CommitLog(directory / "log")
    return projection if projection is not None and _is_of(directory, log, projection) else None


def is_whole(directory: Path) -> bool:
    """Return whether each file of the projection is as it was written; the time grows with its size."""
    projection = manifest.read(manifest.folder_in(directory))
    return projection is not None and manifest.is_whole(manifest.folder_in(directory), projection)


def discard(directory: Path) -> None:
    """Discard the projection, so that the next use rebuilds it."""
    manifest.discard(manifest.folder_in(directory))


def _is_of(directory: Path, log: CommitLog, projection: Manifest) -> bool:
    """Return whether a projection is at a version of the log, and contains nothing that was purged since."""
    if (
        not 0 < projection.version <= log.last
        or log.commit(projection.version).time.isoformat() != projection.time
    ):
        return False
    return not any(each.version > projection.version for each in tombstones.read(directory))


def _extended(folder: Path, log: CommitLog, projection: Manifest, note: Note) -> Manifest | None:
    """Add the commits that a projection lacks; None if it must be rebuilt."""
    missing = range(projection.version + 1, log.last + 1)
    holds = sum(file.rows for file in projection.tables[building.QUADS])
    holds += QUADS_OF_A_ROW * sum(file.rows for file in projection.tables[coded_sql.OCCURRENCES.name])
    if projection.made_by != building.MADE_BY or sum(map(log.size, missing)) > max(LEAST_REBUILT, holds):
        return None
    tables = extending.extend(folder, projection, log, missing[-1], note)
    return None if tables is None else _manifest(log, missing[-1], tables)


def _built(folder: Path, log: CommitLog, contents: Contents, note: Note) -> Manifest:
    version = contents.version
    if version == 0:
        raise Unavailable("There is no graph to project yet: no commit has been made.")

    def dump(path: Path) -> None:
        with path.open("wb") as file:
            contents.dump(file)

    return _manifest(log, version, building.build(folder, version, dump, note))


def _manifest(log: CommitLog, version: int, tables: building.Files) -> Manifest:
    return Manifest(version, log.commit(version).time.isoformat(), building.MADE_BY, tables)


def _put(folder: Path, new_manifest: Manifest, previous: Manifest | None) -> int:
    """Make the new files visible to readers. The previous ones stay until the next time, for open readers.

    Files of a projection that disagrees with the log are removed at once: they hold what was purged.
    """
    manifest.write(folder, new_manifest)
    manifest.remove_others(folder, new_manifest.files | (previous.files if previous else set()))
    return new_manifest.version


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock with which one process at a time updates a projection."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
