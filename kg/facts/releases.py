"""The release in a data directory: opens directories, and commits changed release graphs and seed datasets.

The release graphs in the store record the version of the ontology. A minor upgrade is committed at startup.
A major one may change what conforms, so only ``kg upgrade`` commits it.
"""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from kg import __version__, iris, provenance
from kg.changes import Delta, Provenance, Quads
from kg.errors import Unavailable
from kg.ontology import Ontology, OntologyVersion, canonical_hash, load, version_in
from kg.store.read_only import open_read_only
from kg.store.store import Contents, Store
from kg.store.table_check import table_errors
from kg.store.transaction import normalised
from kg.terms import OWL, PROV

RELEASE_AGENT = "Regional Diplomacy release"
SEED_AGENT = "Regional Diplomacy seed"
UPGRADE_AGENT = "Regional Diplomacy upgrade"

_RELEASE = f"{iris.BASE}release/"
_SEED = f"{iris.BASE}seed/"
_UPGRADE = f"{iris.BASE}upgrade/"


def open_store(directory: Path, release: Ontology | None = None) -> Store:
    """Open a data directory for writing, and upgrade it to a release, by default this program's.

    A new directory gets the release graphs as commit 1, then one commit for each part of the seed dataset.
    Raises Unavailable if another process has it open or if it needs a major upgrade, and Damaged.
    """
    store = Store.open(directory)
    try:
        with table_errors(directory / "store"):
            bring_up_to_date(store, release or load())
    except BaseException:
        store.close()
        raise
    return store


def open_to_read(
    directory: Path, release: Ontology | None = None, *, takes_damaged: bool = False
) -> Contents:
    """Open a data directory for reading; fill a new one first. Raises Unavailable as ``open_store`` does.

    A directory with another minor version is not upgraded; ``takes_damaged`` is as in ``open_read_only``.
    """
    release = release or load()
    if not (directory / "store" / "CURRENT").exists():
        open_store(directory, release).close()
    contents = open_read_only(directory, takes_damaged=takes_damaged)
    if contents.version == 0:  # the process that created the directory was killed before its first commit
        open_store(directory, release).close()
        contents = open_read_only(directory)
    require_compatible(contents, release, directory)
    return contents


def bring_up_to_date(store: Store, release: Ontology) -> None:
    """Commit the release graphs and the seed dataset, each if it has changed.

    Raises Unavailable if the upgrade is a major one.
    """
    require_compatible(store, release, store.directory)
    if held_release(store) != release.release_hash:
        by = Provenance(RELEASE_AGENT, f"{_RELEASE}{release.release_hash}", "Terms, kinds and shapes")
        store.commit(release_change(store, release), by)
    if held_seed(store) != release.seed_hash:
        _commit_seed(store, release)


def require_compatible(contents: Quads, release: Ontology, directory: Path) -> None:
    """Raise Unavailable if the ontology of a directory and a release have different major versions."""
    step = major_step(contents, release)
    if step is None:
        return
    old, new = step
    advice = f"stop the programs that use it and run kg upgrade {directory}"
    if old > new:
        advice = f"use the version of the program that comes with ontology {old}, or a newer one"
    raise Unavailable(f"{directory} holds ontology {old}; kg {__version__} brings {new}: {advice}.")


def major_step(contents: Quads, release: Ontology) -> tuple[OntologyVersion, OntologyVersion] | None:
    """Return the versions of a directory and of a release if their major versions differ, else None."""
    if held_release(contents) == release.release_hash:
        return None
    old, new = held_version(contents), release.version
    return (old, new) if old and new and old.is_major_to(new) else None


def held_version(contents: Quads) -> OntologyVersion | None:
    """Return the version of the ontology in a data directory; None if it holds none."""
    header = NamedNode(iris.TERMS_GRAPH)
    return version_in(contents.quads_for_pattern(header, OWL.VERSION_INFO, None, header))


def held_release(contents: Quads) -> str | None:
    """Return the hash of the release that a data directory holds."""
    source = _last_source(contents, RELEASE_AGENT)
    return source.removeprefix(_RELEASE).removeprefix(_UPGRADE).partition("/")[0] if source else None


def held_seed(contents: Quads) -> str | None:
    """Return the hash of the seed dataset that a data directory holds, or held before later edits."""
    source = _last_source(contents, SEED_AGENT)
    return source.rpartition("/")[2] if source else None


