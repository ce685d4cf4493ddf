"""Invisible characters: names them in error messages when a parser stops at one.

Text copied from a page or a word processor may bring a no-break space or a byte order mark; the line quoted
in the message then looks correct.
"""

import unicodedata

from kg.characters import line_of

_NEAR = 2
"""Number of characters checked before and after the position that a parser reports."""


def named(text: str, line: int | None, column: int, reason: str) -> tuple[str, str] | None:
    """Return a message in English and Spanish if an invisible character is near a position or in a prefix.

    Else None.
    """
    near = line_of(text, line)[max(0, column - 1 - _NEAR) : column + _NEAR]
    character = first(near) or (first(reason) if "prefix" in reason else None)
    if character is None:
        return None
    code = named_by_number(character)
    return (
        f"there is an invisible character here, {code}; remove it, or put an ordinary space in its place",
        f"aquí hay un carácter invisible, {code}; quítelo o ponga un espacio normal en su lugar",
    )


def first(text: str) -> str | None:
    """Return the first character that is invisible or looks like a space but is not one.

    None if there is no such character.

    >>> [first(text) for text in ("a\\u00a0b", "a\\ufeffb", "a b\\t")]
    ['\\xa0', '\\ufeff', None]
    """
    return next((each for each in text if is_invisible(each)), None)


def named_by_number(character: str) -> str:
    """Return a character's code point and Unicode name.

    >>> named_by_number("\ufeff"), named_by_number("\u00a0")
    ('U+FEFF (byte order mark)', 'U+00A0 (no-break space)')
    """
    name = "byte order mark" if character == "\ufeff" else unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


def is_invisible(character: str) -> bool:
    """Return whether a character is invisible, or looks like a space but is not one."""
    return character not in " \t\r\n" and (
        unicodedata.category(character) in ("Cf", "Cc", "Zs", "Zl", "Zp") or character in "\u2800\u3164\uffa0"
    )
