"""Separates the quads that can matter to a verdict from those of foreign vocabulary that nothing reads.

A large change is first judged without the latter: one test for each quad instead of all rules. Only a verdict
without violations is taken from that, because a report may quote any quad; warnings of ill-formed literals of
foreign vocabulary do not count.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.changes import Delta, Quads, Subject
from kg.gate.overlay import Term
from kg.gate.rules import literals, told_by_commits
from kg.gate.rules.vocabulary import is_ours_or_slip
from kg.iris import TERMS
from kg.terms import RDF

FEWEST = 500
"""Quads of a change from which on the separation pays."""

_TEXT = frozenset({Literal("").datatype, Literal("", language="en").datatype})


@dataclass(frozen=True)
class Relevance:
    """The foreign properties that rules or shapes read; None if they may read any property."""

    properties: frozenset[NamedNode] | None

    def narrowed(self, delta: Delta, store: Quads) -> Delta:
        """Return the part of a delta that can matter; the same delta if it is small or all of it can."""
        if self.properties is None or len(delta.added) + len(delta.removed) < FEWEST:
            return delta
        records = _records((*delta.added, *delta.removed), store)
        added, removed = (tuple(self._relevant(quads, records)) for quads in (delta.added, delta.removed))
        narrow = Delta(added, removed)
        is_same = len(narrow.added) == len(delta.added) and len(narrow.removed) == len(delta.removed)
        return delta if is_same else narrow

    def _relevant(self, quads: Sequence[Quad], records: Container[Subject]) -> Iterator[Quad]:
        if any(told_by_commits.is_commit(graph) for graph in {quad.graph_name for quad in quads}):
            yield from quads
            return
        predicates = {quad.predicate for quad in quads}
        relevant = {predicate for predicate in predicates if self._is_read(predicate)}
        for quad in quads:
            is_linked = quad.predicate in relevant or _can_matter(quad.subject) or _can_matter(quad.object)
            if is_linked or quad.subject in records:
                yield quad

    def _is_read(self, predicate: NamedNode) -> bool:
        return self.properties is None or predicate in self.properties or is_ours_or_slip(predicate.value)


def _records(quads: Iterable[Quad], store: Quads) -> frozenset[Subject]:
    """Give the foreign names that a change or the store gives a class of ours: one look-up for each name."""
    names, found = dict[NamedNode, None](), set[Subject]()
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and not is_ours_or_slip(quad.subject.value):
            names[quad.subject] = None
            if quad.predicate == RDF.TYPE and _is_class_of_ours(quad.object):
                found.add(quad.subject)
    for name in names:
        types = store.quads_for_pattern(name, RDF.TYPE, None)
        if name not in found and any(_is_class_of_ours(quad.object) for quad in types):
            found.add(name)
    return frozenset(found)


def _is_class_of_ours(term: Term) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(TERMS)


def _can_matter(term: Term) -> bool:
    """Return whether a subject or object is of our namespaces, nearly so, or an ill-formed literal."""
    if isinstance(term, NamedNode):
        return is_ours_or_slip(term.value)
    if isinstance(term, Literal):
        return term.datatype not in _TEXT and not literals.is_well_formed(term)
    return not isinstance(term, BlankNode)
