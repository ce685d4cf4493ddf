"""The engine of a store: the only module that opens, reopens and closes it, and that depends on Oxigraph.

Another engine implements the protocols of ``kg.store.engine_protocols`` and is opened by the functions at the
end of this module.
"""

import gc
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from time import sleep
from typing import IO, NamedTuple, TypeVar

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    serialize,
)

from kg import scratch
from kg.changes import ChangeSet, Delta, GraphName, Object, Subject
from kg.store import bulk_writing, graph_names, merged_graph
from kg.store.engine_protocols import Bindings, Dataset, Engine, QueryResult, WritableEngine
from kg.store.transaction import change, in_steps

T = TypeVar("T")

_PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.0)
"""Seconds between attempts to read beside a writer."""

STEPS_UNTIL_FLUSH = 3
"""Number of steps of a large change between flushes of the engine's memory to disk."""

_log = logging.getLogger(__name__)


class _DatasetInEngine(NamedTuple):
    """A store, and those of its graphs that a query reads."""

    store: pyoxigraph.Store
    default: list[NamedNode | BlankNode | DefaultGraph]
    named: list[NamedNode | BlankNode] | None


class Oxigraph:
    """An open Oxigraph store for reading, on disk or in memory; ``merged_graph`` describes its contents."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        self._store = store

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Object | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        if isinstance(graph_name, NamedNode):
            return self._store.quads_for_pattern(subject, predicate, object, graph_name)
        graph = None if graph_name is None else merged_graph.name_in_engine(graph_name)
        return merged_graph.without_merge(self._store.quads_for_pattern(subject, predicate, object, graph))

    def __contains__(self, quad: Quad, /) -> bool:
        return merged_graph.in_engine(quad) in self._store

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        return (graph for graph in self._store.named_graphs() if graph != merged_graph.OWN)

    def query(
        self,
        text: str,
        *,
        prefixes: Mapping[str, str],
        dataset: Dataset,
        bindings: Bindings,
        base: str | None = None,
    ) -> QueryResult:
        dataset_in_engine, default, named_graphs = self._read(dataset, text)
        query_text = merged_graph.without_own(text) if named_graphs is None and self._holds_own else text
        ask = partial(
            dataset_in_engine.query,
            base_iri=base,
            prefixes=dict(prefixes),
            default_graph=default,
            named_graphs=named_graphs,
            substitutions=dict(bindings) or None,
        )
        try:
            return ask(query_text)
        except SyntaxError:
            return ask(text)  # raises the fault with its position in the original text

    @property
    def _holds_own(self) -> bool:
        """Whether the store holds quads that were written without a graph."""
        own = self._store.quads_for_pattern(None, None, None, merged_graph.OWN)
        return any(True for _ in own)

    def _read(self, dataset: Dataset, _text: str) -> _DatasetInEngine:
        """Return the store and graphs for a dataset; if it merges several graphs, the store is a copy."""
        named_graphs: list[NamedNode | BlankNode] | None = (
            None if dataset.named is None else [*dict.fromkeys(dataset.named)]
        )
        if dataset.default is None:
            return _DatasetInEngine(self._store, [DefaultGraph()], named_graphs)
        default = [
            graph for graph in dict.fromkeys(dataset.default) if self._store.contains_named_graph(graph)
        ]
        if len(default) < 2:
            return _DatasetInEngine(self._store, [*default], named_graphs)
        copied = self.named_graphs() if named_graphs is None else dict.fromkeys(named_graphs)
        return _DatasetInEngine(
            merged_graph.of_graphs(self._store, default, copied), [DefaultGraph()], named_graphs
        )

    def dump(self, output: IO[bytes]) -> None:
        serialize(self.quads_for_pattern(None, None, None), output, RdfFormat.N_QUADS)

    def dump_stored(self, output: IO[bytes]) -> None:
        self._store.dump(output, RdfFormat.N_QUADS)

    def copy_to(self, path: Path) -> None:
        self._store.backup(path)

    def amend(self, delta: Delta) -> None:
        """Apply a delta quickly, not atomically: for a copy that nobody reads yet."""
        self._apply(merged_graph.change_in_engine(self._store, [delta]))

    def _apply(self, change: Delta) -> None:
        for quad in change.removed:
            self._store.remove(quad)
        self._store.extend(change.added)
        graph_names.settle(self._store, [change])

    def close(self) -> None:
        del self._store


class OxigraphInMemory(Oxigraph):
    """An Oxigraph store in memory, with a second store that holds only the merge.

    The second store answers queries that name no graph; it is read in two thirds of the time.
    """

    def __init__(self, store: pyoxigraph.Store) -> None:
        super().__init__(store)
        self._merge = scratch.filled()
        self._merge.bulk_extend(store.quads_for_pattern(None, None, None, DefaultGraph()))

    def _read(self, dataset: Dataset, text: str) -> _DatasetInEngine:
        if dataset == Dataset() and not merged_graph.may_name_a_graph(text):
            return _DatasetInEngine(self._merge, [DefaultGraph()], [])
        return super()._read(dataset, text)

    def _apply(self, change: Delta) -> None:
        super()._apply(change)
        for quad in filter(merged_graph.is_of_merge, change.removed):
            self._merge.remove(quad)
        self._merge.extend(filter(merged_graph.is_of_merge, change.added))


class OxigraphOnDisk(Oxigraph):
    """An Oxigraph store on disk that only this process writes; it is created if it does not exist."""

    def __init__(self, path: Path) -> None:
        super().__init__(pyoxigraph.Store(path))
        self.fault: str | None = None
        self._path = path

    def apply(self, *parts: ChangeSet) -> None:
        self._change(in_steps(parts))

    def unapply(self, delta: Delta) -> None:
        self._change(reversed(list(in_steps([delta.inverse()]))))

    def _change(self, steps: Iterable[Sequence[ChangeSet]]) -> None:
        with self._watched():
            for number, step in enumerate(steps, 1):
                of_step = merged_graph.change_in_engine(self._store, step)
                change(self._store, of_step)
                graph_names.settle(self._store, [of_step])
                if number % STEPS_UNTIL_FLUSH == 0:  # otherwise all steps stay in the engine's memory
                    self._store.flush()

    def flush(self) -> None:
        self._store.flush()

    def copy_to(self, path: Path) -> None:
        with self._watched():
            super().copy_to(path)

    def compact(self) -> None:
        try:
            with self._watched():
                self._store.optimize()
        except (OSError, RuntimeError) as fault:
            _log.error("The store could not be compacted: %s", fault)

    def size(self) -> int:
        total = 0
        for path in _tables(self._path):
            with suppress(FileNotFoundError):  # the engine removes tables meanwhile
                total += path.stat().st_size
        return total

    def reopen(self, complete: Callable[[WritableEngine], None]) -> None:
        self.become_read_only()
        self._store = pyoxigraph.Store(self._path)
        complete(self)
        self.fault = None

    def become_read_only(self) -> None:
        self._store = beside_writer(partial(_read_only, self._path))  # the engine's thread may change tables
        gc.collect()  # garbage-collects exceptions and unfinished results that keep the old store open

    def load_graphs(self, lines: Sequence[bytes]) -> None:
        with self._watched():
            bulk_writing.load_graphs(self._store, lines)

    def load_merge(self, lines: Sequence[bytes]) -> None:
        with self._watched():
            bulk_writing.load_merge(self._store, lines)

    def replace(self, path: Path, aside: Path) -> None:
        with self._watched():
            self._store = _read_only(path)
            gc.collect()  # garbage-collects unfinished results that keep the old store and its lock
            shutil.rmtree(aside, ignore_errors=True)
            self._path.rename(aside)
            path.rename(self._path)
            self._store = beside_writer(partial(pyoxigraph.Store, self._path))
            gc.collect()
            shutil.rmtree(aside, ignore_errors=True)

    def start_empty(self, aside: Path) -> None:
        del self._store
        shutil.rmtree(aside, ignore_errors=True)
        self._path.rename(aside)
        self._store = pyoxigraph.Store(self._path)

    def rewrite(self) -> None:
        """Rewrite every table, which reads every block of the present tables and verifies its checksum.

        Compaction skips tables that no later write overlaps, so all quads are written again first.
        """
        with self._watched():
            self._store.bulk_extend(self._store.quads_for_pattern(None, None, None))
            self._store.optimize()
            self._store.flush()  # raises any fault of the compaction

    def remove_orphans(self, tables: Iterable[Path]) -> None:
        """Remove those of the given table files that do not belong to the store.

        A copy links exactly the files that belong to it.
        """
        living = self._path.with_name(f"{self._path.name}.living")
        shutil.rmtree(living, ignore_errors=True)
        self.copy_to(living)
        names = {path.name for path in living.iterdir()}
        for path in tables:
            if path.name not in names:
                path.unlink(missing_ok=True)
        shutil.rmtree(living)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """If a write in the block fails, set ``fault`` to the reason."""
        try:
            yield
        except Exception as fault:  # after any error, the store may lack what its caller expects
            self.fault = str(fault)
            raise


def beside_writer(work: Callable[[], T]) -> T:
    """Return the result of ``work``, which reads a store on disk; retry while its writer changes tables."""
    for pause in _PAUSES:
        try:
            return work()
        except (OSError, RuntimeError):
            sleep(pause)
    return work()


def open_to_write(path: Path) -> WritableEngine:
    """Open a store on disk, and remove table files left by a killed process."""
    left_behind = set(_tables(path))
    engine = OxigraphOnDisk(path)
    if left_behind:
        engine.remove_orphans(left_behind)
    return engine


def open_to_read(path: Path) -> Engine:
    """Open a store on disk that no process writes."""
    return Oxigraph(_read_only(path))


def open_beside_writer(path: Path) -> Engine:
    """Open a store on disk that another process may write; raises OSError or RuntimeError."""
    return beside_writer(partial(_of_one_moment, path))


def open_to_amend(path: Path) -> OxigraphOnDisk:
    """Open a copy on disk that no other process has open; the caller closes it."""
    return OxigraphOnDisk(path)


def link_files(path: Path, target: Path) -> None:
    """Copy a store on disk without opening it, with hard links to its tables; nobody may write it meanwhile.

    An engine that opens a store for writing replaces tables at once, even if it then only copies. A reader
    opens a table's file when it first needs it, and fails if the file has been replaced.
    """
    target.mkdir()
    for file in path.iterdir():
        if file.suffix == ".sst":
            _link(file, target / file.name)
        elif file.is_file() and not file.name.startswith("LO"):  # LOCK and LOG
            shutil.copyfile(file, target / file.name)


def _link(file: Path, target: Path) -> None:
    try:
        target.hardlink_to(file)
    except OSError:  # a file system without hard links
        shutil.copyfile(file, target)


def in_memory(quads: Iterable[Quad]) -> Oxigraph:
    """Open a store in memory that holds the quads, which are loaded in bulk."""
    store = scratch.filled()
    store.bulk_extend(merged_graph.with_merge(quads))
    graph_names.name_empty(store)
    return Oxigraph(store)


def in_memory_of(stored: Iterable[Quad]) -> Oxigraph:
    """Open a store in memory that holds the quads written by ``dump_stored``."""
    store = scratch.filled()
    store.bulk_extend(stored)
    graph_names.name_empty(store)
    return OxigraphInMemory(store)


def write_copy(engine: Engine, path: Path) -> None:
    """Copy an engine's quads one by one into a new store on disk."""
    write_quads(engine.quads_for_pattern(None, None, None), path)


