"""Versions of graphs: which commit wrote a graph last, for the entity tags of its forms."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, NamedNode

from kg import provenance
from kg.changes import Quads
from kg.facts import edits
from kg.facts.judgement import JudgedStore
from kg.terms import PROV

Graph = NamedNode | DefaultGraph


def tag(version: int, form: str) -> str:
    """Return the tag of one form of a graph (format and coding): strong, for exports are sorted.

    >>> tag(7, "turtle-gzip")
    '"v7-turtle-gzip"'
    """
    return f'"v{version}-{form}"'


def tags(store: JudgedStore, graph: Graph, forms: tuple[str, ...]) -> frozenset[str]:
    """Return the tags of all forms of a graph; none if it is not there."""
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
