"""Corrections of query texts where the engine does not read them as SPARQL says.

``queries/deviations.md`` lists what is corrected here and what is not. Line numbers stay the same.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal

from kg import scanner
from kg.query import graph_groups, property_paths
from kg.query.regular_expressions import as_engine_reads
from kg.scanner import Token
from kg.terms import XSD

_BOOLEAN = re.compile(r"true|false", re.IGNORECASE)
_MATCHING = re.compile(r"regex|replace", re.IGNORECASE)
_GROUP = re.compile(r"\\\\(\\\\|\$)|\$(\d+)")
"""In the text of a literal: an escaped backslash or dollar sign of XPath, or the number of a group."""
_CAPTURING = re.compile(r"\\\\(?:\\\\|[^\\])|\[(?:\\\\|[^\]\\])*+\]?+|(\()(?!\?)")
_MOST_GROUPS = 99
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_SIGNS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_COMPARED = re.compile(r"[<>]")
_ASTRAL = re.compile("[\U00010000-\U000effff]")


def mended(text: str) -> str:
    """Return the query rewritten so that the engine evaluates it correctly.

    TRUE and FALSE become lower case and are compared as numbers, regular expressions and groups in REPLACE
    are translated to the engine's syntax, graph names are joined (``graph_groups``), and each alternative
    path becomes a UNION.

    >>> mended('ASK { FILTER(TRUE && REPLACE("abc", "(b)", "$1x") != ?TRUE) }')
    'ASK { FILTER(true && REPLACE("abc", "(b)", "${1}x") != ?TRUE) }'
    """
    lower = text.lower()  # most queries have none of these words, and a search for a word is fastest
    has_boolean = ("true" in lower or "false" in lower) and any(
        not match[0].islower() or _COMPARED.search(text, max(0, match.start() - 9), match.end() + 9)
        for match in _BOOLEAN.finditer(text)
    )
    has_matching = "regex" in lower or "replace" in lower
    if has_boolean or has_matching:
        found = [token for token in scanner.tokens(text) if token.kind != "comment"]
        changes = dict(_booleans(found)) | dict(_compared(text, found))
        if has_matching:
            changes |= _calls(text, found)
        text = _changed(text, changes)
    return property_paths.with_unions(graph_groups.with_names_joined(text))


def with_plain_variables(text: str) -> str:
    """Return an update without characters beyond U+FFFF in variables, which the engine cannot read.

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


def _booleans(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    for token in tokens:
        if token.kind == "word" and token.text.lower() in ("true", "false"):
            yield token, token.text.lower()


def _compared(text: str, tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield the operands of comparisons with a boolean, and the numbers to compare in their place."""
    for place in range(1, len(tokens) - 2):
        before, one, other, after = tokens[place - 1 : place + 3]
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
    """Return a boolean as a number; a variable that holds anything else is an error, as it is in SPARQL."""
    if token.kind == "word":
        return "1" if token.text.lower() == "true" else "0"
    return f"IF(DATATYPE({token.text}) = <{XSD.BOOLEAN.value}>, IF({token.text}, 1, 0), 1 / 0)"


def _calls(text: str, tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield the patterns and replacements of REGEX and REPLACE, each with its translation for the engine."""
    for place, token in enumerate(tokens):
        if token.kind == "word" and _MATCHING.fullmatch(token.text):
            arguments = _arguments(text, map(tokens.__getitem__, range(place + 1, len(tokens))), token.end)
            literals = [
                argument[0] if len(argument) == 1 and argument[0].kind == "text" else None
                for argument in arguments
            ]
            is_replace = token.text.upper() == "REPLACE"
            yield from _pattern(literals, 3 if is_replace else 2)
            if is_replace and len(literals) > 2 and (replacement := literals[2]):
                groups = _groups(literals[1].text) if literals[1] else _MOST_GROUPS
                yield replacement, _named(replacement.text, groups)


def _pattern(arguments: Sequence[Token | None], of_flags: int) -> Iterator[tuple[Token, str]]:
    """Yield the second argument, if the flags are known and the engine reads it otherwise than XPath."""
    if len(arguments) < 2 or not (token := arguments[1]):
        return
    flags = arguments[of_flags] if len(arguments) > of_flags else Token("text", '""')
    if flags is None:
        return
    pattern = _content(token.text)
    pattern_read = as_engine_reads(pattern, _content(flags.text))
    if pattern_read != pattern:
        yield token, str(Literal(pattern_read)) + "\n" * token.text.count("\n")


def _content(literal: str) -> str:
    """Return the text that a literal stands for.

    >>> _content(r'''"a\\\\d\\u00e9"''')
    'a\\\\dé'
    """
    marks = 3 if literal.startswith(('"""', "'''")) else 1
    return _ESCAPED.sub(_unescaped, literal[marks:-marks])


def _unescaped(match: re.Match[str]) -> str:
    sign = match[1]
    return chr(int(sign[1:], 16)) if len(sign) > 1 else _SIGNS.get(sign, sign)


def _arguments(text: str, rest: Iterable[Token], end: int) -> list[list[Token]]:
    """Return the tokens of each argument of a call whose name ends at ``end``."""
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
    """Return the number of groups of a pattern, as it is written in a query.

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
