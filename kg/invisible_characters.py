"""Names the characters that nobody sees, where a parser stops at one.

A no-break space or a byte order mark comes with text that is copied from a page or a word processor, and the
line that a message quotes looks right.
"""

import unicodedata

from kg.characters import line_of

_NEAR = 2
"""Characters before and behind the place that a parser names."""


def named(text: str, line: int | None, column: int, reason: str) -> tuple[str, str] | None:
    """Say, in English and Spanish, that an invisible character stands at a place, or in a prefix."""
    near = line_of(text, line)[max(0, column - 1 - _NEAR) : column + _NEAR]
    character = first(near) or (first(reason) if "prefix" in reason else None)
    if character is None:
        return None
    code = named_by_number(character)
    return (
        f"an invisible character stands here, {code}; remove it, or put an ordinary space in its place",
        f"aquí hay un carácter invisible, {code}; quítelo o ponga un espacio normal en su lugar",
    )


def first(text: str) -> str | None:
    """Find the first character that is not seen, or that looks like a space and is none.

    >>> [first(text) for text in ("a\\u00a0b", "a\\ufeffb", "a b\\t")]
    ['\\xa0', '\\ufeff', None]
    """
    return next((each for each in text if is_invisible(each)), None)


def named_by_number(character: str) -> str:
    """Name a character by its number and by its name in Unicode.

    >>> named_by_number("\ufeff"), named_by_number("\u00a0")
    ('U+FEFF (byte order mark)', 'U+00A0 (no-break space)')
    """
    name = "byte order mark" if character == "\ufeff" else unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


def is_invisible(character: str) -> bool:
    """Tell if a character is not seen, or looks like a space and is none."""
    return character not in " \t\r\n" and (
        unicodedata.category(character) in ("Cf", "Cc", "Zs", "Zl", "Zp") or character in "\u2800\u3164\uffa0"
    )
