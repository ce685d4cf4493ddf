"""Letter-by-letter differences between two texts."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"\w+|\W")
LONGEST = 2000
"""Maximum characters of a text that is compared letter by letter."""


class Letters(NamedTuple):
    """Letters of two texts: kept, added, or removed."""

    kind: str
    text: str


def changed_letters(before: str, after: str) -> list[Letters]:
    """Return the differences between texts, by word and within words; long texts are not compared.

    >>> [tuple(each) for each in changed_letters("Make America", "Make the Americas")]
    [('kept', 'Make '), ('added', 'the '), ('kept', 'America'), ('added', 's')]
    """
    if max(len(before), len(after)) > LONGEST:
        return [Letters("removed", before), Letters("added", after)]
    return [
        letters
        for kind, old, new in _steps(_WORD.findall(before), _WORD.findall(after))
        for letters in ([Letters("kept", old)] if kind == "equal" else _within(old, new))
        if letters.text
    ]


def _within(old: str, new: str) -> Iterator[Letters]:
    """Yield the differences within some words."""
    for kind, removed, added in _steps(old, new):
        if kind == "equal":
            yield Letters("kept", removed)
        else:
            yield from (Letters("removed", removed), Letters("added", added))


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the differences between two sequences of words or letters: kind, old text, new text."""
    for kind, start, end, other_start, other_end in SequenceMatcher(None, old, new, False).get_opcodes():
        yield kind, "".join(old[start:end]), "".join(new[other_start:other_end])
