"""Restoration: adds again, in their graphs, facts that a commit withdrew, so that an undo can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from kg.changes import Commit, Delta, Provenance
from kg.errors import BadInput, Conflict, Forbidden, Invalid
from kg.facts.judgement import JudgedStore, Judgement
from kg.gate.reports import as_json, summary
from kg.iris import PROVENANCE_GRAPH, RELEASED_GRAPHS, compact

if TYPE_CHECKING:
    from kg.gate.gate import Gate

_NO_FACTS = frozenset(map(NamedNode, (*RELEASED_GRAPHS, PROVENANCE_GRAPH)))


def judge_restoration(store: JudgedStore, gate: Gate, commit: Commit, by: Provenance) -> Judgement:
    """Return the change that restores the facts; the gate judges it like new facts.

    Raises BadInput without a reason, Conflict if there is nothing to restore or one of the graphs now has
    other content, Forbidden if another agent withdrew them, and Invalid with the report.
    """
    quads = _withdrawn(store, commit)
    if not quads:
        raise Conflict(
            f"v{commit.version} added no facts that could be withdrawn, and withdrew none that could be added"
            " again."
        )
    if not (by.reason or "").strip():
        raise BadInput("An undo needs a reason: say in a sentence why these facts are restored.")
    if not by.is_admin and commit.agent != by.agent:
        raise Forbidden(f"v{commit.version} was made by {commit.agent}: only they or an admin may undo it.")
    for graph in commit.withdrawn:
        if any(True for _ in store.quads_for_pattern(None, None, None, NamedNode(graph))):
            raise Conflict(f"{compact(graph)} holds other facts now; withdraw those first.", graph=graph)
    report = gate.check(Delta(added=quads), store)
    if not report.conforms:
        first = report.errors[0].sentence()
        raise Invalid(
            first if len(report.errors) == 1 else f"{summary(report)} First: {first}", **as_json(report)
        )
    return Judgement(report, Delta(added=quads))


def _withdrawn(store: JudgedStore, commit: Commit) -> tuple[Quad, ...]:
    """Return the facts that a commit removed and that are still absent."""
    removed = store.log.read(commit.version)[1].removed
    return tuple(quad for quad in removed if quad.graph_name not in _NO_FACTS and quad not in store)
