"""A word that only a claimant uses is refused as fact, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.gate import contested
from kg.gate.overlay import Overlay
from kg.iris import DATA, KINDS, PREFIXES, TERMS
from kg.quads import Delta

LABEL = NamedNode(PREFIXES["rdfs"] + "label")
GRAPH = NamedNode(DATA + "graph-test")
CLAIM = NamedNode(DATA + "claim")
SPEAKER = NamedNode(DATA + "speaker")


def store_with(*words: str) -> Store:
    store = Store()
    for word in words:
        store.add(Quad(CLAIM, contested.CONTESTED_WORD, Literal(word), GRAPH))
    store.add(Quad(CLAIM, NamedNode(TERMS + "claimedBy"), SPEAKER, GRAPH))
    store.add(Quad(SPEAKER, LABEL, Literal("The Speaker", language="en"), GRAPH))
    return store


def found(text: str, *words: str, subject: str = DATA + "event", predicate: NamedNode = LABEL) -> list[str]:
    """The sentences about one new text, where these words are contested."""
    quad = Quad(NamedNode(subject), predicate, Literal(text, language="en"), GRAPH)
    overlay = Overlay(store_with(*words), Delta(added=(quad,)))
    return [violation.sentence() for violation in contested.violations(overlay)]


@pytest.mark.parametrize(
    "text",
    [
        "Kidnapping of a president",
        "The KIDNAPPING",
        "War  crimes in Caracas",
        "After “talks”, a kidnapping",
        "Petro’s ‘claim’ and the kidnapping’s aftermath: kidnapping",
        "kidnapping",
        "The kidnapping's aftermath",
        "War-crimes investigated",
    ],
)
def test_a_contested_word_outside_quotation_marks_is_refused(text: str) -> None:
    assert found(text, "kidnapping", "war crimes")


@pytest.mark.parametrize(
    "text",
    [
        "Petro’s claim of a ‘kidnapping’",
        "What he calls “war crimes”",
        "Lo que llama «kidnapping»",
        "An alleged 'kidnapping'",
        'Said to be "war crimes in Caracas"',
        "A war; crimes",
        "Kidnappings elsewhere",
        "Warcrimes",
        "",
    ],
)
def test_quotation_other_words_and_parts_of_words_pass(text: str) -> None:
    assert found(text, "kidnapping", "war crimes") == []


def test_the_sentence_names_the_word_and_whose_it_is() -> None:
    (sentence,) = found("The kidnapping", "kidnapping")
    assert "“kidnapping” is the word of The Speaker alone" in sentence
    assert sentence.startswith("dipid:event, rdfs:label")


def test_kinds_are_held_to_the_same_rule() -> None:
    preferred = NamedNode(PREFIXES["skos"] + "prefLabel")
    assert found("Kidnapping", "kidnapping", subject=KINDS + "kidnapping", predicate=preferred)


def test_quotations_and_contents_are_the_speakers_own_and_free() -> None:
    for name in ("quotation", "content", "paraphrase"):
        assert found("kidnapping", "kidnapping", predicate=NamedNode(TERMS + name)) == []


def test_a_word_contested_later_is_found_over_the_whole_graph_only() -> None:
    store = store_with("kidnapping")
    store.add(Quad(NamedNode(DATA + "old"), LABEL, Literal("A kidnapping"), GRAPH))
    assert list(contested.violations(Overlay(store))) == []
    assert [violation.focus for violation in contested.whole(Overlay(store))] == [NamedNode(DATA + "old")]


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=3), min_size=1, max_size=8), st.data())
def test_every_run_of_words_is_looked_up(words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, min(len(words), first + contested.LONGEST) - 1))
    assert " ".join(words[first : last + 1]) in set(contested.outside_quotation(" ".join(words)))
