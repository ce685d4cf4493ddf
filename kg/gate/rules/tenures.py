"""A second holder of one office on one day: a warning, for posts may be disputed or shared.

Only days on which a tenure certainly lasted count: from the last day it can have begun, or was shown, to the
first it can have ended, or was shown. An unknown end is no end, and no certainty either. The day on which one
tenure ends and another starts is a handover. Cost follows the tenures of the office.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.changes import Subject
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, told
from kg.gate.shacl.paths import Step
from kg.iris import SHAPES
from kg.terms import DIP

RULE = SHAPES + "second-holder"

_TOLD = frozenset({DIP.HELD_BY, DIP.HOLDS_OFFICE, DIP.STARTS_AT, DIP.ATTESTED_AT, DIP.ENDS_AT})
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class _Days:
    """The days on which a tenure certainly lasted (ISO), and whether start and end of it are meant."""

    first: str
    last: str
    is_start: bool
    is_end: bool

    def common(self, other: "_Days") -> str | None:
        """Give the first day that both lasted, unless one merely hands over to the other."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        if first > last or (first == last and (self._hands_over(other) or other._hands_over(self))):
            return None
        return first

    def _hands_over(self, other: "_Days") -> bool:
        return self.is_end and other.is_start and self.last == other.first


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Warn of new tenures of an office that somebody else certainly held on one of their days."""
    new = {quad.subject for quad in overlay.added if quad.predicate in _TOLD}
    for tenure in new:
        for office in overlay.objects(tenure, DIP.HOLDS_OFFICE):
            for other in overlay.subjects(DIP.HOLDS_OFFICE, office):
                if other != tenure and not (other in new and str(other) < str(tenure)):
                    yield from _of_two(overlay, tenure, other)


def _of_two(overlay: Overlay, tenure: Subject, other: Subject) -> Iterator[Violation]:
    holders, others = (set(overlay.objects(each, DIP.HELD_BY)) for each in (tenure, other))
    if holders & others or not holders or not others:
        return
    ours, theirs = _days(overlay, tenure), _days(overlay, other)
    if ours and theirs and (day := ours.common(theirs)):
        yield _warning(tenure, other, min(others, key=str), day)


def _days(overlay: Overlay, tenure: Subject) -> _Days | None:
    begun = _bounds(overlay, tenure, (DIP.STARTS_AT, DIP.ATTESTED_AT, DIP.ENDS_AT), DIP.LATEST)
    lasted = _bounds(overlay, tenure, (DIP.STARTS_AT, DIP.ATTESTED_AT, DIP.ENDS_AT), DIP.EARLIEST)
    if not begun or not lasted or min(begun) > max(lasted):
        return None
    starts = _bounds(overlay, tenure, (DIP.STARTS_AT,), DIP.LATEST)
    ends = _bounds(overlay, tenure, (DIP.ENDS_AT,), DIP.EARLIEST)
    return _Days(min(begun), max(lasted), min(begun) in starts, max(lasted) in ends)


def _bounds(overlay: Overlay, tenure: Term, spans: Iterable[NamedNode], bound: NamedNode) -> frozenset[str]:
    return frozenset(
        day.value
        for predicate in spans
        for span in overlay.objects(tenure, predicate)
        for day in overlay.objects(span, bound)
        if isinstance(day, Literal) and _DAY.fullmatch(day.value)
    )


def _warning(tenure: Subject, other: Subject, holder: Term, day: str) -> Violation:
    return Violation(
        focus=tenure,
        rule=RULE,
        severity="warning",
        path=Step(DIP.HELD_BY),
        message={
            "en": f"on {day} {told(holder)} holds this office too, by {told(other)}; check the dates, or"
            " leave both where the post is shared or disputed",
            "es": f"el {day} también ejerce este cargo {told(holder)}, según {told(other)}; revise las fechas"
            " o deje ambos si el cargo es compartido o disputado",
        },
    )
