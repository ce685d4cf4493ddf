"""Provenance of commits: the PROV-O description of a commit in the provenance graph."""

import re
from collections.abc import Iterator
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Quad

from kg import iris
from kg.changes import Commit, Object, Subject
from kg.terms import DCTERMS, DIP, PROV, RDF, RDFS, XSD

GRAPH = NamedNode(iris.PROVENANCE_GRAPH)

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")


def commit_node(version: int) -> NamedNode:
    """Return the IRI of a commit."""
    return NamedNode(f"{iris.DATA}commit-{version}")


def version_of(node: Subject | Object) -> int:
    """Return the version from the IRI of a commit."""
    assert isinstance(node, NamedNode)
    return int(node.value.removeprefix(f"{iris.DATA}commit-"))


def agent_node(name: str) -> NamedNode:
    """Return the IRI of an agent, from a slug of the name, or its hash if the slug is empty."""
    return NamedNode(f"{iris.DATA}agent-{iris.slug(name) or sha256(name.encode()).hexdigest()[:12]}")


def quads(commit: Commit) -> Iterator[Quad]:
    """Yield the description of a commit and of the graphs it wrote and withdrew."""
    node = commit_node(commit.version)
    for predicate, value in _of_commit(commit):
        yield Quad(node, predicate, value, GRAPH)
    for name in filter(None, (commit.agent, commit.drafter)):
        yield Quad(agent_node(name), RDF.TYPE, PROV.AGENT, GRAPH)
        yield Quad(agent_node(name), RDFS.LABEL, Literal(name), GRAPH)
    for graph in map(NamedNode, commit.graphs):
        yield Quad(graph, PROV.WAS_GENERATED_BY, node, GRAPH)
        if commit.drafter:
            yield Quad(graph, PROV.WAS_ATTRIBUTED_TO, agent_node(commit.drafter), GRAPH)
        if commit.hash and graph.value not in iris.RELEASED_GRAPHS:
            yield from submission(graph.value, commit.hash)
            for warning in commit.warnings:
                yield Quad(graph, DIP.WARNING, Literal(warning), GRAPH)
    replaced = {old for _, old in commit.superseding}
    for iri in commit.withdrawn:
        if iri not in replaced:
            yield Quad(node, DIP.RETRACTS, NamedNode(iri), GRAPH)
    for new, old in commit.superseding:
        yield Quad(NamedNode(new), DIP.SUPERSEDES, NamedNode(old), GRAPH)


def submission(graph: str, content_hash: str) -> Iterator[Quad]:
    """Yield the quads that mark a graph as a submission and give its content hash."""
    yield Quad(NamedNode(graph), RDF.TYPE, DIP.SUBMISSION, GRAPH)
    yield Quad(NamedNode(graph), DIP.CONTENT_HASH, Literal(content_hash), GRAPH)


def ended(commit: Commit) -> Quad:
    """Return the quad with the time of a commit."""
    return Quad(commit_node(commit.version), PROV.ENDED_AT_TIME, _time(commit), GRAPH)


def _time(commit: Commit) -> Literal:
    return Literal(commit.time.isoformat(), datatype=XSD.DATE_TIME)


def _of_commit(commit: Commit) -> Iterator[tuple[NamedNode, Object]]:
    yield RDF.TYPE, DIP.COMMIT
    yield DIP.VERSION, Literal(commit.version)
    yield PROV.ENDED_AT_TIME, _time(commit)
    yield PROV.WAS_ASSOCIATED_WITH, agent_node(commit.agent)
    yield DIP.SOFTWARE_VERSION, Literal(commit.software)
    if commit.source and _IRI.fullmatch(commit.source):
        yield PROV.USED, NamedNode(commit.source)
    elif commit.source:
        yield DCTERMS.SOURCE, Literal(commit.source)
    if commit.reason:
        yield DIP.REASON, Literal(commit.reason)
