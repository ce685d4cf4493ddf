"""A load: sources of any size become one commit, all or nothing, in bounded memory.

Chunks of lines are brought into normal form and then taken in by a copy of the store, each on threads of its
own: nearly all of the work is the engine's, which leaves the interpreter free. Meanwhile they are written to
the bulk file of the log and shown to the judging. When all are in, the gate's verdict decides, and the copy
takes the store's place (``kg.store.loading``). Others may commit until then.
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
"""Chunks that are brought into normal form, or taken in, while others wait."""


def load(
    store: Store,
    sources: Sequence[LoadSource],
    by: Provenance,
    *,
    progress: Progress = unheard,
    committing: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Loaded:
    """Judge sources and store them as one commit, durable when this returns, or nothing of them.

    Sources that are there already are left out. The commit is made within ``committing``.

    Raises Invalid with the report, Unreadable with the line of a source, BadInput for what holds no triple,
    Conflict for a graph that is there with other content.
    """
    known = tuple(source.name for source in sources if is_known(store, source.key))
    new = [source for source in sources if source.name not in known]
    if not new:
        return Loaded(None, known=known)
    folder = loading.new_folder(store.directory)
    try:
        base = store.snapshot(loading.store_in(folder))
        change, report = prepare(folder, base, new, progress)
        progress("committing", change.added, None)
        with committing():
            commit = store.commit_loaded(change, by, confirm)
        return Loaded(commit, report, known, commit.graphs, change.added)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_known(store: Quads, key: str) -> bool:
    """Return whether what has a key was loaded, and is still there."""
    told = store.quads_for_pattern(None, DIP.CONTENT_HASH, Literal(key), provenance.GRAPH)
    graphs = [quad.subject for quad in told if isinstance(quad.subject, NamedNode)]
    return any(True for graph in graphs for _ in store.quads_for_pattern(None, None, None, graph))


def prepare(
    folder: Path, base: int, sources: Sequence[LoadSource], progress: Progress
) -> tuple[BulkChange, Report]:
    """Take sources in beside the store, and judge them; the folder holds a copy of the store at a version."""
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
    """Raise Conflict if what was committed during a load does not go with it; the contents hold the load."""
    facts = Delta(_of_facts(delta.added), _of_facts(delta.removed))
    found = [each for each in faults(contents, release_gate(), facts) if each.severity == "error"]
    if found:
        said = found[0].sentence()
        raise Conflict(f"What was added meanwhile does not go with this load; load again. {said}")


def _of_facts(quads: tuple[Quad, ...]) -> tuple[Quad, ...]:
    return tuple(quad for quad in quads if quad.graph_name != provenance.GRAPH)


class _Intake:
    """Takes chunks into the copy of the store and into the bulk file; use it in a ``with``."""

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
        """Take in one source; return the graphs that it wrote, each with the key."""
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
            raise BadInput(f"There is not one triple in {source.name}; send at least one.")
        return [(graph, source.key) for graph in sorted(graphs)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def finish(self) -> int:
        """Complete the bulk file; return the number of its quads."""
        self._writer.finish()
        if suspects := self._repetitions.suspects():
            kept = without_repetitions(bulk_file.read(self.path), suspects)
            return bulk_file.write(self.path, kept).quads
        return self._writer.quads

    def _normal(self, source: LoadSource) -> Iterator[Callable[[], Chunk]]:
        """Yield the chunks of a source, each as the work that makes it; then what it tells at its end."""
        uniform = UniformRecords(self._judging.uniform_classes, source.graph)
        normaliser = Normaliser(source.name, source.key, source.graph, uniform, self._texts)
        for sent in chunks.cut(source.blocks()):
            yield partial(normaliser.normal, sent)
        if last := tuple(source.closing()):
            yield partial(normaliser.of_quads, last)

    def _require_new(self, graphs: set[str], chunk: Chunk) -> None:
        """Note the graphs of a chunk; raises Conflict for one that the store holds or that is protected."""
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
    """Two threads that take lines into a copy of the store: one into the graphs, one into the merge."""

    def __init__(self, copy: WritableEngine) -> None:
        self._threads = [
            (ThreadPoolExecutor(1), work, deque[Future[None]]())
            for work in (copy.load_graphs, copy.load_merge)
        ]

    def take(self, lines: Sequence[bytes]) -> None:
        """Take in lines soon; raises the fault of lines that came before."""
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
    """Yield what works return, in their order, while some of those that follow are done."""
    begun: deque[Future[T]] = deque()
    for work in works:
        begun.append(threads.submit(work))
        if len(begun) > _AHEAD:
            yield begun.popleft().result()
    while begun:
        yield begun.popleft().result()
