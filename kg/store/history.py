"""History of the graph: its commits, newest first, and the changes between two versions."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Self
from urllib.parse import urlencode

from pyoxigraph import NamedNode, Quad

from kg import iris, provenance
from kg.changes import Commit, Quads
from kg.errors import JSON, NotFound
from kg.store import mentions, snapshots, tombstones
from kg.store.differences import Difference
from kg.store.log import CommitLog
from kg.store.store import Contents
from kg.terms import DIP, PROV

PAGE = 50
"""Default number of commits in a list."""


@dataclass(frozen=True)
class CommitList:
    """A request for commits: ``limit`` commits before a version; all, or of one graph, person or thing."""

    newest: int
    before: int | None = None
    limit: int = PAGE
    graph: str | None = None
    by: str | None = None
    thing: str | None = None

    def page(self, contents: Contents, log: CommitLog) -> tuple[list[Commit], str | None]:
        """Return the commits, newest first, and the query string for the page of older commits, or None.

        Raises NotFound if there never was such a graph, or if no commit names the thing.
        """
        if self.thing is not None:
            start = self.newest if self.before is None else min(self.newest, self.before - 1)
            found = mentions.commits_naming(log, NamedNode(self.thing), start, self.limit)
            if not found.commits and found.before is None and start == self.newest:
                raise NotFound(f"No commit names {iris.compact(self.thing)}.", iri=self.thing)
            return list(found.commits), self._asking(found.before) if found.before else None
        commits = self.read(contents, log)
        return commits, self.following(commits)

    def read(self, contents: Contents, log: CommitLog) -> list[Commit]:
        """Return the commits, newest first; raises NotFound if there never was such a graph."""
        if self.graph is None and self.by is None:
            return commits(log, self.newest, before=self.before, limit=self.limit)
        return list(islice(self._chosen(contents, log), self.limit))

    def _chosen(self, contents: Contents, log: CommitLog) -> Iterator[Commit]:
        if self.graph is not None:
            found = _versions_of(contents, self.graph)
        else:
            found = _versions_by(contents, self.by or "")
        for version in sorted(found, reverse=True):
            if self.before is None or version < self.before:
                commit = log.commit(version)
                if self.by in (None, commit.agent, commit.drafter):
                    yield commit

    def following(self, commits: list[Commit]) -> str | None:
        """Return the query string for the commits before ``commits``, or None if there are none."""
        if len(commits) < self.limit or commits[-1].version == 1:
            return None
        return self._asking(commits[-1].version)

    def _asking(self, before: int) -> str:
        position = {"before": before, "limit": self.limit}
        filters = {"graph": self.graph, "by": self.by, "thing": self.thing}
        return urlencode({**position, **{name: value for name, value in filters.items() if value}})


def commits(log: CommitLog, newest: int, *, before: int | None = None, limit: int = PAGE) -> list[Commit]:
    """Return commits, newest first, that are older than ``before``."""
    start = newest if before is None else min(newest, before - 1)
    return [log.commit(version) for version in islice(range(start, 0, -1), limit)]


def commits_of(
    contents: Contents, log: CommitLog, graph: str, *, before: int | None = None, limit: int = PAGE
) -> list[Commit]:
    """Return the commits that wrote or withdrew a graph, newest first; raises NotFound if none did."""
    return CommitList(contents.version, before, limit, graph).read(contents, log)


def _versions_of(contents: Contents, graph: str) -> set[int]:
    """Return the versions that wrote or withdrew a graph; raises NotFound if there are none."""
    all_versions = {provenance.version_of(name) for name in _tellers(contents, NamedNode(graph))}
    versions = {version for version in all_versions if version <= contents.version}
    if not versions:
        raise NotFound(f"There is no graph {iris.compact(graph)} in any version.", graph=graph)
    return versions


def _versions_by(contents: Contents, name: str) -> set[int]:
    """Return the versions committed or drafted by an agent, or by another agent with the same slug."""
    agent = provenance.agent_node(name)
    own = contents.quads_for_pattern(None, PROV.WAS_ASSOCIATED_WITH, agent, provenance.GRAPH)
    nodes = [quad.subject for quad in own]
    for quad in contents.quads_for_pattern(None, PROV.WAS_ATTRIBUTED_TO, agent, provenance.GRAPH):
        commit_quads = contents.quads_for_pattern(quad.subject, PROV.WAS_GENERATED_BY, None, provenance.GRAPH)
        nodes += [each.object for each in commit_quads if isinstance(each.object, NamedNode)]
    versions = {provenance.version_of(node) for node in nodes}
    return {version for version in versions if version <= contents.version}


def commit(log: CommitLog, newest: int, version: int) -> Commit:
    """Return one commit; raises NotFound."""
    snapshots.require_version(version, newest)
    return log.commit(version)


class ChangesBetween:
    """The quads added and removed between two versions; ``everything`` includes the provenance graph.

    Use it in a ``with``. Quads purged since are left out; raises Gone if the range is a single commit and
    such quads are missing from it. The quads are sorted, except those of loads, which come in parts.
    """

    def __init__(self, log: CommitLog, start: int, end: int, *, everything: bool = False) -> None:
        if abs(end - start) == 1:
            tombstones.require_kept(log.folder.parent, log.erased(max(start, end)), max(start, end))
        self._difference = Difference(log, start, end)
        self._everything = everything

    def __enter__(self) -> Self:
        self._difference.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._difference.__exit__()

    @property
    def added(self) -> Iterator[Quad]:
        """The added quads."""
        return (quad for part in self._difference.parts() for quad in self._shown(part.added))

    @property
    def removed(self) -> Iterator[Quad]:
        """The removed quads."""
        return (quad for part in self._difference.parts() for quad in self._shown(part.removed))

    def _shown(self, quads: tuple[Quad, ...]) -> list[Quad]:
        visible_quads = (quad for quad in quads if self._everything or quad.graph_name != provenance.GRAPH)
        return sorted(visible_quads, key=str)


def write_commits(commit_list: CommitList, log: CommitLog, path: str, contents: Contents) -> Iterator[bytes]:
    """Write a list of commits as JSON; ``path`` is the URL path of the link to older commits."""
    found, following = commit_list.page(contents, log)
    yield b'{"commits":['
    yield from _listed(as_json(commit) for commit in found)
    yield b'],"next":' + _json(following and f"{path}?{following}") + b"}"


def write_commit(log: CommitLog, newest: int, version: int, _: Contents) -> Iterator[bytes]:
    """Write one commit as JSON; raises NotFound."""
    yield _json(as_json(commit(log, newest, version)))


def write_changes(log: CommitLog, start: int, end: int, everything: bool, _: Contents) -> Iterator[bytes]:
    """Write the changes between two versions as JSON, with lines of N-Quads."""
    with ChangesBetween(log, start, end, everything=everything) as changes:
        yield f'{{"from":{start},"to":{end},"added":['.encode()
        yield from _listed(f"{quad} ." for quad in changes.added)
        yield b'],"removed":['
        yield from _listed(f"{quad} ." for quad in changes.removed)
        yield b"]}"


def _listed(members: Iterable[JSON]) -> Iterator[bytes]:
    for number, member in enumerate(members):
        yield (b"," if number else b"") + _json(member)


def _json(value: JSON) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def as_json(commit: Commit) -> dict[str, JSON]:
    """Return the JSON members of a commit."""
    pairs: list[JSON] = [{"graph": new, "supersedes": old} for new, old in commit.superseding]
    return asdict(commit) | {"time": commit.time.isoformat(), "superseding": pairs}


def _tellers(contents: Quads, graph: NamedNode) -> Iterator[NamedNode]:
    """Yield the commits that wrote or withdrew a graph, and those of the graphs that superseded it."""
    writers = contents.quads_for_pattern(graph, PROV.WAS_GENERATED_BY, None, provenance.GRAPH)
    withdrawers = contents.quads_for_pattern(None, DIP.RETRACTS, graph, provenance.GRAPH)
    successors = contents.quads_for_pattern(None, DIP.SUPERSEDES, graph, provenance.GRAPH)
    nodes = [quad.object for quad in writers] + [quad.subject for quad in withdrawers]
    for successor in successors:
        commit_quads = contents.quads_for_pattern(
            successor.subject, PROV.WAS_GENERATED_BY, None, provenance.GRAPH
        )
        nodes += [quad.object for quad in commit_quads]
    yield from (node for node in nodes if isinstance(node, NamedNode))
