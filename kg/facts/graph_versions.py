"""Graph versions: the commit that last wrote each graph, for the ETags of its representations."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, NamedNode

from kg import provenance
from kg.changes import Quads
from kg.facts import edits
from kg.facts.judgement import JudgedStore
from kg.terms import PROV

Graph = NamedNode | DefaultGraph


def tag(version: int, form: str) -> str:
    """Return the ETag of a graph in one format and coding: strong, because exports are sorted.

    >>> tag(7, "turtle-gzip")
    '"v7-turtle-gzip"'
    """
    return f'"v{version}-{form}"'


def tags(store: JudgedStore, graph: Graph, forms: tuple[str, ...]) -> frozenset[str]:
    """Return the ETags of all representations of a graph; empty if the graph does not exist."""
    if not edits.exists(store, graph):
        return frozenset()
    return frozenset(tag(changed_in(store, store.newest, graph), form) for form in forms)


def changed_in(store: Quads, newest: int, graph: Graph) -> int:
    """Return the version that last changed a graph; for the default graph, the newest."""
    if isinstance(graph, DefaultGraph):
        return newest
    prefix = provenance.commit_node(0).value.removesuffix("0")
    commits = (
        quad.object for quad in store.quads_for_pattern(graph, PROV.WAS_GENERATED_BY, None, provenance.GRAPH)
    )
    versions = (int(node.value.removeprefix(prefix)) for node in commits if isinstance(node, NamedNode))
    return max(versions, default=newest)
