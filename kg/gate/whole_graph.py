"""Check of the whole graph at once, for ``kg check`` and after a bulk import.

pySHACL needs hours for a million triples. This module reads the graph into columns, finds the nodes that may
violate a shape for all focus nodes together (``suspects``), and passes only those to pySHACL, which decides.
The rules in code work the same way: each distinct term is tried once, and only quads with rejected terms are
examined. A graph without faults costs the reading and the search; each fault adds some milliseconds.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import filterfalse
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.changes import Delta, GraphName, Object, Subject
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation
from kg.gate.rules.consistency import Consistency
from kg.gate.rules.vocabulary import IN_LIST, Vocabulary
from kg.gate.shacl.affected import Target
from kg.gate.shacl.columns import Columns
from kg.gate.shacl.suspects import suspects
from kg.iris import DATA, KINDS, PROVENANCE_GRAPH, RELEASED_GRAPHS, compact
from kg.terms import RDF

Progress: TypeAlias = Callable[[str, float], None]
"""Receives the name of the part being checked, and the share of the work that is done."""

_Pattern: TypeAlias = tuple[Subject | None, NamedNode | None, Object | None]

RELEASED = frozenset(NamedNode(graph) for graph in (*RELEASED_GRAPHS, PROVENANCE_GRAPH))
_THING = NamedNode(DATA + "thing")  # the other terms of a trial quad
_PROPERTY = NamedNode("urn:foreign:property")
_NOTE = Literal("")
_LIST = NamedNode(KINDS)  # stands for any list of kinds
_TEXT = frozenset({_NOTE.datatype, Literal("", language="en").datatype})

_SHARE_OF_READING = 0.3
_SHARE_BEFORE_SHAPES = 0.4


def unheard(_what: str, _share: float) -> None:
    """Ignore the progress."""


class Whole:
    """A graph, read once into columns, and checked as a whole."""

    def __init__(self, overlay: Overlay, progress: Progress = unheard) -> None:
        progress("reading", 0.0)
        self._overlay = overlay
        self._progress = progress
        self._columns = Columns(overlay)

    @property
    def predicates(self) -> Iterable[NamedNode]:
        """The properties that occur in the graph."""
        return self._columns.predicates

    @property
    def spoken_of(self) -> Iterator[tuple[Subject, GraphName]]:
        """Yield each node with each graph that describes it."""
        return self._columns.spoken_of

    def suspects(self, targets: tuple[Target, ...]) -> Iterator[tuple[Target, list[Term]]]:
        """Yield each shape with those of its focus nodes that may violate it."""
        for position, target in enumerate(targets):
            share = _SHARE_BEFORE_SHAPES + (1 - _SHARE_BEFORE_SHAPES) * position / len(targets)
            self._progress(compact(str(target.shape.node)), share)
            if found := suspects(self._columns, target.shape, self.focus(target)):
                yield target, [self._columns.terms[number] for number in sorted(found)]

    def focus(self, target: Target) -> set[int]:
        """Return the numbers of a shape's focus nodes."""
        columns = self._columns
        found = {columns.number(node) for node in target.nodes}
        for class_ in target.classes:
            found |= columns.instances(columns.number(class_))
        for predicate in target.subjects_of:
            found |= columns.column(predicate).objects.keys()
        for predicate in target.objects_of:
            found |= columns.column(predicate).subjects.keys()
        return found

    def misworded(self, vocabulary: Vocabulary) -> Iterator[Violation]:
        """Yield vocabulary violations of all facts, without the release graphs."""
        self._progress("vocabulary", _SHARE_OF_READING)
        found: dict[Quad, None] = {}
        for tried, pattern in self._trials():
            if any(vocabulary.violations([tried])):
                found.update(dict.fromkeys(self._overlay.quads_for_pattern(*pattern)))
        return vocabulary.violations(quad for quad in found if quad.graph_name not in RELEASED)

    def _trials(self) -> Iterator[tuple[Quad, _Pattern]]:
        """Yield a trial quad for each term in each position where it occurs, and the term's positions."""
        for predicate in self._columns.predicates:
            end = _LIST if predicate in IN_LIST else _NOTE
            yield Quad(_THING, predicate, end), (None, predicate, None)
        for number in self._columns.column(RDF.TYPE).subjects:
            if isinstance(class_ := self._columns.terms[number], NamedNode | BlankNode):
                yield Quad(_THING, RDF.TYPE, class_), (None, RDF.TYPE, class_)
        for term in filterfalse(_is_harmless, self._columns.terms):
            yield Quad(_THING, _PROPERTY, term), (None, None, term)
            if not isinstance(term, Literal):
                yield Quad(term, _PROPERTY, _NOTE), (term, None, None)

    def inconsistent(self, consistency: Consistency) -> Iterator[Violation]:
        """Yield violations of OWL axioms."""
        suspects = tuple(self._contradictory(consistency))
        return consistency.violations(Overlay(self._overlay, Delta(added=suspects)))

    def _contradictory(self, consistency: Consistency) -> Iterator[Quad]:
        """Yield the types of instances of disjoint classes, and second values of functional properties."""
        columns = self._columns
        for pair in consistency.disjoint:
            one, other = (columns.instances(columns.number(class_)) for class_ in pair)
            for number in one & other:
                yield from self._overlay.quads_for_pattern(columns.subject(number), RDF.TYPE, None)
        for predicate in consistency.functional:
            if isinstance(predicate, NamedNode):
                for number, values in columns.column(predicate).objects.items():
                    if len(values) > 1:
                        yield from self._overlay.quads_for_pattern(columns.subject(number), predicate, None)


def _is_harmless(term: Term) -> bool:
    """Return whether a term is certainly correct in any position, as names of our data and texts are."""
    if isinstance(term, Literal):
        return term.datatype in _TEXT
    return isinstance(term, NamedNode) and term.value.startswith(DATA)
