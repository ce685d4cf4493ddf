"""Store of a data directory. One process writes it; every change is a numbered commit.

Order of a commit: the log record is written; then one store transaction writes the quads and the commit's
provenance. Now the commit is pending: the next writer sees it, readers do not. Then the record is flushed
together with all other pending records (``durability``); this publishes the version, and waiting callers
return. A record holds the effective changes, so any earlier version can be restored by undoing commits
(``snapshots``). ``recovery`` handles what a killed process or a power cut leaves, ``read_only`` reads beside
the writer; a store that is behind its log is brought up to date by replay.

An engine that failed to write (a full or broken disk) accepts no more writes until it is reopened. The store
then reopens it and replays the commit; if that fails too, the commit is removed from the log and rejected.
"""

import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pyoxigraph import NamedNode, Quad

from kg import __version__, iris, provenance
from kg.changes import ChangeSet, Commit, Delta, Provenance
from kg.errors import Conflict, KGError, Unavailable
from kg.store import (
    clean_stop,
    disk_space,
    effects,
    format_marker,
    loading,
    purge,
    recovery,
    start_check,
    table_check,
)
from kg.store.compaction import Compaction
from kg.store.durability import PendingCommits, Writing, unwritten
from kg.store.effects import EffectiveDelta
from kg.store.engine import open_to_read, open_to_write
from kg.store.engine_protocols import Bindings, Dataset, Engine, QueryResult, WritableEngine
from kg.store.loading import BulkChange, Confirm
from kg.store.log import CommitLog
from kg.store.transaction import is_large
from kg.store.writer_lock import locked

SECONDS_OF_TOLERANCE = 1.0
"""Seconds that commit times may be ahead of the clock without a warning."""

_log = logging.getLogger(__name__)


