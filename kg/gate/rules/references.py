"""Rule on references: names of our data space that are used but not described.

A misspelt name violates each shape that checks the reference, with misleading advice. So the message is
reworded: no thing with this name is described, and which name is nearest. Names with one different letter are
looked up, regardless of the graph's size; other names are compared up to a limit.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from typing import Self

from pyoxigraph import NamedNode, Quad

from kg.changes import Quads
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.rules.placement import RULE as OUT_OF_PLACE
from kg.gate.rules.vocabulary import UNKNOWN_TERM
from kg.gate.shacl.paths import Repeat, Step, walk
from kg.iris import DATA, PREFIXES, PROVENANCE_GRAPH, SHAPES
from kg.ontology import examined
from kg.terms import DIP, RDF, RDFS

RULE = SHAPES + "described-nowhere"

_PROVENANCE = NamedNode(PROVENANCE_GRAPH)
_OF_A_VALUE = tuple(f"{PREFIXES['sh']}{name}ConstraintComponent" for name in ("Class", "Or", "Node"))
"""Constraints that require a value to be in a class or list."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
_LIKENESS = 0.8
_SHORTEST = 4
"""Minimum letters of a name that is recognised if it is misspelt."""
_COMPARED = 5_000
"""Maximum number of names compared with a misspelt one; those of the preferred classes come first."""
_SOUGHT = 20
"""Maximum number of names per report for which the nearest is searched."""
_BELOW = Repeat(Step(RDFS.SUB_CLASS_OF, inverse=True), 0)


@dataclass(frozen=True)
class References:
    """The references of a graph; the names of instances of the classes ``compared`` are compared first."""

    compared: frozenset[NamedNode]

    @classmethod
    def of(cls, shapes: Iterable[Quad]) -> Self:
        """Return the classes from the description of the rule among the shapes."""
        return cls(examined(shapes, NamedNode(RULE)).classes)

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by new judgements of identity about an undescribed thing; no shape finds these."""
        yield from _of(overlay.added, overlay)

    def whole(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by all such judgements of a store."""
        for judgement in overlay.quads_for_pattern(None, DIP.COMPARED_WITH, None):
            yield from _of(overlay.quads_for_pattern(judgement.subject, None, None), overlay)

    def in_other_words(self, reported: Iterable[Violation], overlay: Overlay) -> Iterator[Violation]:
        """Reword violations at undescribed names; drop those at terms already reported as unknown."""
        violations, names = list(reported), _NamesOfThings(overlay, self.compared)
        unknown = {(each.focus, each.value) for each in violations if each.rule == UNKNOWN_TERM}
        for each in violations:
            is_of_value = each.component in _OF_A_VALUE
            if is_of_value and (each.focus, each.value) in unknown:
                continue
            if (is_of_value or each.rule == RULE) and _leads_nowhere(each.value, overlay):
                yield replace(each, message=_of_reference(names.nearest(each.value)), advice=None)
            elif each.rule == OUT_OF_PLACE and _has_no_class(each.focus, overlay):
                yield replace(each, message=_of_subject(each.message, names.nearest(each.focus)))
            else:
                yield each


def _of(quads: Iterable[Quad], overlay: Overlay) -> Iterator[Violation]:
    for quad in quads:
        is_judged = quad.predicate == DIP.COMPARED_WITH or (
            quad.predicate == DIP.ASSESSES and overlay.has(quad.subject, DIP.COMPARED_WITH, None)
        )
        if is_judged and _leads_nowhere(quad.object, overlay):
            graph = quad.graph_name if isinstance(quad.graph_name, NamedNode) else None
            yield Violation(quad.subject, RULE, {}, Step(quad.predicate), quad.object, graph)


def _leads_nowhere(node: Term | None, overlay: Overlay) -> bool:
    """Return whether a node of our data space is undescribed; things that the change removes do not count."""
    return (
        isinstance(node, NamedNode)
        and node.value.startswith(DATA)
        and not _is_described(node, overlay)
        and not _is_described(node, overlay.before())
    )


