"""Names of graphs in the engine: ``GRAPH ?g {}`` finds exactly the existing graphs, including empty ones.

The engine registers a graph's name with its first quad, and keeps the name after the last quad is removed. A
quad in the graph ``iris.EMPTY_GRAPHS`` notes that a graph exists and is empty.
"""

from collections.abc import Iterable

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, Quad

from kg import iris
from kg.changes import ChangeSet, GraphName

NOTES = NamedNode(iris.EMPTY_GRAPHS)


def concerned(quad: Quad) -> GraphName:
    """Return the graph that a quad is about: its own graph, or the graph that it notes as empty."""
    if quad.graph_name == NOTES and isinstance(quad.subject, NamedNode):
        return quad.subject
    return quad.graph_name


def settle(store: pyoxigraph.Store, parts: Iterable[ChangeSet]) -> None:
    """Register the graphs that a change made empty, and unregister those it removed. Reads only these."""
    removed: set[GraphName] = set()
    noted: set[GraphName] = set()
    for part in parts:
        for quad in part.removed:
            removed.add(concerned(quad))
            removed.add(quad.graph_name)  # EMPTY_GRAPHS may itself be empty now
        noted.update(concerned(quad) for quad in part.added if quad.graph_name == NOTES)
    for graph in removed - noted:
        if isinstance(graph, NamedNode | BlankNode) and not _exists(store, graph):
            store.remove_graph(graph)
    for graph in noted:
        if isinstance(graph, NamedNode):
            store.add_graph(graph)


def name_empty(store: pyoxigraph.Store) -> None:
    """Register the graphs that are noted as empty, in a store that was filled in bulk."""
    for quad in store.quads_for_pattern(None, None, None, NOTES):
        if isinstance(quad.subject, NamedNode):
            store.add_graph(quad.subject)


def _exists(store: pyoxigraph.Store, graph: NamedNode | BlankNode) -> bool:
    patterns = ((None, None, None, graph), (graph, None, None, NOTES))
    return any(True for pattern in patterns for _ in store.quads_for_pattern(*pattern))
