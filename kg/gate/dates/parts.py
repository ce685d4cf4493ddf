"""Parser for one date at a position among tokens, in any of its written forms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from kg.gate.dates import names
from kg.gate.dates.calendar import MONTHS, Day, Period, days_in
from kg.gate.dates.tokens import WordToken

Precision: TypeAlias = OneOf["day", "month", "year", "bounded"]

_MOST_DAYS = 31
_CENTURY = 100
_DECADE = 10
_BETWEEN_PARTS = frozenset(["of", "de", "del", "d", "do", "da", ",", "-", "the"])
YEAR_DIGITS = 4
_LATE_YEAR_DIGITS = 6


@dataclass(frozen=True)
class DateReading:
    """One meaning of a date in words: a day, month or year, or bounds."""

    precision: Precision
    period: Period


@dataclass(frozen=True)
class Part:
    """A possibly incomplete date: only the parts that its own tokens state."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    period: Period | None = None
    """The period of a quarter, a decade, or another form without day, month and year."""

    @property
    def is_bare_day(self) -> bool:
        """Whether it is only a number, which is a day only if neighbouring dates complete it."""
        return self.period is None and self.month is None and self.year is None

    def reading(self) -> DateReading | None:
        """Return the date's meaning; None without a year, or for a day that does not exist."""
        if self.period:
            return DateReading("bounded", self.period)
        if self.year is None or (self.month is None and self.day is not None):
            return None
        if self.month is None:
            return DateReading("year", Period.of_year(self.year))
        if self.day is None:
            return DateReading("month", Period.of_month(self.year, self.month))
        if not 1 <= self.day <= days_in(self.year, self.month):
            return None
        day = Day(self.year, self.month, self.day)
        return DateReading("day", Period(day, day))


Ways: TypeAlias = tuple[Part, ...]
"""The possible meanings of one date: 03/04/2025 has two."""
Found: TypeAlias = tuple[Ways, int]
"""A date, and the position of the token after it."""


class Text:
    """The tokens of a text, and readers for the parts of a date at a position."""

    def __init__(self, tokens: Sequence[WordToken]) -> None:
        self.tokens = tokens

    def word(self, place: int) -> str:
        """Return the text of the token at a position; empty beyond the ends."""
        return self.tokens[place].text if 0 <= place < len(self.tokens) else ""

    def date_at(self, place: int) -> Found | None:
        """Return the date that begins at a position, or None; longer forms come first."""
        for form in _FORMS:
            if found := form(self, place):
                return found
        return None

    def is_joined(self, place: int) -> bool:
        """Return whether a token follows the previous one without a space."""
        return 0 <= place < len(self.tokens) and self.tokens[place].is_joined

    def number(self, place: int) -> int | None:
        """Return the whole number at a position, or None."""
        return self.tokens[place].number if 0 <= place < len(self.tokens) else None

    def between_parts(self, place: int) -> int:
        """Return the position after words and joined dashes that may separate day, month and year."""
        while self.word(place) in _BETWEEN_PARTS and (self.word(place) != "-" or self.is_joined(place)):
            place += 1
        return place

    def day(self, place: int) -> tuple[int, int] | None:
        """Return a number from 1 to 31, with or without an ordinal ending, and the position after it."""
        number = self.number(place)
        if number is None or not 1 <= number <= _MOST_DAYS or len(self.word(place)) > len("31"):
            return None
        has_ending = self.is_joined(place + 1) and self.tokens[place + 1].kind == "word"
        if not has_ending:
            return number, place + 1
        return (number, place + 2) if self.word(place + 1) in names.ORDINAL_ENDINGS else None

    def month(self, place: int) -> int | None:
        """Return the month named at a position, or None."""
        return names.MONTHS.get(self.word(place))

    def year(self, place: int, most_digits: int = YEAR_DIGITS) -> tuple[int, int] | None:
        """Return a year of four digits, or one with an era, and the position after it."""
        if self.word(place) in ("ad", "anno") and (number := self.number(place + 1)):
            return number, place + 2
        number = self.number(place)
        if number is None:
            return None
        for era, is_backwards in names.ERAS:
            end = place + 1 + len(era)
            if tuple(self.word(each) for each in range(place + 1, end)) == era and number > 0:
                return (1 - number if is_backwards else number), end
        is_written_out = YEAR_DIGITS <= len(self.word(place)) <= most_digits and self.word(place)[0] != "0"
        if self.word(place - 1) not in names.YEARS and not is_written_out:
            return None
        has_ending = self.is_joined(place + 1) and self.tokens[place + 1].kind == "word"
        return None if has_ending else (number, place + 1)

    def year_after(self, place: int) -> tuple[int | None, int]:
        """Return the year after a day or month, if there is one, and the position after it."""
        return self.year(self.between_parts(place), _LATE_YEAR_DIGITS) or (None, place)


