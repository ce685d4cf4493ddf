"""Bulk withdrawal of loaded graphs: judges and removes as many quads as a load adds, in bounded memory.

The statements of other graphs are judged as after any withdrawal. They can depend on a removed quad only
through a node that one of those graphs mentions, so the gate sees only the quads about such nodes, and
violations within the withdrawn graphs are ignored. The quads are removed from a copy of the store, which then
replaces the store (``kg.store.loading``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from kg import provenance
from kg.changes import Commit, Delta, Provenance, Quads
from kg.gate.overlay import Term
from kg.gate.reports import Violation
from kg.iris import KINDS, SHAPES, TERMS, graph_named
from kg.store import loading
from kg.store.bulk_file import BulkFileWriter
from kg.store.engine import open_to_amend
from kg.store.loading import BulkChange, Confirm
from kg.store.log import REMOVED
from kg.store.transaction import LARGEST_STEP

if TYPE_CHECKING:
    from kg.store.store import Store

LARGE = 10_000
"""Minimum quads for a bulk withdrawal."""
_RELEASED = (TERMS, KINDS, SHAPES)


def is_large(store: Quads, graphs: Sequence[str]) -> bool:
    """Return True if the graphs have enough quads for bulk withdrawal."""
    return sum(1 for _ in islice(_quads(store, graphs), LARGE)) == LARGE


class GoingGraphs:
    """Graphs to withdraw from a store, and their links with the remaining graphs."""

    def __init__(self, store: Quads, graphs: Sequence[str]) -> None:
        self._store = store
        self._graphs = graphs
        self._names = frozenset(map(graph_named, graphs))
        self._is_spoken_of = lru_cache(maxsize=100_000)(self._is_mentioned)

    @property
    def delta(self) -> Delta:
        """The removed quads about nodes that a remaining graph mentions."""
        return Delta(removed=tuple(filter(self._is_touching, _quads(self._store, self._graphs))))

    def is_fault(self, violation: Violation) -> bool:
        """Return True if a violation concerns a node that a remaining graph describes."""
        if violation.graph in self._names:
            return False
        focus = violation.focus
        described = self._store.quads_for_pattern(focus, None, None)  # type: ignore[arg-type]
        return any(quad.graph_name not in self._names for quad in described)

    def _is_touching(self, quad: Quad) -> bool:
        return self._is_spoken_of(quad.subject) or self._is_spoken_of(quad.object)

    def _is_mentioned(self, node: Term) -> bool:
        if not isinstance(node, NamedNode) or node.value.startswith(_RELEASED):
            return False
        passed = {*self._names, provenance.GRAPH}
        patterns = ((node, None, None), (None, None, node))
        return any(
            quad.graph_name not in passed
            for pattern in patterns
            for quad in self._store.quads_for_pattern(*pattern)
        )


def withdraw(store: Store, graphs: Sequence[str], by: Provenance, confirm: Confirm) -> Commit:
    """Withdraw judged graphs in one durable commit; raises as ``Store.commit_loaded``."""
    folder = loading.new_folder(store.directory)
    try:
        base = store.snapshot(loading.store_in(folder))
        path, count = folder / "removed.zst", 0
        with (
            closing(open_to_amend(loading.store_in(folder))) as copy,
            closing(BulkFileWriter(path)) as writer,
        ):
            quads = _quads(store, graphs)
            while some := tuple(islice(quads, LARGEST_STEP)):
                writer.write(serialize(some, format=RdfFormat.N_QUADS) or b"", len(some))
                copy.amend(Delta(removed=some))
                count += len(some)
            writer.finish()
            copy.flush()
        change = BulkChange(folder, base, {REMOVED: path}, withdrawn=tuple(sorted(graphs)), removed=count)
        return store.commit_loaded(change, by, confirm)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _quads(store: Quads, graphs: Sequence[str]) -> Iterator[Quad]:
    for graph in graphs:
        yield from store.quads_for_pattern(None, None, None, graph_named(graph))
