"""The release in a data directory: what its graphs and the seed dataset say, committed where it changed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from kg import iris, ontology, provenance
from kg.changes import Delta, Provenance
from kg.store.transaction import normalised
from kg.terms import PROV

if TYPE_CHECKING:
    from kg.store.store import Store

RELEASE_AGENT = "Regional Diplomacy release"
SEED_AGENT = "Regional Diplomacy seed"


def bring_up_to_date(store: "Store", release: ontology.Ontology) -> None:
    """Commit what the release graphs and the seed dataset say now, where that has changed."""
    if _source_of_last(store, RELEASE_AGENT) != (source := f"{iris.BASE}release/{release.release_hash}"):
        by = Provenance(RELEASE_AGENT, source, "Terms, kinds and shapes")
        _commit_change(store, iris.RELEASED_GRAPHS, release.quads, by)
    if _source_of_last(store, SEED_AGENT) != (source := f"{iris.BASE}seed/{release.seed_hash}"):
        from kg.gate.rules.claims import keyed  # with what it brings of reports, which reading does without

        seed = keyed(release.seed)
        now = {str(quad.graph_name.value) for quad in seed if isinstance(quad.graph_name, NamedNode)}
        by = Provenance(SEED_AGENT, source, "The seed dataset")
        content_hash = ontology.canonical_hash(release.seed)
        _commit_change(store, _graphs_by(store, SEED_AGENT) | now, seed, by, content_hash)


def _commit_change(
    store: "Store",
    graphs: Iterable[str],
    quads: Iterable[Quad],
    by: Provenance,
    content_hash: str | None = None,
) -> None:
    """Commit the difference between what graphs hold and what they should hold."""
    held = {quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))}
    wanted = normalised(quads)
    delta = Delta(tuple(sorted(wanted - held, key=str)), tuple(sorted(held - wanted, key=str)))
    store.commit(delta, by, content_hash=content_hash)


def _versions_by(store: "Store", agent: str) -> list[int]:
    made_by = provenance.agent_node(agent)
    commits = store.quads_for_pattern(None, PROV.WAS_ASSOCIATED_WITH, made_by, provenance.GRAPH)
    return sorted(provenance.version_of(quad.subject) for quad in commits)


def _source_of_last(store: "Store", agent: str) -> str | None:
    versions = _versions_by(store, agent)
    return store.log.commit(versions[-1]).source if versions else None


def _graphs_by(store: "Store", agent: str) -> set[str]:
    return {graph for version in _versions_by(store, agent) for graph in store.log.commit(version).graphs}
