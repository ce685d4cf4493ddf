"""Rule on stated dates: the written words must give them; "in February" does not give 3 February.

The rule checks the time spans that a change touches. Words in a language whose dates are not read are only
compared by number: they must contain the year and, for a day, the day of the month.
"""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from kg.gate.dates import written
from kg.gate.dates.calendar import Day, Period, year_text
from kg.gate.dates.parts import DateReading, Precision
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.shacl.paths import Step
from kg.iris import SHAPES
from kg.terms import DIP, DIPK

RULE = SHAPES + "stated-date"

_TOLD = frozenset(
    {DIP.DATE_AS_WRITTEN, DIP.DATE, DIP.EARLIEST, DIP.LATEST, DIP.HAS_PRECISION, DIP.DATE_BASIS}
)
_PRECISIONS: Mapping[NamedNode, Precision] = {DIPK.DAY: "day", DIPK.MONTH: "month", DIPK.YEAR: "year"}
_MOST_LISTED = 3


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by touched time spans whose stated date the words do not give."""
    touched = {quad.subject for quad in (*overlay.added, *overlay.removed) if quad.predicate in _TOLD}
    for span in touched:
        if DIPK.STATED in overlay.objects(span, DIP.DATE_BASIS):
            yield from _of(overlay, span)


def whole(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by all such time spans of a store."""
    for span in {quad.subject for quad in overlay.quads_for_pattern(None, DIP.DATE_BASIS, DIPK.STATED)}:
        yield from _of(overlay, span)


def gives(words: Literal, precision: Precision, period: Period, is_bound: bool = True) -> bool:
    """Return whether words give a date at a precision; ``is_bound`` if something begins or ends on it."""
    return _names_date(words, precision, period) and not _says_more(words, precision, is_bound)


def _says_more(words: Literal, precision: Precision, is_bound: bool) -> bool:
    """Return whether words relate the day to something else: "the anniversary of", "planned for"."""
    is_read = written.is_read(words.value, words.language or "")
    return precision == "day" and is_read and not written.dates_a_day(words.value, is_bound)


def _names_date(words: Literal, precision: Precision, period: Period) -> bool:
    plain = _without_zone(period)
    if not written.is_read(words.value, words.language or ""):
        return _numbers_of(plain, precision) <= written.numbers(words.value)
    return any(
        reading.period == plain and precision in (reading.precision, "bounded")
        for reading in written.readings(words.value)
    )


def _of(overlay: Overlay, span: Term) -> Iterator[Violation]:
    words = [value for value in overlay.objects(span, DIP.DATE_AS_WRITTEN) if isinstance(value, Literal)]
    if len(words) != 1:
        return  # the shapes require exactly one
    period = _period(overlay, span)
    precisions = overlay.objects(span, DIP.HAS_PRECISION)
    names = (name for each, name in _PRECISIONS.items() if each in precisions)
    precision: Precision = next(names, "bounded")
    if period is None:
        yield _violation(span, _NOTHING)
    elif not _names_date(words[0], precision, period):
        yield _violation(span, _message(words[0], DateReading(precision, period)))
    elif _says_more(words[0], precision, _is_bound(overlay, span)):
        yield _violation(span, _vague_message(words[0], DateReading(precision, period)))


def _is_bound(overlay: Overlay, span: Term) -> bool:
    """Return whether something begins or ends in a span."""
    return any(overlay.subjects(each, span) for each in (DIP.STARTS_AT, DIP.ENDS_AT))


def _period(overlay: Overlay, span: Term) -> Period | None:
    """Return the bounds of a span, or else the period of its date; None without either."""
    first, last = (_bound(overlay, span, predicate) for predicate in (DIP.EARLIEST, DIP.LATEST))
    dates = (value for value in overlay.objects(span, DIP.DATE) if isinstance(value, Literal))
    date = next(filter(None, map(Period.of, dates)), Period(None, None))
    period = Period(first or date.first, last or date.last)
    return period if period.first or period.last else None