def _is_described(node: NamedNode, quads: Quads) -> bool:
    return any(quad.graph_name != _PROVENANCE for quad in quads.quads_for_pattern(node, None, None))


def _has_no_class(node: Term, overlay: Overlay) -> bool:
    return (
        isinstance(node, NamedNode) and node.value.startswith(DATA) and not overlay.has(node, RDF.TYPE, None)
    )


class _NamesOfThings:
    """The names of things that a graph describes in our data space, looked up when needed."""

    def __init__(self, overlay: Overlay, compared: frozenset[NamedNode]) -> None:
        self._overlay = overlay
        self._first = compared
        self._found: dict[str, str | None] = {}

    def nearest(self, node: Term | None) -> str | None:
        """Return the described name most similar to a name; None if none is similar."""
        name = getattr(node, "value", "").removeprefix(DATA)
        if name not in self._found and len(self._found) < _SOUGHT:
            self._found[name] = (
                self._alike(name) or self._one_letter_apart(name) or self._of_the_same_words(name)
            )
        return self._found.get(name)

    def _alike(self, name: str) -> str | None:
        near = get_close_matches(name, self._compared, n=1, cutoff=_LIKENESS)
        return near[0] if near else None

    @cached_property
    def _compared(self) -> list[str]:
        return list(dict.fromkeys(islice(self._described(), _COMPARED)))

    def _described(self) -> Iterator[str]:
        """Yield names of typed things: new ones, then those of the preferred classes, then any."""
        new = (quad for quad in self._overlay.added if quad.predicate == RDF.TYPE)
        stored_quads = (
            self._overlay.quads_for_pattern(None, RDF.TYPE, class_) for class_ in (*self._lasting(), None)
        )
        for quads in (new, *stored_quads):
            for quad in quads:
                if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(DATA):
                    yield quad.subject.value.removeprefix(DATA)

    def _lasting(self) -> Iterator[NamedNode]:
        """Yield the preferred classes, each with its subclasses."""
        for class_ in sorted(self._first, key=str):
            below = walk(self._overlay, _BELOW, {class_})
            yield from sorted((each for each in below if isinstance(each, NamedNode)), key=str)

    def _of_the_same_words(self, wanted_name: str) -> str | None:
        """Return the shortest described name that contains all words of the wanted one."""
        words = set(wanted_name.split("-"))
        longer = [name for name in self._compared if words <= set(name.split("-"))]
        return min(longer, key=lambda name: name.count("-"), default=None)

    def _one_letter_apart(self, name: str) -> str | None:
        """Return a described name with one letter less, more or different, or two letters swapped."""
        for slip in _slips(name) if len(name) >= _SHORTEST else ():
            if self._overlay.has(NamedNode(DATA + slip), RDF.TYPE, None):
                return slip
        return None


def _slips(name: str) -> Iterator[str]:
    """Yield every name at edit distance 1 (swapped letters included).

    >>> "petro" in _slips("perto"), "petro" in _slips("petr"), "petro" in _slips("pietro")
    (True, True, True)
    """
    for place in range(len(name) + 1):
        before, after = name[:place], name[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def _of_reference(near: str | None) -> Mapping[str, str]:
    nowhere = {
        "en": "nothing with this name is described, here or in the graph",
        "es": "esto no se describe en ninguna parte, ni aquí ni en el grafo",
    }
    if near is None:
        return {
            "en": f"{nowhere['en']}, and no name is similar; describe it, or correct the name",
            "es": f"{nowhere['es']}, y ningún nombre se le parece; descríbalo o corrija el nombre",
        }
    name = display(NamedNode(DATA + near))
    return {
        "en": f"{nowhere['en']}; the nearest name is {name}: correct it, or describe what you mean",
        "es": f"{nowhere['es']}; el nombre más cercano es {name}: corríjalo o describa lo que quiere decir",
    }


def _of_subject(message: Mapping[str, str], near: str | None) -> Mapping[str, str]:
    if near is None:
        return message
    name = display(NamedNode(DATA + near))
    ends = {"en": f"the nearest name that is described is {name}", "es": f"el nombre más cercano es {name}"}
    return {language: f"{text}; {ends[language]}" for language, text in message.items()}
