"""Relevance filter: separates quads that can affect a verdict from foreign ones that no rule or shape reads.

A large change is first checked without the latter: one test per quad replaces all rules. This verdict is used
only if it has no violations, because a report may quote any quad; warnings about ill-formed foreign literals
are not counted.
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
"""Minimum number of quads in a change for which filtering saves time."""

_TEXT = frozenset({Literal("").datatype, Literal("", language="en").datatype})


@dataclass(frozen=True)
class Relevance:
    """The foreign properties that rules or shapes read; None if they may read any."""

    properties: frozenset[NamedNode] | None

    def narrowed(self, delta: Delta, store: Quads) -> Delta:
        """Return the relevant part of a delta; the same delta if it is small or entirely relevant."""
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
    """Return the foreign subjects with a class of ours, in the change or the store: one look-up per name."""
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
    """Return whether a term is in or close to our namespaces, an ill-formed literal, or a triple."""
    if isinstance(term, NamedNode):
        return is_ours_or_slip(term.value)
    if isinstance(term, Literal):
        return term.datatype not in _TEXT and not literals.is_well_formed(term)
    return not isinstance(term, BlankNode)
