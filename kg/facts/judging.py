"""Judging of a change that removes quads: violations of the gate's rules, and dangling references.

A reference is dangling if, after the change, no other graph describes the thing that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from kg import provenance
from kg.changes import Delta, Quads
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation, display
from kg.gate.rules import evidence
from kg.gate.shacl.paths import Step
from kg.iris import DATA, EMPTY_GRAPHS, PROVENANCE_GRAPH, RELEASED_GRAPHS, SHAPES, TERMS, compact
from kg.store.transaction import normalised
from kg.terms import DIP, RDF

if TYPE_CHECKING:
    from kg.gate.gate import Gate

STRANDED = SHAPES + "stranded-reference"
NOT_SUBMITTED = (*RELEASED_GRAPHS, PROVENANCE_GRAPH, EMPTY_GRAPHS)
"""Graphs that only a release or a commit changes."""


def faults(store: Quads, gate: Gate, delta: Delta) -> list[Violation]:
    """Return the violations after a change that removes quads; its literals are as they were sent.

    Violations that existed before are omitted, unless the change adds a quad with their node as its subject.
    """
    report = gate.check(delta, store)
    earlier_violations = set()
    if report.errors:
        stored_delta = Delta(tuple(normalised(delta.added)), delta.removed)
        before = gate.check(stored_delta.inverse(), Overlay(store, stored_delta))
        subjects = {quad.subject for quad in delta.added}
        earlier_violations = {
            (each.focus, each.rule, each.value) for each in before.errors if each.focus not in subjects
        }
    new_violations = [
        each for each in report.violations if (each.focus, each.rule, each.value) not in earlier_violations
    ]
    return [*new_violations, *stranded(store, delta)]


def stranded(store: Quads, delta: Delta) -> Iterator[Violation]:
    """Yield a violation for each graph that refers to one of our things that no graph describes any more."""
    overlay = Overlay(store, delta)
    described: dict[NamedNode, list[Quad]] = {}
    for quad in delta.removed:
        if isinstance(quad.subject, NamedNode):
            described.setdefault(quad.subject, []).append(quad)
    for node, quads in described.items():
        if _is_ours(node, quads) and not _is_described(overlay, node, quads):
            yield from _references(overlay, node)


def graphs_at_fault(overlay: Overlay, violation: Violation) -> Iterator[str]:
    """Yield the submissions at fault: the graph that lacks its reference, or those that describe the node.

    A graph describes a node if it gives it a class; if no graph does, every graph about the node counts.
    """
    if violation.rule in (STRANDED, evidence.RULE):
        found = {violation.graph}
    elif isinstance(violation.focus, NamedNode):
        typed = set(overlay.quads_for_pattern(violation.focus, RDF.TYPE, None))
        spoken = typed or set(overlay.quads_for_pattern(violation.focus, None, None))
        found = {quad.graph_name for quad in spoken if isinstance(quad.graph_name, NamedNode)}
    else:
        found = {violation.graph}
    yield from (graph.value for graph in found if graph and graph.value not in NOT_SUBMITTED)


def _is_ours(node: NamedNode, quads: Iterable[Quad]) -> bool:
    return node.value.startswith(DATA) or any(
        term.value.startswith(TERMS)
        for quad in quads
        for term in (quad.predicate, quad.object if quad.predicate == RDF.TYPE else None)
        if isinstance(term, NamedNode)
    )


def _is_described(overlay: Overlay, node: NamedNode, removed_quads: Iterable[Quad]) -> bool:
    """Return True if a thing still has a class, or, if the removed quads gave it none, any property."""
    had_class = any(quad.predicate == RDF.TYPE for quad in removed_quads)
    class_quads = overlay.quads_for_pattern(node, RDF.TYPE if had_class else None, None)
    return any(quad.graph_name != provenance.GRAPH for quad in class_quads)


def _references(overlay: Overlay, node: NamedNode) -> Iterator[Violation]:
    """Yield, for each graph that refers to a thing or describes it, a violation with one of its triples."""
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
    name, home = display(node), compact(graph.value)
    return {
        "en": f"no other graph describes {name}, on which {home} depends; withdraw {home} first or with it "
        f"(--cascade), or supersede instead with a graph that describes {name}",
        "es": f"nada más describe {name}, en lo que se apoya {home}; retire antes {home} o junto con él"
        f" (--cascade), o sustituya por un grafo que describa {name}",
    }
