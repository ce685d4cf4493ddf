"""Effects of a delta on a store: the quads that change, the graphs it empties, the provenance it adds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from kg import provenance
from kg.changes import Commit, Delta, GraphName, QuadSet
from kg.store.graph_names import concerned
from kg.store.transaction import normalised
from kg.terms import DIP, RDF

_MANY = 500
"""Minimum number of quads for which it is faster to check first whether their graph is new."""


@dataclass(frozen=True)
class EffectiveDelta:
    """A delta whose added quads are all missing in a store and whose removed quads are all present.

    ``graphs`` lists the graphs it writes, ``withdrawn`` those it empties; ``superseding`` pairs a new graph
    with the withdrawn graph that it declares to replace.
    """

    added: Collection[Quad]
    removed: Collection[Quad]
    graphs: tuple[str, ...]
    withdrawn: tuple[str, ...]
    superseding: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, store: QuadSet, delta: Delta) -> EffectiveDelta:
        """Return what a delta changes in a store, including the effect on its graphs."""
        facts = effective(store, delta)
        withdrawn = _emptied(store, facts)
        graph_nodes = {concerned(quad) for quad in (*delta.added, *delta.removed)}
        graphs = {graph.value for graph in graph_nodes if isinstance(graph, NamedNode)}.difference(withdrawn)
        superseding = tuple(_replacements(facts, withdrawn))
        return cls(facts.added, facts.removed, tuple(sorted(graphs)), withdrawn, superseding)


def effective(store: QuadSet, delta: Delta) -> Delta:
    """Return the added quads that the store lacks and the removed quads that it holds, both sorted."""
    coming = normalised(delta.added)
    filled = _filled(store, {quad.graph_name for quad in coming}, len(coming))
    added = [quad for quad in coming if quad.graph_name not in filled or quad not in store]
    removed = [quad for quad in normalised(delta.removed) - coming if quad in store]
    return Delta(tuple(sorted(added, key=str)), tuple(sorted(removed, key=str)))


def _filled(store: QuadSet, graphs: set[GraphName], quads: int) -> set[GraphName]:
    """Return the graphs that may hold quads; they are looked up if there are many quads to add.

    Otherwise each quad is looked up: reading a whole graph would make the verdict depend on everything in it.
    """
    if quads < _MANY:
        return graphs
    return {graph for graph in graphs if any(True for _ in store.quads_for_pattern(None, None, None, graph))}


def _emptied(store: QuadSet, facts: Delta) -> tuple[str, ...]:
    """Return the graphs that an effective delta removes completely, even the note that they are empty."""
    removed = set(facts.removed)
    suspects = set(map(concerned, removed)).difference(map(concerned, facts.added))
    return tuple(
        sorted(
            graph.value
            for graph in suspects
            if isinstance(graph, NamedNode)
            and all(quad in removed for quad in store.quads_for_pattern(None, None, None, graph))
        )
    )


def _replacements(facts: Delta, withdrawn: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of a new graph and the withdrawn graph that it declares to supersede."""
    for quad in facts.added if withdrawn else ():
        old, new = quad.object, quad.graph_name
        is_said = quad.predicate == DIP.SUPERSEDES and quad.subject == new
        if is_said and isinstance(new, NamedNode) and isinstance(old, NamedNode) and old.value in withdrawn:
            yield new.value, old.value


def in_provenance(store: QuadSet, commit: Commit, hashes: Mapping[str, str]) -> Delta:
    """Return what a commit changes in the provenance graph; ``hashes`` gives hashes of single graphs."""
    return effective(store, _provenance_delta(store, commit, hashes))


def _provenance_delta(store: QuadSet, commit: Commit, hashes: Mapping[str, str]) -> Delta:
    """Return what a commit writes to the provenance graph; the description of a rewritten graph is replaced.

    If no hash is given for a submission, the submission is only restored and its description stays.
    """
    described = [
        graph for graph in commit.graphs if commit.hash or not _is_submission(store, NamedNode(graph))
    ]
    rewritten = [(graph, DIP.WARNING) for graph in (*described, *hashes)]
    rewritten += [(graph, DIP.CONTENT_HASH) for graph in (*described, *hashes)]
    outdated = (
        quad
        for graph, predicate in rewritten
        for quad in store.quads_for_pattern(NamedNode(graph), predicate, None, provenance.GRAPH)
    )
    quads = [quad for quad in provenance.quads(commit) if not _is_edit(store, quad)]
    for graph, content_hash in hashes.items():
        quads += provenance.submission(graph, content_hash)
    return Delta(tuple(quads), tuple(outdated))


def _is_edit(store: QuadSet, quad: Quad) -> bool:
    """Return whether a "retracted" graph is no submission, but a graph that edits emptied."""
    if quad.predicate != DIP.RETRACTS or not isinstance(quad.object, NamedNode):
        return False
    return not _is_submission(store, quad.object)


def _is_submission(store: QuadSet, graph: NamedNode) -> bool:
    return Quad(graph, RDF.TYPE, DIP.SUBMISSION, provenance.GRAPH) in store
