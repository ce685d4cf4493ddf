"""Typing errors are counted as the optimal string alignment distance, up to a limit."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from kg.query.search.edits import edits_between

WORDS = st.text("abc", max_size=7)


@cache
def distance(one: str, other: str) -> int:
    """The definition, which takes its time."""
    if not one or not other:
        return len(one) + len(other)
    least = min(
        distance(one[:-1], other) + 1,
        distance(one, other[:-1]) + 1,
        distance(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if len(one) > 1 and len(other) > 1 and one[-1] == other[-2] and one[-2] == other[-1]:
        least = min(least, distance(one[:-2], other[:-2]) + 1)
    return least


@given(WORDS, WORDS, st.integers(0, 3))
def test_the_errors_between_two_words_are_counted_up_to_a_limit(one: str, other: str, most: int) -> None:
    assert min(edits_between(one, other, most), most + 1) == min(distance(one, other), most + 1)
