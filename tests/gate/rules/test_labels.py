"""Names that are blank are refused; those in no language, or twice in one, are warned of."""

import pyoxigraph
import pytest

from kg import ontology
from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules import labels
from kg.iris import SHAPES_GRAPH
from tests.support.facts import quads


def rule() -> labels.Labels:
    return labels.Labels.of(ontology.load().graphs[SHAPES_GRAPH])


def found(new: str, before: str = "") -> list[Violation]:
    store = pyoxigraph.Store()
    store.extend(quads(before))
    return list(rule().violations(Overlay(store, Delta(added=quads(new)))))


@pytest.mark.parametrize(
    "name",
    [
        '""',
        '"  "@en',
        '"\\u00a0\\u2003"@es',
        '"\\u200b"@en',
        '"…"@en',
        '"\u3164"@ko',
        '"__"',
        '"—"',
        '"\\t\\n"',
    ],
)
@pytest.mark.parametrize("predicate", ["rdfs:label", "skos:altLabel", "dcterms:title"])
def test_a_name_without_letters_is_refused(name: str, predicate: str) -> None:
    text = f"dipid:p {predicate} {name} ."
    (violation,) = found(text)
    assert (violation.rule, violation.severity) == (labels.BLANK, "error")
    store = pyoxigraph.Store()
    store.extend(quads(text))
    assert list(rule().whole(Overlay(store))) == [violation]


@pytest.mark.parametrize("predicate", ["dip:content", "dip:quotation", "dip:paraphrase", "dip:dateAsWritten"])
@pytest.mark.parametrize("text", ['" "@en', '"\u200b\u00a0"', '"\u3164"@ko'])
def test_a_text_in_which_nothing_can_be_seen_is_refused(predicate: str, text: str) -> None:
    (violation,) = found(f"dipid:p {predicate} {text} .")
    assert (violation.rule, violation.severity) == (labels.BLANK, "error")


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ('"Bogota"', "has no language"),
        ('"x"@zz', "no language “zz”"),
        ('"x"@zz-nonsense', "no language “zz-nonsense”"),
        ('"x"@qaa', "no language “qaa”"),
        ('"x"@english', "no language “english”"),
        ('"Bogotá"@es , "Bogotá D. C."@es-CO', "already names this thing in “es”"),
        ('"Bogotá"@es , "Santa Fe"@ES', "already names this thing in “es”"),
    ],
)
def test_the_language_of_a_name_is_warned_of(names: str, words: str) -> None:
    (violation,) = found(f"dipid:p rdfs:label {names} .")
    assert (violation.rule, violation.severity) == (labels.LANGUAGE, "warning")
    assert words in violation.sentence()


def test_a_second_name_in_a_language_is_warned_of_where_the_first_stood_before() -> None:
    (violation,) = found('dipid:p rdfs:label "A"@en .', before='dipid:p rdfs:label "B"@en .')
    assert '"B"@en already names this thing in “en”' in violation.sentence()


@pytest.mark.parametrize(
    "new",
    [
        'dipid:p rdfs:label "Bogota"@en , "Bogotá"@es , "Bogotá"@pt-BR , "Пуэрто"@ru , "Bacatá"@chb .',
        'dipid:p rdfs:label "7"@en , "東京"@ja .',
        'dipid:p skos:altLabel "BOG" , "Bogota"@en , "Bogota, D.C."@en .',
        'dipid:p dcterms:title "A title" , "[]untitled" .',
        "dipid:p rdfs:label 5 .",
        'dipid:p dip:quotation "!!!"@en , "👍" ; dip:content "…"@en .',
        '<http://example.org/p> rdfs:label " " , "x" .',
    ],
)
def test_what_names_well_or_is_not_ours_is_accepted(new: str) -> None:
    assert found(new) == []
