"""A claim is conceded in words that say it, and settled by other words than those of the claimant."""

import pyoxigraph
import pytest

from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules import answers_to_claims
from kg.iris import compact
from tests.support.facts import quads

WORLD = """
    dipid:claim dip:claimedBy dipid:ana ; dip:allegedActor dipid:norland ; dip:claimKey "k" .
    dipid:like-it dip:claimedBy dipid:norland ; dip:claimKey "k" .
    dipid:unlike dip:claimedBy dipid:norland ; dip:claimKey "j" .
    dipid:accusation dip:madeBy dipid:ana ; dip:advances dipid:claim .
    dipid:told dip:reports dipid:accusation ; dip:basedOn dipk:attributed ; dip:quotes dipid:whole .
    dipid:whole dip:occursIn dipid:page ; dip:exactText "Ana said that Norland took the “island”" .
    dipid:piece dip:occursIn dipid:page ; dip:exactText "Norland took the \\"island\\"" .
    dipid:other dip:occursIn dipid:page ; dip:exactText "The tribunal finds that Norland took it" .
    dipid:elsewhere dip:occursIn dipid:ruling ; dip:exactText "Norland took the “island”" .
"""


def found(new: str, before: str = WORLD) -> list[str]:
    """The rules that new facts break; the whole store, looked at, says the same."""
    store = pyoxigraph.Store()
    store.extend(quads(before))
    overlay = Overlay(store, Delta(added=quads(new, "urn:new")))
    rules = sorted(
        compact(each.rule).removeprefix("dipsh:") for each in answers_to_claims.violations(overlay)
    )
    store.extend(quads(new, "urn:new"))
    whole = answers_to_claims.whole(Overlay(store))
    assert sorted(compact(each.rule).removeprefix("dipsh:") for each in whole) == rules
    return rules


def conceded(advanced: str = "") -> str:
    return f"""
        dipid:x dip:appliesTo dipid:claim ; dip:hasStatus dipk:conceded ; dip:heldBy dipid:norland .
        dipid:r dip:reports dipid:x ; dip:basedOn dipk:attributed ; dip:relayedThrough dipid:words .
        dipid:words dip:madeBy dipid:norland {advanced} .
    """


def settled(kind: str, passage: str, basis: str = "own-voice") -> str:
    return f"""
        dipid:x dip:appliesTo dipid:claim ; dip:hasStatus dipk:{kind} ; dip:heldBy dipid:tribunal .
        dipid:r dip:reports dipid:x ; dip:basedOn dipk:{basis} ; dip:quotes dipid:{passage} .
    """


@pytest.mark.parametrize("claim", ["claim", "like-it"])
def test_who_concedes_a_claim_says_what_it_says(claim: str) -> None:
    assert found(conceded(f"; dip:advances dipid:{claim}")) == []


@pytest.mark.parametrize("advanced", ["", "; dip:advances dipid:unlike"])
def test_other_words_of_the_accused_concede_nothing(advanced: str) -> None:
    assert found(conceded(advanced)) == ["conceded-in-other-words"]


def test_a_denial_of_what_is_conceded_is_warned_of_whichever_comes_last() -> None:
    denial = "dipid:no dip:madeBy dipid:norland ; dip:denies dipid:claim ."
    admission = conceded("; dip:advances dipid:claim")
    assert found(admission + denial) == ["conceded-and-denied"]
    assert found(denial, WORLD + admission) == ["conceded-and-denied"]
    assert found(admission, WORLD + denial.replace("norland", "sudonia")) == []


@pytest.mark.parametrize("kind", ["upheld", "rejected"])
@pytest.mark.parametrize("passage", ["whole", "piece"])
@pytest.mark.parametrize("basis", ["own-voice", "attributed"])
def test_the_words_of_the_claimant_settle_nothing(kind: str, passage: str, basis: str) -> None:
    assert found(settled(kind, passage, basis)) == ["claim-passage-as-finding"]


@pytest.mark.parametrize("passage", ["other", "elsewhere"])
def test_words_of_a_finding_settle_a_claim(passage: str) -> None:
    assert found(settled("upheld", passage)) == []


def test_an_accusation_that_comes_later_takes_its_words_from_a_finding() -> None:
    accusation = (
        "dipid:told dip:reports dipid:accusation ; dip:basedOn dipk:attributed ; dip:quotes dipid:whole ."
    )
    before = WORLD.replace(accusation, "")
    assert before != WORLD
    assert found(accusation, before + settled("upheld", "piece")) == ["claim-passage-as-finding"]


def test_a_status_that_settles_nothing_may_quote_the_claim() -> None:
    assert found(settled("made", "whole")) == []