class Contents:
    """An open store for reading: the quads of one version."""

    def __init__(self, engine: Engine, version: int) -> None:
        self._engine = engine
        self.version = version
        self.quads_for_pattern = engine.quads_for_pattern
        """The engine's own method, because the gate calls it often; an iterator stays on its thread."""

    @property
    def newest(self) -> int:
        """The version that is read; in a writer, the newest version, which may not be durable yet."""
        return self.version

    def __contains__(self, quad: Quad, /) -> bool:
        return quad in self._engine

    def query(
        self,
        text: str,
        *,
        prefixes: Mapping[str, str],
        dataset: Dataset,
        bindings: Bindings,
        base: str | None = None,
    ) -> QueryResult:
        """Evaluate a query; see Engine for its arguments and errors."""
        return self._engine.query(text, prefixes=prefixes, dataset=dataset, bindings=bindings, base=base)

    def effective(self, delta: Delta) -> Delta:
        """Return what a delta changes here, in the normal form of the store."""
        return effects.effective(self._engine, delta)

    def dump(self, output: IO[bytes]) -> None:
        """Write all quads as N-Quads."""
        self._engine.dump(output)

    def dump_stored(self, output: IO[bytes]) -> None:
        """Write the engine's own form, for a copy in memory; see Engine."""
        self._engine.dump_stored(output)

    def graphs(self) -> list[str]:
        """Return the names of the graphs that hold quads, sorted."""
        names = (graph for graph in self._engine.named_graphs() if isinstance(graph, NamedNode))
        return sorted(
            graph.value
            for graph in names
            if any(True for _ in self.quads_for_pattern(None, None, None, graph))
        )

    def snapshot(self, path: Path) -> int:
        """Make a hard-linked copy at a path that does not exist yet; return its version."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._engine.copy_to(path)
        return self.version


class Store(Contents):
    """The only writer of a data directory. Use ``Store.open``; close it, or use it in a ``with``."""

    def __init__(self, directory: Path, lock: IO[str]) -> None:
        self.directory = directory
        self.log = CommitLog(directory / "log")
        self.pending = PendingCommits(self.log, self._publish)
        self.writing = Writing(self.pending, self._withdraw)
        """Lock for a check and its commit; on release, all commits that were read or written are durable."""
        self.withdrawals = 0
        """Number of rollbacks of pending commits and of loads; copies made before cannot follow the store."""
        self.listeners: list[Callable[[int], None]] = []
        """Called with each durable version, on the thread that made it so; must be quick and not raise."""
        self._lock = lock
        if purge.is_begun(directory):
            purge.finish(directory)
        shutil.rmtree(directory / "snapshots", ignore_errors=True)  # left by a killed process
        loading.finish_exchange(directory, self.log)
        start_check.check_files(directory, self.log)
        self._engine: WritableEngine = _opened_to_write(directory / "store")
        self.compaction = Compaction(self._engine.compact, self._engine.size)
        super().__init__(self._engine, 0)
        try:
            self._recover()
        except RuntimeError as fault:
            raise table_check.unreadable(directory / "store", fault.with_traceback(None)) from None

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open a data directory to write; a new one is empty.

        ``kg.facts.releases`` opens one and updates it to the release. Raises Unavailable if another process
        holds it, if the disk fails or if it has another format, Damaged if a part is missing or was changed.
        """
        with disk_space.disk_errors(directory):
            directory.mkdir(parents=True, exist_ok=True)
            format_marker.require(directory)
            lock = locked(directory)
        try:
            with disk_space.disk_errors(directory):
                format_marker.mark(directory)
                return cls(directory, lock)
        except BaseException:
            lock.close()
            raise

    def close(self) -> None:
        """Make everything durable and release the lock; a second call does nothing."""
        with self.writing.lock:
            if self._lock.closed:
                return
            self.compaction.end()
            is_clean = False
            with suppress(KGError, OSError, RuntimeError):  # the next opening replays the log
                self.writing.settle()
                self._engine.flush()
                is_clean = self._engine.fault is None
            self._engine.close()
            if is_clean:
                with suppress(OSError):  # without the marker, the next start checks more
                    clean_stop.mark(self.directory)
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def commit(
        self,
        delta: Delta,
        by: Provenance,
        *,
        content_hash: str | None = None,
        hashes: Mapping[str, str] | None = None,
        warnings: Sequence[str] = (),
    ) -> Commit:
        """Commit a delta, all or nothing.

        The commit is durable on return; inside ``with store.writing``, it is durable when the block exits.
        The graphs named in the delta become the commit's graphs, or its withdrawn graphs if nothing is left
        in them. ``content_hash`` is the hash of a submission, ``hashes`` maps single graphs to their hashes.
        Raises Conflict if the delta touches the provenance graph, which only commits themselves write; NoRoom
        or Unavailable if the commit cannot be written, and then no part of it is kept.
        """
        if any(quad.graph_name == provenance.GRAPH for quad in (*delta.added, *delta.removed)):
            raise Conflict(
                f"<{iris.PROVENANCE_GRAPH}> is written only by the commits themselves; leave it out."
            )
        with self.writing:
            self._mend_engine()
            change = EffectiveDelta.of(self._engine, delta)
            return self.commit_effective(
                change, by, content_hash=content_hash, hashes=hashes, warnings=warnings
            )

    def commit_effective(
        self,
        change: EffectiveDelta,
        by: Provenance,
        *,
        content_hash: str | None = None,
        hashes: Mapping[str, str] | None = None,
        warnings: Sequence[str] = (),
    ) -> Commit:
        """Commit a delta that is effective on the newest version; see ``commit``."""
        with self.writing:
            self._mend_engine()
            self.pending.admit()
            disk_space.require(self.directory)
            commit = Commit(
                version=self.newest + 1,
                time=self._time(),
                agent=by.agent,
                source=by.source,
                reason=by.reason,
                graphs=change.graphs,
                hash=content_hash,
                software=f"kg {__version__}",
                warnings=tuple(warnings),
                withdrawn=change.withdrawn,
                superseding=change.superseding,
                added=len(change.added),
                removed=len(change.removed),
                drafter=by.drafter,
            )
            self._write(commit, change, effects.in_provenance(self._engine, commit, hashes or {}))
            return commit

    def commit_loaded(self, load: BulkChange, by: Provenance, confirm: Confirm) -> Commit:
        """Commit a load: its copy of this store replaces the store. Durable on return.

        First the commits made since the copy was taken are checked with ``confirm`` and applied to it. Raises
        Conflict if one of them wrote a graph of the load or was a load; NoRoom or Unavailable if the load
        cannot be written. Then no part of it is kept.
        """
        with self.writing:
            self.writing.settle()
            self._mend_engine()
            disk_space.require(self.directory)
            loading.catch_up(load, self.log, self.newest, confirm)
            commit = load.commit(self.newest + 1, self._time(), by)
            provenance_quads = effects.in_provenance(self._engine, commit, {})
            provenance_quads = Delta(
                (*provenance_quads.added, *load.provenance_quads), provenance_quads.removed
            )
            loading.complete(load, provenance_quads)
            try:
                self.log.append(commit, provenance_quads, bulk=load.bulk)
                self.log.settle([commit.version])
            except OSError as fault:
                with suppress(OSError):
                    self.log.withdraw([commit.version])
                raise unwritten(fault) from fault
            self._exchange(load.store, commit.version)
            self._publish(commit.version)
            return commit

    def _exchange(self, path: Path, version: int) -> None:
        """Replace this store by the one at a path, which holds a version of the log."""
        self.withdrawals += 1
        with self.compaction.paused(), suppress(Unavailable):  # the log has the commit, reading goes on
            try:
                self._engine.replace(path, self.directory / loading.ASIDE)
            except (OSError, RuntimeError) as fault:
                fault.with_traceback(None)  # the traceback's frames keep the engine alive
                _log.error("The store made by a load cannot replace the current one: %s", fault)
                self._open_anew(version)

    @property
    def newest(self) -> int:
        """The version that the engine holds and the next commit follows; it may not be durable yet."""
        last = self.pending.last
        return last.version if last else self.version

    def flush(self) -> None:
        """Wait until all commits are durable; raises as ``commit`` if they cannot be."""
        if last := self.pending.last:
            self.writing.wait(last)

    def snapshot(self, path: Path) -> int:
        """Copy the last commit once it is durable and none is pending. Do not call it inside ``writing``.

        Raises Unavailable if the engine accepts no writes: its memory could not be copied.
        """
        with self.writing:
            self.writing.settle()
            self._mend_engine()
            with table_check.table_errors(self.directory / "store"):
                return super().snapshot(path)

    def copy_newest(self, path: Path) -> int:
        """Copy the newest version, durable or not; return its number."""
        with self.writing.lock:
            self._mend_engine()
            path.parent.mkdir(parents=True, exist_ok=True)
            self._engine.copy_to(path)
            return self.newest

    def mend(self) -> None:
        """Make writes possible again after a disk failure; raises Unavailable if that fails."""
        self.writing.withdraw_failed()
        if self._engine.fault is not None:
            with self.writing.lock:
                self._mend_engine()

    def _mend_engine(self) -> None:
        """Reopen the engine if it accepts no more writes; commits to be withdrawn are not replayed."""
        if self._engine.fault is not None:
            self._open_anew(self.newest if self.pending.fault is None else self.version)

    def _open_anew(self, upto: int) -> None:
        """Reopen the engine, and apply the commits of the log up to a version."""
        if self._lock.closed:
            raise Unavailable("The store has been closed.")
        try:
            self._engine.reopen(partial(self._complete, upto))
        except (OSError, RuntimeError) as fault:
            fault.with_traceback(None)  # the traceback's frames keep the engine alive
            _log.error("The store cannot be opened to write: %s", fault)
            raise Unavailable(
                "The store refuses writes because its disk failed or was full; reads continue. Free some "
                "space and try again; if that does not help, restart the server."
            ) from None

    def _complete(self, upto: int, engine: WritableEngine) -> None:
        """Bring an engine up to a version, and undo any part of the commit after it."""
        recovery.catch_up(engine, self.log, upto)
        recovery.undo_unfinished(engine, self.log, upto)

    def _recover(self) -> None:
        """Make log and engine agree, however the last writer ended."""
        recovery.keep_pending(self._engine, self.log)
        start_check.check_held(self._engine, self.log)
        if not recovery.is_of(self.log, self._engine):
            self._make_anew()
        recovery.catch_up(self._engine, self.log, self.log.last)
        self._publish(self.log.last)
        if ahead := times_ahead(self.log, self.version):
            _log.warning("%s", ahead)

    def _make_anew(self) -> None:
        """Start with an empty engine and keep the old one aside; raises KGError if the log lacks commits."""
        self.log.require_no_gap()
        aside = self.directory / "store.ahead"
        _log.warning(
            "The store holds commits that its log lacks, as after a power failure: it is rebuilt from the %d "
            "commits of the log, which may take some minutes; the old store is kept in %s.",
            self.log.last,
            aside,
        )
        self._engine.start_empty(aside)

    def _publish(self, version: int) -> None:
        """Make a durable version visible to readers."""
        self.version = version
        for listener in self.listeners:
            listener(version)

    def _time(self) -> datetime:
        """Return the current time, but never one before the last commit: as-of queries rely on the order."""
        now = datetime.now(UTC)
        if self.newest == 0 or (last := self.log.commit(self.newest).time) <= now:
            return now
        if ahead := times_ahead(self.log, self.newest):
            _log.warning("%s", ahead)
        return last

    def _write(self, commit: Commit, *parts: ChangeSet) -> None:
        """Write one commit to the log and the store, where it is pending, or to neither."""
        try:
            self.log.append(commit, *parts)
            if is_large(parts):
                self.log.secure(commit.version)
        except OSError as fault:
            with suppress(OSError):
                self.log.withdraw([commit.version])
            raise unwritten(fault) from fault
        try:
            self._engine.apply(*parts)
        except Exception as fault:  # after any fault, log and store must agree again
            self._settle(commit, fault.with_traceback(None))  # whose frames hold the engine
        self.pending.add(commit.version)
        self.compaction.note(sum(len(part.removed) for part in parts))

    def _settle(self, commit: Commit, fault: Exception) -> None:
        """After a failure of the engine, replay a commit or remove it from the log."""
        try:
            self._open_anew(commit.version)
        except Exception:
            with suppress(OSError, RuntimeError):
                self._engine.become_read_only()
            if not recovery.has_version(self._engine, commit.version):
                with suppress(OSError):  # a pending record that the engine lacks has no effect
                    if not recovery.is_unfinished(self.log, commit.version):  # its record undoes it
                        self.log.withdraw([commit.version])
                raise unwritten(fault) from fault

    def _withdraw(self) -> None:
        """Remove pending commits, first from the engine and then from the log; raises Unavailable.

        In this order a process killed in between leaves the log ahead of the store, never the store ahead of
        the log.
        """
        self.withdrawals += 1
        try:
            if not self._is_undone():
                self._open_anew(self.version)
                if not self._is_undone():
                    raise OSError(self._engine.fault)
            self.log.withdraw([commit.version for commit in self.pending.all])
        except (OSError, Unavailable) as fault:
            _log.error("Commits could not be rolled back: %s", fault)
            raise Unavailable(
                "A failed write could not be rolled back and may appear after a restart: check the disk, "
                "then check whether the facts are there before you send them again."
            ) from None

    def _is_undone(self) -> bool:
        """Undo pending commits in the engine, newest first; return whether that succeeded."""
        try:
            for commit in reversed(self.pending.all):
                if recovery.has_version(self._engine, commit.version):
                    self._engine.unapply(self.log.read(commit.version)[1])
        except Exception:  # after any fault, the engine is reopened
            return False
        return self._engine.fault is None


def times_ahead(log: CommitLog, version: int) -> str | None:
    """Return a warning if commit times are more than a second ahead of the clock, otherwise None."""
    if version == 0:
        return None
    last = log.commit(version).time
    ahead = last - datetime.now(UTC)
    if ahead.total_seconds() <= SECONDS_OF_TOLERANCE:
        return None
    return (
        f"Commit times run ahead of the clock by {timedelta(seconds=int(ahead.total_seconds()))}: the last "
        f"commit has the time {last.isoformat(timespec='seconds')}, and new commits take that time until the "
        "clock has passed it."
    )


def _opened_to_write(path: Path) -> WritableEngine:
    try:
        return open_to_write(path)
    except (OSError, RuntimeError) as fault:
        raise table_check.unreadable(path, fault) from None


def open_snapshot(path: Path, version: int) -> Contents:
    """Open a snapshot to read; raises Damaged."""
    with table_check.table_errors(path):
        return Contents(open_to_read(path), version)
