"""Days of XML Schema's calendar: any year, before and after 0000, in any time zone.

The calendar is the proleptic Gregorian one of XML Schema 1.1: the year 0000 is 1 BC, and -0043 is 44 BC.
Python's own dates end at the years 1 and 9999.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from pyoxigraph import Literal

from kg.terms import XSD

_ZONE = r"(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_DAY = re.compile(rf"(-?\d{{4,9}})-(\d\d)-(\d\d){_ZONE}", re.ASCII)
_MONTH = re.compile(rf"(-?\d{{4,9}})-(\d\d){_ZONE}", re.ASCII)
_YEAR = re.compile(rf"(-?\d{{4,9}}){_ZONE}", re.ASCII)

_DAYS_OF_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS_BEFORE_MONTHS = tuple(sum(_DAYS_OF_MONTHS[:month]) for month in range(12))
MONTHS = len(_DAYS_OF_MONTHS)
_MINUTES = 24 * 60
_WIDEST_ZONE = 14 * 60


def days_in(year: int, month: int) -> int:
    """Return how many days a month has.

    >>> days_in(0, 2), days_in(-1, 2)
    (29, 28)
    """
    return 29 if month == 2 and _is_leap(year) else _DAYS_OF_MONTHS[month - 1]


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@dataclass(frozen=True)
class Day:
    """One day; ``zone`` is the offset of its time zone in minutes, or None."""

    year: int
    month: int
    day: int
    zone: int | None = None

    @classmethod
    def read(cls, lexical: str) -> Self | None:
        """Return the day of an xsd:date; None for other text, or a year of more than nine digits."""
        match = _DAY.fullmatch(lexical)
        if not match:
            return None
        year, month, day = (int(part) for part in match.groups()[:3])
        exists = 1 <= month <= MONTHS and 1 <= day <= days_in(year, month)
        return cls(year, month, day, _minutes(match[4])) if exists else None

    @property
    def number(self) -> int:
        """Days since the first day of the year 0000."""
        before = self.year - 1
        leaps = before // 4 - before // 100 + before // 400 + 1  # the year 0000 is a leap year
        in_year = _DAYS_BEFORE_MONTHS[self.month - 1] + self.day - 1
        return 365 * self.year + leaps + in_year + (self.month > 2 and _is_leap(self.year))

    def is_after(self, other: "Day") -> bool:
        """Return whether this day certainly begins later; without a zone it may begin 14 hours off."""
        is_certain = (self.zone is None) == (other.zone is None)
        return self.minute - other.minute > (0 if is_certain else _WIDEST_ZONE)

    @property
    def minute(self) -> int:
        """Minutes from the start of the year 0000 to the start of this day, in UTC if a zone is given."""
        return self.number * _MINUTES - (self.zone or 0)

    def without_zone(self) -> Self:
        """Return the same date without its time zone."""
        return replace(self, zone=None)

    def before(self) -> Self:
        """Return the day before, in the same zone.

        >>> str(Day(0, 1, 1).before()), str(Day(10000, 3, 1).before())
        ('-0001-12-31', '10000-02-29')
        """
        if self.day > 1:
            return replace(self, day=self.day - 1)
        year, month = (self.year, self.month - 1) if self.month > 1 else (self.year - 1, MONTHS)
        return replace(self, year=year, month=month, day=days_in(year, month))

    def after(self) -> Self:
        """Return the day after, in the same zone."""
        if self.day < days_in(self.year, self.month):
            return replace(self, day=self.day + 1)
        year, month = (self.year, self.month + 1) if self.month < MONTHS else (self.year + 1, 1)
        return replace(self, year=year, month=month, day=1)

    def __str__(self) -> str:
        return f"{year_text(self.year)}-{self.month:02}-{self.day:02}"


def year_text(year: int) -> str:
    """Return a year as in XML Schema, with at least four digits.

    >>> year_text(-43)
    '-0043'
    """
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def _minutes(zone: str | None) -> int | None:
    if zone is None or zone == "Z":
        return None if zone is None else 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return -minutes if zone[0] == "-" else minutes


@dataclass(frozen=True)
class Period:
    """The days between two bounds, both included; an unknown bound is None."""

    first: Day | None
    last: Day | None

    @classmethod
    def of_month(cls, year: int, month: int, zone: int | None = None) -> Self:
        """Return the period of a month."""
        return cls(Day(year, month, 1, zone), Day(year, month, days_in(year, month), zone))

    @classmethod
    def of_year(cls, year: int, zone: int | None = None) -> Self:
        """Return the period of a year."""
        return cls(Day(year, 1, 1, zone), Day(year, MONTHS, 31, zone))

    @classmethod
    def of(cls, literal: Literal) -> Self | None:
        """Return the period of an xsd:date, xsd:gYearMonth or xsd:gYear; None for anything else."""
        if literal.datatype == XSD.DATE:
            day = Day.read(literal.value)
            return cls(day, day) if day else None
        if literal.datatype == XSD.G_YEAR_MONTH and (match := _MONTH.fullmatch(literal.value)):
            year, month = int(match[1]), int(match[2])
            return cls.of_month(year, month, _minutes(match[3])) if 1 <= month <= MONTHS else None
        if literal.datatype == XSD.G_YEAR and (match := _YEAR.fullmatch(literal.value)):
            return cls.of_year(int(match[1]), _minutes(match[2]))
        return None

    def is_before(self, other: "Period") -> bool:
        """Return whether this period certainly ends before another begins."""
        return self.last is not None and other.first is not None and other.first.is_after(self.last)

    def is_within(self, other: "Period") -> bool:
        """Return whether this period may lie within another: no day of it is certainly outside."""
        begins_early = self.first and other.first and other.first.is_after(self.first)
        ends_late = self.last and other.last and self.last.is_after(other.last)
        return not begins_early and not ends_late

    def __str__(self) -> str:
        first, last = (str(day) if day else "…" for day in (self.first, self.last))
        return first if first == last else f"{first}/{last}"


def hull(periods: Iterable[Period]) -> Period:
    """Return the shortest period that contains all given periods; open where one of them is open.

    >>> str(hull([Period.of_year(2020), Period.of_month(2019, 5)]))
    '2019-05-01/2020-12-31'
    """
    period_list = list(periods)
    firsts = [period.first for period in period_list if period.first]
    lasts = [period.last for period in period_list if period.last]
    return Period(
        min(firsts, key=_place) if len(firsts) == len(period_list) else None,
        max(lasts, key=_place) if len(lasts) == len(period_list) else None,
    )


def _place(day: Day) -> int:
    return day.number
