"""Merge of all graphs, kept in the engine: the set of triples that a query reads if it names no graph.

The engine's default graph holds each triple of any graph once, in addition to the graphs themselves. A triple
leaves it with the last graph that holds the triple. Quads written without a graph are in ``OWN``, an engine
graph named by a blank node, so that no query text can name it.
"""

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from kg import scanner, scratch
from kg.changes import ChangeSet, Delta, GraphName

OWN = BlankNode("own-default-graph")
_NONE = scanner.Token("", "")


def name_in_engine(graph: GraphName) -> GraphName:
    """Return the engine's name of a graph."""
    return OWN if isinstance(graph, DefaultGraph) else graph


def in_engine(quad: Quad) -> Quad:
    """Return a quad in the engine's form."""
    if isinstance(quad.graph_name, DefaultGraph):
        return Quad(quad.subject, quad.predicate, quad.object, OWN)
    return quad


def merged(quad: Quad) -> Quad:
    """Return the quad of the merge with the same triple."""
    return Quad(quad.subject, quad.predicate, quad.object)


def is_of_merge(quad: Quad) -> bool:
    """Return whether a quad in the engine's form belongs to the merge."""
    return isinstance(quad.graph_name, DefaultGraph)


def may_name_a_graph(text: str) -> bool:
    """Return False if a query certainly has no ``GRAPH``, not even escaped as ``\\u0047RAPH``."""
    lower = text.lower()
    return "graph" in lower or "\\u" in lower


def with_merge(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield each quad in the engine's form, followed by the same triple in the merge."""
    for quad in quads:
        yield in_engine(quad)
        yield merged(quad)


def without_merge(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield those of the engine's quads that are not of the merge, in their original form."""
    for quad in quads:
        graph = quad.graph_name
        if graph == OWN:
            yield merged(quad)
        elif not isinstance(graph, DefaultGraph):
            yield quad


def change_in_engine(store: pyoxigraph.Store, parts: Sequence[ChangeSet]) -> Delta:
    """Return the quads that the engine must add and remove for a change, given in parts."""
    added = dict.fromkeys(in_engine(quad) for part in parts for quad in part.added)
    removed = {quad: None for part in parts for quad in map(in_engine, part.removed) if quad not in added}
    coming = dict.fromkeys(map(merged, added))
    going = [
        quad
        for quad in dict.fromkeys(map(merged, removed))
        if quad not in coming and not _has_other_holder(store, quad, removed)
    ]
    return Delta((*added, *coming), (*removed, *going))


def _has_other_holder(store: pyoxigraph.Store, quad: Quad, removed: Iterable[Quad]) -> bool:
    """Return whether a graph that does not lose the triple still holds it."""
    holding = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(other != quad and other not in removed for other in holding)


def of_graphs(
    store: pyoxigraph.Store, default: Iterable[NamedNode], named_graphs: Iterable[NamedNode | BlankNode]
) -> pyoxigraph.Store:
    """Return a store in memory whose default graph is the merge of another store's graphs ``default``."""
    copy = scratch.filled()
    for merging in default:
        copy.bulk_extend(map(merged, store.quads_for_pattern(None, None, None, merging)))
    for graph in named_graphs:
        copy.bulk_extend(store.quads_for_pattern(None, None, None, graph))
    return copy


def without_own(text: str) -> str:
    """Return a query in which ``GRAPH ?g`` does not match ``OWN``.

    >>> without_own("ASK { ?s ?p ?o GRAPH ?g { ?s ?p ?o } }")
    'ASK { ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(COALESCE(ISIRI(?g), true)) } }'
    """
    pieces: list[str] = []
    end = depth = 0
    open_groups: list[tuple[int, str]] = []
    before, last = _NONE, _NONE
    for token in scanner.tokens(text):
        if token.kind == "comment":
            continue
        if token.text == "{":
            if last.kind == "variable" and before.kind == "word" and before.text.upper() == "GRAPH":
                open_groups.append((depth, last.text))
                pieces += [text[end : before.start], "{ "]
                end = before.start
            depth += 1
        elif token.text == "}":
            depth -= 1
            if open_groups and open_groups[-1][0] == depth:
                _, variable = open_groups.pop()
                pieces += [text[end : token.end], f" FILTER(COALESCE(ISIRI({variable}), true)) }}"]
                end = token.end
        before, last = last, token
    return "".join([*pieces, text[end:]])
