"""Facts withdrawn: a submission goes whole, once nothing rests on it any more, and the log keeps it.

What rests on it is found like a fault of any change: by the gate, judging the graph as it would be, and by
looking for references to what only it describes. It goes by the hand that brought it, or an admin's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from kg import provenance
from kg.changes import Commit, Delta, Provenance, Quads
from kg.errors import BadInput, Conflict, Forbidden, NotFound
from kg.facts.judgement import JudgedStore, Judgement, committed
from kg.gate.overlay import Overlay
from kg.gate.reports import Report, Violation, as_json, told
from kg.gate.shacl.paths import Step
from kg.iris import DATA, PROVENANCE_GRAPH, RELEASED_GRAPHS, SHAPES, TERMS, compact, graph_named
from kg.store import history
from kg.terms import DIP, PROV, RDF

if TYPE_CHECKING:
    from kg.gate.gate import Gate
    from kg.store.store import Store

STRANDED = SHAPES + "stranded-reference"
_NO_SUBMISSIONS = (*RELEASED_GRAPHS, PROVENANCE_GRAPH)


@dataclass(frozen=True)
class _Judged:
    """What a withdrawal would break, and the graphs that rest on what goes."""

    report: Report
    dependents: tuple[str, ...]


def retract(
    store: Store, gate: Gate, graphs: Sequence[str], by: Provenance, *, cascade: bool = False
) -> Commit:
    """Withdraw submissions in one commit, with ``cascade`` those that rest on them too.

    Raises BadInput without a reason, NotFound, Forbidden if another agent added one, and Conflict with the
    list if others rest on them.
    """
    with store.writing:
        return _committed(store, judge_retraction(store, gate, graphs, by, cascade=cascade), by)


def undo(store: Store, gate: Gate, version: int, by: Provenance, *, cascade: bool = False) -> Commit:
    """Withdraw what a commit added: submissions whole, and the quads of edited graphs that are still there.

    Raises as ``retract`` does, and Conflict if nothing is left to withdraw.
    """
    with store.writing:
        return _committed(store, judge_undo(store, gate, version, by, cascade=cascade), by)


def _committed(store: Store, judgement: Judgement, by: Provenance) -> Commit:
    commit = committed(store, judgement, by).commit
    assert commit is not None, "a withdrawal that is accepted removes something"
    return commit


def judge_retraction(
    store: JudgedStore, gate: Gate, graphs: Sequence[str], by: Provenance, *, cascade: bool = False
) -> Judgement:
    """Return what withdrawing submissions changes; raises as ``retract``."""
    if not graphs:
        raise BadInput("Name at least one graph to withdraw.")
    return _withdrawal(store, gate, graphs, (), by, cascade=cascade)


def judge_undo(
    store: JudgedStore, gate: Gate, version: int, by: Provenance, *, cascade: bool = False
) -> Judgement:
    """Return what undoing a commit changes; raises as ``undo``."""
    commit = history.commit(store.log, store.newest, version)
    facts = [graph for graph in commit.graphs if graph not in _NO_SUBMISSIONS]
    graphs = [graph for graph in facts if _is_submission(store, graph)]
    edits = tuple(_edits(store, version, graphs))
    if not graphs and not edits:
        raise Conflict(
            f"v{version} added no facts that could be withdrawn; what it withdrew is added again by"
            " kg show GRAPH | kg add -"
        )
    if edits and not by.is_admin and commit.agent != by.agent:
        raise Forbidden(f"v{version} was made by {commit.agent}: only they or an admin may undo it.")
    return _withdrawal(store, gate, graphs, edits, by, cascade=cascade)


def _withdrawal(
    store: JudgedStore,
    gate: Gate,
    graphs: Iterable[str],
    edits: tuple[Quad, ...],
    by: Provenance,
    *,
    cascade: bool,
) -> Judgement:
    if not (by.reason or "").strip():
        raise BadInput("A retraction needs a reason: say in a sentence why these facts go.")
    going = dict.fromkeys(graphs)
    while True:
        removed = (*edits, *(quad for graph in going for quad in submitted(store, graph)))
        check_right(store, going, by)
        judged = _judged(store, gate, Delta(removed=removed))
        if judged.report.conforms:
            return Judgement(Report(), Delta(removed=removed))
        if not cascade or not judged.dependents:
            raise _refusal(going or ["What was written"], judged)
        going.update(dict.fromkeys(judged.dependents))


def _is_submission(store: Quads, graph: str) -> bool:
    told = Quad(graph_named(graph), RDF.TYPE, DIP.SUBMISSION, provenance.GRAPH)
    return any(True for _ in store.quads_for_pattern(*told))


def _edits(store: JudgedStore, version: int, submissions: Iterable[str]) -> Iterator[Quad]:
    """Give what a commit added outside of submissions, be it in the default graph, and is still there."""
    elsewhere = {NamedNode(graph) for graph in (*_NO_SUBMISSIONS, *submissions)}
    for quad in store.log.read(version)[1].added:
        if quad.graph_name not in elsewhere and quad in store:
            yield quad


def submitted(store: Quads, graph: str) -> tuple[Quad, ...]:
    """Give the quads of a submission; raises NotFound, or Conflict for what is none."""
    if graph in _NO_SUBMISSIONS:
        raise Conflict(f"{compact(graph)} changes only with a release or by commits.", graph=graph)
    quads = tuple(store.quads_for_pattern(None, None, None, graph_named(graph)))
    if not quads:
        raise NotFound(_absence(store, graph), graph=graph)
    return quads


def check_right(store: JudgedStore, graphs: Iterable[str], by: Provenance) -> None:
    """Raise Forbidden for a submission that somebody else made, but not to an admin."""
    for graph in graphs:
        if not by.is_admin and (author := _author(store, graph)) != by.agent:
            raise Forbidden(
                f"{compact(graph)} was added by {author}: only they or an admin may withdraw it.", graph=graph
            )


def stranded(store: Quads, delta: Delta) -> Iterator[Violation]:
    """Find what refers to a thing of ours that nothing describes any more after a change."""
    overlay = Overlay(store, delta)
    described: dict[NamedNode, list[Quad]] = {}
    for quad in delta.removed:
        if isinstance(quad.subject, NamedNode):
            described.setdefault(quad.subject, []).append(quad)
    for node, quads in described.items():
        if _is_ours(node, quads) and not _is_described(overlay, node, quads):
            yield from _references(overlay, node)


def _judged(store: Quads, gate: Gate, delta: Delta) -> _Judged:
    overlay = Overlay(store, delta)
    found = [each for each in faults(store, gate, delta) if each.severity == "error"]
    dependents = {graph for violation in found for graph in _graphs_of(overlay, violation)}
    return _Judged(Report.of(found), tuple(sorted(dependents)))


def faults(store: Quads, gate: Gate, delta: Delta) -> list[Violation]:
    """Report what is wrong with a change that removes something.

    What was wrong before with a thing of which the change says nothing is not its doing.
    """
    report = gate.check(delta, store)
    known = set()
    if report.errors:
        before = gate.check(delta.inverse(), Overlay(store, delta))
        said = {quad.subject for quad in delta.added}
        known = {(each.focus, each.rule, each.value) for each in before.errors if each.focus not in said}
    made = [each for each in report.violations if (each.focus, each.rule, each.value) not in known]
    return [*made, *stranded(store, delta)]


def _is_ours(node: NamedNode, quads: Iterable[Quad]) -> bool:
    return node.value.startswith(DATA) or any(
        term.value.startswith(TERMS)
        for quad in quads
        for term in (quad.predicate, quad.object if quad.predicate == RDF.TYPE else None)
        if isinstance(term, NamedNode)
    )


def _is_described(overlay: Overlay, node: NamedNode, gone: Iterable[Quad]) -> bool:
    """Say whether a thing keeps a class; or any property at all, where it had no class to lose."""
    had_class = any(quad.predicate == RDF.TYPE for quad in gone)
    left = overlay.quads_for_pattern(node, RDF.TYPE if had_class else None, None)
    return any(quad.graph_name != provenance.GRAPH for quad in left)


def _references(overlay: Overlay, node: NamedNode) -> Iterator[Violation]:
    """Tell, for each graph, one triple that refers to a thing or says something of it."""
    first: dict[NamedNode, Quad] = {}
    for pattern in ((None, None, node), (node, None, None)):
        for quad in overlay.quads_for_pattern(*pattern):
            is_fact = quad.graph_name != provenance.GRAPH and quad.predicate != DIP.SUPERSEDES
            if is_fact and isinstance(quad.graph_name, NamedNode):
                first.setdefault(quad.graph_name, quad)
    for graph, quad in first.items():
        yield Violation(
            focus=quad.subject,
            rule=STRANDED,
            message=_message(node, graph),
            path=Step(quad.predicate),
            value=quad.object,
            graph=graph,
        )


def _message(node: NamedNode, graph: NamedNode) -> dict[str, str]:
    name, home = told(node), compact(graph.value)
    return {
        "en": f"nothing else describes {name}, on which {home} rests; withdraw {home} first or with it"
        f" (--cascade), or supersede instead by a graph that describes {name}",
        "es": f"nada más describe {name}, en lo que se apoya {home}; retire antes {home} o junto con él"
        f" (--cascade), o sustituya por un grafo que describa {name}",
    }


def _graphs_of(overlay: Overlay, violation: Violation) -> Iterator[str]:
    """Name the submissions that would be at fault: those that say what the thing is, or else speak of it."""
    if violation.rule == STRANDED:
        found = {violation.graph}
    elif isinstance(violation.focus, NamedNode):
        typed = set(overlay.quads_for_pattern(violation.focus, RDF.TYPE, None))
        spoken = typed or set(overlay.quads_for_pattern(violation.focus, None, None))
        found = {quad.graph_name for quad in spoken if isinstance(quad.graph_name, NamedNode)}
    else:
        found = {violation.graph}
    yield from (graph.value for graph in found if graph and graph.value not in _NO_SUBMISSIONS)


def _author(store: JudgedStore, graph: str) -> str:
    """Name whoever made the last commit that wrote a graph; the log tells names that a slug would confuse."""
    made = store.quads_for_pattern(graph_named(graph), PROV.WAS_GENERATED_BY, None, provenance.GRAPH)
    version = max((provenance.version_of(quad.object) for quad in made), default=0)
    return store.log.commit(version).agent if version else "nobody known"


def _absence(store: Quads, graph: str) -> str:
    made = store.quads_for_pattern(graph_named(graph), PROV.WAS_GENERATED_BY, None, provenance.GRAPH)
    if next(made, None):
        return f"{compact(graph)} was withdrawn before; kg show {compact(graph)} tells by whom and why."
    return f"There is no graph {compact(graph)}."


def _refusal(going: Iterable[str], judged: _Judged) -> Conflict:
    names = ", ".join(compact(graph) if ":" in graph else graph for graph in going)
    on = ", ".join(compact(graph) for graph in judged.dependents) or "the release"
    return Conflict(
        f"{names} cannot go alone: {on} would be left without what it rests on. Withdraw that too"
        f" (--cascade), or supersede instead. First: {judged.report.errors[0].sentence()}",
        **{**as_json(judged.report), "graphs": list(judged.dependents), "rule": STRANDED},
    )
