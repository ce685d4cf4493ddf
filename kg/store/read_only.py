"""Reading a data directory that another process may write, which knows nothing of whoever reads.

The engine keeps several indexes, each with tables of its own, and lists the tables in a manifest. It writes
them out one after the other. So tables alone, without what the writer holds in memory, may be of several
moments: a copy of them is made only where nobody writes. And an engine that was opened while the manifest
grew may have missed what went from memory to a table just then.
"""

import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path

import pyoxigraph

from kg.errors import Unavailable
from kg.store import recovery
from kg.store.log import CommitLog
from kg.store.recovery import beside_writer
from kg.store.store import Contents, Store, locked


class BesideWriter(Contents):
    """A data directory that is only read, and that another process may write."""

    def __init__(self, engine: pyoxigraph.Store, directory: Path) -> None:
        self._directory = directory
        self._log = CommitLog(directory / "log")
        super().__init__(engine, recovery.settled_version(engine, self._log))

    def snapshot(self, path: Path) -> int:
        """See Contents. Hard-linked where nobody writes; beside a writer the quads are copied."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self._is_linked(path):
            try:
                copy = pyoxigraph.Store(path)
                copy.bulk_extend(self.engine)
                copy.flush()
            except BaseException:
                shutil.rmtree(path, ignore_errors=True)
                raise
        return self.version

    def _is_linked(self, path: Path) -> bool:
        """Lay a hard-linked copy in the writer's place, if that is free and holds what is read here."""
        with suppress(Unavailable, PermissionError), locked(self._directory):
            engine = pyoxigraph.Store(self._directory / "store")
            if self._log.last == self.version and recovery.is_of(self._log, engine):
                engine.backup(path)
                return True
        return False


def open_read_only(directory: Path) -> Contents:
    """Open a data directory to read, beside whoever writes it.

    A fresh directory is filled first, and one left behind by a killed writer repaired. Raises Unavailable
    where a living writer changes its tables all the time, or does not get durable what its store holds.
    """
    log = CommitLog(directory / "log")
    if not (directory / "store" / "CURRENT").exists():
        Store.open(directory).close()
    engine = _opened(directory)
    if not recovery.is_of(log, engine) or recovery.version_in(engine, log.last) < log.last:
        with suppress(Unavailable):  # a living writer is about to bring log and store together
            Store(directory, locked(directory)).close()
            engine = _opened(directory)
    return BesideWriter(engine, directory)


def _opened(directory: Path) -> pyoxigraph.Store:
    try:
        return beside_writer(partial(_of_one_moment, directory))
    except (OSError, RuntimeError) as fault:
        raise Unavailable(f"The store in {directory} cannot be read just now, try again: {fault}.") from None


def _of_one_moment(directory: Path) -> pyoxigraph.Store:
    """Open a store to read; raises OSError where its writer changed the tables meanwhile."""
    before = _manifest(directory)
    engine = pyoxigraph.Store.read_only(str(directory / "store"))
    if _manifest(directory) != before:
        raise OSError("The store is being rewritten by its writer; try again.")
    return engine


def _manifest(directory: Path) -> set[tuple[str, int]]:
    """Tell how far the engine's manifest goes; it is written before what it makes needless is removed."""
    return {(path.name, path.stat().st_size) for path in (directory / "store").glob("MANIFEST-*")}
