"""Sets of texts in bounded memory."""

from hypothesis import given
from hypothesis import strategies as st

from kg.exports import text_set
from kg.exports.text_set import TextSet

TEXTS = st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))


@given(TEXTS, TEXTS)
def test_a_set_holds_each_text_once_and_yields_them_in_order(texts: list[str], others: list[str]) -> None:
    held = TextSet(texts)
    assert [*held] == sorted({*texts})
    assert [*held.as_added()] == [*dict.fromkeys(texts)]
    assert [text in held for text in others] == [text in texts for text in others]
    assert [held.add(text) for text in dict.fromkeys(others)] == [
        text not in texts for text in dict.fromkeys(others)
    ]


def test_texts_that_are_added_while_a_set_is_read_are_read_too() -> None:
    held = TextSet(["1"])
    for text in held.as_added():
        if len(text) < 2 * text_set._AT_ONCE:
            held.add(text + "1")
    assert len([*held]) == 2 * text_set._AT_ONCE
