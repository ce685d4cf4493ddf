"""Sentences of a text, and the passages that a curator marks in it, with their offsets."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”’»)\]]*+(?=\s++[\"“‘«(¿¡\[]*+[A-ZÁÉÍÓÚÑÜ0-9])|\n++")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Sr|Sra|Srta|Gen|Gov|Sen|Rep|St|Jr|No|vs|Lic|Ing|Ud|EE)|\b[A-Z]|(?:\b[A-Z]\.)+[A-Z])\.$"
)
_WORD = re.compile(r"\S+")


class Passage(NamedTuple):
    """Words of a text, and the number of characters before them."""

    text: str
    start: int


def sentences(text: str) -> Iterator[Passage]:
    """Yield the sentences of a text; a line end ends one.

    >>> [each.text for each in sentences("Mr. Trump met U.S. envoys. “No,” he said.")]
    ['Mr. Trump met U.S. envoys.', '“No,” he said.']
    """
    start = 0
    for match in _END.finditer(text):
        if match[0].startswith("\n") or not _ABBREVIATED.search(text, start, match.end()):
            yield from _trimmed(text, start, match.end())
            start = match.end()
    yield from _trimmed(text, start, len(text))


def marked(text: str, words: str) -> Passage | None:
    """Return the first occurrence of a marked passage, ignoring white space; None if it does not occur.

    >>> marked("He had\\n gone.", "had gone")
    Passage(text='had\\n gone', start=3)
    """
    phrase = " ".join(words.split())
    spaced, places = _spaced(text)
    place = spaced.find(phrase) if phrase else -1
    if place < 0:
        return None
    start, end = places[place], places[place + len(phrase) - 1] + 1
    return Passage(text[start:end], start)


@lru_cache(maxsize=2)
def _spaced(text: str) -> tuple[str, list[int]]:
    """Return a text with single spaces, and for each of its characters the offset in the original text."""
    pieces: list[str] = []
    places: list[int] = []
    for match in _WORD.finditer(text):
        if pieces:
            pieces.append(" ")
            places.append(match.start() - 1)
        pieces.append(match[0])
        places.extend(range(match.start(), match.end()))
    return "".join(pieces), places


def around(text: str, passage: Passage) -> dict[str, str]:
    """Return the cells with the words around a passage, if the text has the passage twice."""
    if text.find(passage.text) == text.rfind(passage.text):
        return {}
    end = passage.start + len(passage.text)
    return {
        "passage_prefix": text[max(0, passage.start - 32) : passage.start],
        "passage_suffix": text[end : end + 32],
    }


def _trimmed(text: str, start: int, end: int) -> Iterator[Passage]:
    words = text[start:end]
    if words.strip():
        yield Passage(words.strip(), start + len(words) - len(words.lstrip()))
