"""What is told of a commit in the provenance graph, as PROV-O."""

import re
from collections.abc import Iterator
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Quad

from kg import iris
from kg.changes import Commit, Object, Subject

GRAPH = NamedNode(iris.PROVENANCE_GRAPH)
TYPE = NamedNode(iris.PREFIXES["rdf"] + "type")
LABEL = NamedNode(iris.PREFIXES["rdfs"] + "label")
SOURCE = NamedNode(iris.PREFIXES["dcterms"] + "source")
ENDED = NamedNode(iris.PREFIXES["prov"] + "endedAtTime")
AGENT = NamedNode(iris.PREFIXES["prov"] + "Agent")
MADE_BY = NamedNode(iris.PREFIXES["prov"] + "wasAssociatedWith")
MADE_IN = NamedNode(iris.PREFIXES["prov"] + "wasGeneratedBy")
USED = NamedNode(iris.PREFIXES["prov"] + "used")
VERSION = NamedNode(iris.TERMS + "version")
CONTENT_HASH = NamedNode(iris.TERMS + "contentHash")
_COMMIT = NamedNode(iris.TERMS + "Commit")
SUBMISSION = NamedNode(iris.TERMS + "Submission")
_REASON = NamedNode(iris.TERMS + "reason")
_SOFTWARE = NamedNode(iris.TERMS + "softwareVersion")
WARNING = NamedNode(iris.TERMS + "warning")
RETRACTS = NamedNode(iris.TERMS + "retracts")
SUPERSEDES = NamedNode(iris.TERMS + "supersedes")

_DATE_TIME = NamedNode(iris.PREFIXES["xsd"] + "dateTime")

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")


def commit_node(version: int) -> NamedNode:
    """Name a commit."""
    return NamedNode(f"{iris.DATA}commit-{version}")


def version_of(node: Subject | Object) -> int:
    """Give the number of a commit from its name."""
    assert isinstance(node, NamedNode)
    return int(node.value.removeprefix(f"{iris.DATA}commit-"))


def agent_node(name: str) -> NamedNode:
    """Name whoever commits, by a slug of the name, or by its hash where no letter of it is Latin."""
    return NamedNode(f"{iris.DATA}agent-{iris.slug(name) or sha256(name.encode()).hexdigest()[:12]}")


def quads(commit: Commit) -> Iterator[Quad]:
    """Tell a commit, the graphs it brought and those it withdrew; of these, what was told before stays."""
    node = commit_node(commit.version)
    for predicate, value in _of_commit(commit):
        yield Quad(node, predicate, value, GRAPH)
    yield Quad(agent_node(commit.agent), TYPE, AGENT, GRAPH)
    yield Quad(agent_node(commit.agent), LABEL, Literal(commit.agent), GRAPH)
    for graph in map(NamedNode, commit.graphs):
        yield Quad(graph, MADE_IN, node, GRAPH)
        if commit.hash and graph.value not in iris.RELEASED_GRAPHS:
            yield Quad(graph, TYPE, SUBMISSION, GRAPH)
            yield Quad(graph, CONTENT_HASH, Literal(commit.hash), GRAPH)
            for warning in commit.warnings:
                yield Quad(graph, WARNING, Literal(warning), GRAPH)
    replaced = {old for _, old in commit.superseding}
    for iri in commit.withdrawn:
        if iri not in replaced:
            yield Quad(node, RETRACTS, NamedNode(iri), GRAPH)
    for new, old in commit.superseding:
        yield Quad(NamedNode(new), SUPERSEDES, NamedNode(old), GRAPH)


def ended(commit: Commit) -> Quad:
    """Tell when a commit was made."""
    return Quad(commit_node(commit.version), ENDED, _time(commit), GRAPH)


def _time(commit: Commit) -> Literal:
    return Literal(commit.time.isoformat(), datatype=_DATE_TIME)


def _of_commit(commit: Commit) -> Iterator[tuple[NamedNode, Object]]:
    yield TYPE, _COMMIT
    yield VERSION, Literal(commit.version)
    yield ENDED, _time(commit)
    yield MADE_BY, agent_node(commit.agent)
    yield _SOFTWARE, Literal(commit.software)
    if commit.source and _IRI.fullmatch(commit.source):
        yield USED, NamedNode(commit.source)
    elif commit.source:
        yield SOURCE, Literal(commit.source)
    if commit.reason:
        yield _REASON, Literal(commit.reason)
