"""Happenings with weak grounds and actors that no passage names give warnings."""

import pyoxigraph
import pytest

from kg import ontology
from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules import weak_grounds
from kg.iris import TERMS_GRAPH, compact
from tests.support.facts import quads

VISIT = """
    dipid:visit a dip:Visit ; dip:performedBy dipid:ana .
    dipid:r dip:reports dipid:visit ; dip:foundIn dipid:post ; dip:basedOn dipk:own-voice .
    dipid:post dip:publishedBy dipid:daily .
    dipid:daily a dip:Outlet ; dip:foundIn dipid:post .
"""
TEXT = """
    dipid:text dip:textHash "0" ; dip:publishedBy dipid:daily .
    dipid:p dip:occursIn dipid:text ; dip:exactText "Colombian President Gustavo  Petro" .
"""


def warned(*parts: str) -> list[str]:
    store = pyoxigraph.Store()
    store.extend(ontology.load().graphs[TERMS_GRAPH])
    found = weak_grounds.violations(Overlay(store, Delta(added=quads(" ".join(parts), "urn:new"))))
    return [compact(each.rule).removeprefix("dipsh:") for each in found]


def test_an_outlet_that_only_its_own_page_names_is_a_weak_ground_without_a_passage() -> None:
    assert warned(VISIT) == ["outlet-known-by-itself"]


@pytest.mark.parametrize(
    "more",
    [
        "dipid:r dip:quotes dipid:p .",
        "dipid:daily dip:foundIn dipid:list . dipid:list dip:publishedBy dipid:another .",
        "dipid:r2 dip:reports dipid:visit ; dip:foundIn dipid:paper ; dip:basedOn dipk:own-voice ."
        " dipid:paper dip:publishedBy dipid:ministry .",
    ],
)
def test_a_passage_another_source_or_another_ground_is_enough(more: str) -> None:
    assert warned(VISIT, more) == []


@pytest.mark.parametrize("tie", ["speaksFor", "partOf"])
def test_an_outlet_of_one_side_is_a_weak_ground_even_with_a_passage(tie: str) -> None:
    more = f"dipid:daily dip:{tie} dipid:ana . dipid:r dip:quotes dipid:p ."
    assert warned(VISIT, more) == ["outlet-of-one-side"]


def test_an_outlet_that_is_part_of_another_is_of_no_side() -> None:
    assert warned(VISIT, "dipid:daily dip:partOf dipid:times . dipid:times a dip:Outlet .", PASSAGE) == []


PASSAGE = "dipid:r dip:quotes dipid:p ."
ACTOR = 'dipid:petro a dip:Person ; rdfs:label "Gustavo Petro" ; dip:foundIn dipid:text .'


def test_an_actor_is_named_in_a_passage_of_the_text_that_names_it() -> None:
    assert warned(TEXT, ACTOR) == []
    assert warned(TEXT, ACTOR.replace("Gustavo Petro", "Marco Rubio")) == ["actor-without-passage"]


@pytest.mark.parametrize(
    "part",
    [
        "dipid:r dip:reports dipid:petro ; dip:foundIn dipid:text ; dip:quotes dipid:p .",
        "dipid:s dip:madeBy dipid:petro ."
        " dipid:r dip:reports dipid:s ; dip:foundIn dipid:text ; dip:quotes dipid:p .",
        "dipid:c dip:allegedActor dipid:petro . dipid:s dip:advances dipid:c ."
        " dipid:r dip:reports dipid:s ; dip:foundIn dipid:text ; dip:quotes dipid:p .",
    ],
)
def test_an_actor_that_has_a_part_in_what_the_text_is_quoted_for_is_named_there(part: str) -> None:
    assert warned(TEXT, ACTOR.replace("Gustavo Petro", "Marco Rubio"), part) == []


def test_a_page_whose_text_is_not_known_is_not_asked_for_a_passage() -> None:
    assert warned(ACTOR.replace("dipid:text", "dipid:page")) == []


def test_a_headline_alone_is_a_weak_ground_for_what_is_said_in_its_own_voice() -> None:
    headline = "dipid:headline dip:hasKind dipk:headline ."
    report = "dipid:r dip:reports dipid:s ; dip:foundIn dipid:headline ; dip:basedOn dipk:own-voice ."
    assert warned(headline, report) == ["headline-alone"]
    assert warned(headline, report.replace("own-voice", "attributed")) == []
    assert warned(headline.replace("dipk:headline", "dipk:article"), report) == []
