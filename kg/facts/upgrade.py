"""Upgrade of a data directory to another major version of the ontology: prepared, judged, then one commit.

The commit contains the new release graphs, the new seed dataset if it changed, the migrations' changes to
stored graphs, and the removal of graphs that go to quarantine. Graphs keep their names. If a submission
changes, the commit records the hash of its new content, so that the content hash always matches the stored
content; the earlier content stays in the history, under its earlier hash.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from kg import provenance, turtle
from kg.changes import Commit, Delta, Provenance, Quads
from kg.errors import Invalid
from kg.facts import migrations, releases
from kg.facts.edits import EMPTY_GRAPHS
from kg.facts.judging import NOT_SUBMITTED, graphs_at_fault, stranded
from kg.facts.retraction import origin
from kg.formats import RDF_FORMATS
from kg.gate.overlay import Overlay
from kg.gate.reports import Report, Violation, as_json, summary
from kg.ontology import Ontology, OntologyVersion, canonical_hash
from kg.terms import DIP, RDF

if TYPE_CHECKING:
    from kg.facts.quarantine import Quarantine
    from kg.gate.gate import Gate
    from kg.store.store import Store


@dataclass(frozen=True)
class Upgrade:
    """A prepared upgrade: its changes to the release graphs and to the facts."""

    old: OntologyVersion
    new: OntologyVersion
    source: str
    release: Delta
    facts: Delta
    seed: Mapping[str, str]
    """The content hash of each graph that the seed dataset changes."""

    def delta(self, store: Quads, without: Collection[str] = ()) -> Delta:
        """Return the whole change, except in the graphs ``without``."""
        facts = self.facts_delta(store, without)
        return Delta((*self.release.added, *facts.added), (*self.release.removed, *facts.removed))

    def facts_delta(self, store: Quads, without: Collection[str]) -> Delta:
        """Return the change to the facts, except in the graphs ``without``."""
        omitted_graphs = {NamedNode(graph) for graph in without}
        omitted_quads = [quad for graph in omitted_graphs for quad in _quads(store, graph)]
        added = tuple(quad for quad in self.facts.added if quad.graph_name not in omitted_graphs)
        return Delta(added, tuple(dict.fromkeys((*self.facts.removed, *omitted_quads))))


def prepare(store: Store, release: Ontology, old: OntologyVersion, new: OntologyVersion) -> Upgrade:
    """Return the upgrade of a data directory from one version of the ontology to that of a release."""
    facts = migrations.migrate(
        store,
        (graph for graph in store.graphs() if graph not in (*NOT_SUBMITTED, EMPTY_GRAPHS.value)),
        migrations.between(release, old, new),
    )
    seed, hashes = Delta(), dict[str, str]()
    if releases.held_seed(store) != release.seed_hash:
        seed, hashes = releases.seed_change(store, release), releases.seed_hashes(release)
        replaced = {quad.graph_name for quad in (*seed.added, *seed.removed)}
        replaced |= {NamedNode(graph) for graph in releases.seed_graphs(store)}
        facts = _outside(facts, replaced)
    return Upgrade(
        old,
        new,
        releases.upgrade_source(release),
        releases.release_change(store, release),
        Delta((*facts.added, *seed.added), (*facts.removed, *seed.removed)),
        {graph: hashes[graph] for graph in _graphs(seed.added)},
    )


def judge(store: Store, gate: Gate, upgrade: Upgrade) -> dict[str, Report]:
    """Return the graphs that would not conform, and those that rest on them, each with its report.

    Raises Invalid if no graph can be left out to remove a violation.
    """
    rejected: dict[str, Report] = {}
    seed = releases.seed_graphs(store) | upgrade.seed.keys()
    while True:
        overlay = Overlay(store, upgrade.delta(store, rejected))
        errors = [*gate.check_whole(overlay).errors, *stranded(store, upgrade.facts_delta(store, rejected))]
        found: dict[str, list[Violation]] = {}
        for violation in errors:
            for graph in _at_fault(overlay, violation, seed):
                found.setdefault(graph, []).append(violation)
        if errors and not found:
            raise _unplaced(upgrade, Report.of(errors))
        if not found:
            return rejected
        rejected |= {graph: Report.of(violations) for graph, violations in found.items()}


def commit(store: Store, upgrade: Upgrade, rejected: Mapping[str, Report], quarantine: Quarantine) -> Commit:
    """Write the upgrade as one commit, and move the rejected graphs to quarantine.

    Their documents are written first: if the process is killed, they are in the graph, in quarantine or both.
    """
    overlay = Overlay(store, upgrade.delta(store))
    for graph, report in rejected.items():
        refusal = Invalid(f"Ontology {upgrade.new}: {summary(report)}", **as_json(report))
        document = _document(graph, _quads(overlay, NamedNode(graph)))
        quarantine.keep(document, RDF_FORMATS["trig"], _provenance(store, graph), refusal)
    reason = f"Ontology {upgrade.old} to {upgrade.new}"
    if rejected:
        reason += f"; graphs moved to quarantine: {len(rejected)}"
    by = Provenance(releases.UPGRADE_AGENT, upgrade.source, reason)
    return store.commit(upgrade.delta(store, rejected), by, hashes=_hashes(store, upgrade, rejected))


def _at_fault(overlay: Overlay, violation: Violation, seed: Collection[str]) -> Iterator[str]:
    """Yield the graphs to leave out: for a wrong value, the graph that states it; else the node's graphs.

    A graph of the seed dataset is left out only if no other graph is at fault.
    """
    stating_graph = violation.graph if violation.value is not None else None
    if stating_graph is None or stating_graph.value in NOT_SUBMITTED:
        found = sorted(graphs_at_fault(overlay, violation))
    else:
        found = [stating_graph.value]
    yield from [graph for graph in found if graph not in seed] or found


def _hashes(store: Store, upgrade: Upgrade, rejected: Collection[str]) -> dict[str, str]:
    """Return the content hash of each submission that the upgrade changes; its graphs share it."""
    overlay = Overlay(store, upgrade.delta(store, rejected))
    changed = (*upgrade.facts.added, *upgrade.facts.removed)
    hashes = {graph: found for graph, found in upgrade.seed.items() if graph not in rejected}
    for graph in _graphs(changed):
        if graph not in hashes and _is_submission(store, graph) and any(_quads(overlay, NamedNode(graph))):
            together = _made_with(store, graph)
            content = (quad for name in together for quad in _quads(overlay, NamedNode(name)))
            hashes |= dict.fromkeys(together, canonical_hash(content))
    return {graph: found for graph, found in hashes.items() if any(_quads(overlay, NamedNode(graph)))}


def _made_with(store: Store, graph: str) -> tuple[str, ...]:
    """Return the graphs that were submitted together with a graph."""
    commit = origin(store, graph)
    return tuple(name for name in commit.graphs if _is_submission(store, name)) if commit else (graph,)


def _provenance(store: Store, graph: str) -> Provenance:
    """Return the provenance of a graph: its agent, source and reason."""
    commit = origin(store, graph)
    return Provenance(commit.agent, commit.source, commit.reason) if commit else Provenance("nobody known")


def _is_submission(store: Quads, graph: str) -> bool:
    graph_node = NamedNode(graph)
    return any(store.quads_for_pattern(graph_node, RDF.TYPE, DIP.SUBMISSION, provenance.GRAPH))


def _document(graph: str, quads: Iterable[Quad]) -> bytes:
    """Return a graph as TriG, without its statement that it supersedes another, withdrawn when it came."""
    own_quads = (quad for quad in quads if (str(quad.subject), quad.predicate) != _superseding(graph))
    ordered = sorted(own_quads, key=lambda quad: str(quad.subject))
    blocks = (list(block) for _, block in groupby(ordered, key=lambda quad: quad.subject))
    return (turtle.HEADER + "".join(turtle.graph_blocks(NamedNode(graph), blocks))).encode()


def _superseding(graph: str) -> tuple[str, NamedNode]:
    return f"<{graph}>", DIP.SUPERSEDES


def _unplaced(upgrade: Upgrade, report: Report) -> Invalid:
    return Invalid(
        f"The facts do not conform to ontology {upgrade.new}, and no named graph could be left out for it."
        f" First: {report.errors[0].sentence()}",
        **as_json(report),
    )


def _outside(delta: Delta, graphs: Collection[object]) -> Delta:
    return Delta(
        tuple(quad for quad in delta.added if quad.graph_name not in graphs),
        tuple(quad for quad in delta.removed if quad.graph_name not in graphs),
    )


def _graphs(quads: Iterable[Quad]) -> list[str]:
    names = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)}
    return sorted(names)


def _quads(store: Quads, graph: NamedNode) -> Iterator[Quad]:
    return store.quads_for_pattern(None, None, None, graph)
