"""Names of graphs in the engine: ``GRAPH ?g {}`` finds the graphs that exist, empty ones too, and no others.

The engine names a graph when a quad is put into it, and goes on to do so when the last quad is removed. A
graph that is empty and exists is noted by a quad of the graph ``iris.EMPTY_GRAPHS``.
"""

from collections.abc import Iterable

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, Quad

from kg import iris
from kg.changes import ChangeSet, GraphName

NOTES = NamedNode(iris.EMPTY_GRAPHS)


def concerned(quad: Quad) -> GraphName:
    """Return the graph that a quad is about: the one it stands in, or the one that it notes as empty."""
    if quad.graph_name == NOTES and isinstance(quad.subject, NamedNode):
        return quad.subject
    return quad.graph_name


def settle(store: pyoxigraph.Store, parts: Iterable[ChangeSet]) -> None:
    """Name the graphs that a change made empty, and no longer those that it removed. Looks at these alone."""
    removed: set[GraphName] = set()
    noted: set[GraphName] = set()
    for part in parts:
        for quad in part.removed:
            removed.add(concerned(quad))
            removed.add(quad.graph_name)  # the graph of the notes may be empty now, too
        noted.update(concerned(quad) for quad in part.added if quad.graph_name == NOTES)
    for graph in removed - noted:
        if isinstance(graph, NamedNode | BlankNode) and not _exists(store, graph):
            store.remove_graph(graph)
    for graph in noted:
        if isinstance(graph, NamedNode):
            store.add_graph(graph)


def name_empty(store: pyoxigraph.Store) -> None:
    """Name the graphs that are noted as empty in a store that was filled with quads."""
    for quad in store.quads_for_pattern(None, None, None, NOTES):
        if isinstance(quad.subject, NamedNode):
            store.add_graph(quad.subject)


def _exists(store: pyoxigraph.Store, graph: NamedNode | BlankNode) -> bool:
    patterns = ((None, None, None, graph), (graph, None, None, NOTES))
    return any(True for pattern in patterns for _ in store.quads_for_pattern(*pattern))