def _bound(overlay: Overlay, span: Term, predicate: NamedNode) -> Day | None:
    values = (value for value in overlay.objects(span, predicate) if isinstance(value, Literal))
    return next((day for value in values if (day := Day.read(value.value))), None)


def _without_zone(period: Period) -> Period:
    first, last = (day and day.without_zone() for day in (period.first, period.last))
    return Period(first, last)


def _numbers_of(period: Period, precision: str) -> frozenset[int]:
    """Return the numbers that words of any language must contain."""
    days = [day for day in (period.first, period.last) if day]
    years = {day.year if day.year > 0 else 1 - day.year for day in days}
    return frozenset(years | ({day.day for day in days} if precision == "day" else set()))


def _message(words: Literal, span: DateReading) -> Mapping[str, str]:
    readings = written.readings(words.value)
    text = display(Literal(words.value))
    english, spanish = (_listed(readings, language) for language in ("en", "es"))
    date_texts = {language: as_text(span, language) for language in ("en", "es")}
    given_en = f"say {english}" if readings else "give no exact date with its year"
    given_es = f"dicen {spanish}" if readings else "no dan ninguna fecha exacta con su año"
    return {
        "en": f"the words {text} {given_en}, and this says {date_texts['en']}; correct the date, or call it"
        " dipk:inferred and say how in dip:inferenceNote",
        "es": f"las palabras {text} {given_es}, y esto dice {date_texts['es']}; corrija la fecha, o indique"
        " dipk:inferred y diga cómo en dip:inferenceNote",
    }


def _vague_message(words: Literal, span: DateReading) -> Mapping[str, str]:
    text, day = display(Literal(words.value)), as_text(span, "en")
    return {
        "en": f"the words {text} do not plainly state the date {day}; give in dip:dateAsWritten only"
        " words that date it, or call it dipk:inferred and say how in dip:inferenceNote",
        "es": f"las palabras {text} no dicen sin más que esto fuera el {day}; dé en dip:dateAsWritten solo"
        " palabras que lo daten, o indique dipk:inferred y diga cómo en dip:inferenceNote",
    }


_NOTHING = {
    "en": "this time span has no date, so its basis cannot be dipk:stated; add dip:date and its "
    "bounds, or use dipk:not-given",
    "es": "esto no da ninguna fecha, así que ninguna es declarada; añada dip:date y sus límites, o indique"
    " dipk:not-given",
}
_OR = {"en": " or ", "es": " o "}
_NOT_BEFORE = {"en": "not before", "es": "no antes de"}
_NOT_AFTER = {"en": "not after", "es": "no después de"}
_FROM_TO = {"en": "from {} to {}", "es": "de {} a {}"}


def _listed(readings: Iterable[DateReading], language: str) -> str:
    texts = list(dict.fromkeys(as_text(reading, language) for reading in readings))
    return _OR[language].join(texts[:_MOST_LISTED])


def as_text(reading: DateReading, language: str) -> str:
    """Return a date at its precision, or its bounds, as text.

    >>> as_text(DateReading("month", Period.of_month(2025, 1)), "en")
    '2025-01'
    """
    first, last = reading.period.first, reading.period.last
    if first is None or last is None:
        words = _NOT_AFTER if first is None else _NOT_BEFORE
        return f"{words[language]} {first or last}"
    if reading.precision == "year" and reading.period == Period.of_year(first.year):
        return year_text(first.year)
    if reading.precision == "month" and reading.period == Period.of_month(first.year, first.month):
        return str(first).rpartition("-")[0]
    return str(first) if first == last else _FROM_TO[language].format(first, last)


def _violation(span: Term, message: Mapping[str, str]) -> Violation:
    return Violation(span, RULE, message, path=Step(DIP.DATE_BASIS), value=DIPK.STATED)
