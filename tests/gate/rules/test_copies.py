"""One document is one source, and a claim's words in another source are warned of."""

import pyoxigraph
import pytest

from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules import copies
from tests.support.facts import quads

PAGE = f"""
    dipid:page a dip:Source ; dip:textHash "{"a" * 64}" ;
        dip:url "https://www.norland.example/12/"^^xsd:anyURI .
"""


def found(before: str, new: str) -> list[Violation]:
    store = pyoxigraph.Store()
    store.extend(quads(before))
    return list(copies.violations(Overlay(store, Delta(added=quads(new, "urn:new")))))


def source(said: str, name: str = "copy") -> str:
    return f"dipid:{name} a dip:Source ; {said} ."


COPIES = [
    f'dip:textHash "{"a" * 64}"',
    'dip:url "https://www.norland.example/12/"^^xsd:anyURI',
    'dip:url "https://norland.example/12"^^xsd:anyURI',
    'dip:url "http://www.norland.example/12#second-part"^^xsd:anyURI',
]


@pytest.mark.parametrize("said", COPIES)
def test_a_second_source_for_one_document_is_refused_with_the_name_of_the_first(said: str) -> None:
    (violation,) = found(PAGE, source(said))
    assert (violation.rule, violation.severity) == (copies.RULE, "error")
    assert "dipid:page already describes this document" in violation.sentence()


@pytest.mark.parametrize("said", COPIES)
def test_the_whole_store_is_searched_with_the_same_result(said: str) -> None:
    store = pyoxigraph.Store()
    store.extend(quads(PAGE + source(said, name="second")))
    (violation,) = copies.whole(Overlay(store))
    assert str(violation.focus).endswith("/second>")


@pytest.mark.parametrize(
    "new",
    [
        PAGE,
        source(f'dip:textHash "{"b" * 64}"'),
        source('dip:url "https://www.norland.example/13/"^^xsd:anyURI'),
        source('dip:url "https://www.norland.example/12/?page=2"^^xsd:anyURI'),
        source("dip:publishedBy dipid:norland"),
    ],
)
def test_the_source_itself_and_another_document_are_accepted(new: str) -> None:
    assert found(PAGE, new) == []


def test_two_sources_of_one_change_are_reported_once() -> None:
    said = COPIES[0]
    (violation,) = found("", source(said, name="first") + source(said, name="second"))
    assert str(violation.focus).endswith("/second>")


CLAIM = """
    dip:Event rdfs:subClassOf dip:Happening .
    dipid:said dip:advances dipid:claim .
    dipid:r1 dip:reports dipid:said ; dip:quotes dipid:p1 ; dip:basedOn dipk:attributed .
    dipid:p1 dip:exactText "the sinking of the ferry" ; dip:occursIn dipid:page .
"""
FACT = """
    dipid:event a dip:Event .
    dipid:r2 dip:reports dipid:event ; dip:quotes dipid:p2 ; dip:basedOn dipk:own-voice .
    dipid:p2 dip:exactText "the sinking of the ferry" ; dip:occursIn dipid:other .
"""


def test_the_words_of_a_claim_that_ground_a_happening_in_another_source_give_a_warning() -> None:
    (violation,) = found(CLAIM, FACT)
    assert (violation.rule, violation.severity) == (copies.WORDS_OF_A_CLAIM, "warning")
    assert "dipid:claim" in violation.sentence()


@pytest.mark.parametrize(
    ("claim", "fact"),
    [
        (CLAIM, FACT.replace("own-voice", "attributed")),
        (CLAIM, FACT.replace("the sinking", "a sinking")),
        (CLAIM, FACT.replace("dipid:other", "dipid:page")),
        (
            CLAIM.replace("the sinking of the ferry", "the ferry"),
            FACT.replace("the sinking of the ferry", "the ferry"),
        ),
        (CLAIM.replace("attributed", "own-voice"), FACT),
        (CLAIM, FACT.replace("dip:Event .", "dip:Statement .")),
    ],
)
def test_other_words_and_what_is_no_claim_give_none(claim: str, fact: str) -> None:
    assert found(claim, fact) == []
