"""Forms of one word: plurals and verb forms, which share a stem (Snowball) and differ only in an ending.

Not all words with one stem are forms of one word: “invasive” and “invasion” share a stem. So a form must also
have an inflectional ending; any other word of the stem is only related.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from os.path import commonprefix
from typing import Protocol

import snowballstemmer

from kg.gate.rules.texts import without_accents

LANGUAGES: Mapping[str, str] = {"en": "english", "es": "spanish", "pt": "portuguese", "fr": "french"}
"""The languages whose words are stemmed, with Snowball's names."""
_PORTUGUESE_PLURAL = re.compile(r"[ao]es$")
"""The Portuguese plural endings of singulars in “ão”, without accents."""
_LONGEST = 60
"""Maximum letters of a word that is stemmed; no contested word is longer."""
_LEAST = 3
"""Minimum letters of a stem that distinguishes words."""
_LEAST_AKIN = 5
"""Minimum letters of a stem whose other words are related: shorter stems have unrelated words."""
_OF_ROMANCE_VERBS = """
    s r o a e i os as es ar er ir ado ada ados adas ido ida idos idas ando endo iendo aron eron ieron io iu
    ou eu an en aba aban ara aran ador adora adores adoras idor idores edor edores
"""
_ENDINGS: Mapping[str, frozenset[str]] = {
    language: frozenset(["", *endings.split()])
    for language, endings in {
        "en": "s es e ed d y ies ied ing ings er ers or ors",
        "es": _OF_ROMANCE_VERBS,
        "pt": _OF_ROMANCE_VERBS + "ao oes aos m aram eram iram ava avam ns",
        "fr": "s r e es ee ees er ez ons ent ment ments ant ants ait a ai i is it ir ie ies x aux al"
        " eur eurs euse euses isseur isseurs",
    }.items()
}
"""Endings of nouns and verbs, without accents, after the common beginning of two forms."""


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # Snowball's own name


@cache
def _stemmer(language: str) -> _Stemmer:
    stemmer: _Stemmer = snowballstemmer.stemmer(LANGUAGES[language])
    return stemmer


def stem(words: str, language: str) -> str:
    """Return the stems of words in lower case, without accents, separated by spaces.

    >>> stem("kidnapped children", "en"), stem("crímenes", "es"), stem("crimen", "es")
    ('kidnap children', 'crim', 'crim')
    """
    parts = words.split()
    return " ".join(_stem(part, language) if len(part) <= _LONGEST else part for part in parts)


@lru_cache(maxsize=1 << 15)
def _stem(word: str, language: str) -> str:
    """Stem a word repeatedly until nothing changes, so that a plural and its singular get one stem."""
    word = without_accents(word)
    if language == "pt":
        word = _PORTUGUESE_PLURAL.sub("ao", word)
    while (shorter := _stemmer(language).stemWord(word)) != word:
        word = shorter
    return word


def is_telling(stems: str) -> bool:
    """Return whether stems are long enough to distinguish words.

    >>> is_telling("kidnap"), is_telling("do")
    (True, False)
    """
    return len(stems) >= _LEAST


def is_akin(stems: str) -> bool:
    """Return whether words with these stems may mean the same, although they are not forms of one word.

    >>> is_akin("invas"), is_akin("ment")
    (True, False)
    """
    return len(stems) >= _LEAST_AKIN


def is_form(words: str, other: str, language: str) -> bool:
    """Return whether words of one stem, without accents, are forms of the same words.

    >>> [is_form(word, "invasion", "en") for word in ("invasions", "invasive")]
    [True, False]
    >>> is_form("kidnapped", "kidnap", "en")
    True
    """
    pairs = zip(words.split(), other.split(), strict=True)
    return all(_is_form(*pair, _ENDINGS[language]) for pair in pairs)


def _is_form(word: str, other: str, endings: frozenset[str]) -> bool:
    common = commonprefix([word, other])  # noqa: RUF071  # of letters, as is wanted here
    return all(_ending(each, common) in endings for each in (word, other))


def _ending(word: str, common: str) -> str:
    """Return what follows a common beginning, without a consonant that English doubles."""
    rest = word[len(common) :]
    return rest[1:] if len(rest) > 1 and common.endswith(rest[0]) else rest
