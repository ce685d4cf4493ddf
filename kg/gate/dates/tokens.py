"""Tokens of written dates: numbers, dates in figures, words without accents, punctuation marks."""

import re
import unicodedata
from dataclasses import dataclass

_SUPPLIED = re.compile(r"\[[^][]*\]")
_TOKEN = re.compile(
    r"(?P<iso>(?<![\w.-])-?\d{4,9}-\d\d(?:-\d\d)?(?!-?\d))"
    r"|(?P<figures>(?<![\w./-])(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./]\d{1,2}[./]\d{1,2})(?![./-]?\d))"
    r"|(?P<signed>(?<![\w.-])-\d{4,9}(?![\d-]))"
    r"|(?P<clock>\d{1,2}:\d\d[\d:]*)"
    r"|(?P<number>\d+)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<mark>[^\s\w.'])",
)
_DASHES = str.maketrans(
    {"‐": "-", "‑": "-", "‒": " - ", "–": " - ", "—": " - ", "―": " - ", "−": "-", "’": "'"}
)
_MOST_DIGITS = 9


@dataclass(frozen=True)
class WordToken:
    """A token: its kind, its text, and whether it follows the previous token without a space."""

    kind: str
    text: str
    is_joined: bool = False

    @property
    def number(self) -> int | None:
        """The value of a whole number of at most nine digits; None for anything else."""
        return int(self.text) if self.kind == "number" and len(self.text) <= _MOST_DIGITS else None


def tokens(text: str) -> list[WordToken]:
    """Return the tokens of a text; editorial additions in square brackets are left out.

    >>> [token.text for token in tokens("26 de Março [de 2025]")]
    ['26', 'de', 'marco']
    """
    plain = _SUPPLIED.sub(" ", _plain(text))
    found: list[WordToken] = []
    end = -1
    for match in _TOKEN.finditer(plain):
        found.append(WordToken(match.lastgroup or "", match[0], match.start() == end))
        end = match.end()
    return found


def _plain(text: str) -> str:
    """Return a text in lower case, without accents, with ASCII digits and dashes."""
    decomposed = unicodedata.normalize("NFKD", text).translate(_DASHES).casefold()
    return "".join(map(_ascii, decomposed))


def _ascii(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return "" if unicodedata.category(letter) in ("Mn", "Cf") else letter
