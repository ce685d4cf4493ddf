"""Disguised words: split in two, with signs for letters, or written in the escapes of other formats."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product, zip_longest
from urllib.parse import unquote

_MOST_PARTS = 4
REPEATED = re.compile(r"([a-z])\1{2,}")
"""A letter three or more times in a row, which no language uses."""
_MOST_REPEATED = 3
_LEAST_BEGINNING = 3
_LONGEST_MASK = 9
FEWEST_LETTERS = 6
"""Minimum letters of a word that is recognised when split or masked."""
_PART = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[^\w:;,.!?]{1,3}|_")
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,9}/?>", re.IGNORECASE)
_ESCAPE = re.compile(r"&#?\w{1,9};")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_MARK_WITHIN = re.compile(r"(?<=\w)[\"“”„«»‹›\[\](){}]{1,3}(?=\w)")
_MASKED = re.compile(r"(?<![^\W_])[^\W_]+(?:[*#•·×%+=^?~_]{1,9}[^\W_]+)+(?![^\W_])")
_MASK = re.compile(r"[^\w]+|_+")


def unescaped(text: str) -> Iterator[str]:
    """Yield a text as other formats display it, and without marks inside words, if these differ from it.

    >>> list(unescaped("kid&#110;apping")), list(unescaped("a “kid”napping")), list(unescaped("kidnap[ping]"))
    (['kidnapping'], ['a “kidnapping'], ['kidnapping]'])
    """
    if (
        "&" in text
        and (displayed_text := html.unescape(_ESCAPE.sub(lambda found: html.unescape(found[0]), text)))
        != text
    ):
        yield displayed_text
    if "<" in text and (bare := _TAG.sub("", text)) != text:
        yield bare
    if "%" in text and _PERCENT.search(text):
        yield unquote(text)
    if (joined := _MARK_WITHIN.sub("", text)) != text:
        yield joined


def shortened(text: str) -> Iterator[str]:
    """Yield a text with letters that occur three or more times in a row reduced to one or two.

    >>> list(shortened("kidnapppping"))
    ['kidnaping', 'kidnapping']
    """
    pieces = REPEATED.split(text)
    number = len(pieces) // 2
    choices = product((1, 2), repeat=number) if number <= _MOST_REPEATED else ((1,) * number, (2,) * number)
    for times in choices if number else ():
        letters = (letter * many for letter, many in zip(pieces[1::2], times, strict=True))
        yield "".join(chain.from_iterable(zip_longest(pieces[::2], letters, fillvalue="")))


def put_together(part: str, may_begin: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Yield words alone and joined with the next ones, each as written and as one word.

    ``may_begin`` gets the first word, if it has three or more letters, and returns whether to join from it.

    >>> list(put_together("The kid napping", {"kid"}.__contains__))
    [('kid napping', 'kidnapping')]
    """
    words = list(_PART.finditer(part))
    for first, begin in enumerate(words):
        if len(begin[0]) >= _LEAST_BEGINNING and begin[0].isalpha() and not may_begin(begin[0]):
            continue
        joined, end = "", begin.start()
        for word in words[first : first + _MOST_PARTS]:
            if joined and not _BETWEEN.fullmatch(part, end, word.start()):
                break
            joined, end = joined + word[0], word.end()
            if len(joined) >= FEWEST_LETTERS:
                yield part[begin.start() : end], joined


@dataclass(frozen=True)
class Masked:
    """A word with signs for letters: the parts between them, and how many letters each sign may replace."""

    written: str
    pieces: Sequence[str]
    holes: Sequence[int]

    def fits(self, word: str) -> bool:
        """Return whether the masked word may be this word."""
        ends = {len(self.pieces[0])} if word.startswith(self.pieces[0]) else set()
        for piece, most in zip(self.pieces[1:], self.holes, strict=True):
            begins = (end + gap for end in ends for gap in range(1, most + 1))
            ends = {begin + len(piece) for begin in begins if word.startswith(piece, begin)}
        return len(word) in ends


def masked(part: str) -> Iterator[Masked]:
    """Yield the words with signs for letters.

    >>> [(word.written, word.fits("kidnapping"), word.fits("kindling")) for word in masked("k*dn**ping")]
    [('k*dn**ping', True, False)]
    """
    for found in _MASKED.finditer(part):
        pieces, signs = _MASK.split(found[0]), _MASK.findall(found[0])
        if sum(map(len, pieces)) >= FEWEST_LETTERS - 2:
            yield Masked(found[0], pieces, [min(len(sign), _LONGEST_MASK) + 2 for sign in signs])