def _iso(text: Text, place: int) -> Found | None:
    """2025-01-26, 2025-01, and 2024-25 for two years."""
    if place >= len(text.tokens) or text.tokens[place].kind != "iso":
        return None
    word = text.word(place)
    sign = -1 if word[0] == "-" else 1
    year, *others = (int(part) for part in word.lstrip("-").split("-"))
    year *= sign
    if others[0] > MONTHS and len(others) == 1:
        last = year - year % _CENTURY + others[0]
        period = Period(Period.of_year(year).first, Period.of_year(last).last)
        return ((Part(period=period),), place + 1) if last > year > 0 else None
    if not 1 <= others[0] <= MONTHS:
        return None
    return (Part(others[1] if len(others) > 1 else None, others[0], year),), place + 1


def _figures(text: Text, place: int) -> Found | None:
    """26/01/2025, 01/26/2025, 26.1.2025, 2025/01/26; the first two numbers in either order where both fit."""
    if place >= len(text.tokens) or text.tokens[place].kind != "figures":
        return None
    first, second, third = (
        int(part) for part in text.word(place).replace("/", ".").replace("-", ".").split(".")
    )
    orders = (
        ((third, second, first),) if first > _CENTURY else ((first, second, third), (second, first, third))
    )
    ways = {Part(day, month, year) for day, month, year in orders if 1 <= month <= MONTHS}
    found = tuple(sorted((way for way in ways if way.reading()), key=str))
    return (found, place + 1) if found else None


def _figures_unbroken(text: Text, place: int) -> Found | None:
    """Parse 20250126."""
    digits = text.word(place)
    if text.number(place) is None or len(digits) != len("20250126"):
        return None
    part = Part(int(digits[6:]), int(digits[4:6]), int(digits[:4]))
    return ((part,), place + 1) if 1 <= int(digits[4:6]) <= MONTHS and part.reading() else None


def _signed_year(text: Text, place: int) -> Found | None:
    """-0043, as XML Schema writes 44 BC."""
    if place >= len(text.tokens) or text.tokens[place].kind != "signed":
        return None
    return (Part(year=int(text.word(place))),), place + 1


def _part_of_year(text: Text, place: int) -> Found | None:
    """First quarter of 2025, segundo semestre de 2025, Q1 2025."""
    if text.word(place) in ("q", "h", "t", "s") and text.is_joined(place + 1):
        months, number, end = (3 if text.word(place) in "qt" else 6), text.number(place + 1), place + 2
    else:
        number, end = names.ORDINALS.get(text.word(place)), place + 1
        if number is None and (day := text.day(place)):
            number, end = day
        months, end = names.PARTS_OF_YEAR.get(text.word(end), 0), end + 1
    if not number or not months or number > MONTHS // months:
        return None
    year, end = text.year_after(end)
    if year is None:
        return None
    first = Period.of_month(year, (number - 1) * months + 1).first
    return (Part(period=Period(first, Period.of_month(year, number * months).last)),), end


def _decade(text: Text, place: int) -> Found | None:
    """The 1990s, los años 1990, la década de 1990."""
    year = text.number(place)
    if year is None or year % _DECADE or len(text.word(place)) != YEAR_DIGITS:
        return None
    has_ending = text.word(place + 1) == "s" and text.is_joined(place + 1)
    before = place - 1 - (text.word(place - 1) in names.FILLERS)
    if not has_ending and text.word(before) not in names.DECADES:
        return None
    period = Period(Period.of_year(year).first, Period.of_year(year + _DECADE - 1).last)
    return (Part(period=period),), place + 1 + has_ending


def _day_first(text: Text, place: int) -> Found | None:
    """26 January 2025, the 26th of January, 26 de enero de 2025, 26-Jan-2025."""
    if not (day := text.day(place)):
        return None
    end = text.between_parts(day[1])
    if (month := text.month(end)) is None:
        return None
    year, end = text.year_after(end + 1)
    return (Part(day[0], month, year),), end


def _month_first(text: Text, place: int) -> Found | None:
    """January 26, 2025, January 2025, enero 26 de 2025, enero de 2025."""
    if (month := text.month(place)) is None:
        return None
    year, end = text.year_after(place + 1)
    if year is None and (day := text.day(text.between_parts(place + 1))):
        year, end = text.year_after(day[1])
        return (Part(day[0], month, year),), end
    return (Part(None, month, year),), end


def _year_first(text: Text, place: int) -> Found | None:
    """2025 January 26, 2025."""
    if not (year := text.year(place)):
        return None
    end = text.between_parts(year[1]) if text.word(year[1]) != "-" else year[1]
    for form in (_day_first, _month_first):
        if (found := form(text, end)) and found[0][0].year is None:
            part = found[0][0]
            return (Part(part.day, part.month, year[0]),), found[1]
    return (Part(year=year[0]),), year[1]


def _bare_day(text: Text, place: int) -> Found | None:
    """The 26 of "26 and 27 January 2025", the 27, 2025 of "January 26-27, 2025"."""
    if not (day := text.day(place)):
        return None
    end = day[1] + (text.word(day[1]) == ",")
    if year := text.year(end):
        return (Part(day[0], None, year[0]),), year[1]
    return (Part(day[0]),), day[1]


_Form: TypeAlias = Callable[[Text, int], Found | None]
_FORMS: tuple[_Form, ...] = (
    _iso,
    _figures,
    _figures_unbroken,
    _signed_year,
    _part_of_year,
    _decade,
    _day_first,
    _month_first,
    _year_first,
    _bare_day,
)
