"""Comparable forms of texts: without invisible characters, variants of marks and letters, or quotations."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Invisible letters and marks, in addition to Unicode's format characters."""
_SIGNS = str.maketrans("™℠℡", "   ")
"""Signs after a word that normalisation would turn into letters of it."""
_OPENING_MARK = re.compile(r"[“‘«\"]|(?<!\w)'")
_CLOSING_MARKS = {"“": "”", "‘": "’", "«": "»", '"': '"', "'": "'"}
_DOUBLE_MARK = re.compile(r"[\"“”„‟«»‹›]")
_SINGLE_MARK = re.compile(r"(?<!\w)'|'(?!\w)")
_SINGLE = str.maketrans("‘’‚‛`´", "''''''")
_DASHES = str.maketrans("‐‑‒–—―−", "-------")
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return a text in lower case, without invisible characters, with lookalike letters as Latin letters.

    >>> plain("Kid\\u200bnapping"), plain("\u041a\u0456d")
    ('kidnapping', 'kid')
    """
    if not text.isascii():
        text = "".join(map(_as_seen, unicodedata.normalize("NFKC", text.translate(_SIGNS))))
    return text.lower()


@lru_cache(maxsize=8192)
def _as_seen(character: str) -> str:
    """Return the Latin letter that a letter looks like (Unicode Technical Standard 39), or nothing."""
    if character in _UNSEEN or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return ""  # a separate combining mark strikes a letter through
    parts = unicodedata.normalize("NFD", character)
    letter, marks = parts[0], parts[1:]
    if "\U0001f1e6" <= letter <= "\U0001f1ff":  # regional indicators (flags)
        return chr(ord(letter) - 0x1F1E6 + ord("a"))
    if letter.isascii() or not (letter.isalpha() or unicodedata.category(letter) == "So"):
        return character
    import disarm  # takes 50 milliseconds, and few texts have such a letter

    return disarm.normalize_confusables(letter) + marks


def unquoted(text: str) -> Iterator[str]:
    """Yield the parts of a text outside quotations; an unpaired mark quotes nothing.

    >>> list(unquoted("a «b» ‘c and 'd' of e's"))
    ['a ', ' ‘c and ', " of e's"]
    """
    return (part for part, is_quoted in _parts(text) if not is_quoted)


def quoted(text: str) -> Iterator[str]:
    """Yield the quotations of a text, without their marks.

    >>> list(quoted("a «b» ‘c and 'd' of e's"))
    ['b', 'd']
    """
    return (part for part, is_quoted in _parts(text) if is_quoted)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Split a text at its quotations; yield each part and whether it is a quotation."""
    begin = position = 0
    lacking: set[str] = set()
    while match := _OPENING_MARK.search(text, position):
        position = match.end()
        closing = _CLOSING_MARKS[match[0]]
        end = -1 if closing in lacking else text.find(closing, position)
        if end < 0:
            lacking.add(closing)
        elif closing != "'" or not text[end + 1 : end + 2].isalnum():
            yield text[begin : match.start()], False
            yield text[position:end], True
            begin = position = end + 1
    yield text[begin:], False


def comparable(text: str) -> str:
    """Return a text without typographic variants: quotation marks, dashes, apostrophes, white space.

    >>> comparable("“It’s  over” – he said")
    "it's over - he said"
    """
    text = plain(text).translate(_SINGLE).translate(_DASHES)
    text = _SINGLE_MARK.sub("", _DOUBLE_MARK.sub("", text))
    return _SPACE.sub(" ", text).strip()


_LETTERS = dict(zip("0134578@$!¡|€£", "oieastbasiilel", strict=True))
_DIGIT_IN_A_WORD = re.compile(r"(?<=[^\W\d_])[0134578@$!¡|€£]|[0134578@$!¡|€£](?=[^\W\d_])")
_NOTE = re.compile(r"(?<=[^\W\d_])\d+\b|\b\d+(?=[^\W\d_])")
"""A number that touches a word, such as a footnote's."""
_JOINED = re.compile(r"(?<=\w)[-.’'_·•‧∙⋅/|~*]+(?=\w)")


def spellings(words: str) -> Iterator[str]:
    """Yield words as written, and as read without accents, digits and marks inside.

    >>> list(spellings("kíd-nap"))
    ['kíd-nap', 'kid-nap', 'kidnap']
    >>> [set(spellings(word)) >= {"kidnap"} for word in ("k1dn4p", "kidnap2", "kid·nap")]
    [True, True, True]
    """
    yield words
    bare = without_accents(words)
    lettered = [_DIGIT_IN_A_WORD.sub(replaced, bare) for replaced in (_letter, _letter_with_l)]
    lettered.append(_NOTE.sub("", bare))
    found = dict.fromkeys((bare, *lettered, *map(_without_joints, (bare, *lettered))))
    yield from (spelt for spelt in found if spelt != words)


def _letter(digit: re.Match[str]) -> str:
    return _LETTERS[digit[0]]


def _letter_with_l(digit: re.Match[str]) -> str:
    return "l" if digit[0] == "1" else _LETTERS[digit[0]]


def _without_joints(words: str) -> str:
    return _JOINED.sub("", words)


def without_accents(text: str) -> str:
    """Return letters without their accents.

    >>> without_accents("según")
    'segun'
    """
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in parts if unicodedata.category(letter) not in ("Mn", "Me"))
