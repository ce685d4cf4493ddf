"""Upkeep of the index of a data directory: updates it to the log, or rebuilds it from the store.

The index is only a copy, which any process can rebuild. It holds one version of the log, and each change of
it is one transaction of SQLite, so several processes may update it at once.
"""

import fcntl
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from kg.errors import Damaged, Unavailable
from kg.query.search import tables
from kg.query.search.amending import amend
from kg.query.search.building import Note, build, chunks
from kg.query.search.gathering import Gathered
from kg.query.search.tables import IndexStanding
from kg.store import tombstones
from kg.store.log import ADDED, REMOVED, CommitLog
from kg.store.store import Contents

NAME = "The search index"
FAULTS = (OSError, sqlite3.Error)
"""Exceptions raised if the index cannot be written."""
STEP = 20_000
"""Quads of a commit that are processed at a time."""
LEAST_REBUILT = 100_000
"""If more quads changed than this, and more than half the number of things, the index is rebuilt."""

_log = logging.getLogger(__name__)


def bring_up_to_date(directory: Path, open_contents: Callable[[], Contents], note: Note) -> int:
    """Update the index to the last durable commit, and return its version.

    ``open_contents`` opens the store to read; only a rebuild calls it. Raises KGError if the store cannot be
    read, OSError and sqlite3.Error if the index cannot be written.
    """
    log = CommitLog(directory / "log")
    (directory / tables.FOLDER).mkdir(exist_ok=True)
    with _locked(directory / tables.FOLDER / tables.LOCK_NAME):
        try:
            if (version := _amended(directory, log, note)) is not None:
                return version
        except sqlite3.DatabaseError as fault:
            _log.warning("The search index cannot be read (%s): it is rebuilt.", fault)
        return _built(directory, log, open_contents(), note)


def keep_up(directory: Path, open_contents: Callable[[], Contents]) -> None:
    """Update the index of a directory to the last commit, for a reader that needs it now.

    An index that cannot be written is read as it is. Raises Unavailable if there is none to read.
    """
    try:
        bring_up_to_date(directory, open_contents, lambda _: None)
    except FAULTS as fault:
        if standing(directory) is None:
            raise Unavailable(f"{NAME} cannot be written: {fault}.") from None
        _log.warning("The search index cannot be written and may be behind: %s", fault)


def standing(directory: Path) -> IndexStanding | None:
    """Return the version of a directory's index; None if there is no readable one."""
    path = tables.path_in(directory)
    if not path.exists():
        return None
    try:
        with closing(tables.open_to_read(path)) as connection:
            return tables.read_standing(connection)
    except sqlite3.DatabaseError:
        return None


def is_whole(directory: Path) -> bool:
    """Return whether the index of a directory can be read to its end; the time grows with its size."""
    path = tables.path_in(directory)
    try:
        with closing(tables.open_to_read(path)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            return str(found) == "ok" and tables.read_standing(connection) is not None
    except sqlite3.DatabaseError:
        return False


def discard(directory: Path) -> None:
    """Remove the index, so that the next use rebuilds it."""
    for path in (directory / tables.FOLDER).glob(f"{tables.FILE_NAME}*"):
        path.unlink(missing_ok=True)


def _amended(directory: Path, log: CommitLog, note: Note) -> int | None:
    """Apply the commits that an index lacks; None if it must be rebuilt."""
    path = tables.path_in(directory)
    if not path.exists():
        return None
    with closing(tables.open_to_write(path)) as connection:
        standing, last = tables.read_standing(connection), log.last
        if standing is None or not _is_of(directory, log, standing, last):
            return None
        missing = range(standing.version + 1, last + 1)
        if sum(map(log.size, missing)) > max(LEAST_REBUILT, _count(connection) // 2):
            return None
        connection.execute("PRAGMA synchronous = NORMAL")
        for version in missing:
            note(f"applying commit {version} of {last}")
            if not _took_in(connection, log, version):
                return None
        return last


def _is_of(directory: Path, log: CommitLog, standing: IndexStanding, last: int) -> bool:
    """Return whether an index is at a version of the log, and contains nothing that was purged since."""
    if not 0 < standing.version <= last or log.commit(standing.version).time.isoformat() != standing.time:
        return False
    return not any(each.version > standing.version for each in tombstones.read(directory))


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(rowid), 0) FROM thing").fetchone()[0])


def _took_in(connection: sqlite3.Connection, log: CommitLog, version: int) -> bool:
    """Apply one commit, completely or not at all; False if it changes the hierarchy of classes."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for quads, sign in _changed(log, version):
            gathered = Gathered()
            gathered.add(quads, sign)
            if gathered.changes_classes:
                connection.execute("ROLLBACK")
                return False
            amend(connection, gathered)
        time = log.commit(version).time.isoformat()
        tables.write_standing(connection, IndexStanding(version, time))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return True


def _changed(log: CommitLog, version: int) -> Iterator[tuple[list[Quad], int]]:
    """Yield the quads that a commit removed (with -1) and added (with 1), in batches."""
    for side, sign in ((REMOVED, -1), (ADDED, 1)):
        for step in chunks(chain.from_iterable(log.lines(version, side)), STEP):
            try:
                yield list(parse(b"".join(step), format=RdfFormat.N_QUADS)), sign
            except (SyntaxError, ValueError):
                raise Damaged(
                    f"The record of commit {version} in {log.folder} is damaged: restore a backup."
                ) from None


def _built(directory: Path, log: CommitLog, contents: Contents, note: Note) -> int:
    """Build the index from the store, and put it in place of the existing one."""
    path = tables.path_in(directory)
    partial = path.with_name(f"{path.name}.partial")
    for old_file in path.parent.glob(f"{partial.name}*"):
        old_file.unlink()
    version = contents.version
    if version == 0:
        raise Unavailable("There is no graph to search yet: no commit has been made.")
    time = log.commit(version).time.isoformat()
    build(partial, contents.quads_for_pattern(None, None, None), IndexStanding(version, time), note)
    for old_file in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        old_file.unlink(missing_ok=True)
    partial.replace(path)
    return version


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock with which one process at a time updates an index."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
