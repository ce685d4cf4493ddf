"""Rule on judgements of identity about two things that cannot be one: a claim and an event, say."""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation
from kg.iris import SHAPES, TERMS
from kg.terms import DIP

RULE = SHAPES + "identity-of-unlike-things"

_WIDER = frozenset({DIP.HAPPENING})
"""Classes that different kinds of things share: events and gestures are disjoint happenings."""


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by new judgements about two things without a common class."""
    judged = (DIP.ASSESSES, DIP.COMPARED_WITH)
    for judgement in dict.fromkeys(quad.subject for quad in overlay.added if quad.predicate in judged):
        yield from _of(overlay, judgement)


def whole(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by all such judgements of a store."""
    for quad in overlay.quads_for_pattern(None, DIP.COMPARED_WITH, None):
        yield from _of(overlay, quad.subject)


def _of(overlay: Overlay, judgement: Term) -> Iterator[Violation]:
    for one in overlay.objects(judgement, DIP.ASSESSES):
        for other in overlay.objects(judgement, DIP.COMPARED_WITH):
            if not _can_be_one(overlay, one, other):
                yield _violation(judgement, other)


def _can_be_one(overlay: Overlay, one: Term, other: Term) -> bool:
    """Return whether two things share a class; a thing without a class of ours may be anything."""
    ours = [_classes(overlay, each) for each in (one, other)]
    return not all(ours) or not ours[0].isdisjoint(ours[1])


def _classes(overlay: Overlay, node: Term) -> frozenset[Term]:
    return frozenset(class_ for class_ in overlay.classes(node) - _WIDER if _is_ours(class_))


def _is_ours(class_: Term) -> bool:
    return isinstance(class_, NamedNode) and class_.value.startswith(TERMS)


def _violation(judgement: Term, other: Term) -> Violation:
    return Violation(
        focus=judgement,
        rule=RULE,
        value=other,
        message={
            "en": "these two cannot be the same, because only one of them is of that class: a claim is no "
            "event"
            " and an actor no office; compare things that could be the same",
            "es": "estas dos no pueden ser una sola cosa, pues solo una es de esa clase: una afirmación no es"
            " un acontecimiento ni un actor un cargo; compare cosas que puedan ser la misma",
        },
    )
