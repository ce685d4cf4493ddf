"""The page of a term: its place, its rules in words, its drawing, its uses."""

import re

import pytest
from pyoxigraph import NamedNode

from kg import iris, ontology
from kg.pages.profiles import thing_page
from kg.pages.profiles.reading import ProfileReader
from kg.pages.profiles.thing_page import ThingRequest
from kg.pages.remembered import Remembered
from kg.pages.rendering import Style
from kg.pages.terminology import term
from kg.pages.terminology.uses import uses
from kg.query import questions
from kg.store.store import Store
from kg.terms import RDF

ASKED = questions.load().values()


def read(seed: Store, iri: str, language: str = "en") -> term.TermProfile:
    cells = Style("/", language).cells(Remembered(seed))
    return term.profile(ProfileReader(cells), NamedNode(iris.expand(iri)))


def written(seed: Store, iri: str, language: str = "en") -> str:
    full = iris.expand(iri)
    asked = ThingRequest(full, uses=uses(ASKED, full))
    return b"".join(thing_page.write(Style("/", language), asked, seed.log, seed)).decode()


def test_a_class_stands_between_broader_and_narrower_ones(seed: Store) -> None:
    found = read(seed, "dip:Measure")
    assert [each.text for each in found.trail] == ["Happening", "Event"]
    assert [each.text for each in found.above] == ["Event"]
    assert [each.text for each in found.below] == ["Sanction", "Trade measure"]


def test_the_rules_of_a_class_are_in_words_and_those_of_broader_ones_follow(seed: Store) -> None:
    fields = read(seed, "dip:Statement").fields
    speaker = next(each for each in fields if "/terms/madeBy" in each.path)
    assert (speaker.least, speaker.most) == (1, None)
    assert [each.text for each in speaker.values] == ["Actor"]
    assert speaker.message
    assert speaker.message.text.startswith("A statement needs its speaker")
    assert speaker.address == "/shapes#Statement-madeBy"
    inherited = read(seed, "dip:Threat").fields
    assert [each.is_inherited for each in inherited] == sorted(each.is_inherited for each in inherited)
    assert any(each.is_inherited and each.of[0].text == "Statement" for each in inherited)


def test_rules_are_in_the_language_of_the_reader(seed: Store) -> None:
    (line,) = [each for each in read(seed, "dip:madeBy", "es").fields if each.least]
    assert line.message
    assert line.message.text.startswith("Una declaración necesita a quien la hace")


def test_a_property_says_of_which_classes_it_is_and_which_rules_read_it(seed: Store) -> None:
    found = read(seed, "dip:contestedWord")
    assert "Claim" in [cell.text for line in found.fields for cell in line.of]
    assert "/shapes#Claim-contested-in-its-words" in [line.address for line in found.rules]


def test_a_kind_says_where_it_may_stand(seed: Store) -> None:
    found = read(seed, "dipk:accusation")
    assert [each.iri for each in found.lists] == ["dipk:statement-kinds"]
    assert any(line.of and line.of[0].text == "Statement" for line in found.fields)
    assert found.all_samples == "kind=accusation"
    assert found.drawing is None


def test_a_list_of_kinds_has_those_at_its_top_below_it(seed: Store) -> None:
    assert "dipk:accusation" in [each.iri for each in read(seed, "dipk:statement-kinds").below]


def test_examples_are_facts_of_the_graph_and_claims_stay_claims(seed: Store) -> None:
    samples = read(seed, "dip:Claim").samples
    assert samples
    assert all(each.thing.is_claimed for each in samples)
    assert 'class="claimed"' in written(seed, "dip:Claim")
    values = [each.value for each in read(seed, "dip:madeBy").samples]
    assert values
    assert all(value and value.sign == "actor" for value in values)


def test_a_class_without_things_of_its_own_shows_those_of_narrower_ones(seed: Store) -> None:
    happening = NamedNode(iris.TERMS + "Happening")
    assert not any(True for _ in seed.quads_for_pattern(None, RDF.TYPE, happening))
    assert {each.thing.sign for each in read(seed, "dip:Happening").samples} == {"happening"}


def test_the_drawing_has_neighbours_on_both_sides_and_says_what_it_leaves_out(seed: Store) -> None:
    drawing = read(seed, "dip:Actor").drawing
    assert drawing
    assert drawing.left_out > 0
    assert f"leaves out {drawing.left_out} more" in written(seed, "dip:Actor")
    claim = read(seed, "dip:Claim").drawing
    assert claim
    assert not claim.left_out
    left = {each.cell.text for each in claim.boxes if each.x == 1}
    right = {each.cell.text for each in claim.boxes if each.x > 600}
    assert "Statement" in left
    assert "Actor" in right
    assert "advances" in next(each.whole for each in claim.arrows if "denies" in each.whole)


def test_a_page_links_to_the_questions_that_use_the_term(seed: Store) -> None:
    text = written(seed, "dip:denies")
    named = {each.name for each in ASKED if "dip:denies" in re.sub(r"#.*", "", each.text)}
    assert named
    assert {name for name in named if f'href="/questions/{name}"' in text} == named


def test_a_question_uses_the_class_of_its_parameter() -> None:
    found = {each.name for each in uses(ASKED, iris.TERMS + "Source")}
    asked = {q.name for q in ASKED if any(each.of_class == "dip:Source" for each in q.params)}
    assert asked
    assert asked <= found


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "iri", ["dip:Claim", "dip:madeBy", "dip:content", "dip:reserve", "dipk:claimed", "dipk:hedges"]
)
def test_every_sort_of_term_has_a_page(seed: Store, iri: str, language: str) -> None:
    text = written(seed, iri, language)
    assert f"<code>{iri}</code>" in text
    assert text.count("<h1") == 1
    assert 'class="badge term"' in text


def test_every_term_and_kind_of_the_release_has_a_page(seed: Store) -> None:
    for iri in ontology.load().known_terms:
        page = b"".join(thing_page.write(Style("/", "es"), ThingRequest(iri), seed.log, seed))
        assert b'class="badge term"' in page, iri
