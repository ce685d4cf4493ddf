"""Loads: sources of any size become one commit, all or nothing, in bounded memory.

Chunks of lines are normalized and then added to a copy of the store, each on its own threads: nearly all of
the work is the engine's, which releases the interpreter lock. Meanwhile the lines are written to the log's
bulk file and passed to the judging. After the last chunk, the gate gives its verdict; if it accepts, the copy
replaces the store (``kg.store.loading``). Other changes may commit until then.
"""

import shutil
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

from pyoxigraph import Literal, NamedNode, Quad

from kg import provenance
from kg.changes import Delta, Provenance, Quads
from kg.errors import BadInput, Conflict
from kg.facts.judges.release_gate import release_gate
from kg.facts.judging import NOT_SUBMITTED, faults
from kg.facts.kept_texts import TextsAtHand
from kg.facts.loads import chunks
from kg.facts.loads.batches import Stores
from kg.facts.loads.chunks import Chunk, Normaliser
from kg.facts.loads.judging import LoadJudging
from kg.facts.loads.repetitions import Repetitions, without_repetitions
from kg.facts.loads.source import Loaded, LoadSource, Progress, unheard
from kg.facts.loads.uniform import UniformRecords
from kg.facts.submissions import immutable, protected, refused
from kg.gate.reports import Report, warning_sentences
from kg.store import bulk_file, loading
from kg.store.bulk_file import BulkFileWriter
from kg.store.engine import open_to_amend
from kg.store.engine_protocols import WritableEngine
from kg.store.loading import BulkChange
from kg.store.log import ADDED
from kg.store.store import Store, open_snapshot
from kg.terms import DIP

T = TypeVar("T")
_AHEAD = 2
"""Maximum chunks that are normalized, or added, ahead of the next step."""


