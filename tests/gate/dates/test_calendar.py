"""The days of XML Schema: those that Python has are in its order, and the others go on from there."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from kg.gate.dates.calendar import Day, Period, days_in, hull
from kg.iris import PREFIXES
from kg.terms import XSD

YEARS = st.integers(-20_000, 20_000)


@st.composite
def days(draw: st.DrawFn) -> Day:
    year, month = draw(YEARS), draw(st.integers(1, 12))
    return Day(year, month, draw(st.integers(1, days_in(year, month))))


def day(lexical: str) -> Day:
    read = Day.read(lexical)
    assert read is not None
    return read


def literal(lexical: str, datatype: str) -> Literal:
    return Literal(lexical, datatype=NamedNode(PREFIXES["xsd"] + datatype))


@given(st.dates(), st.dates())
def test_days_are_as_far_apart_as_those_of_python(one: date, other: date) -> None:
    numbers = [Day(each.year, each.month, each.day).number for each in (one, other)]
    assert timedelta(numbers[1] - numbers[0]) == other - one


@given(days())
def test_the_day_before_the_next_is_the_same(one: Day) -> None:
    assert one.after().before() == one
    assert one.after().number == one.number + 1
    assert Day.read(str(one)) == one


@given(days(), days())
def test_of_two_days_at_most_one_is_later(one: Day, other: Day) -> None:
    assert one.is_after(other) + other.is_after(one) == (one != other)
    assert one.is_after(other) == ((one.year, one.month, one.day) > (other.year, other.month, other.day))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("-0044-12-31", "-0043-01-01"),
        ("-10000-01-01", "-9999-01-01"),
        ("-0001-12-31", "0000-01-01"),
        ("0000-12-31", "0001-01-01"),
        ("9999-12-31", "10000-01-01"),
        ("2025-01-26Z", "2025-01-26-05:00"),
        ("2025-01-26+05:00", "2025-01-26Z"),
        ("2025-01-25-12:00", "2025-01-26Z"),
        ("2025-01-26Z", "2025-01-27"),
    ],
)
def test_one_day_begins_after_another(earlier: str, later: str) -> None:
    assert day(later).is_after(day(earlier))
    assert not day(earlier).is_after(day(later))


@pytest.mark.parametrize("other", ["2025-01-26", "2025-01-26Z", "2025-01-26-10:00", "2025-01-26+14:00"])
def test_a_day_without_a_zone_may_begin_fourteen_hours_off(other: str) -> None:
    one = day("2025-01-26")
    assert not one.is_after(day(other))
    assert not day(other).is_after(one)


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-29",
        "2025-13-01",
        "2025-00-01",
        "25-01-01",
        "2025-1-1",
        "x",
        "2025-01-26T00:00:00",
        "9" * 5000,
    ],
)
def test_what_is_no_day_is_not_read(text: str) -> None:
    assert Day.read(text) is None


@pytest.mark.parametrize(
    ("lexical", "datatype", "period"),
    [
        ("2024-02", "gYearMonth", "2024-02-01/2024-02-29"),
        ("-0044-02", "gYearMonth", "-0044-02-01/-0044-02-29"),
        ("-0043", "gYear", "-0043-01-01/-0043-12-31"),
        ("20250Z", "gYear", "20250-01-01/20250-12-31"),
        ("2025-01-26+01:00", "date", "2025-01-26"),
    ],
)
def test_a_literal_covers_days(lexical: str, datatype: str, period: str) -> None:
    assert str(Period.of(literal(lexical, datatype))) == period


@pytest.mark.parametrize(
    ("lexical", "datatype"),
    [("2025-13", "gYearMonth"), ("２０２５", "gYear"), ("2025", "string"), ("", "date")],
)
def test_what_is_no_date_covers_nothing(lexical: str, datatype: str) -> None:
    assert Period.of(literal(lexical, datatype)) is None


@given(st.lists(st.tuples(days(), days()), min_size=1))
def test_a_hull_holds_each_period(bounds: list[tuple[Day, Day]]) -> None:
    periods = [Period(*sorted(pair, key=lambda each: each.number)) for pair in bounds]
    assert all(period.is_within(hull(periods)) for period in periods)


def test_a_hull_is_open_where_a_period_is() -> None:
    assert str(hull([Period.of_year(2020), Period(day("2019-05-01"), None)])) == "2019-05-01/…"


@pytest.mark.parametrize("zone", ["+14:01", "-15:00", "+99:99", "+10:60", "14:00"])
def test_a_zone_is_at_most_fourteen_hours_off(zone: str) -> None:
    assert Day.read(f"2025-01-26{zone}") is None
    assert Period.of(Literal(f"2025-01{zone}", datatype=XSD.G_YEAR_MONTH)) is None
    assert Period.of(Literal(f"2025{zone}", datatype=XSD.G_YEAR)) is None
