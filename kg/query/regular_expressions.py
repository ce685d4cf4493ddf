r"""XPath regular expressions, translated to the engine's syntax (Rust's) so that they match the same strings.

XPath takes its expressions from XML Schema: ``[a-z-[aeiou]]`` is a subtraction, ``\i`` and ``\c`` are the
characters of XML names, ``\s`` is four characters, and ``&&`` in a class is two ampersands.
"""

MOST_NESTED = 32
"""Maximum nesting of class subtractions; a pattern with more stays as it is."""
_SPACES = r"\x20\t\n\r"
_INITIAL = (
    "A-Z_a-z:\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
"""NameStartChar of XML 1.0."""
_NAME = f"{_INITIAL}0-9.\\-\u00b7\u0300-\u036f\u203f-\u2040"
_NOT_WORD = r"\p{P}\p{Z}\p{C}"
_ESCAPES = {
    "s": f"[{_SPACES}]",
    "S": f"[^{_SPACES}]",
    "i": f"[{_INITIAL}]",
    "I": f"[^{_INITIAL}]",
    "c": f"[{_NAME}]",
    "C": f"[^{_NAME}]",
    "w": f"[^{_NOT_WORD}]",
    "W": f"[{_NOT_WORD}]",
}
_CLASSES = frozenset("sSiIcCwWdDpP")
"""The letters of escapes that stand for several characters."""
_OPERATORS = frozenset("&~[]^-:#")
"""Characters that the engine may read as operators in a class."""
_FLAGS = frozenset("smix")


class _UnreadPattern(Exception):
    """Raised if the text is not an XPath regular expression."""


def as_engine_reads(pattern: str, flags: str = "") -> str:
    r"""Return ``pattern`` translated from XPath to the engine; a text that is not a pattern stays as it is.

    >>> as_engine_reads(r"^[a-z-[aeiou]]\s*$")
    '^[[a-z]--[aeiou]][\\x20\\t\\n\\r]*$'
    """
    if not _FLAGS.issuperset(flags):
        return pattern
    try:
        return _PatternReader(pattern, flags).written()
    except _UnreadPattern:
        return pattern


class _PatternReader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._pattern = pattern
        self._flags = flags
        self._place = 0
        self._depth = 0

    def written(self) -> str:
        """Return the whole translated pattern."""
        pieces = []
        while char := self._take():
            if char == "\\":
                pieces.append(self._escape())
            elif char == "[":
                pieces.append(self._class())
            elif char == "." and "s" not in self._flags:
                pieces.append(r"[^\n\r]")
            else:
                pieces.append(r"\#" if char == "#" and "x" in self._flags else char)
        return "".join(pieces)

    def _next(self) -> str:
        return self._pattern[self._place : self._place + 1]

    def _take(self) -> str:
        char = self._next()
        self._place += 1
        return char

    def _escape(self) -> str:
        letter = self._take()
        return _ESCAPES.get(letter, f"\\{letter}")

    def _class(self) -> str:
        """Translate a class whose opening bracket has been read."""
        self._depth += 1
        if self._depth > MOST_NESTED:
            raise _UnreadPattern
        sign = "^" if self._next() == "^" else ""
        self._place += len(sign)
        pieces: list[str] = []
        while self._next() != "]":
            if self._pattern.startswith("-[", self._place):
                self._place += 2
                taken_out = self._class()
                if not pieces or self._take() != "]":
                    raise _UnreadPattern
                self._depth -= 1
                return f"[[{sign}{''.join(pieces)}]--{taken_out}]"
            pieces.append(self._characters())
        self._place += 1
        self._depth -= 1
        if not pieces:
            raise _UnreadPattern
        return f"[{sign}{''.join(pieces)}]"

    def _characters(self) -> str:
        """Translate a character, a range or an escape within a class."""
        first, is_one = self._character()
        ahead = self._pattern[self._place : self._place + 2]
        if not is_one or not ahead.startswith("-") or ahead in ("-]", "-[", "-"):
            return first
        self._place += 1
        last, is_one = self._character()
        if not is_one:
            raise _UnreadPattern
        return f"{first}-{last}"

    def _character(self) -> tuple[str, bool]:
        """Translate a character or an escape within a class; return whether it is one character."""
        char = self._take()
        if char in ("", "["):
            raise _UnreadPattern
        if char != "\\":
            is_kept = char not in _OPERATORS and not ("x" in self._flags and char.isspace())
            return char if is_kept else rf"\x{{{ord(char):X}}}", True
        letter = self._next()
        return self._escape() + (self._property() if letter in ("p", "P") else ""), letter not in _CLASSES

    def _property(self) -> str:
        end = self._pattern.find("}", self._place)
        if self._next() != "{" or end < 0:
            raise _UnreadPattern
        name, self._place = self._pattern[self._place : end + 1], end + 1
        return name
