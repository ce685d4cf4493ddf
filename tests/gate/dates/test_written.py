"""Written words give the dates that they state, at the precision at which they state them."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.gate.dates.calendar import Day, Period, days_in
from kg.gate.dates.parts import DateReading
from kg.gate.dates.written import LONGEST, is_read, numbers, readings

_ENGLISH = "January February March April May June July August September October November December"
_SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
ENGLISH, SPANISH = _ENGLISH.split(), _SPANISH.split()


def said(words: str) -> list[str]:
    return [str(reading.period) for reading in readings(words)]


@pytest.mark.parametrize(
    "words",
    [
        "26 January 2025",
        "January 26, 2025",
        "Sunday, 26 January 2025",
        "on Sunday the 26th of January, 2025",
        "26 Jan. 2025, 11:35 a.m. EST",
        "03:33, 26 January 2025",
        "26-Jan-2025",
        "2025 January 26",
        "In a speech on 26 January 2025 at 3 pm",
        "26 de enero de 2025",
        "el domingo 26 de enero del 2025",
        "enero 26 de 2025",
        "26 ENE 2025",
        "26 de janeiro de 2025",
        "26 janvier 2025",
        "2025-01-26",
        "2025-01-26T03:33:00Z",
        "20250126",
        "26/01/2025",
        "01/26/2025",
        "26.1.2025",
        "2025/01/26",
        "２６ January ２０２５",
        "٢٦ January ٢٠٢٥",
        "the night of 26 January 2025",
    ],
)
def test_words_give_a_day(words: str) -> None:
    assert readings(words) == (DateReading("day", Period(Day(2025, 1, 26), Day(2025, 1, 26))),)


@pytest.mark.parametrize(
    ("words", "precision", "period"),
    [
        ("In January 2025", "month", "2025-01-01/2025-01-31"),
        ("a finales de enero de 2025", "month", "2025-01-01/2025-01-31"),
        ("mid-January 2025", "month", "2025-01-01/2025-01-31"),
        ("2025-01", "month", "2025-01-01/2025-01-31"),
        ("1º de mayo de 2025", "day", "2025-05-01"),
        ("1er mai 2025", "day", "2025-05-01"),
        ("2031 edition", "year", "2031-01-01/2031-12-31"),
        ("en el año 476", "year", "0476-01-01/0476-12-31"),
        ("44 BC", "year", "-0043-01-01/-0043-12-31"),
        ("44 a. C.", "year", "-0043-01-01/-0043-12-31"),
        ("1 BC", "year", "0000-01-01/0000-12-31"),
        ("15 March 44 B.C.", "day", "-0043-03-15"),
        ("AD 476", "year", "0476-01-01/0476-12-31"),
        ("-0043", "year", "-0043-01-01/-0043-12-31"),
        ("-0043-03-15", "day", "-0043-03-15"),
        ("12025-01-26", "day", "12025-01-26"),
        ("1 January 10000", "day", "10000-01-01"),
        ("26-27 January 2025", "bounded", "2025-01-26/2025-01-27"),
        ("26–27 de enero de 2025", "bounded", "2025-01-26/2025-01-27"),
        ("January 26-27, 2025", "bounded", "2025-01-26/2025-01-27"),
        ("del 26 al 27 de enero de 2025", "bounded", "2025-01-26/2025-01-27"),
        ("26 January – 3 February 2025", "bounded", "2025-01-26/2025-02-03"),
        ("from 15 December 2024 to 3 January 2025", "bounded", "2024-12-15/2025-01-03"),
        ("entre el 26 y el 28 de enero de 2025", "bounded", "2025-01-26/2025-01-28"),
        ("3 or 4 May 2026", "bounded", "2026-05-03/2026-05-04"),
        ("2025-01-26/2025-01-27", "bounded", "2025-01-26/2025-01-27"),
        ("enero a marzo de 2025", "bounded", "2025-01-01/2025-03-31"),
        ("2018–2022", "bounded", "2018-01-01/2022-12-31"),
        ("2024-25", "bounded", "2024-01-01/2025-12-31"),
        ("Q1 2025", "bounded", "2025-01-01/2025-03-31"),
        ("segundo semestre de 2025", "bounded", "2025-07-01/2025-12-31"),
        ("the 1990s", "bounded", "1990-01-01/1999-12-31"),
        ("los años 1990", "bounded", "1990-01-01/1999-12-31"),
        ("before 26 January 2025", "bounded", "…/2025-01-25"),
        ("después de enero de 2025", "bounded", "2025-02-01/…"),
        ("no later than 26 January 2025", "bounded", "…/2025-01-26"),
        ("a más tardar el 26 de enero de 2025", "bounded", "…/2025-01-26"),
        ("not before 2025", "bounded", "2025-01-01/…"),
        ("26 January 2025 at the latest", "bounded", "…/2025-01-26"),
    ],
)
def test_words_give_one_date(words: str, precision: str, period: str) -> None:
    assert [(reading.precision, str(reading.period)) for reading in readings(words)] == [(precision, period)]


@pytest.mark.parametrize(
    ("words", "periods"),
    [
        ("03/04/2025", {"2025-04-03", "2025-03-04"}),
        ("26 and 27 January 2025", {"2025-01-26", "2025-01-27", "2025-01-26/2025-01-27"}),
        ("from 2023-11-23", {"2023-11-23", "2023-11-23/…"}),
        ("since 2029", {"2029-01-01/2029-12-31", "2029-01-01/…"}),
        ("hasta el 30 de junio de 2031", {"2031-06-30", "…/2031-06-30"}),
        (
            "after 3 March 2025 and before 5 May 2025",
            {"2025-03-04/…", "…/2025-05-04", "2025-03-04/2025-05-04"},
        ),
        ("signed on 3 May 2025 (in force 1 June 2025)", {"2025-05-03", "2025-06-01"}),
    ],
)
def test_words_give_several_dates(words: str, periods: set[str]) -> None:
    assert set(said(words)) == periods


@pytest.mark.parametrize(
    "words",
    [
        "",
        "x",
        "In February",
        "their February meeting",
        "on 11 March",
        "Sunday",
        "later that day",
        "on a Thursday some years ago",
        "more than a year; months",
        "26/1/25",
        "January '25",
        "30 February 2025",
        "29 February 2023",
        "31/02/2025",
        "about 26 January 2025",
        "c. 1950",
        "circa 1950",
        "hacia 1950",
        "probably in 2025",
        "January 2025?",
        "26 January 2025 or so",
        "not on 26 January 2025",
        "two days after 26 January 2025",
        "the day before 26 January 2025",
        "dos días después del 26 de enero de 2025",
        "on the eve of 26 January 2025",
        "the week of 26 January 2025",
        "la semana del 26 de enero de 2025",
        "26 January [2025]",
        "[2025-01-26]",
        "27 to 26 January 2025",
        "123456789012345678901234567890",
        "26 January 2025 " + "x" * LONGEST,
    ],
)
def test_words_give_no_date(words: str) -> None:
    assert said(words) == []


@given(
    st.dates(date(1000, 1, 1)),
    st.sampled_from(["{day} {month} {year}", "{month} {day}, {year}", "on the {day} of {month} {year}"]),
)
def test_each_day_is_read_as_it_is_written_in_english(day: date, form: str) -> None:
    words = form.format(day=day.day, month=ENGLISH[day.month - 1], year=day.year)
    assert said(words) == [day.isoformat()]


@given(st.integers(1000, 9999), st.integers(1, 12), st.data())
def test_each_range_of_days_is_read_as_it_is_written_in_spanish(
    year: int, month: int, data: st.DataObject
) -> None:
    last = days_in(year, month)
    days = sorted(data.draw(st.sets(st.integers(1, last), min_size=2, max_size=2)))
    name = SPANISH[month - 1]
    given = [f"{year}-{month:02}-{day:02}" for day in days]
    assert said(f"del {days[0]} al {days[1]} de {name} de {year}") == ["/".join(given)]
    assert said(f"desde el {days[0]} de {name} de {year} hasta el {days[1]} de {name} de {year}") == [
        "/".join(given)
    ]


@given(st.integers(-9999, 9999), st.integers(1, 12))
def test_what_xml_schema_writes_is_read(year: int, month: int) -> None:
    day = Day(year, month, 1)
    assert said(str(day)) == [str(day)]
    assert said(str(day).rpartition("-")[0]) == [str(Period.of_month(year, month))]


WORDS = st.sampled_from(
    [
        *ENGLISH,
        *SPANISH,
        "of",
        "de",
        "and",
        "to",
        "between",
        "before",
        "-",
        "–",
        ",",
        "/",
        "26",
        "2025",
        "BC",
        "(",
        "[",
    ]
)


@given(st.lists(WORDS | st.text(max_size=5), max_size=12).map(" ".join) | st.text(alphabet=string.printable))
def test_any_text_is_read_and_bounds_are_in_order(words: str) -> None:
    for reading in readings(words):
        first, last = reading.period.first, reading.period.last
        assert first is None or last is None or not first.is_after(last)
        assert (first, last) != (None, None)


def test_the_languages_whose_dates_are_read() -> None:
    assert all(is_read("in March 2031", language) for language in ("", "en", "es-CO", "pt", "fr"))
    assert not is_read("im März 2031", "de")
    assert not is_read("2025年1月26日", "")


def test_numbers_are_found_in_any_digits() -> None:
    assert numbers("2025年1月26日") == {2025, 1, 26}
    assert numbers("٢٦.٠١.٢٠٢٥, 2025-02-03") == {26, 1, 2025, 2, 3}
