"""The store of a data directory. One process writes it; every change is a numbered commit.

Order of a commit: the log record is written, then one store transaction holds the quads and what the
provenance graph tells of the commit. Now it is pending: the next writer sees it and no reader does. Then the
record is flushed, in one go with all others that are pending (``durability``), and with that the version
is published, and waiting callers return. The record holds what really changes, so that any earlier version
can be had by undoing (``snapshots``). What a killed process or a power cut left is told in ``recovery``, what
reads beside the writer in ``read_only``; a store that is behind its log is brought up to it by replaying.

An engine that once failed to write (a full disk, a broken one) takes no more writes until it is opened anew.
So it is, and replays the commit; where that fails too, the commit leaves the log again and is refused.
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
"""By how much commit times may be ahead of the clock without being spoken of."""

_log = logging.getLogger(__name__)


class Contents:
    """An opened store that is only read: the quads of one version."""

    def __init__(self, engine: Engine, version: int) -> None:
        self._engine = engine
        self.version = version
        self.quads_for_pattern = engine.quads_for_pattern
        """See Quads: the engine's own method, as the gate calls it often. An iterator stays on its thread."""

    @property
    def newest(self) -> int:
        """The version that is read here; a writer's may not be durable yet."""
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
        """Evaluate a query; see Engine for what it takes and raises."""
        return self._engine.query(text, prefixes=prefixes, dataset=dataset, bindings=bindings, base=base)

    def effective(self, delta: Delta) -> Delta:
        """Return what a delta really changes here, in the normal form of the store."""
        return effects.effective(self._engine, delta)

    def dump(self, output: IO[bytes]) -> None:
        """Write all quads as N-Quads."""
        self._engine.dump(output)

    def dump_stored(self, output: IO[bytes]) -> None:
        """Write what the engine holds, for a copy in memory; see Engine."""
        self._engine.dump_stored(output)

    def graphs(self) -> list[str]:
        """Name the graphs that hold something, in order."""
        named = (graph for graph in self._engine.named_graphs() if isinstance(graph, NamedNode))
        return sorted(
            graph.value
            for graph in named
            if any(True for _ in self.quads_for_pattern(None, None, None, graph))
        )

    def snapshot(self, path: Path) -> int:
        """Lay a hard-linked copy at a path that does not exist yet; say which version it is."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._engine.copy_to(path)
        return self.version


class Store(Contents):
    """The one writer of a data directory. Use ``Store.open``; close it, or use it in a ``with``."""

    def __init__(self, directory: Path, lock: IO[str]) -> None:
        self.directory = directory
        self.log = CommitLog(directory / "log")
        self.pending = PendingCommits(self.log, self._publish)
        self.writing = Writing(self.pending, self._withdraw)
        """Held while a change is checked and committed; on release, what was seen and written is durable."""
        self.withdrawals = 0
        """How often pending commits were withdrawn, or a load came: copies made before do not follow it."""
        self.listeners: list[Callable[[int], None]] = []
        """Hear of each durable version, on the thread that made it so; they are quick and do not raise."""
        self._lock = lock
        if purge.is_begun(directory):
            purge.finish(directory)
        shutil.rmtree(directory / "snapshots", ignore_errors=True)  # those of a killed process
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
        """Open a data directory to write; a fresh one is empty.

        ``kg.facts.releases`` opens one and brings it up to date with the release. Raises Unavailable if
        another process holds it, the disk refuses or it has another format, Damaged if a part is missing or
        was changed.
        """
        with disk_space.faults_told(directory):
            directory.mkdir(parents=True, exist_ok=True)
            format_marker.require(directory)
            lock = locked(directory)
        try:
            with disk_space.faults_told(directory):
                format_marker.mark(directory)
                return cls(directory, lock)
        except BaseException:
            lock.close()
            raise

    def close(self) -> None:
        """Make everything durable and let another process write; closed again, it stays as it is."""
        with self.writing.lock:
            if self._lock.closed:
                return
            self.compaction.end()
            is_clean = False
            with suppress(KGError, OSError, RuntimeError):  # the log has it all, the next opening replays it
                self.writing.settle()
                self._engine.flush()
                is_clean = self._engine.fault is None
            self._engine.close()
            if is_clean:
                with suppress(OSError):  # the next start checks more
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
        """Change the graph: all of the delta or nothing, durable when this returns, or ``writing`` around it.

        The graphs named in the delta are the commit's graphs, or withdrawn by it if nothing is left of them.
        ``content_hash`` is the hash of a submission, ``hashes`` that of single graphs. Raises Conflict for a
        delta that touches the provenance graph, which only commits themselves write; NoRoom or Unavailable if
        it cannot be written, and then nothing of it is kept.
        """
        if any(quad.graph_name == provenance.GRAPH for quad in (*delta.added, *delta.removed)):
            raise Conflict(f"<{iris.PROVENANCE_GRAPH}> is written by commits themselves; leave it out.")
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
        """Commit a delta that was found effective on the newest version; see ``commit``."""
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
        """Commit what a load has brought into a copy of this store, which takes the store's place; durable.

        The commits since the copy was made are applied to it first, each after ``confirm`` let it pass.
        Raises Conflict if one of them wrote a graph of the load, or was a load; NoRoom or Unavailable if it
        cannot be written. Then nothing of it is kept.
        """
        with self.writing:
            self.writing.settle()
            self._mend_engine()
            disk_space.require(self.directory)
            loading.catch_up(load, self.log, self.newest, confirm)
            commit = load.commit(self.newest + 1, self._time(), by)
            told = effects.in_provenance(self._engine, commit, {})
            told = Delta((*told.added, *load.told), told.removed)
            loading.complete(load, told)
            try:
                self.log.append(commit, told, bulk=load.bulk)
                self.log.settle([commit.version])
            except OSError as fault:
                with suppress(OSError):
                    self.log.withdraw([commit.version])
                raise unwritten(fault) from fault
            self._exchange(load.store, commit.version)
            self._publish(commit.version)
            return commit

    def _exchange(self, path: Path, version: int) -> None:
        """Put a store that holds a version of the log in the place of this one."""
        self.withdrawals += 1
        with self.compaction.paused(), suppress(Unavailable):  # the log has the commit, reading goes on
            try:
                self._engine.replace(path, self.directory / loading.ASIDE)
            except (OSError, RuntimeError) as fault:
                fault.with_traceback(None)  # whose frames hold the engine
                _log.error("The store of a load cannot be put in its place: %s", fault)
                self._open_anew(version)

    @property
    def newest(self) -> int:
        """The version that the engine holds, and that the next commit follows; it may not be durable yet."""
        last = self.pending.last
        return last.version if last else self.version

    def flush(self) -> None:
        """Return when all that was committed is durable; raises as ``commit`` where it cannot be."""
        if last := self.pending.last:
            self.writing.wait(last)

    def snapshot(self, path: Path) -> int:
        """Lay a copy of the last commit, durable and with none on its way. Not for use within ``writing``.

        Raises Unavailable where the engine takes no writes: what it holds in memory could not be copied.
        """
        with self.writing:
            self.writing.settle()
            self._mend_engine()
            with table_check.damage_told(self.directory / "store"):
                return super().snapshot(path)

    def copy_newest(self, path: Path) -> int:
        """Lay a copy of the newest version, durable or not, and say which it is."""
        with self.writing.lock:
            self._mend_engine()
            path.parent.mkdir(parents=True, exist_ok=True)
            self._engine.copy_to(path)
            return self.newest

    def mend(self) -> None:
        """Make writes possible again where a disk failed; raises Unavailable where that does not help."""
        self.writing.withdraw_failed()
        if self._engine.fault is not None:
            with self.writing.lock:
                self._mend_engine()

    def _mend_engine(self) -> None:
        """Open the engine anew where it takes no more writes; what is to be withdrawn is not brought back."""
        if self._engine.fault is not None:
            self._open_anew(self.newest if self.pending.fault is None else self.version)

    def _open_anew(self, upto: int) -> None:
        """Open the engine anew, and bring it up to a version that the log has."""
        if self._lock.closed:
            raise Unavailable("The store has been closed.")
        try:
            self._engine.reopen(partial(self._complete, upto))
        except (OSError, RuntimeError) as fault:
            fault.with_traceback(None)  # whose frames hold the engine
            _log.error("The store cannot be opened to write: %s", fault)
            raise Unavailable(
                "The store takes no writes since its disk failed it or was full; reading goes on."
                " Make room, then try again; restart the server if that does not help."
            ) from None

    def _complete(self, upto: int, engine: WritableEngine) -> None:
        """Bring an engine up to a version, without what it holds of the commit after."""
        recovery.catch_up(engine, self.log, upto)
        recovery.undo_unfinished(engine, self.log, upto)

    def _recover(self) -> None:
        """Bring log and engine together, however the process ended that wrote them last."""
        recovery.keep_pending(self._engine, self.log)
        start_check.check_held(self._engine, self.log)
        if not recovery.is_of(self.log, self._engine):
            self._make_anew()
        recovery.catch_up(self._engine, self.log, self.log.last)
        self._publish(self.log.last)
        if ahead := times_ahead(self.log, self.version):
            _log.warning("%s", ahead)

    def _make_anew(self) -> None:
        """Begin with an empty engine, the other kept aside; raises KGError where the log lacks commits."""
        self.log.require_no_gap()
        aside = self.directory / "store.ahead"
        _log.warning(
            "The store holds what its log does not, as after a power cut: it is made anew from the %d commits"
            " of the log, which may take some minutes; %s keeps what it held.",
            self.log.last,
            aside,
        )
        self._engine.start_empty(aside)

    def _publish(self, version: int) -> None:
        """Show readers a version: it is durable."""
        self.version = version
        for listener in self.listeners:
            listener(version)

    def _time(self) -> datetime:
        """Now, but never before the last commit: as-of questions count on that order."""
        now = datetime.now(UTC)
        if self.newest == 0 or (last := self.log.commit(self.newest).time) <= now:
            return now
        if ahead := times_ahead(self.log, self.newest):
            _log.warning("%s", ahead)
        return last

    def _write(self, commit: Commit, *parts: ChangeSet) -> None:
        """Bring one commit into the log and into the store, pending, or into neither."""
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
        except Exception as fault:  # whatever it was, log and store must agree again
            self._settle(commit, fault.with_traceback(None))  # whose frames hold the engine
        self.pending.add(commit.version)
        self.compaction.note(sum(len(part.removed) for part in parts))

    def _settle(self, commit: Commit, fault: Exception) -> None:
        """After a failure of the engine have a commit replayed, or take it back from the log."""
        try:
            self._open_anew(commit.version)
        except Exception:
            with suppress(OSError, RuntimeError):
                self._engine.become_read_only()
            if not recovery.has_version(self._engine, commit.version):
                with suppress(OSError):  # a pending record that the engine lacks counts for nothing
                    if not recovery.is_unfinished(self.log, commit.version):  # else it is undone by it
                        self.log.withdraw([commit.version])
                raise unwritten(fault) from fault

    def _withdraw(self) -> None:
        """Take back what is pending, from the engine and then from the log; raises Unavailable.

        In this order, for a process that is killed meanwhile leaves a log that is ahead, and not a store.
        """
        self.withdrawals += 1
        try:
            if not self._is_undone():
                self._open_anew(self.version)
                if not self._is_undone():
                    raise OSError(self._engine.fault)
            self.log.withdraw([commit.version for commit in self.pending.all])
        except (OSError, Unavailable) as fault:
            _log.error("Commits could not be withdrawn: %s", fault)
            raise Unavailable(
                "What could not be written cannot be withdrawn either, and may be there after a restart:"
                " look at the disk, then see what is there before you send it again."
            ) from None

    def _is_undone(self) -> bool:
        """Undo in the engine what is pending, newest first; return whether that succeeded."""
        try:
            for commit in reversed(self.pending.all):
                if recovery.has_version(self._engine, commit.version):
                    self._engine.unapply(self.log.read(commit.version)[1])
        except Exception:  # whatever it is, the engine is opened anew
            return False
        return self._engine.fault is None


def times_ahead(log: CommitLog, version: int) -> str | None:
    """Say by how much the time of a commit is ahead of the clock; None if that is a second or less."""
    if version == 0:
        return None
    last = log.commit(version).time
    ahead = last - datetime.now(UTC)
    if ahead.total_seconds() <= SECONDS_OF_TOLERANCE:
        return None
    return (
        f"Commit times run ahead of the clock by {timedelta(seconds=int(ahead.total_seconds()))}: the last is"
        f" of {last.isoformat(timespec='seconds')}, and commits until then take that time."
    )


def _opened_to_write(path: Path) -> WritableEngine:
    try:
        return open_to_write(path)
    except (OSError, RuntimeError) as fault:
        raise table_check.unreadable(path, fault) from None


def open_snapshot(path: Path, version: int) -> Contents:
    """Open a snapshot to read; raises Damaged."""
    with table_check.damage_told(path):
        return Contents(open_to_read(path), version)
