"""A quotation stands in a passage that one of its reports quotes."""

import pyoxigraph
import pytest

from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules import quotations
from kg.gate.rules.texts import comparable
from tests.support.facts import quads

TEXT = "“This is piracy,” Ferro said – “it’s the  SEA of all”"


def found(before: str, new: str = "", gone: str = "") -> list[tuple[str, str]]:
    store = pyoxigraph.Store()
    store.extend(quads(before))
    overlay = Overlay(store, Delta(quads(new, "urn:new"), quads(gone)))
    return [(str(each.focus), each.severity) for each in quotations.violations(overlay)]


@pytest.mark.parametrize(
    "quotation",
    [
        "This is piracy",
        "this is PIRACY.",
        "‘This is piracy’",
        "«This is piracy»",
        '"This is piracy,"',
        "it's the sea of all",
        "it’s the\nsea\u00a0of all",
        "This … piracy",
        "This [...] the sea",
        "[t]his is piracy",
        "This is [open] piracy",
        "piracy, Ferro said - it's",
    ],
)
def test_words_are_compared_without_what_is_the_printers_or_the_editors(quotation: str) -> None:
    assert quotations.stands_in(quotation, comparable(TEXT))


@pytest.mark.parametrize(
    "quotation",
    [
        "This was piracy",
        "piracy … This is",
        "his is piracy",
        "This is pira",
        "This is not piracy",
        "Esto es piratería",
    ],
)
def test_other_words_parts_of_words_and_another_order_are_found_out(quotation: str) -> None:
    assert not quotations.stands_in(quotation, comparable(TEXT))


WORDS = """
    dipid:s dip:quotation "this is piracy" .
    dipid:r dip:reports dipid:s ; dip:quotes dipid:p .
    dipid:p dip:exactText "“This is piracy,” she said" .
"""


def test_a_quotation_is_held_against_the_passages_of_its_reports() -> None:
    assert found("", WORDS) == []
    assert found("", WORDS.replace("she said", "").replace("piracy,", "robbery,")) == [
        ("<https://w3id.org/regional-diplomacy/id/s>", "error")
    ]


def test_a_quotation_without_a_passage_gives_a_warning_when_it_comes_and_none_later() -> None:
    alone = 'dipid:s dip:quotation "this is piracy" . dipid:r dip:reports dipid:s .'
    assert [severity for _, severity in found("", alone)] == ["warning"]
    assert found(alone, "dipid:r2 dip:reports dipid:s .") == []


def test_one_part_may_stand_in_one_passage_and_the_next_in_another() -> None:
    two = """
        dipid:s dip:quotation "this is piracy … the sea of all" .
        dipid:r dip:reports dipid:s ; dip:quotes dipid:late , dipid:early .
        dipid:late dip:exactText "the sea of all" ; dip:startOffset 50 .
        dipid:early dip:exactText "This is piracy" ; dip:startOffset 10 .
    """
    assert found("", two) == []
    assert found("", two.replace(" … ", " ")) != []


def test_a_report_that_goes_leaves_a_quotation_without_its_words() -> None:
    other = WORDS + 'dipid:r2 dip:reports dipid:s ; dip:quotes dipid:q . dipid:q dip:exactText "she left" .'
    assert found(other, gone="dipid:r dip:quotes dipid:p .") == [
        ("<https://w3id.org/regional-diplomacy/id/s>", "error")
    ]


def test_the_whole_store_is_searched_for_errors() -> None:
    store = pyoxigraph.Store()
    store.extend(quads(WORDS.replace('"this is piracy"', '"this is robbery"')))
    assert [each.rule for each in quotations.whole(Overlay(store))] == [quotations.RULE]
