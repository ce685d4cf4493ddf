"""What was done to the graph: its commits, newest first, and what lies between two of them."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice

from pyoxigraph import NamedNode, Quad

from kg import iris, provenance
from kg.changes import Commit, Delta, Quads
from kg.errors import JSON, NotFound
from kg.store import snapshots
from kg.store.log import CommitLog
from kg.store.store import Contents
from kg.terms import DIP, PROV

PAGE = 50
"""Commits that are listed at once, where no other number is asked for."""


def commits(log: CommitLog, newest: int, *, before: int | None = None, limit: int = PAGE) -> list[Commit]:
    """List commits, newest first; ``before`` is the version to go on from."""
    start = newest if before is None else min(newest, before - 1)
    return [log.commit(version) for version in islice(range(start, 0, -1), limit)]


def commits_of(
    contents: Contents, log: CommitLog, graph: str, *, before: int | None = None, limit: int = PAGE
) -> list[Commit]:
    """List the commits that wrote a graph or withdrew it, newest first; raises NotFound for no graph."""
    node = NamedNode(graph)
    told = {provenance.version_of(name) for name in _tellers(contents, node)}
    versions = [version for version in told if version <= contents.version]
    if not versions:
        raise NotFound(f"There is and was no graph {iris.compact(graph)}.", graph=graph)
    asked = (version for version in sorted(versions, reverse=True) if before is None or version < before)
    return [log.commit(version) for version in islice(asked, limit)]


def commit(log: CommitLog, newest: int, version: int) -> Commit:
    """Give one commit; raises NotFound."""
    if not 1 <= version <= newest:
        raise NotFound(f"There is no version v{version}; there are v1 to v{newest}.")
    return log.commit(version)


def changes(log: CommitLog, start: int, end: int, *, everything: bool = False) -> Delta:
    """Give what came and went between two versions, with ``everything`` in the provenance graph too."""
    delta = snapshots.between(log, start, end)
    return Delta(_told(delta.added, everything), _told(delta.removed, everything))


def as_json(told: Commit) -> dict[str, JSON]:
    """Give the members that stand for a commit in an answer."""
    pairs: list[JSON] = [{"graph": new, "supersedes": old} for new, old in told.superseding]
    return asdict(told) | {"time": told.time.isoformat(), "superseding": pairs}


def _tellers(contents: Quads, graph: NamedNode) -> Iterator[NamedNode]:
    """Yield the commits that the provenance graph names with a graph, and those of what superseded it."""
    writers = contents.quads_for_pattern(graph, PROV.WAS_GENERATED_BY, None, provenance.GRAPH)
    withdrawers = contents.quads_for_pattern(None, DIP.RETRACTS, graph, provenance.GRAPH)
    successors = contents.quads_for_pattern(None, DIP.SUPERSEDES, graph, provenance.GRAPH)
    named = [quad.object for quad in writers] + [quad.subject for quad in withdrawers]
    for successor in successors:
        made = contents.quads_for_pattern(successor.subject, PROV.WAS_GENERATED_BY, None, provenance.GRAPH)
        named += [quad.object for quad in made]
    yield from (node for node in named if isinstance(node, NamedNode))


def _told(quads: tuple[Quad, ...], everything: bool) -> tuple[Quad, ...]:
    chosen = (quad for quad in quads if everything or quad.graph_name != provenance.GRAPH)
    return tuple(sorted(chosen, key=str))
