"""Folding: what people leave out or get wrong when they type makes no difference."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.query.search.folding import LONGEST, fold

SAME = [
    ("NICOLÁS MADURO", "nicolas maduro"),
    ("Nicola\u0301s", "Nicolás"),
    ("O’Higgins", "o'higgins"),
    ("U.S. visas", "us visas"),
    ("Straße", "STRASSE"),
    ("Łódź", "lodz"),
    ("Ørsted", "orsted"),
    ("white\u200bhouse", "whitehouse"),
    ("  a\t\n–b…", "a b"),
    ("ﬁn", "fin"),
    ("访问中国", "访 问 中 国"),
    ("İstanbul", "istanbul"),
    ("الرِّئَاسَة", "الرئاسة"),
]


@pytest.mark.parametrize(("written", "typed"), SAME)
def test_what_is_typed_folds_to_what_is_written(written: str, typed: str) -> None:
    assert fold(written) == fold(typed) != ""


def test_two_words_stay_two() -> None:
    assert fold("Mr. Trump-Petro/qqami.com") == "mr trump petro qqami com"


@given(st.text(max_size=50))
def test_folding_is_stable_and_leaves_words_with_one_space_between(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split(" ")).strip()
    assert fold(folded) == folded
    assert not any(unicodedata.combining(letter) for letter in folded)


def test_a_long_text_is_cut_even_where_letters_unfold_to_many() -> None:
    assert len(fold("\ufdfa" * LONGEST)) <= LONGEST
    assert len(fold("ab " * LONGEST)) <= LONGEST
