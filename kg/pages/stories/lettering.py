"""Letter by letter: what was added to a text and taken from it."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"\w+|\W")
LONGEST = 2000
"""Characters of a text that is compared letter by letter."""


class Letters(NamedTuple):
    """Some letters of two texts: kept, added, or removed."""

    kind: str
    text: str


def changed_letters(before: str, after: str) -> list[Letters]:
    """Return how one text became another, word by word and within words; long texts are told whole.

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
    """Yield how some words became others."""
    for kind, removed, added in _steps(old, new):
        if kind == "equal":
            yield Letters("kept", removed)
        else:
            yield from (Letters("removed", removed), Letters("added", added))


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what differs between two sequences of words or of letters: a kind, the old and the new."""
    for kind, start, end, other_start, other_end in SequenceMatcher(None, old, new, False).get_opcodes():
        yield kind, "".join(old[start:end]), "".join(new[other_start:other_end])
