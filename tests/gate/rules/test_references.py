"""A reference to what nothing describes is told as that, with the nearest name there is."""

from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import ontology
from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules import placement
from kg.gate.rules.references import References
from kg.gate.shacl.paths import Step
from kg.iris import DATA, PREFIXES, SHAPES, SHAPES_GRAPH, TERMS, TERMS_GRAPH
from kg.terms import RDFS

GRAPH = NamedNode(DATA + "graph")
TYPE = NamedNode(PREFIXES["rdf"] + "type")
OF_A_CLASS = PREFIXES["sh"] + "ClassConstraintComponent"
ADVICE = {"en": "add dip:madeBy", "es": "añada dip:madeBy"}


@cache
def rule() -> References:
    return References.of(ontology.load().graphs[SHAPES_GRAPH])


def node(name: str) -> NamedNode:
    return NamedNode(DATA + name)


def described(name: str, class_: str = "Person") -> Quad:
    return Quad(node(name), TYPE, NamedNode(TERMS + class_), GRAPH)


@cache
def store() -> Store:
    store = Store()
    person, actor = NamedNode(TERMS + "Person"), NamedNode(TERMS + "Actor")
    store.add(Quad(person, RDFS.SUB_CLASS_OF, actor, NamedNode(TERMS_GRAPH)))
    store.extend([described("gustavo-petro"), described("tenure-petro", "OfficeHolding")])
    store.extend(described(f"row-{number}", "Event") for number in range(20_000))
    return store


def sentence(value: str, component: str | None = OF_A_CLASS, delta: Delta | None = None) -> str:
    """What is said of a reference from a statement, in English."""
    path = Step(NamedNode(TERMS + "madeBy"))
    fault = Violation(node("statement"), SHAPES + "rule", ADVICE, path, node(value), component=component)
    (told,) = rule().in_other_words([fault], Overlay(store(), delta))
    assert told.message["es"] != told.message["en"]
    return told.message["en"]


@pytest.mark.parametrize(
    ("wanted", "nearest"),
    [
        ("gustavo-petr", "gustavo-petro"),
        ("gustavo-perto", "gustavo-petro"),
        ("gustavopetro", "gustavo-petro"),
        ("petro", "gustavo-petro"),
        ("rwo-19876", "row-19876"),
    ],
)
def test_the_nearest_name_is_told(wanted: str, nearest: str) -> None:
    said = sentence(wanted)
    assert said.startswith("nothing with this name is described, here or in the graph")
    assert f"the nearest name is dipid:{nearest}:" in said


def test_where_nothing_is_like_it_that_is_told() -> None:
    assert "no name is similar" in sentence("somebody-else")


def test_names_that_come_with_the_facts_count_too() -> None:
    new = Delta(added=(described("ana-ferro"),))
    assert "dipid:ana-ferro" in sentence("ana-fero", delta=new)


@pytest.mark.parametrize("component", [None, PREFIXES["sh"] + "DisjointConstraintComponent"])
def test_what_is_not_about_the_class_of_a_value_keeps_its_words(component: str | None) -> None:
    assert sentence("gustavo-petr", component) == ADVICE["en"]


def test_what_is_described_keeps_its_words_also_if_it_is_withdrawn() -> None:
    assert sentence("gustavo-petro") == ADVICE["en"]
    gone = Delta(removed=(described("gustavo-petro"),))
    assert sentence("gustavo-petro", delta=gone) == ADVICE["en"]


def test_a_misspelt_subject_is_told_its_nearest_name() -> None:
    fault = Violation(node("gustavo-petr"), placement.RULE, {"en": "it belongs elsewhere"})
    (told,) = rule().in_other_words([fault], Overlay(store()))
    assert told.message["en"].endswith("the nearest name that is described is dipid:gustavo-petro")


def test_of_a_word_that_is_no_term_only_that_is_told() -> None:
    kind, path = NamedNode(f"{PREFIXES['dipk']}acusation"), Step(NamedNode(TERMS + "hasKind"))
    of_shape = Violation(node("s"), SHAPES + "kind", ADVICE, path, kind, component=OF_A_CLASS)
    of_word = Violation(node("s"), SHAPES + "unknown-term", ADVICE, path, kind)
    assert list(rule().in_other_words([of_shape, of_word], Overlay(store()))) == [of_word]


def test_a_judgement_of_identity_is_on_what_is_described_or_on_what_is_not_ours() -> None:
    compared, assesses = (NamedNode(TERMS + name) for name in ("comparedWith", "assesses"))
    judged = [
        Quad(node("judgement"), assesses, node("nobody"), GRAPH),
        Quad(node("judgement"), compared, NamedNode("http://www.wikidata.org/entity/Q1"), GRAPH),
        Quad(node("other"), assesses, node("anything"), GRAPH),
        Quad(node("text"), compared, Literal("no name"), GRAPH),
    ]
    overlay = Overlay(store(), Delta(added=tuple(judged)))
    assert [each.value for each in rule().violations(overlay)] == [node("nobody")]
    assert [each.value for each in rule().whole(overlay)] == [node("nobody")]
