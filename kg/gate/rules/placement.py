"""Rule on placement: a property of ours on a wrong class, such as a person that is "performed by" a state.

The terms have no domains, because a domain would infer that the person is a happening. A property belongs on
the classes whose shapes use it. The rule checks the triples that a change adds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from kg import scratch
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.shacl.paths import Repeat, Sequence, Step, walk
from kg.iris import SHAPES, TERMS
from kg.terms import DIP, RDF, SH

RULE = SHAPES + "property-out-of-place"

_MEMBERS = Sequence((Repeat(Step(RDF.REST), 0), Step(RDF.FIRST)))
_TOLD_BY_COMMITS = frozenset({DIP.COMMIT, DIP.SUBMISSION})
_HELD_OUT = {
    "en": "only a threat, an ultimatum or a promise holds out an act; put this on a statement of the one who"
    " undertakes it, which names the larger text in dip:partOf, or use dip:announces",
    "es": "solo una amenaza, un ultimátum o una promesa pone un acto en perspectiva; diga esto en una"
    " declaración de quien se compromete, que nombre el texto mayor en dip:partOf, o use dip:announces",
}


@dataclass(frozen=True)
class Placement:
    """The classes on which each property is allowed."""

    classes: Mapping[NamedNode, frozenset[Term]]

    @classmethod
    def of(cls, shapes: Iterable[Quad]) -> "Placement":
        """Return the paths of each class's property shapes, except what only commits write."""
        view = Overlay(scratch.filled(shapes))
        found: dict[NamedNode, set[Term]] = defaultdict(set)
        for shape, _, target in view.triples(None, SH.TARGET_CLASS, None):
            for rule in view.objects(shape, SH.PROPERTY):
                for path in view.objects(rule, SH.PATH):
                    for predicate in _beginnings(view, path):
                        found[predicate].add(target)
        return cls({name: frozenset(on) for name, on in found.items() if not on <= _TOLD_BY_COMMITS})

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by new triples."""
        yield from self._of(overlay.added, overlay)

    def whole(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by all triples of a store."""
        for predicate in sorted(self.classes, key=str):
            yield from self._of(overlay.quads_for_pattern(None, predicate, None), overlay)

    def _of(self, quads: Iterable[Quad], overlay: Overlay) -> Iterator[Violation]:
        pairs: set[tuple[Term, NamedNode]] = set()
        for quad in quads:
            node, predicate = quad.subject, quad.predicate
            if predicate not in self.classes or (node, predicate) in pairs:
                continue
            if self.classes[predicate].isdisjoint(overlay.classes(node)):
                pairs.add((node, predicate))
                yield _violation(quad, self.classes[predicate])


def _beginnings(view: Overlay, path: Term) -> Iterator[NamedNode]:
    """Yield our properties with which a path can start at its focus node."""
    if isinstance(path, NamedNode):
        if path.value.startswith(TERMS):
            yield path
        return
    for first in view.objects(path, RDF.FIRST):
        yield from _beginnings(view, first)
    for members in view.objects(path, SH.ALTERNATIVE_PATH):
        for member in walk(view, _MEMBERS, {members}):
            yield from _beginnings(view, member)


def _violation(quad: Quad, classes: frozenset[Term]) -> Violation:
    names = sorted(map(display, classes))
    sentence = {
        "en": f"it belongs on {_listed(names, 'or')}, and nothing says that this is one; say what this"
        " is, or describe the right thing",
        "es": f"corresponde a {_listed(names, 'o')}, y nada dice que esto lo sea; diga qué es esto o"
        " describa lo que corresponde",
    }
    return Violation(
        focus=quad.subject,
        rule=RULE,
        message=_HELD_OUT if quad.predicate == DIP.HOLDS_OUT else sentence,
        path=Step(quad.predicate),
        value=quad.object,
        graph=quad.graph_name if isinstance(quad.graph_name, NamedNode) else None,
    )


def _listed(names: list[str], conjunction: str) -> str:
    *others, last = names
    return f"{', '.join(others)} {conjunction} {last}" if others else last
