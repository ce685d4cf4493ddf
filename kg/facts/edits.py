"""Edits: changes by quads, from SPARQL updates and Graph Store writes, judged as submissions are.

An empty graph has no quads, so a note in a separate graph (``EMPTY_GRAPHS``) records that it exists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg import iris, provenance
from kg.changes import Delta, GraphName, Provenance, Quads
from kg.characters import check_quads
from kg.errors import Conflict, Invalid
from kg.facts import spellings
from kg.facts.judgement import JudgedStore, Judgement, Outcome, committed
from kg.facts.judging import faults
from kg.facts.kept_texts import TextsAtHand
from kg.facts.spellings import Spellings
from kg.gate.overlay import Overlay
from kg.gate.reports import Report, Violation, as_json, summary
from kg.gate.rules import told_by_commits
from kg.rdf_version import check_version
from kg.store.graph_names import NOTES, concerned
from kg.store.transaction import normalised
from kg.terms import DIP, RDF

if TYPE_CHECKING:
    from kg.gate.gate import Gate
    from kg.store.store import Store

EMPTY_GRAPHS = NOTES
_OF_RELEASE, _SUBMISSION = "graph of the release or of the commits", "submission"
_PLURALS = {_OF_RELEASE: "graphs of the release or of the commits", _SUBMISSION: "submissions"}
_NAMED_GRAPH = NamedNode("http://www.w3.org/ns/sparql-service-description#NamedGraph")


class Draft:
    """A change that grows operation by operation; each operation sees the effects of those before it."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._added: dict[Quad, None] = {}
        self._removed: dict[Quad, None] = {}
        self._sent: dict[Quad, dict[Quad, None]] = {}  # the quads sent for an added quad, if they differ
        self.named: set[GraphName] = set()
        """The graphs that operations named, whether or not their content changed."""
        self.left_alone: dict[str, str] = {}
        """Graphs that operations named but that cannot be edited, each with its kind (see ``closed_as``)."""
        self.failures: list[str] = []
        """Failures that SILENT suppressed."""

    @property
    def delta(self) -> Delta:
        """The quads that the change adds and removes."""
        return Delta(tuple(self._added), tuple(self._removed))

    @property
    def quads(self) -> Overlay:
        """The store with the change applied, literals as they were sent."""
        return Overlay(self._store, Delta(tuple(self.as_sent(self._added)), tuple(self._removed)))

    @property
    def respelled(self) -> list[Quad]:
        """The quads, as they were sent, whose lexical forms the store would not keep."""
        return [quad for spellings in self._sent.values() for quad in spellings]

    def as_sent(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Yield added quads as they were sent."""
        for quad in quads:
            yield from self._sent.get(quad, (quad,))

    def remove(self, quads: Iterable[Quad]) -> None:
        """Remove quads."""
        for quad in normalised(quads):
            self.named.add(quad.graph_name)
            self._added.pop(quad, None)
            self._sent.pop(quad, None)
            self._removed[quad] = None

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads, as they were sent; deletes the note that their graph is empty."""
        quads = list(quads)
        coming, spellings = normalised(quads), Spellings(quads)
        check_version(coming)
        check_quads(coming)
        for graph in {quad.graph_name for quad in coming}:
            self.named.add(graph)
            self._note(graph, is_empty=False)
        for quad in coming:
            self._removed.pop(quad, None)
            quad_spellings = dict.fromkeys(spellings.restored([quad])) if spellings else {quad: None}
            if quad in self._sent or [*quad_spellings] != [quad]:
                earlier = self._sent.get(quad, {quad: None} if quad in self._added else {})
                self._sent[quad] = earlier | quad_spellings
            self._added[quad] = None

    def clear(self, graph: GraphName) -> None:
        """Remove the quads of a graph; the empty graph remains."""
        self.drop(graph)
        self.create(graph)

    def create(self, graph: GraphName) -> None:
        """Create an empty graph."""
        self.named.add(graph)
        self._note(graph, is_empty=True)

    def drop(self, graph: GraphName) -> None:
        """Remove a graph with its quads."""
        self.named.add(graph)
        self.remove(self.quads_of(graph))
        self._note(graph, is_empty=False)

    def graphs(self) -> list[NamedNode]:
        """List the graphs after the change, empty ones included, sorted."""
        quads, names = self.quads, {NamedNode(graph) for graph in self._store.graphs()}
        names.update(graph for graph in map(concerned, self._added) if isinstance(graph, NamedNode))
        notes = quads.quads_for_pattern(None, None, None, EMPTY_GRAPHS)
        names.update(graph for graph in map(concerned, notes) if isinstance(graph, NamedNode))
        return sorted((graph for graph in names if exists(quads, graph)), key=str)

    def may_change(self, graph: GraphName) -> bool:
        """Return True if a graph may be edited; otherwise record it in ``left_alone``."""
        kind = closed_as(self._store, graph)
        if kind and isinstance(graph, NamedNode):
            self.left_alone[graph.value] = kind
        return kind is None

    def quads_of(self, graph: GraphName) -> list[Quad]:
        """Return the quads of a graph after the change."""
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


class GraphStore(Quads, Protocol):
    """The store that a draft builds on."""

    def graphs(self) -> list[str]:
        """List the graphs that hold quads, sorted."""
        ...


def note_of(graph: NamedNode) -> Quad:
    """Return the quad that records that an empty graph exists."""
    return Quad(graph, RDF.TYPE, _NAMED_GRAPH, EMPTY_GRAPHS)


def has(store: Quads, quad: Quad) -> bool:
    """Return True if the store holds a quad."""
    return any(
        True for _ in store.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name)
    )


