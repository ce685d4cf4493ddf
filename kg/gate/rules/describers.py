"""Order of the graphs that describe a record: later ones may restate it, but need evidence to add to it.

A graph describes a record by giving it a class of ours. A change is newer than everything before it. Among
existing submissions, the version of their first commit decides; a submission that supersedes another takes
its age. For edited graphs it is unknown when they came to a record: among them none is older.
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
"""Maximum number of graphs that are read to name one that describes a record."""


class Describers:
    """The graphs that describe each record, by age; one object serves one check."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._changed = {(quad.subject, quad.graph_name) for quad in overlay.added}
        self._versions: dict[GraphName, int | None] = {}
        self._held: dict[tuple[Subject, GraphName], bool] = {}
        self._known: dict[Subject, tuple[frozenset[GraphName], int | None]] = {}
        self._firsts: dict[tuple[Subject, GraphName], bool] = {}

    def graphs(self, record: Subject) -> Iterator[GraphName]:
        """Yield the graphs that give a record a class of ours; a graph may occur twice."""
        for quad in self._overlay.quads_for_pattern(record, RDF.TYPE, None):
            is_ours = isinstance(quad.object, NamedNode) and quad.object.value.startswith(TERMS)
            if is_ours and quad.graph_name not in NO_FACTS:
                yield quad.graph_name

    def is_first(self, record: Subject, graph: GraphName) -> bool:
        """Return whether a graph describes a record and no older graph does."""
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
        """Return all graphs that describe a record, and their lowest known version."""
        if record not in self._known:
            graphs = frozenset(self.graphs(record))
            versions = (self._version(graph) for graph in graphs)
            oldest = min((version for version in versions if version is not None), default=None)
            self._known[record] = graphs, oldest
        return self._known[record]

    def holder(self, record: Subject, graph: GraphName) -> GraphName | None:
        """Return another graph that describes a record, preferably an older one; None if there is none."""
        others = {other for other in islice(self.graphs(record), _MOST) if other != graph}
        older = {other for other in others if self.is_older(other, graph, record)} or others
        return min(older, key=lambda other: (self._version(other) or 0, str(other)), default=None)

    def is_older(self, one: GraphName, other: GraphName, record: Subject) -> bool:
        """Return whether one graph is known to have described a record before another."""
        if one == other:
            return False
        if (record, other) in self._changed:
            return self._was_before(one, other, record)
        first, second = self._version(one), self._version(other)
        return first is not None and second is not None and first < second

    def _was_before(self, one: GraphName, other: GraphName, record: Subject) -> bool:
        """Return whether one graph held the record before the change of the other graph."""
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
        """Return the first version of a submission or of those it supersedes; None for edited graphs."""
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
