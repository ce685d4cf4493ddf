"""Scanner of Turtle, TriG, N-Triples, N-Quads and SPARQL: splits a text into tokens as the engine does.

It reads a text once, from left to right, in linear time (the engine is that of pyoxigraph 0.5.13). An
unclosed string or comment extends to the end of its line or of the text, where the engine stops.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LONG_TEXT = r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?+|\'\'\'(?:[^'\\]|\\.|'(?!''))*+(?:\'\'\')?+'''
_SHORT_TEXT = r""""(?:[^"\\\n\r]|\\.)*+"?+|'(?:[^'\\\n\r]|\\.)*+'?+"""
_IRI = r"""<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"""
_COMMENT = r"\#[^\n\r]*+"
_LETTERS = (
    r"A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
"""PN_CHARS_U of the grammar, for use in a character class."""
MORE = rf"{_LETTERS}0-9\u00b7\u0300-\u036f\u203f-\u2040"
"""The characters of a name after the first one, and digits, for use in a character class."""
VARNAME = rf"[{_LETTERS}0-9][{MORE}]*+"
"""The name of a variable (SPARQL 1.1, rule 166)."""
LOCAL = rf"(?:(?:[{MORE}:%]|\\.)(?:[{MORE}:.%-]|\\.)*+)?+"
"""The local part of a prefixed name, without full stops at its end."""

_TOKEN = re.compile(
    rf"""(?P<text>{_LONG_TEXT}|{_SHORT_TEXT})
    |(?P<datatype>(?<=["'])\^\^)
    |(?P<bracket><<\(?|\)>>|>>|\{{\||\|\}}|[()\[\]{{}}])
    |(?P<iri>{_IRI})
    |(?P<comment>{_COMMENT})
    |(?P<escaped>\\.)
    |(?P<variable>[?$]{VARNAME})
    |(?P<language>@[A-Za-z0-9-]++)
    |(?P<blank>_:[{_LETTERS}0-9][{MORE}.-]*+)
    |(?P<name>[^\W\d_][{MORE}.-]*+(?::{LOCAL})?+|:{LOCAL})
    |(?P<word>\d++|\w++)
    |(?P<operator>\|\||&&|[*/|^!+-])
    |(?P<end>;)""",
    re.VERBOSE | re.DOTALL,
)
_PART_OF_WORDS = re.compile(r"(?P<word>\w++)|(?P<operator>-)")
_CONTENT = re.compile(rf"{_LONG_TEXT}|{_SHORT_TEXT}|{_IRI}|{_COMMENT}|\\.", re.DOTALL)
_BRACKET = re.compile(r"<<|>>|[()\[\]{}]")
_STEPS = {"<<": 1, "(": 1, "[": 1, "{": 1, ">>": -1, ")": -1, "]": -1, "}": -1}


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its text, kind (text, iri, variable, name, word, operator, bracket ...) and position."""

    kind: str
    text: str
    start: int = 0
    end: int = 0

    @property
    def step(self) -> int:
        """The change in nesting depth: positive for opening brackets, negative for closing ones.

        >>> [token.step for token in tokens("<<( [ {| |} ] )>> '('")]
        [2, 1, 1, -1, -1, -2, 0]
        """
        return sum(map(_STEPS.__getitem__, _BRACKET.findall(self.text))) if self.kind == "bracket" else 0


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text; other characters (spaces, full stops, commas, comparisons) are skipped.

    >>> [(token.kind, token.text) for token in tokens("a:b 'c'@en # d")]
    [('name', 'a:b'), ('text', "'c'"), ('language', '@en'), ('comment', '# d')]
    """
    for match in _TOKEN.finditer(text):
        kind, token_text = str(match.lastgroup), match[0]
        if kind != "name" or ":" in token_text:
            yield Token(kind, token_text, match.start(), match.end())
        elif token_text.isalnum():
            yield Token("word", token_text, match.start(), match.end())
        else:
            yield from _words(token_text, match.start())


def without_content(text: str) -> str:
    """Remove strings, IRIs, comments and escapes, so that only the structure remains.

    >>> without_content("<urn:a> <urn:p> '(' , [] . # {")
    '   , [] . '
    """
    return _CONTENT.sub("", text)


def depth(structure: str) -> int:
    """Return the maximum bracket depth of a text without content.

    >>> depth("( [ ] << ( ) >> )")
    3
    """
    opened = deepest = 0
    for bracket in _BRACKET.findall(structure):
        opened = max(0, opened + _STEPS[bracket])
        deepest = max(deepest, opened)
    return deepest


def _words(text: str, start: int) -> Iterator[Token]:
    """Yield words joined by full stops and hyphens: no colon follows, so they are not prefixed names."""
    for match in _PART_OF_WORDS.finditer(text):
        yield Token(str(match.lastgroup), match[0], start + match.start(), start + match.end())
