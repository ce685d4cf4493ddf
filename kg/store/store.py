"""The store of a data directory. One process writes it; every change is a numbered commit.

Order of a commit: the log record is written, then one store transaction holds the quads and what the
provenance graph tells of the commit. Now it is pending: the next writer sees it and no reader does. Then the
record is flushed, in one go with all others that are pending (``durability``), and with that the version
is published, and whoever waited is told. The record holds what really changes, so that any earlier version
can be had by undoing (``snapshots``). What a killed process or a power cut left is told in ``recovery``, what
reads beside the writer in ``read_only``; a store that is behind its log is brought up to it by replaying.

An engine that once failed to write (a full disk, a broken one) takes no more writes until it is opened anew.
So it is, and replays the commit; where that fails too, the commit leaves the log again and is refused.
"""

import fcntl
import gc
import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pyoxigraph
from pyoxigraph import NamedNode, Quad

from kg import __version__, iris, ontology, provenance
from kg.changes import Commit, Delta, GraphName, Object, Provenance, Subject
from kg.errors import Conflict, KGError, Unavailable
from kg.facts import releases
from kg.store import disk_space, recovery
from kg.store.compaction import Compaction
from kg.store.durability import PendingCommits, Writing, unwritten
from kg.store.log import CommitLog
from kg.store.transaction import change, normalised
from kg.terms import DIP, RDF

_log = logging.getLogger(__name__)


