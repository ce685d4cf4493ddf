"""The graph that described a record first: others may restate it, and need evidence of their own to add.

A graph describes what it gives a class of ours. A change is newer than all that was there. Between
submissions that are there, the version of their first commit decides; one that supersedes another is as old
as that one. Of edited graphs nothing tells when they came to a record: between them none is the older.
"""

from collections.abc import Iterator
from itertools import islice

from pyoxigraph import NamedNode

from kg import provenance
from kg.changes import GraphName, Subject
from kg.gate.overlay import Overlay
from kg.iris import EMPTY_GRAPHS, RELEASED_GRAPHS, TERMS
from kg.terms import DIP, PROV, RDF

NO_FACTS = frozenset({provenance.GRAPH, *map(NamedNode, (*RELEASED_GRAPHS, EMPTY_GRAPHS))})
"""The graphs that hold no facts."""
_MOST = 100
"""Graphs that are looked at to name one that describes a record."""


class Describers:
    """The graphs that describe each record, by age. Kept for one judgement."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._changed = {(quad.subject, quad.graph_name) for quad in overlay.added}
        self._versions: dict[GraphName, int | None] = {}
        self._held: dict[tuple[Subject, GraphName], bool] = {}
        self._known: dict[Subject, tuple[frozenset[GraphName], int | None]] = {}
        self._firsts: dict[tuple[Subject, GraphName], bool] = {}

    def graphs(self, record: Subject) -> Iterator[GraphName]:
        """Yield the graphs that give a record a class of ours, some twice."""
        for quad in self._overlay.quads_for_pattern(record, RDF.TYPE, None):
            is_ours = isinstance(quad.object, NamedNode) and quad.object.value.startswith(TERMS)
            if is_ours and quad.graph_name not in NO_FACTS:
                yield quad.graph_name

    def is_first(self, record: Subject, graph: GraphName) -> bool:
        """Tell if a graph describes a record and no older one does."""
        key = record, graph
        if key not in self._firsts:
            self._firsts[key] = self._describes_first(record, graph)
        return self._firsts[key]

    def _describes_first(self, record: Subject, graph: GraphName) -> bool:
        if (record, graph) not in self._changed:
            graphs, oldest = self._by_age(record)
            version = self._version(graph) if graph in graphs else None
            return graph in graphs and (version is None or oldest is None or version <= oldest)
        describes = False
        for other in self.graphs(record):
            describes = describes or other == graph
            if self._was_before(other, graph, record):
                return False
        return describes

    def _by_age(self, record: Subject) -> tuple[frozenset[GraphName], int | None]:
        """Give all graphs that describe a record, and the lowest version of those that have one."""
        if record not in self._known:
            graphs = frozenset(self.graphs(record))
            versions = (self._version(graph) for graph in graphs)
            oldest = min((version for version in versions if version is not None), default=None)
            self._known[record] = graphs, oldest
        return self._known[record]

    def holder(self, record: Subject, graph: GraphName) -> GraphName | None:
        """Give another graph that describes a record: of those that are looked at, an older one, else any."""
        others = {other for other in islice(self.graphs(record), _MOST) if other != graph}
        older = {other for other in others if self.is_older(other, graph, record)} or others
        return min(older, key=lambda other: (self._version(other) or 0, str(other)), default=None)

    def is_older(self, one: GraphName, other: GraphName, record: Subject) -> bool:
        """Tell if one graph is known to have spoken of a record before another one did."""
        if one == other:
            return False
        if (record, other) in self._changed:
            return self._was_before(one, other, record)
        first, second = self._version(one), self._version(other)
        return first is not None and second is not None and first < second

    def _was_before(self, one: GraphName, other: GraphName, record: Subject) -> bool:
        """Tell if one graph spoke of a record before the change in which another speaks of it."""
        if one == other or not self._held_before(record, one):
            return False
        takes_over = any(self._held_before(record, old) for old in self._superseded(other))
        if not takes_over:
            return True
        first, second = self._version(one), self._version(other)
        return first is not None and second is not None and first < second

    def _held_before(self, record: Subject, graph: GraphName) -> bool:
        key = record, graph
        if key not in self._held:
            quads = self._overlay.before().quads_for_pattern(record, None, None, graph)
            self._held[key] = next(quads, None) is not None
        return self._held[key]

    def _version(self, graph: GraphName) -> int | None:
        """Give the version that brought a submission or one that it supersedes; None for edited graphs."""
        if graph not in self._versions:
            line, waiting = set[GraphName](), [graph]
            while waiting:
                if (each := waiting.pop()) not in line:
                    line.add(each)
                    waiting.extend(self._superseded(each))
            found = (version for each in line for version in self._own_versions(each))
            self._versions[graph] = min(found, default=None)
        return self._versions[graph]

    def _superseded(self, graph: GraphName) -> Iterator[NamedNode]:
        if isinstance(graph, NamedNode):
            for old in self._overlay.objects(graph, DIP.SUPERSEDES):
                if isinstance(old, NamedNode):
                    yield old

    def _own_versions(self, graph: GraphName) -> Iterator[int]:
        if not isinstance(graph, NamedNode):
            return
        look_up = self._overlay.quads_for_pattern
        if any(look_up(graph, RDF.TYPE, DIP.SUBMISSION, provenance.GRAPH)):
            for quad in look_up(graph, PROV.WAS_GENERATED_BY, None, provenance.GRAPH):
                yield provenance.version_of(quad.object)