def upgrade_source(release: Ontology) -> str:
    """Return the source of the commit that upgrades to a release; it names the hashes of release and seed."""
    return f"{_UPGRADE}{release.release_hash}/{release.seed_hash}"


def release_change(contents: Quads, release: Ontology) -> Delta:
    """Return the change that a release makes to the release graphs."""
    return _difference(contents, iris.RELEASED_GRAPHS, release.quads)


def seed_change(contents: Quads, release: Ontology) -> Delta:
    """Return the change that a release's seed dataset makes; its graphs replace those of the earlier one."""
    released_graphs = {graph for part in release.seed_parts for graph in part.graphs}
    return _difference(contents, seed_graphs(contents) | released_graphs, _keyed(release.seed))


def seed_hashes(release: Ontology) -> dict[str, str]:
    """Return the content hash of each graph of the seed dataset: that of its part."""
    return {
        graph: content_hash
        for part in release.seed_parts
        for content_hash in (canonical_hash(part.quads),)
        for graph in part.graphs
    }


def seed_graphs(contents: Quads) -> set[str]:
    """Return the graphs that commits of seed datasets created; an upgrade replaces no others."""
    found = {graph for version in _versions_by(contents, SEED_AGENT) for graph in _written(contents, version)}
    for version in _versions_by(contents, UPGRADE_AGENT):
        found |= {graph for graph in _written(contents, version) if _is_first(contents, graph, version)}
    return found - set(iris.RELEASED_GRAPHS)


def _commit_seed(store: Store, release: Ontology) -> None:
    """Commit each part of the seed dataset; the last commit also withdraws graphs that no part contains."""
    last = release.seed_parts[-1]
    for part in release.seed_parts:
        if part is last:
            change = seed_change(store, release)
        else:
            change = _difference(store, part.graphs, _keyed(part.quads))
        if part is last or change.added or change.removed:
            reason = f"The seed dataset: {part.name}" if part.name else "The seed dataset"
            by = Provenance(SEED_AGENT, f"{_SEED}{part.source_hash}", reason)
            store.commit(change, by, content_hash=canonical_hash(part.quads))


def _keyed(quads: Iterable[Quad]) -> Iterable[Quad]:
    from kg.gate.rules.claims import keyed  # imports the reports, which reading does not need

    return keyed(quads)


def _difference(contents: Quads, graphs: Iterable[str], quads: Iterable[Quad]) -> Delta:
    """Return the delta from the quads that graphs hold to the quads that they should hold."""
    present_quads = {
        quad for graph in graphs for quad in contents.quads_for_pattern(None, None, None, NamedNode(graph))
    }
    wanted_quads = normalised(quads)
    return Delta(
        tuple(sorted(wanted_quads - present_quads, key=str)),
        tuple(sorted(present_quads - wanted_quads, key=str)),
    )


def _versions_by(contents: Quads, agent: str) -> list[int]:
    made_by = provenance.agent_node(agent)
    commits = contents.quads_for_pattern(None, PROV.WAS_ASSOCIATED_WITH, made_by, provenance.GRAPH)
    return sorted(provenance.version_of(quad.subject) for quad in commits)


def _last_source(contents: Quads, agent: str) -> str | None:
    """Return the source of the last commit by an agent or by an upgrade."""
    versions = [*_versions_by(contents, agent), *_versions_by(contents, UPGRADE_AGENT)]
    if not versions:
        return None
    last = provenance.commit_node(max(versions))
    sources = contents.quads_for_pattern(last, PROV.USED, None, provenance.GRAPH)
    return next((quad.object.value for quad in sources if isinstance(quad.object, NamedNode)), None)


def _written(contents: Quads, version: int) -> set[str]:
    """Return the graphs that a commit wrote."""
    node = provenance.commit_node(version)
    commit_quads = contents.quads_for_pattern(None, PROV.WAS_GENERATED_BY, node, provenance.GRAPH)
    return {quad.subject.value for quad in commit_quads if isinstance(quad.subject, NamedNode)}


def _is_first(contents: Quads, graph: str, version: int) -> bool:
    commit_quads = contents.quads_for_pattern(NamedNode(graph), PROV.WAS_GENERATED_BY, None, provenance.GRAPH)
    return min(provenance.version_of(quad.object) for quad in commit_quads) == version
