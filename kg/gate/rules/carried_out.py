"""Rule on acts carried out by an unexpected actor: a warning, because it may be another act.

The expected actor may be represented: a state by its government, an actor by its spokesperson, a whole by its
part, and a body by the person who holds its office.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation
from kg.iris import SHAPES
from kg.terms import DIP, DIPK

RULE = SHAPES + "carried-out-by-another"

_DONE = (DIP.PERFORMED_BY, DIP.GIVEN_BY, DIP.INVOLVES)
_FOR = (DIP.GOVERNS, DIP.SPEAKS_FOR, DIP.PART_OF)


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield a warning for each new status by which another actor's happening carried out an act."""
    predicates = (DIP.SETTLED_BY, DIP.HAS_STATUS)
    for status in dict.fromkeys(quad.subject for quad in overlay.added if quad.predicate in predicates):
        if DIPK.CARRIED_OUT in overlay.objects(status, DIP.HAS_STATUS):
            for happening in overlay.objects(status, DIP.SETTLED_BY):
                if not _is_of_who_would(overlay, status, happening):
                    yield _warning(status, happening)


def _is_of_who_would(overlay: Overlay, status: Term, happening: Term) -> bool:
    acts = overlay.objects(status, DIP.APPLIES_TO)
    expected = _with(overlay, _of(overlay, acts, (DIP.WOULD_BE_PERFORMED_BY,)), _FOR)
    doers = _of(overlay, (happening,), _DONE)
    tenures = overlay.objects(happening, DIP.MADE_IN_OFFICE)
    offices = _of(overlay, tenures, (DIP.HOLDS_OFFICE,))
    acting = _with(overlay, doers, _FOR) | _of(overlay, offices, (DIP.OFFICE_OF,))
    return not expected or not doers or not expected.isdisjoint(acting)


def _of(overlay: Overlay, nodes: Iterable[Term], links: Iterable[NamedNode]) -> set[Term]:
    return {value for node in nodes for link in links for value in overlay.objects(node, link)}


def _with(overlay: Overlay, nodes: set[Term], links: Iterable[NamedNode]) -> set[Term]:
    return nodes | _of(overlay, nodes, links)


def _warning(status: Term, happening: Term) -> Violation:
    return Violation(
        focus=status,
        rule=RULE,
        severity="warning",
        value=happening,
        message={
            "en": "what is named as having carried this act out was done by another actor than the one who "
            "would do it; check that it is the same act",
            "es": "lo que se nombra como cumplimiento de este acto lo hizo otro actor que el que debía"
            " realizarlo; compruebe que es el mismo acto",
        },
    )