def load(
    store: Store,
    sources: Sequence[LoadSource],
    by: Provenance,
    *,
    progress: Progress = unheard,
    committing: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Loaded:
    """Judge sources and store all of them as one commit, or nothing; durable on return.

    Sources that are already loaded are skipped. The commit is made inside the ``committing`` context manager.

    Raises Invalid with the report, Unreadable with the line of a source, BadInput for a source without
    triples, Conflict for a graph that exists with other content.
    """
    loaded_names = tuple(source.name for source in sources if is_known(store, source.key))
    new = [source for source in sources if source.name not in loaded_names]
    if not new:
        return Loaded(None, known=loaded_names)
    folder = loading.new_folder(store.directory)
    try:
        base = store.snapshot(loading.store_in(folder))
        change, report = prepare(folder, base, new, progress)
        progress("committing", change.added, None)
        with committing():
            commit = store.commit_loaded(change, by, confirm)
        return Loaded(commit, report, loaded_names, commit.graphs, change.added)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_known(store: Quads, key: str) -> bool:
    """Return True if the source with a key was loaded and is still present."""
    quads = store.quads_for_pattern(None, DIP.CONTENT_HASH, Literal(key), provenance.GRAPH)
    graphs = [quad.subject for quad in quads if isinstance(quad.subject, NamedNode)]
    return any(True for graph in graphs for _ in store.quads_for_pattern(None, None, None, graph))


def prepare(
    folder: Path, base: int, sources: Sequence[LoadSource], progress: Progress
) -> tuple[BulkChange, Report]:
    """Add sources to the copy of the store in the folder, and judge them; ``base`` is the copy's version."""
    stores = Stores(folder / "base", loading.store_in(folder), base)
    with ExitStack() as ending:
        with closing(open_to_amend(stores.after)) as copy:
            copy.copy_to(stores.before)
            contents = open_snapshot(stores.before, base)
            judging = ending.enter_context(closing(LoadJudging(release_gate(), contents, folder / "judged")))
            with _Intake(copy, folder, judging, contents) as intake:
                hashes = {pair: None for source in sources for pair in intake.take(source, progress)}
                quads = intake.finish()
            copy.flush()
        progress("judging", 0, quads)
        report = judging.report(intake.path, stores, progress)
    if not report.conforms:
        raise refused(report)
    graphs = tuple(sorted({graph for graph, _ in hashes}))
    warnings = tuple(warning_sentences(report))
    change = BulkChange(
        folder, base, {ADDED: intake.path}, graphs, hashes=tuple(hashes), warnings=warnings, added=quads
    )
    return change, report


def confirm(contents: Quads, delta: Delta) -> None:
    """Raise Conflict if commits made during a load conflict with it; ``contents`` include the load."""
    facts = Delta(_of_facts(delta.added), _of_facts(delta.removed))
    found = [each for each in faults(contents, release_gate(), facts) if each.severity == "error"]
    if found:
        sentence = found[0].sentence()
        raise Conflict(f"Facts committed during this load conflict with it; load again. {sentence}")


def _of_facts(quads: tuple[Quad, ...]) -> tuple[Quad, ...]:
    return tuple(quad for quad in quads if quad.graph_name != provenance.GRAPH)


class _Intake:
    """Adds chunks to the copy of the store and to the bulk file; a context manager."""

    def __init__(self, copy: WritableEngine, folder: Path, judging: LoadJudging, base: Quads) -> None:
        self.path = folder / "added.zst"
        self._copy = copy
        self._judging = judging
        self._base = base
        self._writer = BulkFileWriter(self.path)
        self._repetitions = Repetitions(folder)
        self._graphs: set[str] = set()
        self._texts = TextsAtHand(loading.directory_of(folder), base)

    def take(self, source: LoadSource, progress: Progress) -> list[tuple[str, str]]:
        """Add one source; return the graphs that it wrote, each with the source's key."""
        before, graphs = self._writer.quads, set[str]()
        with ThreadPoolExecutor(2) as normalising, _Pair(self._copy) as writing:
            for chunk in _ahead(normalising, self._normal(source)):
                self._require_new(graphs, chunk)
                writing.take(chunk.lines)
                self._repetitions.note(chunk.lines)
                self._writer.write(chunk.text, len(chunk.lines))
                self._judging.take(chunk)
                progress("loading", self._writer.quads, None)
        if self._writer.quads == before:
            raise BadInput(f"{source.name} contains no triple; send at least one.")
        return [(graph, source.key) for graph in sorted(graphs)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def finish(self) -> int:
        """Complete the bulk file; return the number of its quads."""
        self._writer.finish()
        if suspects := self._repetitions.suspects():
            lines = without_repetitions(bulk_file.read(self.path), suspects)
            return bulk_file.write(self.path, lines).quads
        return self._writer.quads

    def _normal(self, source: LoadSource) -> Iterator[Callable[[], Chunk]]:
        """Yield functions that return normalized chunks of a source; the last is for closing quads."""
        if source.normal is not None:
            for chunk in chunks.cut(source.blocks()):
                yield partial(Chunk, chunk.lines, source.normal)
            return
        uniform = UniformRecords(self._judging.uniform_classes, source.graph)
        normaliser = Normaliser(source.name, source.key, source.graph, uniform, self._texts)
        for chunk in chunks.cut(source.blocks()):
            yield partial(normaliser.normal, chunk)
        if last := tuple(source.closing()):
            yield partial(normaliser.of_quads, last)

    def _require_new(self, graphs: set[str], chunk: Chunk) -> None:
        """Record the graphs of a chunk; raises Conflict for one that exists in the store or is protected."""
        for graph in chunk.graphs:
            if graph not in self._graphs:
                node = NamedNode(graph)
                if graph in NOT_SUBMITTED:
                    raise protected(node)
                if any(True for _ in self._base.quads_for_pattern(None, None, None, node)):
                    raise immutable(node)
                self._graphs.add(graph)
            graphs.add(graph)


class _Pair:
    """Two threads that add lines to a copy of the store: one to the graphs, one to their merge."""

    def __init__(self, copy: WritableEngine) -> None:
        self._threads = [
            (ThreadPoolExecutor(1), work, deque[Future[None]]())
            for work in (copy.load_graphs, copy.load_merge)
        ]

    def take(self, lines: Sequence[bytes]) -> None:
        """Queue lines to be added; raises the error of earlier lines."""
        for thread, work, unfinished in self._threads:
            if len(unfinished) == _AHEAD:
                unfinished.popleft().result()
            unfinished.append(thread.submit(work, lines))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for thread, _work, _unfinished in self._threads:
            thread.shutdown(cancel_futures=kind is not None)
        for _thread, _work, unfinished in self._threads if kind is None else ():
            for future in unfinished:
                future.result()


def _ahead(threads: ThreadPoolExecutor, works: Iterator[Callable[[], T]]) -> Iterator[T]:
    """Yield the results of functions in order, while the next ones already run."""
    futures: deque[Future[T]] = deque()
    for work in works:
        futures.append(threads.submit(work))
        if len(futures) > _AHEAD:
            yield futures.popleft().result()
    while futures:
        yield futures.popleft().result()
