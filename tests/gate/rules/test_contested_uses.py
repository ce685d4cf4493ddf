"""The fast look at a text's first letters passes over no text that uses a contested word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.gate.overlay import Overlay
from kg.gate.rules.contested_uses import ContestedUses
from kg.gate.rules.word_index import WordIndex
from kg.iris import DATA
from kg.terms import DIP

WORDS = ("kidnap", "war crimes", "lockout", "narco-state", "crímenes de guerra")
SIGNS = [
    "-",
    "_",
    ".",
    "'",
    "’",
    " ",
    "  ",
    "·",
    "/",
    "|",
    "\u200b",
    "\u0336",
    "\u2011",
    "1",
    "2",
    "“",
    "”",
    "",
]


class Unfiltered(ContestedUses):
    def _may_use(self, _: str) -> bool:
        return True


def uses(of: type[ContestedUses] = ContestedUses) -> ContestedUses:
    store = Store()
    for word in WORDS:
        claim = NamedNode(DATA + "claim")
        store.add(Quad(claim, DIP.CONTESTED_WORD, Literal(word), NamedNode(DATA + "graph-test")))
    return of(Overlay(store))


@st.composite
def disguised(draw: st.DrawFn) -> str:
    """Words, contested ones among them, with signs between any two letters."""
    words = draw(
        st.lists(st.sampled_from((*WORDS, "the", "a", "l'", "x1", "of", "ki")), min_size=1, max_size=4)
    )
    pieces = [
        part
        for word in words
        for part in (draw(st.sampled_from(("", "", *SIGNS))).join(word), draw(st.sampled_from((" ", *SIGNS))))
    ]
    for _ in range(draw(st.integers(0, 3))):
        pieces.insert(draw(st.integers(0, len(pieces))), draw(st.sampled_from(SIGNS)))
    return "".join(pieces)


@settings(max_examples=200)
@given(disguised())
def test_no_text_that_uses_a_contested_word_is_passed_over(text: str) -> None:
    assert list(uses().used(text)) == list(uses(Unfiltered).used(text))


def test_a_text_without_first_letters_of_a_contested_word_is_not_read_further() -> None:
    found = uses()
    assert list(found.used("The visit of a head of state")) == []
    assert found._known == {}


@pytest.mark.parametrize("end", ["inging", "ss", "ations", "ments", "-ing"])
def test_a_word_of_any_length_is_compared_in_linear_time(end: str) -> None:
    assert len(list(uses().used("kid" + end * 20_000))) == 0


def test_the_index_takes_words_of_any_script_and_length() -> None:
    index = WordIndex(["похищение", "拉致", "x" * 60, "a b c d e f", "9/11", "-", ""])
    assert list(index.akin("похищения", "en")) == []
    assert list(index.spelt("9/11")) == ["9/11"]
