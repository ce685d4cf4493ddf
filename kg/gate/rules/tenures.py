"""Rule on tenures: a warning for a second holder of one office at one time; posts may be disputed or shared.

A tenure lasts from its first date to its last, at their precision: two persons whom sources show in one
office in the same month both hold it in that month. A tenure with unknown end does not end at its last date,
and nothing is assumed about the time after it. If one tenure ends before the other can have begun, or on the
day on which it starts, the first hands over to the second. The cost depends on the number of tenures of the
office.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

from pyoxigraph import Literal, NamedNode

from kg.changes import Subject
from kg.gate.dates.calendar import Day, Period
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.shacl.paths import Step
from kg.iris import SHAPES
from kg.terms import DIP

RULE = SHAPES + "second-holder"

_DATES = (DIP.STARTS_AT, DIP.ATTESTED_AT, DIP.ENDS_AT)
_TOLD = frozenset({DIP.HELD_BY, DIP.HOLDS_OFFICE, *_DATES})


@dataclass(frozen=True)
class _Time:
    """The first and last date of a tenure, and whether they are its start and its end."""

    first: Period
    last: Period
    is_start: bool
    is_end: bool

    @property
    def period(self) -> Period:
        return Period(self.first.first, self.last.last)

    def common(self, other: "_Time") -> Period | None:
        """Return the days in both tenures, or None if one hands over to the other."""
        if self.period.is_before(other.period) or other.period.is_before(self.period):
            return None
        if self._hands_over(other) or other._hands_over(self):
            return None
        return _overlap(self.period, other.period)

    def _hands_over(self, other: "_Time") -> bool:
        """Return whether this tenure may have ended before the other begins, or on the day it starts."""
        end, start = self.last.first, other.first.last
        if not self.is_end or not end or not start:
            return False
        return start.is_after(end) or (other.is_start and not end.is_after(start))


def _overlap(one: Period, other: Period) -> Period:
    first = _day(one.first), _day(other.first)
    last = _day(one.last), _day(other.last)
    return Period(first[first[1].is_after(first[0])], last[last[0].is_after(last[1])])


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield a warning for each new tenure that shares a day with another person's tenure of the office."""
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
    ours, theirs = _time(overlay, tenure), _time(overlay, other)
    if ours and theirs and (days := ours.common(theirs)):
        yield _warning(tenure, other, min(others, key=str), days)


def _time(overlay: Overlay, tenure: Subject) -> _Time | None:
    """Return the time of a tenure; None if none of its dates has both bounds."""
    starts, middles, ends = ([*_periods(overlay, tenure, predicate)] for predicate in _DATES)
    if not (dated := [*starts, *middles, *ends]):
        return None
    first, last = reduce(_earlier, dated), reduce(_later, dated)
    return _Time(first, last, first in starts, last in ends)


def _earlier(one: Period, other: Period) -> Period:
    return other if _day(one.first).is_after(_day(other.first)) else one


def _later(one: Period, other: Period) -> Period:
    return other if _day(other.last).is_after(_day(one.last)) else one


def _day(day: Day | None) -> Day:
    assert day is not None  # only periods with both bounds are used
    return day


def _periods(overlay: Overlay, tenure: Term, predicate: NamedNode) -> Iterator[Period]:
    for span in overlay.objects(tenure, predicate):
        first, last = (_bound(overlay, span, bound) for bound in (DIP.EARLIEST, DIP.LATEST))
        if first and last:
            yield Period(first, last)


def _bound(overlay: Overlay, span: Term, predicate: NamedNode) -> Day | None:
    values = (value for value in overlay.objects(span, predicate) if isinstance(value, Literal))
    return next((day for value in values if (day := Day.read(value.value))), None)


def _warning(tenure: Subject, other: Subject, holder: Term, days: Period) -> Violation:
    is_day = days.first == days.last
    when = f"on {days.first}" if is_day else f"between {days.first} and {days.last}"
    cuando = f"el {days.first}" if is_day else f"entre {days.first} y {days.last}"
    return Violation(
        focus=tenure,
        rule=RULE,
        severity="warning",
        path=Step(DIP.HELD_BY),
        message={
            "en": f"{when} {display(holder)} also holds this office, according to "
            f"{display(other)}; check the dates, "
            "say when"
            " one of the two left, or leave both where the post is shared or disputed",
            "es": f"{cuando} también ejerce este cargo {display(holder)}, según {display(other)}; revise las"
            " fechas, diga cuándo lo dejó una de las dos personas, o deje ambos si es compartido o disputado",
        },
    )
