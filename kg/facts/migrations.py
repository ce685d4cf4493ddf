"""Migrations: SPARQL updates that bring stored facts from one major version of the ontology to the next.

``ontology/migrations/0.4.0.ru`` leads to version 0.4.0. A migration names its graphs (``GRAPH ?graph``). It
sees the facts of all graphs, but not the release graphs or the provenance graph, and creates no graph.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from kg import iris, scratch
from kg.changes import Delta, GraphName, Quads
from kg.errors import KGError
from kg.gate.rules.claims import keyed
from kg.ontology import Ontology, OntologyVersion

FOLDER = "migrations"
_DEFAULT = NamedNode(iris.BASE + "default-graph")
"""Name of the store's default graph during a migration, so that ``GRAPH ?g`` matches it like the others."""


@dataclass(frozen=True)
class Migration:
    """The update that migrates facts to a version."""

    version: OntologyVersion
    path: Path

    def apply(self, facts: Store) -> None:
        """Apply the update to a scratch store; raises KGError if the file is not a valid update."""
        try:
            facts.update(self.path.read_text(encoding="utf-8"))
        except SyntaxError as fault:
            raise KGError(f"{self.path} is not a SPARQL update: {fault.msg}") from None


def between(release: Ontology, old: OntologyVersion, new: OntologyVersion) -> list[Migration]:
    """List the migrations of a release that lead from one version to another, in order."""
    found = (
        Migration(OntologyVersion.parse(path.stem), path) for path in (release.folder / FOLDER).glob("*.ru")
    )
    return sorted(
        (each for each in found if old < each.version <= new), key=lambda migration: migration.version
    )


def migrate(store: Quads, graphs: Iterable[str], migrations: Sequence[Migration]) -> Delta:
    """Return the delta of migrations in named graphs and the default graph, with recomputed keys of claims.

    Raises KGError if a migration writes into another graph.
    """
    if not migrations:
        return Delta()
    homes: dict[NamedNode, GraphName] = {NamedNode(graph): NamedNode(graph) for graph in graphs}
    homes[_DEFAULT] = DefaultGraph()
    facts = scratch.filled(_moved(quad, name) for name, home in homes.items() for quad in _quads(store, home))
    for migration in migrations:
        migration.apply(facts)
        _require_known(facts, homes.keys(), migration)
    added: list[Quad] = []
    removed: list[Quad] = []
    for name, home in homes.items():
        before = set(_quads(store, home))
        after = {_moved(quad, home) for quad in _quads(facts, name)}
        if before != after:
            after = set(keyed(after))
            added += after - before
            removed += before - after
    return Delta(tuple(sorted(added, key=str)), tuple(sorted(removed, key=str)))


def _moved(quad: Quad, graph: GraphName) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, graph)


def _quads(store: Quads, graph: GraphName) -> Iterator[Quad]:
    return store.quads_for_pattern(None, None, None, graph)


def _require_known(facts: Store, names: Collection[NamedNode], migration: Migration) -> None:
    for quad in facts.quads_for_pattern(None, None, None, None):
        if quad.graph_name not in names:
            raise KGError(f"{migration.path} writes into {quad.graph_name}, which is not a graph of facts.")
