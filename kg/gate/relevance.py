"""Separates the quads that can matter to a verdict from those of foreign vocabulary that nothing reads.

A large change is first judged without the latter: one test for each quad instead of all rules. Only a verdict
without violations is taken from that, because a report may quote any quad.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.changes import Delta
from kg.gate.overlay import Term
from kg.gate.rules import literals, told_by_commits
from kg.gate.rules.vocabulary import is_ours_or_slip

FEWEST = 500
"""Quads of a change from which on the separation pays."""

_TEXT = frozenset({Literal("").datatype, Literal("", language="en").datatype})


@dataclass(frozen=True)
class Relevance:
    """The foreign properties that rules or shapes read; None if they may read any property."""

    properties: frozenset[NamedNode] | None

    def narrowed(self, delta: Delta) -> Delta:
        """Return the part of a delta that can matter; the same delta if it is small or all of it can."""
        if self.properties is None or len(delta.added) + len(delta.removed) < FEWEST:
            return delta
        narrow = Delta(tuple(self._relevant(delta.added)), tuple(self._relevant(delta.removed)))
        is_same = len(narrow.added) == len(delta.added) and len(narrow.removed) == len(delta.removed)
        return delta if is_same else narrow

    def _relevant(self, quads: Sequence[Quad]) -> Iterator[Quad]:
        if any(told_by_commits.is_commit(graph) for graph in {quad.graph_name for quad in quads}):
            yield from quads
            return
        predicates = {quad.predicate for quad in quads}
        relevant = {predicate for predicate in predicates if self._is_read(predicate)}
        for quad in quads:
            if quad.predicate in relevant or _can_matter(quad.subject) or _can_matter(quad.object):
                yield quad

    def _is_read(self, predicate: NamedNode) -> bool:
        return self.properties is None or predicate in self.properties or is_ours_or_slip(predicate.value)


def _can_matter(term: Term) -> bool:
    """Return whether a subject or object is of our namespaces, nearly so, or an ill-formed literal."""
    if isinstance(term, NamedNode):
        return is_ours_or_slip(term.value)
    if isinstance(term, Literal):
        return term.datatype not in _TEXT and not literals.is_well_formed(term)
    return not isinstance(term, BlankNode)
