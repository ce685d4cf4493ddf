"""Read-only access to a data directory that another process may write; the writer does not know its readers.

The engine keeps several indexes, each in tables of its own, and lists the tables in a manifest. It writes the
indexes one after the other, so the tables alone, without the writer's memory, may be inconsistent. Therefore
tables are copied only if no process writes them.
"""

import logging
import shutil
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from kg.errors import Damaged, NotFound, Unavailable
from kg.store import disk_space, engine, format_marker, purge, recovery, start_check, table_check
from kg.store.engine_protocols import Engine
from kg.store.log import CommitLog
from kg.store.store import Contents, Store
from kg.store.writer_lock import is_locked, locked

_log = logging.getLogger(__name__)


class BesideWriter(Contents):
    """The contents of a data directory that this process only reads and another process may write.

    ``version`` is given if the log cannot supply it.
    """

    def __init__(self, opened: Engine, directory: Path, version: int | None = None) -> None:
        self._directory = directory
        self._log = CommitLog(directory / "log")
        super().__init__(opened, recovery.settled_version(opened, self._log) if version is None else version)

    def snapshot(self, path: Path) -> int:
        """Copy the version to a directory and return it: by hard links, or quad by quad beside a writer."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if not self._is_linked(path):
                engine.write_copy(self._engine, path)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        return self.version

    def _is_linked(self, path: Path) -> bool:
        """Return whether a hard-linked copy was made: if no process writes and the store has this version."""
        with suppress(Unavailable, OSError), locked(self._directory):
            engine.link_files(self._directory / "store", path)
            copied = engine.open_to_amend(path)
            is_same = self._log.last == self.version and recovery.is_of(self._log, copied)
            copied.close()
            if is_same:
                return True
        shutil.rmtree(path, ignore_errors=True)
        return False


def open_read_only(directory: Path, *, takes_damaged: bool = False) -> Contents:
    """Open a data directory for reading, beside its writer.

    A directory left by a killed writer is repaired first. Raises NotFound for a directory without a store;
    Unavailable for another format, or if a running writer keeps changing the tables or cannot flush its
    commits; Damaged if a part is missing. If only the log is damaged and ``takes_damaged`` is set, the store
    is read without its log.
    """
    with disk_space.disk_errors(directory):
        if purge.is_begun(directory):
            Store(directory, locked(directory)).close()
        if not (directory / "store" / "CURRENT").exists():
            raise NotFound(f"{directory} holds no graph yet; kg serve creates one.")
        format_marker.require(directory)
        opened = _opened_whole(directory)
        try:
            return _checked(directory, opened)
        except Damaged as fault:
            if not takes_damaged:
                raise
            _log.warning("%s Only the current state is served, without history.", fault.detail)
            return BesideWriter(opened, directory, start_check.newest_version(opened))
        except RuntimeError as fault:
            raise table_check.unreadable(directory / "store", fault) from None


def _checked(directory: Path, opened: Engine) -> Contents:
    """Check that the log covers the store; if the store lacks commits, repair it."""
    log = CommitLog(directory / "log")
    start_check.check_present(directory, log, opened)
    if not recovery.is_of(log, opened) or recovery.version_in(opened, log.last) < log.last:
        try:
            Store(directory, locked(directory)).close()
            opened = _opened_whole(directory)
        except Damaged:
            raise
        except Unavailable:  # a running writer is about to do this itself
            pass
    return BesideWriter(opened, directory)


def _opened_whole(directory: Path) -> Engine:
    """Open a store that holds no partial commit: large commits are applied in steps.

    Raises Unavailable if the writer works on large commits for longer than ``SECONDS_TO_SETTLE``.
    """
    log, end = CommitLog(directory / "log"), monotonic() + recovery.SECONDS_TO_SETTLE
    while True:
        last, is_at_work = log.last, recovery.is_large_commit_under_way(log)
        opened = _opened(directory)
        if not (is_at_work or recovery.is_large_commit_under_way(log, since=last)):
            return opened
        if not is_locked(directory):  # a dead writer left a partial commit
            Store(directory, locked(directory)).close()
        elif monotonic() > end:
            raise Unavailable("A large commit is being written; try again in a few seconds.")
        sleep(0.02)


def _opened(directory: Path) -> Engine:
    try:
        return engine.open_beside_writer(directory / "store")
    except (OSError, RuntimeError) as fault:
        if not is_locked(directory):
            raise table_check.unreadable(directory / "store", fault) from None
        raise Unavailable(
            f"The store in {directory} cannot be read at the moment, try again: {fault}."
        ) from None
