"""Looks at the text of a query before the engine does: size, nesting, operators, SERVICE.

The engine answers some short texts by ending its process (about 2,200 nested groups, or 2,900 ``||``, do it),
and SERVICE by calling whatever address it is given. Readers survive the first; nothing may do the second.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import BadInput, TooLarge
from kg.iris import PREFIXES

MAX_NESTING = 200
MAX_OPERATORS = 1000

_TOKEN = re.compile(
    r'''(?P<text>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'
             |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<comment>\#[^\n\r]*)
    |(?P<escaped>\\.)
    |(?P<variable>[?$]\w+)
    |(?P<language>@[A-Za-z0-9-]+)
    |(?P<blank>_:\w[\w.-]*)
    |(?P<name>(?:\w[\w.-]*)?:(?:[\w:.%-]|\\.)*)
    |(?P<word>\w+)
    |(?P<operator>\|\||&&|[*/|^!]|[-+](?!\d))
    |(?P<bracket>[()\[\]{}])
    |(?P<end>;)''',
    re.VERBOSE | re.DOTALL,
)
_ESCAPED_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_CLAUSES = frozenset({"OPTIONAL", "UNION", "MINUS", "LATERAL", "EXISTS", "BIND"})
_UPDATE_VERBS = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)


@dataclass(frozen=True)
class Token:
    """A piece of a query, what it is (text, iri, variable, name, word, operator, bracket ...) and where."""

    kind: str
    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Screened:
    """A query that may be handed to the engine."""

    text: str
    names_its_dataset: bool


def measure(text: str, max_bytes: int) -> None:
    """Raise TooLarge for a text that is too long even to be looked at."""
    if len(text.encode("utf-8", "replace")) > max_bytes:
        raise TooLarge(f"The query is longer than {max_bytes} bytes; put long lists of values into facts.")


def screen(text: str, max_bytes: int) -> Screened:
    """Pass a query on, or raise TooLarge (size, nesting, operators) or BadInput (SERVICE)."""
    measure(text, max_bytes)
    if _is_plain(text):
        return Screened(text, names_its_dataset=False)
    depth = operators = 0
    names_its_dataset = False
    for token in tokens(text):
        depth += _opened(token)
        operators += token.kind == "operator" or (token.kind == "word" and token.text.upper() in _CLAUSES)
        if depth > MAX_NESTING:
            raise TooLarge(f"The query nests brackets deeper than {MAX_NESTING}.")
        if operators > MAX_OPERATORS:
            raise TooLarge(
                f"The query has more than {MAX_OPERATORS} operators; VALUES and IN take long lists."
            )
        if token.kind in ("word", "name") and "service" in token.text.partition(":")[0].lower():
            raise BadInput(
                "SERVICE is not answered here: load what you need from the other endpoint as facts."
            )
        names_its_dataset |= token.kind == "word" and token.text.upper() in ("FROM", "FROMNAMED")
    return Screened(text, names_its_dataset)


def _is_plain(text: str) -> bool:
    """Tell if a text is too short to hold too much of anything, and has none of what must be looked at."""
    if len(text) > MAX_OPERATORS or "\\" in text or sum(map(text.count, "([{")) > MAX_NESTING:
        return False
    lower = text.lower()
    return "service" not in lower and "from" not in lower


def advice(text: str) -> str:
    """Say what a query that does not parse may lack; empty where nothing comes to mind."""
    found = list(tokens(text))
    words = [token.text.upper() for token in found if token.kind == "word"]
    if any(word in _UPDATE_VERBS for word in words) and "WHERE" not in words[:1]:
        verb = next(word for word in words if word in _UPDATE_VERBS)
        if not {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"} & set(words):
            return f"{verb} is an update; only queries are answered here."
    if unknown := _undeclared_prefix(found):
        return f"The prefix {unknown} is not declared."
    return ""


def tokens(text: str) -> Iterator[Token]:
    """Cut a query into what counts; code points written as escapes are read first, as SPARQL asks."""
    for match in _TOKEN.finditer(_ESCAPED_CODE_POINT.sub(_code_point, text)):
        yield Token(str(match.lastgroup), match[0])


def placed_tokens(text: str) -> Iterator[Token]:
    """Cut a text as it stands, without comments: the engine reads escapes in texts and IRIs only."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "comment":
            yield Token(str(match.lastgroup), match[0], match.start(), match.end())


def _code_point(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 else match[0]


def _opened(token: Token) -> int:
    """Count brackets opened less those closed. ``?a<(...)>?b`` reads as an IRI, so brackets in IRIs count."""
    if token.kind == "bracket":
        return 1 if token.text in "([{" else -1
    return token.text.count("(") + token.text.count("[") if token.kind == "iri" else 0


def _undeclared_prefix(found: list[Token]) -> str | None:
    declared = {f"{prefix}:" for prefix in PREFIXES}
    for before, token in zip([Token("", ""), *found], found, strict=False):
        if token.kind == "name":
            prefix = token.text.partition(":")[0] + ":"
            if before.text.upper() == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                return prefix
    return None
