"""Changes by quads: what SPARQL updates and Graph Store writes become, judged as submissions are.

An empty graph has no quads, so no change could make one: it is noted in a graph of its own, kept here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from kg import iris, provenance
from kg.changes import Delta, GraphName, Provenance, Quads
from kg.characters import check_quads
from kg.errors import BadInput, Conflict, Invalid
from kg.facts.judgement import JudgedStore, Judgement, Outcome, committed
from kg.facts.judging import faults
from kg.gate.overlay import Overlay
from kg.gate.reports import Report, as_json, summary
from kg.gate.rules import told_by_commits
from kg.store.transaction import normalised
from kg.terms import DIP, RDF

if TYPE_CHECKING:
    from kg.gate.gate import Gate
    from kg.store.store import Store

EMPTY_GRAPHS = NamedNode(iris.EMPTY_GRAPHS)
_NAMED_GRAPH = NamedNode("http://www.w3.org/ns/sparql-service-description#NamedGraph")


class Draft:
    """A change that grows operation by operation; each sees what those before it did."""

    def __init__(self, store: Quads) -> None:
        self._store = store
        self._added: dict[Quad, None] = {}
        self._removed: dict[Quad, None] = {}
        self.named: set[GraphName] = set()
        """The graphs that were to be changed, whether or not anything in them did."""

    @property
    def delta(self) -> Delta:
        """What it would add and remove."""
        return Delta(tuple(self._added), tuple(self._removed))

    @property
    def quads(self) -> Overlay:
        """What there would be."""
        return Overlay(self._store, self.delta)

    def remove(self, quads: Iterable[Quad]) -> None:
        """Take quads out."""
        for quad in normalised(quads):
            self.named.add(quad.graph_name)
            self._added.pop(quad, None)
            self._removed[quad] = None

    def add(self, quads: Iterable[Quad]) -> None:
        """Put quads in; a graph that was noted as empty is so no more."""
        coming = normalised(quads)
        if any(isinstance(quad.object, Triple) or getattr(quad.object, "direction", None) for quad in coming):
            raise BadInput("Triples about triples and literals with a base direction are not taken.")
        check_quads(coming)
        for graph in {quad.graph_name for quad in coming}:
            self.named.add(graph)
            self._note(graph, is_empty=False)
        for quad in coming:
            self._removed.pop(quad, None)
            self._added[quad] = None

    def clear(self, graph: GraphName) -> None:
        """Empty a graph, which then stays, empty."""
        self.drop(graph)
        self.create(graph)

    def create(self, graph: GraphName) -> None:
        """Make an empty graph."""
        self.named.add(graph)
        self._note(graph, is_empty=True)

    def drop(self, graph: GraphName) -> None:
        """Empty a graph and forget it."""
        self.named.add(graph)
        self.remove(self.quads_of(graph))
        self._note(graph, is_empty=False)

    def quads_of(self, graph: GraphName) -> list[Quad]:
        """Give what a graph would hold."""
        return list(self.quads.quads_for_pattern(None, None, None, graph))

    def _note(self, graph: GraphName, *, is_empty: bool) -> None:
        if not isinstance(graph, NamedNode):
            return
        note = note_of(graph)
        if is_empty:
            self._removed.pop(note, None)
            self._added[note] = None
        else:
            self._added.pop(note, None)
            if has(self._store, note):
                self._removed[note] = None


def note_of(graph: NamedNode) -> Quad:
    """Give what says that a graph is there and empty."""
    return Quad(graph, RDF.TYPE, _NAMED_GRAPH, EMPTY_GRAPHS)


def has(store: Quads, quad: Quad) -> bool:
    """Tell if a quad is there."""
    return any(
        True for _ in store.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name)
    )


def exists(store: Quads, graph: GraphName) -> bool:
    """Tell if a graph is there, be it empty; the default graph always is."""
    if not isinstance(graph, NamedNode):
        return True
    return any(True for _ in store.quads_for_pattern(None, None, None, graph)) or has(store, note_of(graph))


def change(store: Store, gate: Gate, draft: Draft, by: Provenance) -> Outcome:
    """Judge a change and commit it, whole and durable, or refuse it; raises as ``judge``."""
    with store.writing:
        return committed(store, judge(store, gate, draft), by)


def judge(store: JudgedStore, gate: Gate, draft: Draft) -> Judgement:
    """Judge a change of graphs that are edited, and return what it really changes.

    Raises Conflict for graphs that are not edited, Invalid with the report.
    """
    for graph in draft.named:
        check_open(store, graph)
    delta = store.effective(draft.delta)
    if not delta:
        return Judgement(Report(is_known=True))
    report = Report.of([*faults(store, gate, delta), *told_by_commits.of_edits(delta.added)])
    if not report.conforms:
        raise Invalid(_refusal(report), **as_json(report))
    return Judgement(report, delta)


def check_open(store: Quads, graph: GraphName) -> None:
    """Raise Conflict for a graph that is not edited: of a release, of commits, of a submission."""
    if isinstance(graph, DefaultGraph):
        return
    if not isinstance(graph, NamedNode):
        raise Conflict("A graph is named by an IRI.")
    if graph.value in (*iris.RELEASED_GRAPHS, iris.PROVENANCE_GRAPH, EMPTY_GRAPHS.value):
        raise Conflict(
            f"{iris.compact(graph.value)} changes only with a release or by commits.", graph=graph.value
        )
    if has(store, Quad(graph, RDF.TYPE, DIP.SUBMISSION, provenance.GRAPH)):
        raise Conflict(
            f"{iris.compact(graph.value)} was submitted and is not edited: supersede it by another"
            " (kg add --supersedes), or retract it (kg retract, POST /retractions).",
            graph=graph.value,
        )


def _refusal(report: Report) -> str:
    first = report.errors[0].sentence()
    return first if len(report.errors) == 1 else f"{summary(report)} First: {first}"
