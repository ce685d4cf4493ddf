"""The names of our terms and kinds of things, and common words, are no contested words."""

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg import ontology
from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules import neutral_words
from kg.gate.rules.neutral_words import NeutralWords
from kg.iris import KINDS_GRAPH, PREFIXES, TERMS_GRAPH

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
GRAPHS = ontology.load().graphs
RULE = NeutralWords.of((*GRAPHS[TERMS_GRAPH], *GRAPHS[KINDS_GRAPH]))


def refused(words: str, in_which: str = "equivalentWord") -> list[str]:
    read = parse(f'{HEADER} dipid:c dip:{in_which} "{words}" .'.encode(), format=RdfFormat.TURTLE)
    added = tuple(Quad(quad.subject, quad.predicate, quad.object, NamedNode("urn:g")) for quad in read)
    store = pyoxigraph.Store()
    told = [each.rule for each in RULE.violations(Overlay(store, Delta(added=added)))]
    store.extend(added)
    assert [each.rule for each in RULE.whole(Overlay(store))] == told
    return told


@pytest.mark.parametrize(
    "words", ["meeting", "meetings", "reunión", "reunion", "agreement", "visits", "use of force", "tariff"]
)
@pytest.mark.parametrize("in_which", ["contestedWord", "equivalentWord"])
def test_a_name_of_ours_is_refused(words: str, in_which: str) -> None:
    assert refused(words, in_which) == [neutral_words.RULE]


@pytest.mark.parametrize(
    "words",
    [
        *("the meeting", "una reunión", "m33ting", "мeeting", "meet-ing", "reuniones", "gestures", "made by"),
        *("president", "the president", "presidente", "of the", "gouvernement", "países", "nação", "amanhã"),
    ],
)
def test_other_forms_of_names_and_common_words_are_refused(words: str) -> None:
    assert refused(words) == [neutral_words.RULE]


@pytest.mark.parametrize(
    "words",
    [
        *("the kidnapping", "state terror", "war of aggression", "puppet government", "lackeys", "golpe"),
        *("golpista", "vendepatria", "puppet", "régime", "ocupação", "drug leader", "the empire"),
    ],
)
def test_other_words_of_claimants_are_not(words: str) -> None:
    assert refused(words) == []


@pytest.mark.parametrize("words", ["kidnapping", "war crimes", "piracy", "secuestro", "sharp", "hostile"])
def test_a_claimants_word_is_not(words: str) -> None:
    assert refused(words) == []