def exists(store: Quads, graph: GraphName) -> bool:
    """Return True if a graph exists, even if empty; the default graph always does."""
    if not isinstance(graph, NamedNode):
        return True
    return any(True for _ in store.quads_for_pattern(None, None, None, graph)) or has(store, note_of(graph))


def change(store: Store, gate: Gate, draft: Draft, by: Provenance) -> Outcome:
    """Judge a change and commit it as a whole; durable on return. Raises as ``judge``."""
    with store.writing:
        return committed(store, judge(store, gate, draft), by)


def judge(store: JudgedStore, gate: Gate, draft: Draft, noticed: Iterable[Violation] = ()) -> Judgement:
    """Judge a change of editable graphs, and return its effective delta.

    ``noticed`` are warnings about what the client sent. Raises Conflict if a graph cannot be edited, and
    Invalid with the report.
    """
    for graph in draft.named:
        check_open(store, graph)
    noticed = [*noticed, *spellings.warnings(draft.respelled)]
    delta = store.effective(draft.delta)
    if not delta:
        return Judgement(replace(Report.of(noticed), is_known=True))
    sent_delta = Delta(tuple(draft.as_sent(delta.added)), delta.removed)
    of_edits = told_by_commits.of_edits(delta.added)
    found = TextsAtHand(store.log.folder.parent, store).judged(faults(store, gate, sent_delta), sent_delta)
    report = Report.of([*noticed, *found, *of_edits])
    if not report.conforms:
        raise Invalid(_refusal(report), **as_json(report))
    return Judgement(report, delta)


def check_open(store: Quads, graph: GraphName) -> None:
    """Raise Conflict for a graph that cannot be edited: of a release, of commits, of a submission."""
    kind = closed_as(store, graph)
    if not isinstance(graph, NamedNode):
        if kind:
            raise Conflict("A graph is named by an IRI.")
    elif kind == _OF_RELEASE:
        raise Conflict(
            f"{iris.compact(graph.value)} is written only by releases or commits.", graph=graph.value
        )
    elif kind == _SUBMISSION:
        raise Conflict(
            f"{iris.compact(graph.value)} is a submission and cannot be edited: supersede it with another "
            "graph (kg add --supersedes), or retract it (kg retract, POST /retractions).",
            graph=graph.value,
        )


def closed_as(store: Quads, graph: GraphName) -> str | None:
    """Return the kind, in English, of a graph that cannot be edited; None for an editable graph."""
    if isinstance(graph, DefaultGraph):
        return None
    if not isinstance(graph, NamedNode):
        return "graph without an IRI"
    if graph.value in (*iris.RELEASED_GRAPHS, iris.PROVENANCE_GRAPH, EMPTY_GRAPHS.value):
        return _OF_RELEASE
    return _SUBMISSION if has(store, Quad(graph, RDF.TYPE, DIP.SUBMISSION, provenance.GRAPH)) else None


def left_alone_warning(draft: Draft) -> list[str]:
    """Return one sentence that counts the graphs left alone; an empty list if there are none."""
    counts = Counter(draft.left_alone.values())
    if not counts:
        return []
    kinds = ", ".join(
        f"{number} {kind if number == 1 else _PLURALS.get(kind, kind)}" for kind, number in counts.items()
    )
    advice = "; withdraw a submission by kg retract or POST /retractions" if counts[_SUBMISSION] else ""
    return [f"Graphs that no update changes were left alone ({kinds}){advice}."]


def _refusal(report: Report) -> str:
    first = report.errors[0].sentence()
    return first if len(report.errors) == 1 else f"{summary(report)} First: {first}"
