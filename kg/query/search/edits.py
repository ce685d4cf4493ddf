"""Typing errors between two words: missing, extra, wrong or swapped letters."""

from functools import lru_cache


@lru_cache(1 << 16)
def edits_between(one: str, other: str, most: int) -> int:
    """Return the number of errors between two words; a number above ``most`` if there are more.

    It is the optimal string alignment distance.

    >>> edits_between("petor", "petro", 1), edits_between("colombia", "columbia", 2)
    (1, 1)
    """
    if one == other:
        return 0
    if abs(len(one) - len(other)) > most:
        return most + 1
    one, other = _differing(one, other)
    if max(len(one), len(other)) <= 1:
        return 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, facing in enumerate(other, 1):
            least = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != facing))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == facing:
                least = min(least, before[column - 2] + 1)
            line.append(least)
        if min(line) > most:
            return most + 1
        before, above = above, line
    return above[-1]


def _differing(one: str, other: str) -> tuple[str, str]:
    """Return two words without their common beginning and end."""
    length = min(len(one), len(other))
    start = next((place for place in range(length) if one[place] != other[place]), length)
    one, other = one[start:], other[start:]
    length = min(len(one), len(other))
    end = next((place for place in range(length) if one[-1 - place] != other[-1 - place]), length)
    return one[: len(one) - end], other[: len(other) - end]
