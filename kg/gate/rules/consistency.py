"""Fast consistency check of OWL axioms: disjoint classes, and functional properties with two values.

It checks only what a change can make inconsistent: the nodes to whose classes or values it adds. HermiT
checks the whole graph on demand (`kg check`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from pyoxigraph import NamedNode, Quad, Triple

from kg import scratch
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.shacl.paths import Path, Repeat, Sequence, Step, walk
from kg.iris import SHAPES
from kg.terms import OWL, RDF, RDFS

_INSTANCES_BELOW: Path = Sequence(
    (Repeat(Step(RDFS.SUB_CLASS_OF, inverse=True), 0), Step(RDF.TYPE, inverse=True))
)
_MEMBERS = Sequence(
    (
        Step(OWL.MEMBERS),
        Repeat(Step(RDF.REST), 0),
        Step(RDF.FIRST),
    )
)

DISJOINT_CLASSES = SHAPES + "disjoint-classes"
FUNCTIONAL_PROPERTY = SHAPES + "functional-property"


@dataclass(frozen=True)
class Consistency:
    """The pairs of disjoint classes, and the functional properties."""

    disjoint: tuple[tuple[Term, Term], ...]
    functional: frozenset[Term] = frozenset()

    @classmethod
    def of(cls, terms: Iterable[Quad]) -> "Consistency":
        """Return the axioms: owl:disjointWith, owl:AllDisjointClasses and owl:FunctionalProperty."""
        view = Overlay(scratch.filled(terms))
        pairs: set[tuple[Term, Term]] = set()
        for subject, _, obj in view.triples(None, OWL.DISJOINT_WITH, None):
            pairs.add((subject, obj))
        for group in view.subjects(RDF.TYPE, OWL.ALL_DISJOINT_CLASSES):
            pairs.update(combinations(sorted(walk(view, _MEMBERS, {group}), key=str), 2))
        functional = frozenset(view.subjects(RDF.TYPE, OWL.FUNCTIONAL_PROPERTY))
        return cls(tuple(sorted(pairs, key=str)), functional)

    @cached_property
    def _by_first(self) -> Mapping[Term, list[tuple[Term, Term]]]:
        found: dict[Term, list[tuple[Term, Term]]] = {}
        for pair in self.disjoint:
            found.setdefault(pair[0], []).append(pair)
        return found

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield the inconsistencies that a change causes."""
        cache: dict[frozenset[Term], list[tuple[Term, Term]]] = {}  # many nodes have the same classes
        for node in _retyped(overlay):
            if (classes := overlay.classes(node)) not in cache:
                pairs = (pair for class_ in classes for pair in self._by_first.get(class_, ()))
                cache[classes] = [pair for pair in pairs if pair[1] in classes]
            yield from (_of_both(node, *pair) for pair in cache[classes])
        added = {quad.triple for quad in overlay.added if quad.predicate in self.functional}
        for subject, predicate in {(triple.subject, triple.predicate) for triple in added}:
            # Existing values come first, so the new value is reported as the second.
            values = sorted(
                overlay.objects(subject, predicate),
                key=lambda value: (Triple(subject, predicate, value) in added, str(value)),
            )
            yield from (_second(subject, predicate, value, values[0]) for value in values[1:])


def _retyped(overlay: Overlay) -> set[Term]:
    """Return the nodes whose classes a change may extend."""
    found: set[Term] = set()
    for quad in overlay.added:
        if quad.predicate == RDF.TYPE:
            found.add(quad.subject)
        elif quad.predicate == RDFS.SUB_CLASS_OF:
            found |= walk(overlay, _INSTANCES_BELOW, {quad.subject})
    return found


def _of_both(node: Term, one: Term, other: Term) -> Violation:
    both = display(one), display(other)
    return Violation(
        focus=node,
        path=Step(RDF.TYPE),
        rule=DISJOINT_CLASSES,
        message={
            "en": "a thing cannot be both {} and {}; keep one of the classes, or describe two things".format(
                *both
            ),
            "es": "una misma cosa no puede ser {} y {}: decida cuál es o describa dos cosas".format(*both),
        },
    )


def _second(node: Term, predicate: NamedNode, value: Term, first: Term) -> Violation:
    name, other = display(predicate), display(first)
    return Violation(
        focus=node,
        path=Step(predicate),
        value=value,
        rule=FUNCTIONAL_PROPERTY,
        message={
            "en": f"{name} has one value at most, and {other} is already there: keep the right one",
            "es": f"{name} tiene un valor como máximo y ya está {other}: deje el correcto",
        },
    )
