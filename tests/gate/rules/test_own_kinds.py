"""A submission may bring a kind below one of an open list; what the shapes ask of one, they ask of both."""

from functools import cache
from hashlib import sha256

import pyoxigraph
import pytest

from kg import ontology
from kg.changes import Delta
from kg.gate.gate import Gate
from kg.gate.overlay import Overlay
from kg.gate.reports import Report
from kg.gate.rules import claims, own_kinds
from kg.iris import KINDS, SHAPES_GRAPH
from tests.support.facts import quads

RETURN = """
    dipid:medal-return a skos:Concept ; skos:broader dipk:return-of-gift-or-honour ;
        skos:prefLabel "Return of a medal"@en ; skos:definition "A medal is given back to its giver."@en .
"""
WORDS = "Gustavo Petro gave the medal back to Donald Trump."
WORLD = f"""
    dipid:article a dip:Source ; dcterms:title "A medal"@en ; dip:hasKind dipk:article ;
        dip:publishedBy dipid:reuters .
    dipid:report a dip:Report ; dip:reports dipid:e ; dip:foundIn dipid:article ; dip:hedgedAs dipk:plain ;
        dip:basedOn dipk:own-voice ; dip:quotes dipid:passage .
    dipid:passage a dip:Passage ; dip:occursIn dipid:article ;
        dip:exactText "{WORDS}" ; dip:exactHash "{sha256(WORDS.encode()).hexdigest()}" .
"""
GESTURE = """
    dipid:e a dip:Gesture ; rdfs:label "A medal"@en ; dip:hasKind {} ; dip:performedBy dipid:gustavo-petro ;
        dip:directedAt dipid:donald-trump .
"""


@cache
def gate() -> Gate:
    return Gate.of(ontology.load())


def judged(new: str, *stored: str, withdrawn: str = "") -> Report:
    store = pyoxigraph.Store()
    store.extend((*ontology.load().quads, *ontology.load().seed))
    for number, text in enumerate(stored):
        store.extend(quads(text, f"urn:{number}"))
    return gate().check(Delta(quads(new, "urn:new"), quads(withdrawn, "urn:0")), store)


def faults(text: str, *stored: str) -> list[str]:
    found = judged(text, *stored).errors
    assert all(each.rule == own_kinds.RULE for each in found)
    return [each.message["en"] for each in found]


def test_a_gesture_of_a_kind_that_comes_with_it_is_accepted() -> None:
    assert judged(RETURN + WORLD + GESTURE.format("dipid:medal-return")).errors == ()


def test_a_kind_below_a_kind_of_another_submission_is_accepted() -> None:
    below = RETURN.replace("dipid:medal-return", "dipid:cross-return").replace(
        "dipk:return-of-gift-or-honour", "dipid:medal-return"
    )
    new = below + WORLD + GESTURE.format("dipid:cross-return")
    assert judged(new, RETURN).errors == ()
    assert judged(new).errors != ()


def test_a_kind_of_another_list_does_not_fit() -> None:
    vote = RETURN.replace("dipk:return-of-gift-or-honour", "dipk:vote")
    (found,) = judged(vote + WORLD + GESTURE.format("dipid:medal-return")).errors
    assert found.rule.endswith("Gesture-hasKind")


def test_what_the_shapes_ask_of_the_broader_kind_they_ask_of_the_narrower() -> None:
    talk = RETURN.replace("dipk:return-of-gift-or-honour", "dipk:summit-meeting")
    event = """
        dipid:e a {} ; rdfs:label "Talk"@en ; dip:hasKind dipid:medal-return ;
            dip:involves dipid:gustavo-petro , dipid:donald-trump .
    """
    assert judged(talk + WORLD + event.format("dip:Meeting")).errors == ()
    (found,) = judged(talk + WORLD + event.format("dip:Event")).errors
    assert found.rule.endswith("class-of-its-kind")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("a skos:Concept ;", "", "needs its type"),
        ('skos:prefLabel "Return of a medal"@en ;', "", "needs a name"),
        ("skos:definition", "skos:note", "add skos:definition"),
        ("dipk:return-of-gift-or-honour", "dipk:wrongful-conduct", "for the alleged kind of claims only"),
        ("dipk:return-of-gift-or-honour", "dipk:aligned", "a kind must have a broader kind in"),
        ("dipk:return-of-gift-or-honour", "dipid:nothing", "a kind must have a broader kind in"),
        ("dipk:return-of-gift-or-honour", "dipid:medal-return", "a kind must have a broader kind in"),
        ("dipid:medal-return", "<https://example.org/return>", "skos:broadMatch"),
        ("dipk:return-of-gift-or-honour", "dipk:gift , dipk:snub", "keep one skos:broader"),
    ],
)
def test_a_kind_that_lacks_something_is_refused(old: str, new: str, words: str) -> None:
    (message,) = faults(RETURN.replace(old, new, 1))
    assert words in message


def test_a_circle_of_kinds_is_refused() -> None:
    other = RETURN.replace("dipk:return-of-gift-or-honour", "dipid:b").replace(
        "dipid:medal-return", "dipid:a"
    )
    back = RETURN.replace("dipk:return-of-gift-or-honour", "dipid:a").replace("dipid:medal-return", "dipid:b")
    assert len(faults(other + back)) == 2


def test_a_concept_of_a_foreign_thesaurus_is_left_alone() -> None:
    assert judged("<urn:a> a skos:Concept ; skos:broader <urn:b> , <urn:a> .").violations == ()


def test_a_kind_in_use_is_not_withdrawn() -> None:
    used = WORLD + GESTURE.format("dipid:medal-return")
    assert judged("", RETURN, withdrawn=RETURN).errors == ()
    assert judged("", RETURN, used, withdrawn=RETURN).errors != ()


def test_a_definition_is_not_taken_from_a_kind_that_stays() -> None:
    definition = 'dipid:medal-return skos:definition "A medal is given back to its giver."@en .'
    (found,) = judged("", RETURN, withdrawn=definition).errors
    assert found.rule == own_kinds.RULE


def test_the_check_of_the_whole_finds_the_same() -> None:
    store = pyoxigraph.Store()
    store.extend((*ontology.load().quads, *quads(RETURN.replace("skos:definition", "skos:note"))))
    kinds = own_kinds.OwnKinds.of(ontology.load().graphs[SHAPES_GRAPH])
    assert [each.rule for each in kinds.whole(Overlay(store))] == [own_kinds.RULE]


def test_the_open_lists_are_those_whose_members_a_shape_reaches_through_broader() -> None:
    kinds = own_kinds.OwnKinds.of(ontology.load().graphs[SHAPES_GRAPH])
    names = {str(each).removeprefix(f"<{KINDS}").removesuffix(">") for each in kinds.open_lists}
    lists = ("event-kinds", "gesture-kinds", "office-kinds", "participant-roles", "source-kinds")
    assert names == {*lists, "statement-kinds"}


def test_a_happening_of_a_kind_below_that_of_a_claim_resembles_the_claim() -> None:
    store = pyoxigraph.Store()
    claim = "dipid:c a dip:Claim ; dip:allegedActor dipid:ana ; dip:allegedKind dipk:visit ."
    store.extend(claims.keyed(quads(f"{claim} dipid:tour skos:broader dipk:visit .")))
    new = quads("dipid:e dip:performedBy dipid:ana ; dip:hasKind dipid:tour .", "urn:new")
    (warning,) = claims.violations(Overlay(store, Delta(added=new)))
    assert warning.rule == claims.RULE
