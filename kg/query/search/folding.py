"""Folding of names and search texts: words without case, accents and punctuation, one space between.

>>> fold("Nicolás MADURO"), fold("U.S. — O’Higgins"), fold("访问中国")
('nicolas maduro', 'us ohiggins', '访 问 中 国')
"""

import re
import unicodedata

LONGEST = 2000
"""Maximum characters of a text that are folded; the rest is not searched."""

_APOSTROPHES = "'’ʼ‘ʹ`´"
_LETTERS = {
    **dict.fromkeys(map(ord, _APOSTROPHES), None),
    **{ord(letter): plain for letter, plain in zip("øłđðħıŧ", "oldohit", strict=True)},
    ord("þ"): "th",
    ord("æ"): "ae",
    ord("œ"): "oe",
}
"""Letters that have no decomposition, and marks that stand within words."""

_INITIALS = re.compile(r"(?<!\w\w)\.")
"""The full stop after a single letter: "U.S." is one word."""

_ASCII = {code: " " for code in range(128) if not chr(code).isalnum()} | {ord("'"): None, ord("`"): None}
_IDEOGRAPHS = (
    *(("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uf900", "\ufaff")),
    ("\U00020000", "\U0003ffff"),
)
"""Scripts without spaces between words: each character is a word."""


def fold(text: str) -> str:
    """Return the words of a text without case, accents and punctuation, which people often mistype."""
    plain = _INITIALS.sub("", text[:LONGEST])
    if plain.isascii():
        return " ".join(plain.lower().translate(_ASCII).split())
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
    letters = (_letter(letter) for letter in decomposed.translate(_LETTERS))
    return " ".join("".join(letters)[:LONGEST].split())


def _letter(letter: str) -> str:
    if letter.isalnum():
        return f" {letter} " if _is_ideograph(letter) else letter
    if unicodedata.combining(letter):
        return ""
    category = unicodedata.category(letter)
    return letter if category in ("Mn", "Mc") else "" if category == "Cf" else " "


def _is_ideograph(letter: str) -> bool:
    return any(first <= letter <= last for first, last in _IDEOGRAPHS)
