"""A date is stated only if the words that are written give it."""

from collections.abc import Iterator

import pyoxigraph
import pytest
from pyoxigraph import Literal

from kg.changes import Delta
from kg.gate.dates.calendar import Day, Period
from kg.gate.dates.written import dates_a_day
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules import stated_dates
from tests.support.facts import quads

DAY = Period(Day(2026, 2, 3), Day(2026, 2, 3))


def span(words: str, basis: str = "stated", date: str = "2026-02-03") -> str:
    return f"""
        dipid:t dip:dateAsWritten {words} ; dip:date "{date}"^^xsd:date ; dip:earliest "{date}"^^xsd:date ;
            dip:latest "{date}"^^xsd:date ; dip:hasPrecision dipk:day ; dip:dateBasis dipk:{basis} ."""


def found(new: str, before: str = "") -> Iterator[Violation]:
    store = pyoxigraph.Store()
    store.extend(quads(before))
    yield from stated_dates.violations(Overlay(store, Delta(added=quads(new))))


@pytest.mark.parametrize(
    "words", ['"In February"@en', '"Sunday"', '"4 February 2026"@en', '"February 2026"@en']
)
def test_a_stated_day_that_the_words_do_not_give_is_refused(words: str) -> None:
    (violation,) = found(span(words))
    assert (violation.rule, violation.severity) == (stated_dates.RULE, "error")
    assert "this says 2026-02-03" in violation.sentence()


@pytest.mark.parametrize(
    "new",
    [
        span('"3 February 2026"@en'),
        span('"el 3 de febrero de 2026"'),
        span('"3 February 2026"', date="2026-02-03Z"),
        span('"In February"@en', basis="inferred"),
        span('"In February"@en', basis="publication-day"),
        span('"In February" , "In March"'),
        span('"3. Februar 2026"@de'),
        span('"2026年2月3日"'),
        'dipid:t dip:dateAsWritten "2026" ; dip:dateBasis dipk:stated ; dip:date "2026"^^xsd:gYear .',
    ],
)
def test_what_the_words_give_or_need_not_give_is_accepted(new: str) -> None:
    assert list(found(new)) == []


@pytest.mark.parametrize(
    "words",
    [
        "since 3 February 2026",
        "hasta el 3 de febrero de 2026",
        "on the anniversary of the agreement of 3 February 2026",
        "ten months into the truce of 3 February 2026",
        "scheduled for 3 February 2026 but postponed",
        "originally planned for 3 February 2026",
        "allegedly on 3 February 2026",
        "según Trump, el 3 de febrero de 2026",
        "3 February 2026 or the next day",
        "(published 3 February 2026) last month",
        "depuis l’accord du 3 février 2026",
        "supostamente em 3 de fevereiro de 2026",
        "02/03/2026",
        "3 February 2026, 12 dead",
    ],
)
def test_words_that_relate_something_to_a_day_do_not_state_it(words: str) -> None:
    (violation,) = found(span(f'"{words}"'))
    assert "do not plainly state the date 2026-02-03" in violation.sentence()


@pytest.mark.parametrize(
    "words",
    [
        "In a speech on Tuesday, 3 February 2026 at 3 pm",
        "on the night of 3 February 2026",
        "el martes 3 de febrero de 2026, a las 15:00 (hora local)",
        "15/02/2026, 11:35 a.m. EST",
        "2026-02-03T03:33:00Z",
        "03/03/2026",
        "le mardi 3 février 2026 au matin",
        "na noite de terça-feira, 3 de fevereiro de 2026",
        "3 February [sic] 2026",
        "signed on 3 February 2026",
    ],
)
def test_words_about_the_day_itself_leave_it_stated(words: str) -> None:
    assert dates_a_day(words)


@pytest.mark.parametrize(("link", "violations"), [("startsAt", 0), ("endsAt", 0), ("attestedAt", 1)])
def test_a_day_since_or_until_which_is_stated_of_the_bound_of_something(link: str, violations: int) -> None:
    new = span('"since 3 February 2026"') + f" dipid:tenure dip:{link} dipid:t ."
    assert len(list(found(new))) == violations


@pytest.mark.parametrize("words", ['"im Februar"@de', '"im Februar 2026"@de', '"3. Februar"@de', '"二月"'])
def test_in_another_language_year_and_day_have_to_be_among_the_numbers(words: str) -> None:
    assert len(list(found(span(words)))) == 1


def test_a_basis_that_comes_later_is_judged_with_the_words_of_before() -> None:
    before, basis = span('"In February"').rsplit(";", 1)
    assert len(list(found(f"dipid:t {basis}", before=f"{before} ."))) == 1


def test_nothing_is_stated_where_there_is_no_date() -> None:
    undated = "dip:hasPrecision dipk:undated ; dip:dateBasis dipk:stated"
    (violation,) = found(f'dipid:t dip:dateAsWritten "3 February 2026" ; {undated} .')
    assert "this time span has no date" in violation.sentence()


@pytest.mark.parametrize("text", [span('"In February"'), span('"3 February 2026"')])
def test_the_whole_is_told_the_same(text: str) -> None:
    store = pyoxigraph.Store()
    store.extend(quads(text))
    assert list(stated_dates.whole(Overlay(store))) == list(found(text))


def test_a_coarser_date_is_not_what_finer_words_give() -> None:
    assert stated_dates.gives(Literal("3 February 2026"), "day", DAY)
    assert not stated_dates.gives(Literal("3 February 2026"), "month", Period.of_month(2026, 2))
    assert not stated_dates.gives(Literal("2026"), "day", DAY)
