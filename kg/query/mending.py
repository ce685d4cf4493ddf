"""Mends queries where the engine does not read them as SPARQL says, and a change of the text suffices.

``queries/deviations.md`` lists what is mended here and what is not. Lines stay where they are.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from kg import scanner
from kg.query import property_paths
from kg.scanner import Token
from kg.terms import XSD

_BOOLEAN = re.compile(r"true|false", re.IGNORECASE)
_REPLACE = re.compile(r"replace", re.IGNORECASE)
_GROUP = re.compile(r"\\\\(\\\\|\$)|\$(\d+)")
"""In the text of a literal: an escaped backslash or dollar sign of XPath, or the number of a group."""
_CAPTURING = re.compile(r"\\\\(?:\\\\|[^\\])|\[(?:\\\\|[^\]\\])*+\]?+|(\()(?!\?)")
_MOST_GROUPS = 99
_COMPARED = re.compile(r"[<>]")
_ASTRAL = re.compile("[\U00010000-\U000effff]")


def mended(text: str) -> str:
    """Return the text with TRUE and FALSE in lower case and compared as numbers, groups in REPLACE as the
    engine names them, and a UNION for each alternative path.

    >>> mended('ASK { FILTER(TRUE && REPLACE("abc", "(b)", "$1x") != ?TRUE) }')
    'ASK { FILTER(true && REPLACE("abc", "(b)", "${1}x") != ?TRUE) }'
    """
    has_boolean = any(
        not match[0].islower() or _COMPARED.search(text, max(0, match.start() - 9), match.end() + 9)
        for match in _BOOLEAN.finditer(text)
    )
    has_replace = ("$" in text or "\\\\" in text) and _REPLACE.search(text)
    if not has_boolean and not has_replace:
        return property_paths.with_unions(text)
    found = [token for token in scanner.tokens(text) if token.kind != "comment"]
    changes = dict(_booleans(found)) | dict(_compared(text, found))
    if has_replace:
        changes |= _replacements(text, found)
    return property_paths.with_unions(_changed(text, changes))


def with_plain_variables(text: str) -> str:
    """Return an update whose variables have no character beyond U+FFFF, which the engine does not read.

    >>> with_plain_variables("INSERT { ?\U00010400 ?p ?xFFFF } WHERE { ?\U00010400 ?p ?xFFFF }")
    'INSERT { ?x10400 ?p ?xFFFF } WHERE { ?x10400 ?p ?xFFFF }'
    """
    if not _ASTRAL.search(text):
        return text
    variables = [token for token in scanner.tokens(text) if token.kind == "variable"]
    used = {token.text[1:] for token in variables}
    names: dict[str, str] = {}
    for name in sorted(used):
        plain = _ASTRAL.sub(lambda match: f"x{ord(match[0]):X}", name)
        while plain != name and plain in used:
            plain += "_"
        used.add(plain)
        names[name] = plain
    return _changed(text, {token: token.text[0] + names[token.text[1:]] for token in variables})


def _changed(text: str, changes: dict[Token, str]) -> str:
    pieces: list[str] = []
    end = 0
    for token in sorted(changes, key=lambda token: token.start):
        pieces += [text[end : token.start], changes[token]]
        end = token.end
    return "".join([*pieces, text[end:]])


def _booleans(found: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    for token in found:
        if token.kind == "word" and token.text.lower() in ("true", "false"):
            yield token, token.text.lower()


def _compared(text: str, found: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield the operands of comparisons with a word of truth, and the numbers to compare in their place."""
    for place in range(1, len(found) - 2):
        before, one, other, after = found[place - 1 : place + 3]
        if (
            text[one.end : other.start].strip() in ("<", "<=", ">", ">=")
            and all(token.kind == "variable" or _BOOLEAN.fullmatch(token.text) for token in (one, other))
            and any(token.kind == "word" for token in (one, other))
            and (before.text in ("(", "&&", "||") or "," in text[before.end : one.start])
            and (
                after.text in (")", "&&", "||")
                or after.text.upper() == "AS"
                or "," in text[other.end : after.start]
            )
        ):
            for token in (one, other):
                yield token, _as_number(token)


def _as_number(token: Token) -> str:
    """Write a truth as a number; a variable that holds anything else is an error, as it is in SPARQL."""
    if token.kind == "word":
        return "1" if token.text.lower() == "true" else "0"
    return f"IF(DATATYPE({token.text}) = <{XSD.BOOLEAN.value}>, IF({token.text}, 1, 0), 1 / 0)"


def _replacements(text: str, found: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield the literals that are third arguments of REPLACE, and how the engine is to read them."""
    for place, token in enumerate(found):
        if token.kind == "word" and token.text.upper() == "REPLACE":
            arguments = _arguments(text, islice(found, place + 1, None), token.end)
            if len(arguments) > 2 and len(arguments[2]) == 1 and arguments[2][0].kind == "text":
                (replacement,) = arguments[2]
                is_known = len(arguments[1]) == 1 and arguments[1][0].kind == "text"
                groups = _groups(arguments[1][0].text) if is_known else _MOST_GROUPS
                yield replacement, _named(replacement.text, groups)


def _arguments(text: str, rest: Iterable[Token], end: int) -> list[list[Token]]:
    """Return the tokens of each argument of a call, whose name ends at a place of the text."""
    arguments: list[list[Token]] = []
    depth = 0
    for token in rest:
        if depth == 0 or (depth == 1 and "," in text[end : token.start]):
            arguments.append([])
        if depth > 0:
            arguments[-1].append(token)
        depth += token.step
        end = token.end
        if depth < 1:
            break
    return [[token for token in argument if token.text != ")"] for argument in arguments]


def _groups(pattern: str) -> int:
    """Count the groups of a pattern as it is written in a query.

    >>> _groups(r'"(a)[(](?:b)\\\\((c)"')
    2
    """
    return sum(bool(match[1]) for match in _CAPTURING.finditer(pattern))


def _named(replacement: str, groups: int) -> str:
    def in_braces(match: re.Match[str]) -> str:
        if match[1]:
            return r"\\" if match[1] == r"\\" else "$$"
        digits = match[2]
        length = next((size for size in range(len(digits), 1, -1) if int(digits[:size]) <= groups), 1)
        return f"${{{digits[:length]}}}{digits[length:]}"

    return _GROUP.sub(in_braces, replacement)