class Contents:
    """An opened store that is only read: the quads of one version."""

    def __init__(self, engine: pyoxigraph.Store, version: int) -> None:
        self.engine = engine
        self.version = version

    @property
    def newest(self) -> int:
        """The version that is read here; a writer's may not be durable yet."""
        return self.version

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Object | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        """Yield the quads that match; the iterator must stay on the thread that made it."""
        return self.engine.quads_for_pattern(subject, predicate, object, graph_name)

    def graphs(self) -> list[str]:
        """Name the graphs that hold something, in order."""
        named = (graph for graph in self.engine.named_graphs() if isinstance(graph, NamedNode))
        return sorted(
            graph.value
            for graph in named
            if any(True for _ in self.quads_for_pattern(None, None, None, graph))
        )

    def snapshot(self, path: Path) -> int:
        """Lay a hard-linked copy at a path that does not exist yet; say which version it is."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.engine.backup(path)
        return self.version


class Store(Contents):
    """The one writer of a data directory. Use ``Store.open``; close it, or use it in a ``with``."""

    def __init__(self, directory: Path, lock: IO[str]) -> None:
        self.directory = directory
        self.log = CommitLog(directory / "log")
        self.pending = PendingCommits(self.log, self._publish)
        self.writing = Writing(self.pending, self._withdraw)
        """Held by whoever checks and then commits; let go of, what was seen and written is durable."""
        self.fault: str | None = None
        """Why the engine takes no more writes, where it does not."""
        self._lock = lock
        self.compaction = Compaction(self._compact, partial(_size, directory / "store"))
        left_behind = set((directory / "store").glob("*.sst"))
        super().__init__(pyoxigraph.Store(directory / "store"), 0)
        self._remove_orphans(left_behind)
        self._recover()

    @classmethod
    def open(cls, directory: Path, release: ontology.Ontology | None = None) -> Self:
        """Open a data directory to write, and bring it up to date with the release.

        A fresh directory gets the release graphs as commit 1 and the seed dataset as commit 2.
        Raises Unavailable where another process holds it.
        """
        directory.mkdir(parents=True, exist_ok=True)
        lock = locked(directory)
        try:
            store = cls(directory, lock)
            releases.bring_up_to_date(store, release or ontology.load())
        except BaseException:
            lock.close()
            raise
        return store

    def close(self) -> None:
        """Make everything durable and let another process write; closed again, it stays as it is."""
        with self.writing.lock:
            if self._lock.closed:
                return
            self.compaction.end()
            with suppress(KGError, OSError, RuntimeError):  # the log has it all, the next opening replays it
                self.writing.settle()
                self.engine.flush()
            del self.engine
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
        warnings: Sequence[str] = (),
    ) -> Commit:
        """Change the graph: all of the delta or nothing, durable when this returns, or ``writing`` around it.

        The graphs named in the delta are the commit's graphs, or withdrawn by it where nothing is left of
        them; ``content_hash`` is that of what was submitted. Raises Conflict for a delta that touches the
        provenance graph, which only commits themselves write; NoRoom or Unavailable where it cannot be
        written, and then nothing of it is kept.
        """
        named = {quad.graph_name for quad in (*delta.added, *delta.removed)}
        if provenance.GRAPH in named:
            raise Conflict(f"<{iris.PROVENANCE_GRAPH}> is written by commits themselves; leave it out.")
        with self.writing:
            self._mend_engine()
            self.pending.admit()
            disk_space.require(self.directory)
            facts = self._effective(delta)
            withdrawn = self._emptied(facts)
            commit = Commit(
                version=self.newest + 1,
                time=self._time(),
                agent=by.agent,
                source=by.source,
                reason=by.reason,
                graphs=tuple(sorted(graph.value for graph in named if isinstance(graph, NamedNode))),
                hash=content_hash,
                software=f"kg {__version__}",
                warnings=tuple(warnings),
                withdrawn=withdrawn,
                superseding=tuple(_replacements(facts, withdrawn)),
                added=len(facts.added),
                removed=len(facts.removed),
            )
            commit = replace(commit, graphs=tuple(iri for iri in commit.graphs if iri not in withdrawn))
            told = self._effective(self._told(commit))
            whole = Delta((*facts.added, *told.added), (*facts.removed, *told.removed))
            self._write(commit, whole)
            return commit

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
            try:
                return super().snapshot(path)
            except OSError as fault:  # the engine could not write out what it holds in memory
                self.fault = str(fault)
                raise

    def mend(self) -> None:
        """Make writes possible again where a disk failed; raises Unavailable where that does not help."""
        self.writing.withdraw_failed()
        if self.fault is not None:
            with self.writing.lock:
                self._mend_engine()

    def _mend_engine(self) -> None:
        """Open the engine anew where it takes no more writes; what is to be withdrawn is not brought back."""
        if self.fault is not None:
            self._open_anew(self.newest if self.pending.fault is None else self.version)

    def _open_anew(self, upto: int) -> None:
        """Open the engine anew, and bring it up to a version that the log has."""
        if self._lock.closed:
            raise Unavailable("The store has been closed.")
        try:
            self._let_go_of_engine()
            self.engine = pyoxigraph.Store(self.directory / "store")
            recovery.catch_up(self.engine, self.log, upto)
        except (OSError, RuntimeError) as fault:
            fault.with_traceback(None)  # whose frames hold the engine
            _log.error("The store cannot be opened to write: %s", fault)
            raise Unavailable(
                "The store takes no writes since its disk failed it or was full; reading goes on."
                " Make room, then try again; restart the server if that does not help."
            ) from None
        self.fault = None

    def _let_go_of_engine(self) -> None:
        """Read beside an engine that takes no more writes, so that nothing holds it any longer."""
        reading = partial(pyoxigraph.Store.read_only, str(self.directory / "store"))
        self.engine = recovery.beside_writer(reading)  # a thread of its own may be changing the tables
        gc.collect()  # of faults and half-read answers that hold the other

    def _recover(self) -> None:
        """Bring log and engine together, however the process ended that wrote them last."""
        recovery.keep_pending(self.engine, self.log)
        if not recovery.is_of(self.log, self.engine):
            self._make_anew()
        recovery.catch_up(self.engine, self.log, self.log.last)
        self._publish(self.log.last)

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
        del self.engine
        shutil.rmtree(aside, ignore_errors=True)
        (self.directory / "store").rename(aside)
        self.engine = pyoxigraph.Store(self.directory / "store")

    def _publish(self, version: int) -> None:
        """Show readers a version: it is durable."""
        self.version = version

    def _time(self) -> datetime:
        """Now, but never before the last commit: as-of questions count on that order."""
        now = datetime.now(UTC)
        return max(now, self.log.commit(self.newest).time) if self.newest else now

    def _write(self, commit: Commit, delta: Delta) -> None:
        """Bring one commit into the log and into the store, pending, or into neither."""
        try:
            self.log.append(commit, delta)
        except OSError as fault:
            raise unwritten(fault) from fault
        try:
            self._apply(delta)
        except Exception as fault:  # whatever it was, log and store must agree again
            self._settle(commit, fault.with_traceback(None))  # whose frames hold the engine
        self.pending.add(commit.version, delta)
        self.compaction.note(len(delta.removed))

    def _settle(self, commit: Commit, fault: Exception) -> None:
        """After a failure of the engine have a commit replayed, or take it back from the log."""
        self.fault = str(fault)
        try:
            self._open_anew(commit.version)
        except Exception:
            with suppress(OSError, RuntimeError):
                self._let_go_of_engine()
            if not recovery.has_version(self.engine, commit.version):
                with suppress(OSError):  # a pending record that the engine lacks counts for nothing
                    self.log.withdraw([commit.version])
                raise unwritten(fault) from fault

    def _apply(self, delta: Delta) -> None:
        change(self.engine, delta)

    def _withdraw(self) -> None:
        """Take back what is pending, from the engine and then from the log; raises Unavailable.

        In this order, for a process that is killed meanwhile leaves a log that is ahead, and not a store.
        """
        try:
            if not self._is_undone():
                self._open_anew(self.version)
                if not self._is_undone():
                    raise OSError(self.fault)
            self.log.withdraw([commit.version for commit in self.pending.all])
        except (OSError, Unavailable) as fault:
            _log.error("Commits could not be withdrawn: %s", fault)
            raise Unavailable(
                "What could not be written cannot be withdrawn either, and may be there after a restart:"
                " look at the disk, then see what is there before you send it again."
            ) from None

    def _is_undone(self) -> bool:
        """Undo in the engine what is pending, newest first; False, with ``fault`` set, where it fails."""
        try:
            for commit in reversed(self.pending.all):
                if recovery.has_version(self.engine, commit.version):
                    self._apply(commit.delta.inverse())
        except Exception as fault:  # whatever it was, the engine is opened anew
            self.fault = str(fault)
        return self.fault is None

    def _compact(self) -> None:
        try:
            self.engine.optimize()
        except (OSError, RuntimeError) as fault:
            _log.error("The store could not be compacted: %s", fault)
            self.fault = str(fault)

    def _effective(self, delta: Delta) -> Delta:
        """Give what a delta really changes: what it adds that is not there, and removes that is."""
        coming = normalised(delta.added)
        added = (quad for quad in coming if quad not in self.engine)
        removed = (quad for quad in normalised(delta.removed) - coming if quad in self.engine)
        return Delta(tuple(sorted(added, key=str)), tuple(sorted(removed, key=str)))

    def _emptied(self, facts: Delta) -> tuple[str, ...]:
        """Name the graphs of which nothing is left after an effective delta."""
        went = set(facts.removed)
        suspects = {quad.graph_name for quad in went} - {quad.graph_name for quad in facts.added}
        return tuple(
            sorted(
                graph.value
                for graph in suspects
                if isinstance(graph, NamedNode)
                and all(quad in went for quad in self.quads_for_pattern(None, None, None, graph))
            )
        )

    def _told(self, commit: Commit) -> Delta:
        """Give what a commit changes in the provenance graph; of a rewritten graph it is told anew."""
        outdated = (
            quad
            for graph in map(NamedNode, commit.graphs)
            for predicate in (DIP.CONTENT_HASH, DIP.WARNING)
            for quad in self.quads_for_pattern(graph, predicate, None, provenance.GRAPH)
        )
        told = (quad for quad in provenance.quads(commit) if not self._is_edit(quad))
        return Delta(tuple(told), tuple(outdated))

    def _is_edit(self, quad: Quad) -> bool:
        """Tell if what is said to be retracted is no submission, but a graph edited until it was empty."""
        if quad.predicate != DIP.RETRACTS or not isinstance(quad.object, NamedNode):
            return False
        return Quad(quad.object, RDF.TYPE, DIP.SUBMISSION, provenance.GRAPH) not in self.engine

    def _remove_orphans(self, left_behind: set[Path]) -> None:
        """Remove table files that no longer belong to the store: a killed process may leave some.

        A backup links exactly the files that belong. Only files older than this opening are looked at.
        """
        if not left_behind:
            return
        living = self.directory / "snapshots" / "living"
        shutil.rmtree(living.parent, ignore_errors=True)
        self.snapshot(living)
        names = {path.name for path in living.iterdir()}
        for path in left_behind:
            if path.name not in names:
                path.unlink(missing_ok=True)
        shutil.rmtree(living)


def open_snapshot(path: Path, version: int) -> Contents:
    """Open a snapshot to read."""
    return Contents(pyoxigraph.Store.read_only(str(path)), version)


def _replacements(facts: Delta, withdrawn: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a graph that comes and one that goes of which it says that it supersedes it."""
    for quad in facts.added:
        old, new = quad.object, quad.graph_name
        is_said = quad.predicate == DIP.SUPERSEDES and quad.subject == new
        if is_said and isinstance(new, NamedNode) and isinstance(old, NamedNode) and old.value in withdrawn:
            yield new.value, old.value


def _size(folder: Path) -> int:
    """Count the bytes of a store's tables; one that goes meanwhile does not count."""
    total = 0
    for path in folder.glob("*.sst"):
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


def locked(directory: Path) -> IO[str]:
    """Take the lock of the one writer; it goes with the process, however that ends."""
    file = (directory / "lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise Unavailable(
            f"{directory} is being written by process {holder}; go through it or stop it."
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
