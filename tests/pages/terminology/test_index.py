"""The index of terms and kinds: a tree, filtered by words."""

import re

import pytest

from kg import iris, ontology
from kg.pages.rendering import Style
from kg.pages.terminology import index
from kg.pages.terminology.index import IndexRequest
from kg.store.store import Store


def written(seed: Store, graph: str, words: str = "", language: str = "en") -> str:
    title = "Kinds" if graph == iris.KINDS_GRAPH else "Terms"
    return b"".join(index.write(Style("/", language), IndexRequest(graph, title, words), seed)).decode()


def names(text: str) -> list[str]:
    return re.findall(r'<p class="term"><a href="/(?:terms|kinds)/([^"]+)"', text)


@pytest.mark.parametrize("graph", [iris.TERMS_GRAPH, iris.KINDS_GRAPH])
def test_every_term_is_listed_with_a_link_to_its_page(seed: Store, graph: str) -> None:
    space = iris.TERMS if graph == iris.TERMS_GRAPH else iris.KINDS
    terms = {iri.removeprefix(space) for iri in ontology.load().known_terms if iri.startswith(space)}
    text = written(seed, graph)
    listed = set(re.findall(r'href="/(?:terms|kinds)/([^"]+)"', text))
    assert listed == terms


def test_the_fragment_of_a_term_is_its_place_in_the_list(seed: Store) -> None:
    text = written(seed, iris.TERMS_GRAPH)
    anchors = re.findall(r' id="([^"]+)"', text)
    assert len(anchors) == len(set(anchors))
    terms = [iri for iri in ontology.load().known_terms if iri.startswith(iris.TERMS)]
    assert {iri.removeprefix(iris.TERMS) for iri in terms} <= set(anchors)


def test_a_narrower_class_is_below_the_broader_one(seed: Store) -> None:
    text = written(seed, iris.TERMS_GRAPH)
    event = text[text.index('id="Event"') :]
    assert event.index("<ul>") < event.index('id="Meeting"') < event.index('id="Inscription"')


def test_words_filter_by_name_and_definition_in_any_language_without_accents(seed: Store) -> None:
    assert "Statement" in names(written(seed, iris.TERMS_GRAPH, "declaracion"))
    found = names(written(seed, iris.TERMS_GRAPH, "never treated as fact"))
    assert found == ["Claim"]
    assert names(written(seed, iris.KINDS_GRAPH, "accusation wrong")) == ["accusation"]


def test_a_term_that_is_found_keeps_the_broader_ones_as_its_way(seed: Store) -> None:
    text = written(seed, iris.TERMS_GRAPH, "trademeasure")
    assert names(text) == ["TradeMeasure"]
    way = re.findall(r'class="term passed"><a href="/terms/([^"]+)"', text)
    assert way == ["Happening", "Event", "Measure"]
    assert "1 found" in re.sub(r'data-\w+="[^"]*"', "", text)


def test_words_that_no_term_has_are_answered_in_a_sentence_and_stay_in_the_field(seed: Store) -> None:
    text = written(seed, iris.TERMS_GRAPH, '<b>"x')
    assert "No term matches." in text
    assert 'value="&lt;b&gt;&#34;x"' in text


def test_the_index_is_in_spanish(seed: Store) -> None:
    text = written(seed, iris.TERMS_GRAPH, language="es")
    assert ">Afirmación</a>" in text
    assert "Clases" in text
