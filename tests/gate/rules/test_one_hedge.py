"""One passage bears a record out with one hedge and one basis."""

import pyoxigraph
import pytest

from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules import one_hedge
from tests.support.facts import quads

FIRST = """
    dipid:r1 dip:reports dipid:event ; dip:foundIn dipid:page ; dip:quotes dipid:p1 ;
        dip:hedgedAs dipk:reportedly ; dip:basedOn dipk:own-voice .
    dipid:p1 dip:exactText "he has reportedly gone there" ; dip:startOffset 10 .
"""
SECOND = """
    dipid:r2 dip:reports dipid:event ; dip:foundIn dipid:page ; dip:quotes dipid:p1 ;
        dip:hedgedAs dipk:plain ; dip:basedOn dipk:own-voice .
"""


def found(before: str, new: str) -> list[Violation]:
    store = pyoxigraph.Store()
    store.extend(quads(before))
    return list(one_hedge.violations(Overlay(store, Delta(added=quads(new, "urn:new")))))


def piece(text: str, start: int | None = None) -> str:
    offset = "" if start is None else f" ; dip:startOffset {start}"
    return SECOND.replace("dipid:p1", "dipid:p2") + f'dipid:p2 dip:exactText "{text}"{offset} .'


@pytest.mark.parametrize(
    "second",
    [
        SECOND,
        SECOND.replace("plain", "reportedly").replace("own-voice", "attributed"),
        piece("gone there", 28),
        piece("He has  reportedly gone there"),
        piece("reportedly gone there"),
    ],
)
def test_the_same_words_with_another_hedge_or_basis_are_refused(second: str) -> None:
    (violation,) = found(FIRST, second)
    assert (violation.rule, violation.severity) == (one_hedge.RULE, "error")
    assert "dipid:r1" in violation.sentence()


@pytest.mark.parametrize(
    "second",
    [
        SECOND.replace("plain", "reportedly"),
        SECOND.replace("dipid:event", "dipid:another"),
        SECOND.replace("dipid:page", "dipid:another"),
        piece("he left again", 200),
        piece("gone there"),
    ],
)
def test_other_words_another_record_or_source_and_the_same_hedge_are_not(second: str) -> None:
    assert found(FIRST, second) == []


def test_two_reports_of_one_change_are_told_of_once() -> None:
    assert [str(each.focus) for each in found("", FIRST + SECOND)] == [
        "<https://w3id.org/regional-diplomacy/id/r2>"
    ]


def test_a_report_that_quotes_nothing_gives_a_warning() -> None:
    (violation,) = found(FIRST, SECOND.replace("dip:quotes dipid:p1 ;", ""))
    assert (violation.rule, violation.severity) == (one_hedge.UNQUOTED, "warning")


def test_the_whole_store_is_searched() -> None:
    store = pyoxigraph.Store()
    store.extend(quads(FIRST + SECOND))
    (violation,) = one_hedge.whole(Overlay(store))
    assert str(violation.focus).endswith("r2>")
