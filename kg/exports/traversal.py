"""Traversal: yields the quads of graphs in an order that depends only on the quads, in bounded memory.

No iterator of the store stays open between two steps: it must stay on the thread that created it, and each
step may run on another thread.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import attrgetter

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kg.changes import GraphName, Quads
from kg.exports.sorted_lines import SortedLines

_subject = attrgetter("subject")


def lines(quads: Quads, graph: GraphName) -> Iterator[bytes]:
    """Yield the quads of one graph as N-Quads, sorted by line, many lines at once."""
    sorting = SortedLines()
    serialize(quads.quads_for_pattern(None, None, None, graph), sorting, RdfFormat.N_QUADS)  # type: ignore[arg-type]  # it calls write() and flush() only
    return sorting.chunks()


def union_lines(quads: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    """Yield the distinct triples of the graphs as N-Triples, sorted by line."""
    sorting = SortedLines(once=True)
    for graph in graphs:
        triples = (quad.triple for quad in quads.quads_for_pattern(None, None, None, graph))
        serialize(triples, sorting, RdfFormat.N_TRIPLES)  # type: ignore[arg-type]  # it calls write() and flush() only
    return sorting.chunks()


def union(quads: Quads, graphs: Sequence[GraphName]) -> Iterator[list[Quad]]:
    """Yield the distinct triples of the graphs, grouped by subject, in order."""
    return _by_subject(union_lines(quads, graphs))


def each(quads: Quads, graphs: Sequence[GraphName]) -> Iterator[list[Quad]]:
    """Yield the quads of each graph, grouped by subject, in order."""
    return chain.from_iterable(subjects_of(quads, graph) for graph in graphs)


def subjects_of(quads: Quads, graph: GraphName) -> Iterator[list[Quad]]:
    """Yield the quads of one graph, grouped by subject, in order; IRIs come before blank nodes."""
    return _by_subject(lines(quads, graph))


def _by_subject(sorted_lines: Iterable[bytes]) -> Iterator[list[Quad]]:
    """Group sorted lines by subject; a group may continue in the next chunk."""
    group: list[Quad] = []
    for chunk in sorted_lines:
        for subject, found in groupby(list(parse(chunk, RdfFormat.N_QUADS)), _subject):
            if group and group[0].subject != subject:
                yield group
                group = []
            group.extend(found)
    if group:
        yield group
