"""What a performer announced is known no better than the announcement."""

import pyoxigraph
import pytest
from pyoxigraph import NamedNode

from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules import announcements
from kg.iris import KINDS
from tests.support.facts import quads

RULE = announcements.Announcements({NamedNode(KINDS + "possibly"): 2, NamedNode(KINDS + "reportedly"): 3})
HAPPENING = """
    dipid:r1 dip:reports dipid:measure ; dip:foundIn dipid:page ; dip:hedgedAs dipk:plain ;
        dip:basedOn dipk:announced-by-performer ; dip:relayedThrough dipid:note .
    dipid:note dip:madeBy dipid:ministry .
    dipid:ministry dip:governs dipid:norland .
"""
DIRECT = """
    dipid:r2 dip:reports dipid:note ; dip:foundIn dipid:page ; dip:hedgedAs dipk:plain .
"""
RELAYED = """
    dipid:r2 dip:reports dipid:note ; dip:foundIn dipid:page ; dip:hedgedAs dipk:plain ;
        dip:relayedThrough dipid:words .
    dipid:words dip:madeBy dipid:sudonia .
    dipid:r3 dip:reports dipid:words ; dip:foundIn dipid:page ; dip:hedgedAs dipk:plain .
"""
HEDGED = DIRECT.replace("plain", "possibly")
ELSEWHERE = DIRECT.replace("r2", "r4").replace("page", "other")


def found(before: str, new: str) -> list[Violation]:
    store = pyoxigraph.Store()
    store.extend(quads(before))
    return list(RULE.violations(Overlay(store, Delta(added=quads(new, "urn:new")))))


def found_in_whole(text: str) -> list[Violation]:
    store = pyoxigraph.Store()
    store.extend(quads(text))
    return list(RULE.whole(Overlay(store)))


@pytest.mark.parametrize(
    ("announcement", "rule"),
    [
        (RELAYED, announcements.RULE),
        (RELAYED + ELSEWHERE, announcements.RULE),
        (
            RELAYED.replace("sudonia", "spokesman")
            + RELAYED.replace("words", "talk").replace("note", "words"),
            announcements.RULE,
        ),
        (HEDGED, announcements.HEDGED),
        (HEDGED + ELSEWHERE, announcements.HEDGED),
    ],
)
def test_an_announcement_known_by_hearsay_or_with_reserve_grounds_no_plain_fact(
    announcement: str, rule: str
) -> None:
    (violation,) = found(announcement, HAPPENING)
    assert (violation.rule, violation.severity) == (rule, "error")
    assert "dipid:note" in violation.sentence()
    assert found_in_whole(announcement + HAPPENING) == [violation]


@pytest.mark.parametrize(
    ("announcement", "happening"),
    [
        (DIRECT, HAPPENING),
        (RELAYED.replace("sudonia", "ministry"), HAPPENING),
        (RELAYED.replace("sudonia", "norland"), HAPPENING),
        (
            RELAYED.replace("sudonia", "spokesman") + "dipid:spokesman dip:speaksFor dipid:norland .",
            HAPPENING,
        ),
        (RELAYED.replace("dip:foundIn dipid:page", "dip:foundIn dipid:third") + ELSEWHERE, HAPPENING),
        (HEDGED, HAPPENING.replace("plain", "reportedly")),
        (HEDGED + DIRECT.replace("r2", "r5"), HAPPENING),
        (HEDGED, HAPPENING.replace("announced-by-performer", "attributed")),
        ("", HAPPENING.replace("reports dipid:measure", "reports dipid:measure , dipid:note")),
    ],
)
def test_an_announcement_of_the_performer_grounds_its_fact(announcement: str, happening: str) -> None:
    assert found(announcement, happening) == []
    assert found_in_whole(announcement + happening) == []


def test_a_report_that_leaves_only_hearsay_is_refused_later_too() -> None:
    store = pyoxigraph.Store()
    store.extend(quads(HAPPENING))
    direct, relayed = quads(DIRECT.replace("r2", "r5")), quads(RELAYED)
    store.extend((*direct, *relayed))
    assert list(RULE.whole(Overlay(store))) == []
    (violation,) = RULE.violations(Overlay(store, Delta(removed=direct)))
    assert violation.rule == announcements.RULE


def test_statements_relayed_in_a_circle_are_no_announcement() -> None:
    circle = RELAYED.replace("sudonia", "ministry") + "dipid:r3 dip:relayedThrough dipid:note ."
    (violation,) = found(circle, HAPPENING)
    assert violation.rule == announcements.RULE
