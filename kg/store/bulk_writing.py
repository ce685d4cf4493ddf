"""Bulk writing: adds the lines of a bulk file to an engine, both to their graphs and to ``merged_graph``.

It is not atomic, so it writes only to a copy that no process reads, or to a store that is being brought up to
a commit of the log and does not claim to hold that commit yet. Repeating it gives the same result.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import pyoxigraph
from pyoxigraph import RdfFormat, parse

from kg.store import bulk_file, merged_graph


class BulkWriter(Protocol):
    """Takes the lines of a bulk file: one thread writes the graphs, another the merge."""

    def load_graphs(self, lines: Sequence[bytes]) -> None:
        """Add quads to their graphs, not to the merge."""
        ...

    def load_merge(self, lines: Sequence[bytes]) -> None:
        """Add the triples of quads to the merge."""
        ...


def load_graphs(store: pyoxigraph.Store, lines: Sequence[bytes]) -> None:
    """Add quads to their graphs."""
    blank, others = _separated(lines)
    if others:
        store.bulk_load(others, RdfFormat.N_QUADS)
    if blank:
        store.bulk_extend(parse(blank, RdfFormat.N_QUADS))


def load_merge(store: pyoxigraph.Store, lines: Sequence[bytes]) -> None:
    """Add the triples of quads to the merge."""
    blank, others = _separated(lines)
    if others:
        store.bulk_load(bulk_file.triples(others), RdfFormat.N_TRIPLES)
    if blank:
        store.bulk_extend(map(merged_graph.merged, parse(blank, RdfFormat.N_QUADS)))


def _separated(lines: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the lines that may hold blank nodes, which the engine would rename, and all other lines."""
    joined = b"".join(lines)
    if b"_:" not in joined:
        return b"", joined
    return b"".join(line for line in lines if b"_:" in line), b"".join(
        line for line in lines if b"_:" not in line
    )


def load(engine: BulkWriter, lines: Iterable[Sequence[bytes]]) -> None:
    """Add quads to their graphs and to the merge, in two threads."""
    with ThreadPoolExecutor(1) as merging:
        for some in lines:
            merged = merging.submit(engine.load_merge, some)
            engine.load_graphs(some)
            merged.result()
