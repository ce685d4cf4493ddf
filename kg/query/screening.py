"""Looks at the text of a query before the engine does: size, nesting, operators, SERVICE.

The engine answers some short texts by ending its process (about 2,200 nested groups, or 2,900 ``||``, do it),
and SERVICE and LOAD by calling whatever address it is given. Readers survive the first; nothing may do the
second, and no cutting of texts into tokens is sure to agree with the engine's (is ``?a<'b>'`` an IRI?). So
these words are written with an escape wherever they are thought to be content (``\\u0073ervice``), which
means the same there and nothing elsewhere; a text where one of them is still bare is not handed on.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.errors import BadInput, TooLarge
from kg.iris import PREFIXES

MAX_NESTING = 200
MAX_OPERATORS = 1000

_TOKEN = re.compile(
    r'''(?P<text>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'
             |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<datatype>(?<=["\'])\^\^)
    |(?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    |(?P<comment>\#[^\n\r]*)
    |(?P<escaped>\\.)
    |(?P<variable>[?$]\w+)
    |(?P<language>@[A-Za-z0-9-]+)
    |(?P<blank>_:\w[\w.-]*)
    |(?P<name>(?:\w[\w.-]*)?:(?:(?:[\w:%]|\\.)(?:[\w:.%-]|\\.)*)?)
    |(?P<word>\w+)
    |(?P<operator>\|\||&&|[*/|^!]|[-+](?!\d))
    |(?P<bracket>[()\[\]{}])
    |(?P<end>;)''',
    re.VERBOSE | re.DOTALL,
)
_ESCAPED_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_CALL = re.compile(r"service|load", re.IGNORECASE)
_IN_A_NAME = re.compile(r"(?:[?$]\w*|:(?:\w[\w-]*)?)\Z", re.ASCII)
"""What stands before a word that can only be part of a variable or of a prefixed name."""
_LONGEST_NAME = 100
_OPENING = re.compile(r"[(\[{]")
_OPERATOR = re.compile(r"[!|&^+*/-]")
_ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "([{!|&^+*/-"}
_STRUCTURE = {
    "text": _ESCAPES,
    "comment": _ESCAPES,
    "iri": {sign: _ESCAPES[sign] for sign in map(ord, "([!+*-")},  # no path stands where < compares
}
"""What is written with an escape, by the kind of content, where there is much of it."""
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


def check(text: str, max_bytes: int) -> bool:
    """Raise TooLarge for what could end the engine (size, nesting, operators); tell if a dataset is named.

    Escapes are looked at as they stand, as the engine does, and resolved, as SPARQL asks.
    """
    measure(text, max_bytes)
    meant = resolved(text)
    if meant != text:
        _check(_cut(meant))
    return _check(_cut(text))


def screen(text: str, max_bytes: int) -> Screened:
    """Pass a query on, or raise TooLarge (size, nesting, operators) or BadInput (SERVICE)."""
    measure(text, max_bytes)
    if _is_plain(text):
        return Screened(text, names_its_dataset=False)
    names_its_dataset = check(text, max_bytes)
    if _CALL.search(resolved(text)) and any(_is_service(token) for token in tokens(text)):
        raise BadInput(_NOT_ANSWERED)
    return Screened(inert(text, "service"), names_its_dataset)


_NOT_ANSWERED = (
    "SERVICE is not answered here, but as SERVICE <endpoint> { ... } for an endpoint that KG_ALLOW names:"
    " load what you need from the other endpoint as facts."
)


def _is_plain(text: str) -> bool:
    """Tell if a text is too short to hold too much of anything, and has none of what must be looked at."""
    if len(text) > MAX_OPERATORS or "\\" in text or sum(map(text.count, "([{")) > MAX_NESTING:
        return False
    lower = text.lower()
    return "service" not in lower and "from" not in lower


def inert(text: str, *words: str) -> str:
    """Give a text that means the same, with these words (service, load) in names at most; else BadInput."""
    written = escaped(text)
    refuse_bare(written, *words)
    return written


def refuse_bare(text: str, *words: str) -> None:
    """Raise BadInput for a text in which one of these words (service, load) stands but in a name."""
    for match in _CALL.finditer(text):
        before = text[max(0, match.start() - _LONGEST_NAME) : match.start()]
        if match[0].lower() in words and not _IN_A_NAME.search(before):
            raise BadInput(_NOT_ANSWERED if match[0].lower() == "service" else "LOAD cannot stand here.")


def escaped(text: str) -> str:
    """Write SERVICE and LOAD with an escape where they are content, and brackets and operators if many."""
    has_many = len(_OPENING.findall(text)) > MAX_NESTING or len(_OPERATOR.findall(text)) > MAX_OPERATORS
    if not has_many and not _CALL.search(text):
        return text
    pieces: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if signs := _STRUCTURE.get(str(match.lastgroup)):
            content = match[0].translate(signs) if has_many else match[0]
            pieces += [text[end : match.start()], _CALL.sub(_first_escaped, content)]
            end = match.end()
    return "".join([*pieces, text[end:]])


def _first_escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0][0]):04X}{match[0][1:]}"


def _check(found: Iterable[Token]) -> bool:
    depth = operators = 0
    names_its_dataset = False
    for token in found:
        opened, within = _opened(token)
        depth += opened
        operators += token.kind == "operator" or (token.kind == "word" and token.text.upper() in _CLAUSES)
        if depth + within > MAX_NESTING:
            raise TooLarge(f"The query nests brackets deeper than {MAX_NESTING}.")
        if operators > MAX_OPERATORS:
            raise TooLarge(
                f"The query has more than {MAX_OPERATORS} operators; VALUES and IN take long lists."
            )
        names_its_dataset |= token.kind == "word" and token.text.upper() in ("FROM", "FROMNAMED")
    return names_its_dataset


def _is_service(token: Token) -> bool:
    return token.kind in ("word", "name") and "service" in token.text.partition(":")[0].lower()


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
    return _cut(resolved(text))


def placed_tokens(text: str) -> Iterator[Token]:
    """Cut a text as it stands, without comments: the engine reads escapes in texts and IRIs only."""
    return (token for token in _cut(text) if token.kind != "comment")


def resolved(text: str) -> str:
    """Read the code points that are written as escapes."""
    return _ESCAPED_CODE_POINT.sub(_code_point, text)


def prologue_length(found: Sequence[Token]) -> int:
    """Count the tokens of leading declarations."""
    position = 0
    lengths = {"BASE": 2, "PREFIX": 3, "VERSION": 2}
    while position < len(found) and (length := lengths.get(found[position].text.upper())):
        position += length
    return min(position, len(found))


def _cut(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        yield Token(str(match.lastgroup), match[0], match.start(), match.end())


def _code_point(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 else match[0]


def _opened(token: Token) -> tuple[int, int]:
    """Count brackets opened less those closed, and those opened within: ``?a<(...)>?b`` reads as an IRI."""
    if token.kind == "bracket":
        return (1 if token.text in "([{" else -1), 0
    if token.kind != "iri":
        return 0, 0
    within = len(_OPENING.findall(token.text))
    return within - token.text.count(")") - token.text.count("]"), within


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