def write_quads(quads: Iterable[Quad], path: Path) -> None:
    """Write quads in bulk to a store on disk that no process has open; it is created if it does not exist."""
    copy = pyoxigraph.Store(path)
    copy.bulk_extend(merged_graph.with_merge(quads))
    graph_names.name_empty(copy)
    copy.flush()


def add_merge(path: Path, target: Path) -> None:
    """Write a copy, with the merge of all graphs (``merged_graph``), of a store that was made without it."""
    write_quads(_read_only(path).quads_for_pattern(None, None, None), target)


def _read_only(path: Path) -> pyoxigraph.Store:
    return pyoxigraph.Store.read_only(str(path))


def _of_one_moment(path: Path) -> Engine:
    """Open a store to read; raises OSError if its writer changed the tables meanwhile.

    An engine opened while the manifest grows may miss quads that move from memory to a table at that moment.
    """
    before = _manifest(path)
    engine = open_to_read(path)
    if _manifest(path) != before:
        raise OSError("The store is being rewritten by its writer; try again.")
    return engine


def _manifest(path: Path) -> set[tuple[str, int]]:
    """Return the name and size of the engine's manifest; it is written before obsolete tables are removed."""
    return {(file.name, file.stat().st_size) for file in path.glob("MANIFEST-*")}


def _tables(path: Path) -> Iterator[Path]:
    return path.glob("*.sst")
