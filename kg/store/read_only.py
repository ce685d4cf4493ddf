"""Reading a data directory that another process may write, which knows nothing of its readers.

The engine keeps several indexes, each with tables of its own, and lists the tables in a manifest. It writes
them out one after the other. So tables alone, without what the writer holds in memory, may be of several
moments: a copy of them is made only where nobody writes.
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
    """A data directory that is only read, and that another process may write.

    ``version`` is given where the log cannot tell it.
    """

    def __init__(self, opened: Engine, directory: Path, version: int | None = None) -> None:
        self._directory = directory
        self._log = CommitLog(directory / "log")
        super().__init__(opened, recovery.settled_version(opened, self._log) if version is None else version)

    def snapshot(self, path: Path) -> int:
        """See Contents. Hard-linked where nobody writes; beside a writer the quads are copied."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if not self._is_linked(path):
                engine.write_copy(self._engine, path)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        return self.version

    def _is_linked(self, path: Path) -> bool:
        """Lay a hard-linked copy if nobody writes, and if the store holds what is read here."""
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
    """Open a data directory to read, beside its writer.

    One that a killed writer left behind is repaired first. Raises NotFound for a directory without a store,
    Unavailable for one of another format, and if a living writer changes its tables all the time or cannot
    flush what its store holds, Damaged if a part is missing. With ``takes_damaged`` what the store holds is
    read without its log, if only the log is damaged.
    """
    with disk_space.faults_told(directory):
        if purge.is_begun(directory):
            Store(directory, locked(directory)).close()
        if not (directory / "store" / "CURRENT").exists():
            raise NotFound(f"{directory} holds no graph yet; kg serve makes one.")
        format_marker.require(directory)
        opened = _opened_whole(directory)
        try:
            return _checked(directory, opened)
        except Damaged as fault:
            if not takes_damaged:
                raise
            _log.warning("%s Only what the store holds is served, without history.", fault.detail)
            return BesideWriter(opened, directory, start_check.newest_version(opened))
        except RuntimeError as fault:
            raise table_check.unreadable(directory / "store", fault) from None


def _checked(directory: Path, opened: Engine) -> Contents:
    """Check that the log has what the store holds, and have the store repaired that lacks some of it."""
    log = CommitLog(directory / "log")
    start_check.check_present(directory, log, opened)
    if not recovery.is_of(log, opened) or recovery.version_in(opened, log.last) < log.last:
        try:
            Store(directory, locked(directory)).close()
            opened = _opened_whole(directory)
        except Damaged:
            raise
        except Unavailable:  # a living writer is about to bring log and store together
            pass
    return BesideWriter(opened, directory)


def _opened_whole(directory: Path) -> Engine:
    """Open a store that holds no part of a commit: a large one is made in steps.

    Raises Unavailable if the writer is at work on large commits for long.
    """
    log, end = CommitLog(directory / "log"), monotonic() + recovery.SECONDS_TO_SETTLE
    while True:
        last, is_at_work = log.last, recovery.is_large_commit_under_way(log)
        opened = _opened(directory)
        if not (is_at_work or recovery.is_large_commit_under_way(log, since=last)):
            return opened
        if not is_locked(directory):  # no writer is alive: it left a part
            Store(directory, locked(directory)).close()
        elif monotonic() > end:
            raise Unavailable("A large commit is being written; try again in some seconds.")
        sleep(0.02)


def _opened(directory: Path) -> Engine:
    try:
        return engine.open_beside_writer(directory / "store")
    except (OSError, RuntimeError) as fault:
        if not is_locked(directory):
            raise table_check.unreadable(directory / "store", fault) from None
        raise Unavailable(f"The store in {directory} cannot be read just now, try again: {fault}.") from None
