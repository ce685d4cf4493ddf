"""Upkeep of the projection of a data directory: brings it up to the log, or builds it anew from the store.

The projection is never a second truth: it is a copy that any process may make again. It stands for a version
of the log. Files are written beside those there are, and one manifest, replaced whole, says which count; so a
process that is killed leaves the projection as it was.
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
"""What is raised where the projection cannot be written."""
MANY_ROWS = 50_000
"""Coded rows from which on a question takes the store long."""
QUADS_OF_A_ROW = 9
LEAST_REBUILT = 1_000_000
"""Changed quads up to which a projection is extended; of more, and more than it holds, it is built anew."""

_log = logging.getLogger(__name__)


def bring_up_to_date(directory: Path, open_contents: Callable[[], Contents], note: Note) -> int:
    """Bring the projection up to the last durable commit, and return its version.

    ``open_contents`` opens the store to read, which only a building needs. Raises KGError where the store
    cannot be read, one of ``FAULTS`` where the projection cannot be written.
    """
    log, folder = CommitLog(directory / "log"), manifest.folder_in(directory)
    folder.mkdir(exist_ok=True)
    with _locked(folder / manifest.LOCK_NAME):
        held = standing(directory)
        if held is not None:
            if held.version == log.last and held.made_by == building.MADE_BY:
                return held.version
            try:
                if (extended := _extended(folder, log, held, note)) is not None:
                    return _put(folder, extended, held)
            except (duckdb.Error, Damaged) as fault:
                _log.warning("The columnar projection cannot be extended (%s): it is built anew.", fault)
        return _put(folder, _built(folder, log, open_contents(), note), held)


def keep_up(directory: Path, open_contents: Callable[[], Contents]) -> None:
    """Bring the projection up to the last commit, if there is one or many coded rows would want one.

    Where it cannot be written, the store is asked.
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
    """Return what the projection of a directory stands for; None if it has none that its log bears out."""
    held = manifest.read(manifest.folder_in(directory))
    log = CommitLog(directory / "log")
    return held if held is not None and _is_of(directory, log, held) else None


def is_whole(directory: Path) -> bool:
    """Return whether each file of the projection is as it was written; takes time by its size."""
    held = manifest.read(manifest.folder_in(directory))
    return held is not None and manifest.is_whole(manifest.folder_in(directory), held)


def discard(directory: Path) -> None:
    """Forget the projection, so that the next use builds it."""
    manifest.discard(manifest.folder_in(directory))


def _is_of(directory: Path, log: CommitLog, held: Manifest) -> bool:
    """Return whether a projection stands for a commit of the log, and holds nothing that was purged since."""
    if not 0 < held.version <= log.last or log.commit(held.version).time.isoformat() != held.time:
        return False
    return not any(each.version > held.version for each in tombstones.read(directory))


def _extended(folder: Path, log: CommitLog, held: Manifest, note: Note) -> Manifest | None:
    """Take in the commits that a projection lacks; None if it must be built."""
    missing = range(held.version + 1, log.last + 1)
    holds = sum(file.rows for file in held.tables[building.QUADS])
    holds += QUADS_OF_A_ROW * sum(file.rows for file in held.tables[coded_sql.OCCURRENCES.name])
    if held.made_by != building.MADE_BY or sum(map(log.size, missing)) > max(LEAST_REBUILT, holds):
        return None
    tables = extending.extend(folder, held, log, missing[-1], note)
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


def _put(folder: Path, made: Manifest, held: Manifest | None) -> int:
    """Let readers see what was made. The files before stay until the next time: a reader may be at them.

    Those of a projection that the log does not bear out go at once; what was purged is in them.
    """
    manifest.write(folder, made)
    manifest.remove_others(folder, made.files | (held.files if held else set()))
    return made.version


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time keep up a projection."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
