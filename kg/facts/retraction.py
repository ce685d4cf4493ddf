"""Retraction: withdraws a whole submission unless another submission depends on it; the log keeps it.

Another submission depends on it if removing it causes a fault (see ``judging``). A submission may be
withdrawn by the agent that added it, or by an admin.
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
from kg.facts.judging import NOT_SUBMITTED, STRANDED, faults, graphs_at_fault
from kg.facts.loads import withdrawal
from kg.facts.loads.withdrawal import GoingGraphs
from kg.facts.releases import UPGRADE_AGENT
from kg.facts.restoration import judge_restoration
from kg.gate.overlay import Overlay
from kg.gate.reports import Report, as_json
from kg.iris import compact, graph_named
from kg.store import history
from kg.terms import DIP, PROV, RDF

if TYPE_CHECKING:
    from kg.gate.gate import Gate
    from kg.store.store import Store


@dataclass(frozen=True)
class _Judged:
    """The faults after a withdrawal, and the graphs that rest on the withdrawn ones."""

    report: Report
    dependents: tuple[str, ...]


def retract(
    store: Store, gate: Gate, graphs: Sequence[str], by: Provenance, *, cascade: bool = False
) -> Commit:
    """Withdraw submissions in one commit; with ``cascade``, also those that rest on them.

    Large ones are withdrawn in bulk, while other commits may go on. Raises BadInput without a reason,
    NotFound, Forbidden if another agent added one, and Conflict with the list if others rest on them.
    """
    if withdrawal.is_large(store, graphs):
        return _withdrawn_in_bulk(store, gate, graphs, by, cascade=cascade)
    with store.writing:
        return _committed(store, judge_retraction(store, gate, graphs, by, cascade=cascade), by)


def undo(store: Store, gate: Gate, version: int, by: Provenance, *, cascade: bool = False) -> Commit:
    """Withdraw what a commit added: whole submissions, and the quads in edited graphs that are still present.

    If it added nothing, restore what it withdrew. Raises as ``retract`` and ``judge_restoration`` do.
    """
    commit = history.commit(store.log, store.newest, version)
    if store.log.bulk(version) and commit.graphs and withdrawal.is_large(store, commit.graphs):
        graphs = [graph for graph in commit.graphs if _is_submission(store, graph)]
        return _withdrawn_in_bulk(store, gate, graphs, by, cascade=cascade)
    with store.writing:
        return _committed(store, judge_undo(store, gate, version, by, cascade=cascade), by)


def _withdrawn_in_bulk(
    store: Store, gate: Gate, graphs: Sequence[str], by: Provenance, *, cascade: bool
) -> Commit:
    going = _going(store, gate, graphs, (), by, cascade=cascade)

    def confirm(contents: Quads, delta: Delta) -> None:
        facts = tuple(quad for quad in delta.added if quad.graph_name != provenance.GRAPH)
        if any(each.severity == "error" for each in gate.check(Delta(added=facts), contents).violations):
            raise Conflict(
                "Facts committed in the meantime depend on the withdrawn ones; withdraw them first, then try "
                "again."
            )

    return withdrawal.withdraw(store, going, by, confirm)


def _committed(store: Store, judgement: Judgement, by: Provenance) -> Commit:
    commit = committed(store, judgement, by).commit
    assert commit is not None, "an accepted withdrawal or restoration changes something"
    return commit


def judge_retraction(
    store: JudgedStore, gate: Gate, graphs: Sequence[str], by: Provenance, *, cascade: bool = False
) -> Judgement:
    """Return the change that withdraws submissions; raises as ``retract``."""
    if not graphs:
        raise BadInput("Name at least one graph to withdraw.")
    return _withdrawal(store, gate, graphs, (), by, cascade=cascade)


def judge_undo(
    store: JudgedStore, gate: Gate, version: int, by: Provenance, *, cascade: bool = False
) -> Judgement:
    """Return the change that undoes a commit; raises as ``undo``."""
    commit = history.commit(store.log, store.newest, version)
    facts = [graph for graph in commit.graphs if graph not in NOT_SUBMITTED]
    graphs = [graph for graph in facts if _is_submission(store, graph)]
    edits = tuple(_edits(store, version, graphs))
    if not graphs and not edits:
        return judge_restoration(store, gate, commit, by)
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
    going = _going(store, gate, graphs, edits, by, cascade=cascade)
    removed = (*edits, *(quad for graph in going for quad in submitted(store, graph)))
    return Judgement(Report(), Delta(removed=removed))


def _going(
    store: JudgedStore,
    gate: Gate,
    graphs: Iterable[str],
    edits: tuple[Quad, ...],
    by: Provenance,
    *,
    cascade: bool,
) -> tuple[str, ...]:
    """Return the graphs to withdraw, with ``cascade`` also those that rest on them; raises as ``retract``."""
    if not (by.reason or "").strip():
        raise BadInput("A retraction needs a reason: say in a sentence why these facts are withdrawn.")
    going = dict.fromkeys(graphs)
    while True:
        for graph in going:
            require_submitted(store, graph)
        check_right(store, going, by)
        judged = _judged(store, gate, tuple(going), edits)
        if judged.report.conforms:
            return tuple(going)
        if not cascade or not judged.dependents:
            raise _refusal(going or ["What was written"], judged)
        going.update(dict.fromkeys(judged.dependents))


def _is_submission(store: Quads, graph: str) -> bool:
    pattern = Quad(graph_named(graph), RDF.TYPE, DIP.SUBMISSION, provenance.GRAPH)
    return any(True for _ in store.quads_for_pattern(*pattern))


def _edits(store: JudgedStore, version: int, submissions: Iterable[str]) -> Iterator[Quad]:
    """Yield the quads that a commit added outside of submissions and that are still present."""
    elsewhere = {NamedNode(graph) for graph in (*NOT_SUBMITTED, *submissions)}
    bulk = store.log.bulk(version)  # a bulk load consists of whole submissions
    delta = store.log.read_record(version)[1] if bulk else store.log.read(version)[1]
    for quad in delta.added:
        if quad.graph_name not in elsewhere and quad in store:
            yield quad


def submitted(store: Quads, graph: str) -> tuple[Quad, ...]:
    """Return the quads of a submission; raises NotFound, and Conflict for a graph of a release."""
    require_submitted(store, graph)
    return tuple(store.quads_for_pattern(None, None, None, graph_named(graph)))


def require_submitted(store: Quads, graph: str) -> None:
    """Raise NotFound if a graph does not exist, and Conflict if it belongs to a release."""
    if graph in NOT_SUBMITTED:
        raise Conflict(f"{compact(graph)} is written only by releases or commits.", graph=graph)
    if not any(True for _ in store.quads_for_pattern(None, None, None, graph_named(graph))):
        raise NotFound(_absence(store, graph), graph=graph)


def check_right(store: JudgedStore, graphs: Iterable[str], by: Provenance) -> None:
    """Raise Forbidden if another agent added one of the submissions and the caller is not an admin."""
    for graph in graphs:
        if not by.is_admin and (author := _author(store, graph)) != by.agent:
            raise Forbidden(
                f"{compact(graph)} was added by {author}: only they or an admin may withdraw it.", graph=graph
            )


def _judged(store: Quads, gate: Gate, going: Sequence[str], edits: tuple[Quad, ...]) -> _Judged:
    """Judge the withdrawal of graphs and of single quads."""
    if withdrawal.is_large(store, going):
        withdrawn = GoingGraphs(store, going)
        delta = Delta(removed=(*edits, *withdrawn.delta.removed))
        found = [each for each in faults(store, gate, delta) if withdrawn.is_fault(each)]
    else:
        delta = Delta(removed=(*edits, *(quad for graph in going for quad in submitted(store, graph))))
        found = faults(store, gate, delta)
    overlay = Overlay(store, delta)
    errors = [each for each in found if each.severity == "error"]
    dependents = {graph for violation in errors for graph in graphs_at_fault(overlay, violation)}
    return _Judged(Report.of(errors), tuple(sorted(dependents.difference(going))))


def origin(store: JudgedStore, graph: str) -> Commit | None:
    """Return the commit that created the content of a graph: the last that wrote it, except upgrades."""
    commit_quads = store.quads_for_pattern(graph_named(graph), PROV.WAS_GENERATED_BY, None, provenance.GRAPH)
    versions = sorted((provenance.version_of(quad.object) for quad in commit_quads), reverse=True)
    commits = (store.log.commit(version) for version in versions)
    return next((commit for commit in commits if commit.agent != UPGRADE_AGENT), None)


def _author(store: JudgedStore, graph: str) -> str:
    """Return the agent that added a graph, from the log, because two names may share a slug."""
    commit = origin(store, graph)
    return commit.agent if commit else "nobody known"


def _absence(store: Quads, graph: str) -> str:
    commit_quads = store.quads_for_pattern(graph_named(graph), PROV.WAS_GENERATED_BY, None, provenance.GRAPH)
    if next(commit_quads, None):
        return f"{compact(graph)} was withdrawn already; kg show {compact(graph)} says by whom and why."
    return f"There is no graph {compact(graph)}."


def _refusal(going: Iterable[str], judged: _Judged) -> Conflict:
    names = ", ".join(compact(graph) if ":" in graph else graph for graph in going)
    on = ", ".join(compact(graph) for graph in judged.dependents) or "the release"
    return Conflict(
        f"{names} cannot be withdrawn alone: {on} would lose something that it depends on. Withdraw that too "
        f"(--cascade), or supersede instead. First: {judged.report.errors[0].sentence()}",
        **{**as_json(judged.report), "graphs": list(judged.dependents), "rule": STRANDED},
    )
