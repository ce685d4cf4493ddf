"""Periods of records: the possible days of their time spans."""

from collections.abc import Iterable

from pyoxigraph import NamedNode

from kg.gate.dates.calendar import Day, Period
from kg.pages.stories.reading import NodeReader
from kg.terms import DIP

ALWAYS = Period(None, None)


def period_of_span(reader: NodeReader, span: NamedNode) -> Period:
    """Return the days of a time span: its bounds, else those of its date; open if neither is known."""
    first, last = reader.text(span, DIP.EARLIEST), reader.text(span, DIP.LATEST)
    if first or last:
        return Period(Day.read(first) if first else None, Day.read(last) if last else None)
    dates = (Period.of(date) for date in reader.texts(span, DIP.DATE))
    return next((date for date in dates if date), ALWAYS)


def period_of_tenure(reader: NodeReader, tenure: NamedNode) -> Period:
    """Return the days on which an office may have been held: from the first possible to the last."""
    starts = [period_of_span(reader, span).first for span in reader.nodes(tenure, DIP.STARTS_AT)]
    ends = [period_of_span(reader, span).last for span in reader.nodes(tenure, DIP.ENDS_AT)]
    return Period(next(iter(starts), None), next(iter(ends), None))


def excludes(period: Period, when: Period) -> bool:
    """Return True if two periods certainly share no day."""
    return period.is_before(when) or when.is_before(period)


def days_between(earlier: Iterable[Period], later: Period) -> int | None:
    """Return the minimum days without a record between earlier periods and a later one; None if unknown."""
    lasts = [period.last for period in earlier]
    if not lasts or later.first is None or any(last is None for last in lasts):
        return None
    return later.first.number - max(last.number for last in lasts if last) - 1
