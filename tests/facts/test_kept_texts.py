"""Passages of a source whose text is kept: where they start, and what is said of those that stand nowhere."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from kg import scratch
from kg.changes import Delta
from kg.facts.computed import completed
from kg.facts.kept_texts import LONGEST_EXCERPT, SourceText, TextsAtHand
from kg.store.source_texts import SourceTexts
from tests.support.facts import quads

TEXT = (
    "Norland closed the border. The envoy called it “a reckless act”, and left.\n"
    "Later Norland opened the border again; se dice que el presidente cedió 😀 al fin.\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    SourceTexts(folder).add(TEXT.encode(), "Ana")
    return folder


@pytest.fixture(scope="module")
def source(folder: Path) -> str:
    (kept,) = SourceTexts(folder).all()
    return f'dipid:article dip:textHash "{kept.hash}" .'


def passage(**said: str | int) -> str:
    values = "".join(
        f" ; dip:{name} {value if isinstance(value, int) else repr(value)}" for name, value in said.items()
    )
    return f"dipid:words a dip:Passage ; dip:occursIn dipid:article{values} ."


def computed(folder: Path, text: str, before: str = "") -> dict[str, str]:
    texts = TextsAtHand(folder, scratch.filled(quads(before)))
    given = quads(text)
    new = [quad for quad in completed(given, texts) if quad not in given]
    return {
        quad.predicate.value.rpartition("#")[2]: quad.object.value
        for quad in new
        if isinstance(quad.object, Literal)
    }


def refusals(folder: Path, text: str, before: str = "") -> list[str]:
    found = TextsAtHand(folder, scratch.filled(quads(before))).violations(Delta(quads(text)))
    return [each.sentence() for each in found]


def test_the_offsets_of_a_passage_and_the_length_of_the_text_are_worked_out(
    folder: Path, source: str
) -> None:
    told = computed(folder, source + passage(exactText="cedió 😀 al fin"))
    start = TEXT.index("cedió")
    assert told["startOffset"] == str(start)
    assert told["endOffset"] == str(start + len("cedió 😀 al fin"))
    assert told["textLength"] == str(len(TEXT))


def test_a_source_that_another_graph_describes_has_its_text_too(folder: Path, source: str) -> None:
    assert computed(folder, passage(exactText="reckless"), before=source)["startOffset"]


def test_what_is_given_is_left_as_it_is(folder: Path, source: str) -> None:
    text = source.replace(" .", " ; dip:textLength 5 .") + passage(exactText="reckless", startOffset=3)
    assert set(computed(folder, text)) == {"exactHash", "endOffset"}


def test_without_the_text_nothing_is_worked_out_and_nothing_refused(tmp_path: Path, source: str) -> None:
    text = source + passage(exactText="nowhere at all")
    assert set(computed(tmp_path, text)) == {"exactHash"}
    assert refusals(tmp_path, text) == []


def test_words_that_stand_twice_need_what_stands_beside_them(folder: Path, source: str) -> None:
    twice = passage(exactText="the border")
    assert "startOffset" not in computed(folder, source + twice)
    assert "2 times" in refusals(folder, source + twice)[0]
    told = passage(exactText="the border", suffix=" again")
    assert computed(folder, source + told)["startOffset"] == str(TEXT.rindex("the border"))
    assert refusals(folder, source + told) == []


def test_a_passage_that_stands_at_its_offset_is_accepted(folder: Path, source: str) -> None:
    start = TEXT.index("a reckless")
    fine = passage(exactText="a reckless act", startOffset=start, prefix="it “", suffix="”, and left.\n")
    assert refusals(folder, source + fine) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"exactText": "a wreckless act", "startOffset": 3}, "has “a reckless act”"),
        ({"exactText": "a reckless act", "startOffset": 3}, f"but at {TEXT.index('a reckless')};"),
        ({"exactText": "a reckless act", "prefix": "called at “"}, "there is “called it “”"),
        ({"exactText": "a reckless act", "suffix": "; and"}, "there is “”, an”"),
        ({"exactText": "a reckless act", "prefix": "weather in spring"}, "this text is not before"),
        ({"exactText": "the border", "prefix": "closed ", "suffix": " again"}, "this text is not after"),
        ({"exactText": "The EnVoy called it"}, "punctuation, case, white space"),
        (
            {"exactText": "and left. Later Norland"},
            "“and left.⏎Later Norland”, which differs only in punctuation",
        ),
        ({"exactText": "el presidente cedio\u0301"}, "another Unicode normalization form"),
        ({"exactText": "a quite different matter"}, "do not occur in the stored text"),
    ],
)
def test_a_passage_that_does_not_stand_there_is_refused_in_a_sentence(
    folder: Path, source: str, given: dict[str, str | int], said: str
) -> None:
    (sentence,) = refusals(folder, source + passage(**given))
    assert said in sentence


def test_a_wrong_length_of_the_text_is_refused(folder: Path, source: str) -> None:
    (sentence,) = refusals(folder, source.replace(" .", " ; dip:textLength 5 ."))
    assert f"has {len(TEXT)} code points" in sentence


def test_passages_of_another_source_are_not_looked_up(folder: Path, source: str) -> None:
    other = passage(exactText="nowhere at all").replace("dipid:article", "dipid:page")
    assert refusals(folder, source + other) == []


@given(st.text(max_size=60), st.sampled_from(["zzz qqq xxx yyy", "Norland zzz qqq xxx yyy", "😀", " “ ” "]))
def test_words_that_are_mostly_unknown_show_nothing_of_the_text(noise: str, words: str) -> None:
    text = SourceText("Norland closed the border. " + noise)
    if words not in text.text:
        assert text.nearest(words).excerpt in ("", "Norland") or len(words) < 5


def test_an_excerpt_is_no_longer_than_a_quotation() -> None:
    text = SourceText(" ".join(f"word{number}" for number in range(1000)))
    words = text.text[:4000].replace("word77 ", "")
    assert len(text.nearest(words).excerpt) <= LONGEST_EXCERPT + 2
