"""A hedge weaker than the words of its passage gives a warning; the ontology lists the words."""

from functools import cache

import pyoxigraph
import pytest
from pyoxigraph import NamedNode

from kg import ontology
from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules import hedging_words
from kg.gate.rules.hedging_words import HedgingWords
from kg.iris import KINDS, KINDS_GRAPH, TERMS_GRAPH
from tests.support.facts import quads


@cache
def rule() -> HedgingWords:
    return HedgingWords.of(ontology.load().graphs[KINDS_GRAPH])


@cache
def store() -> pyoxigraph.Store:
    found = pyoxigraph.Store()
    found.extend(ontology.load().graphs[TERMS_GRAPH])
    return found


def warned(
    text: str, hedge: str = "plain", basis: str = "own-voice", record: str = "a dip:Visit", around: str = ""
) -> list[Violation]:
    new = f"""
        dipid:x {record} .
        dipid:r dip:reports dipid:x ; dip:quotes dipid:p ;
            dip:hedgedAs dipk:{hedge} ; dip:basedOn dipk:{basis} .
        dipid:p dip:exactText '''{text}''' {around} .
    """
    return list(rule().violations(Overlay(store(), Delta(added=quads(new, "urn:new")))))


def asked_for(text: str, **attributions: str) -> str | None:
    found = warned(text, **attributions)
    assert len(found) < 2
    if found and "as a dip:Statement" in found[0].message["en"]:
        return "a statement"
    return found[0].message["en"].partition("the hedge dipk:")[2].partition(",")[0] if found else None


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("he has reportedly gone", "reportedly"),
        ("He is ALLEGEDLY gone", "reportedly"),
        ("he is said\n to be gone", "reportedly"),
        ("según fuentes, se fue", "reportedly"),
        ("Presuntamente se fue", "reportedly"),
        ("supostamente saiu", "reportedly"),
        ("il serait, prétendument, parti", "reportedly"),
        ("segun el ministro, se fue", "a statement"),
        ("d’après le ministre", "a statement"),
        ("México habría atacado", "reportedly"),
        ("o México teria atacado", "reportedly"),
        ("it’s said that he left", "reportedly"),
        ("los supuestos ataques", "a statement"),
        ("according to the minister", "a statement"),
        ("he appeared to leave", "apparently"),
        ("perhaps he left", "possibly"),
        ("“They left,” Petro said on Monday", "a statement"),
        ("In Petro’s telling, they left", "a statement"),
        ("dijo Petro que se fueron", "a statement"),
        ("Petro told the assembly that they left", "a statement"),
        ("según afirmó  López ayer, se fueron", "a statement"),
        ("the alleged attack", "a statement"),
        ("o ataque, disse Lula", "a statement"),
        ("he generally leaves", "generally"),
        ("the so-called visit", "a statement"),
    ],
)
def test_the_words_of_a_passage_ask_for_a_hedge(text: str, hedge: str) -> None:
    assert asked_for(text) == hedge
    assert asked_for(text, hedge="claimed", basis="attributed") is None


@pytest.mark.parametrize(
    "text",
    [
        "he went there",
        "the visit went according to plan",
        "según lo previsto, se fue",
        "a “reportedly” in quotation marks",
        "the unallegedly odd word",
        "por supuesto, se fue",
        "it went as claimants wished",
        "Petro and Trump discussed it and agreed",
        "Petro, whom many had told so, left",
        "the so-said visit of Petro",
        "he left, “Petro said” on the wall",
        "Petro saidly left",
    ],
)
def test_other_words_ask_for_nothing(text: str) -> None:
    assert warned(text) == []


def test_a_stronger_hedge_is_enough_and_a_weaker_one_is_not() -> None:
    assert warned("he may have gone, it is said", hedge="reportedly") == []
    assert asked_for("he has reportedly gone", hedge="generally") == "reportedly"


def test_the_words_around_count_within_the_sentence() -> None:
    assert asked_for("gone there", around='; dip:prefix "he has reportedly "') == "reportedly"
    assert asked_for("gone there", around='; dip:suffix ", sources say. He"') == "reportedly"
    assert asked_for("gone there", around='; dip:prefix "allegedly. He has "') is None
    assert asked_for("gone there", around='; dip:suffix ". Reportedly he"') is None


def test_whose_words_they_are_is_told_by_the_basis_where_a_statement_is_reported() -> None:
    attributions = "a dip:Statement"
    assert warned("according to him, he left", basis="attributed", record=attributions) == []
    assert warned("he claimed to have left", record=attributions) == []
    assert asked_for("he reportedly said so", basis="attributed", record=attributions) == "reportedly"


def test_the_words_of_a_quotation_are_the_speakers() -> None:
    attributions = 'a dip:Statement ; dip:quotation "they allegedly left"'
    assert warned("they allegedly left", basis="attributed", record=attributions) == []


def test_each_hedge_has_a_reserve_and_words_that_the_rule_finds() -> None:
    hedges = {node.value.removeprefix(KINDS) for node in rule().reserve if isinstance(node, NamedNode)}
    assert hedges == {"plain", "generally", "apparently", "possibly", "reportedly", "claimed", "described-as"}
    assert set(rule().words.values()) == set(rule().reserve)
    for phrase, hedge in rule().sayings.items():
        words = phrase.replace("...", "Petro")
        assert (words, hedge) in list(rule().attributions(f"x {words} y")), words
    for words, hedge in rule().words.items():
        assert list(rule().found(f"x {words} y")) == [(words, hedge)], words
    assert hedging_words.RULE.endswith("hedge-weaker-than-words")
