"""What is wrong with a query or an update that does not parse, for the person who wrote it.

The engine says what its grammar expected, and at a place that is off by the length of the keyword it looked
for. So the text is looked through for the usual faults first; where none is found, the words near the place
are quoted.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise

from kg import scanner
from kg.errors import Unreadable
from kg.invisible_characters import is_invisible, named_by_number
from kg.iris import PREFIXES
from kg.scanner import Token

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_KEYWORD = re.compile(r"[A-Za-z_0-9]{2,}")
_LONGEST_QUOTE = 40
_UPDATE_VERBS = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)
_QUERY_VERBS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
    A ABS ADD ADJUST ALL AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL CLEAR COALESCE CONCAT CONSTRUCT
    CONTAINS COPY COUNT CREATE DATA DATATYPE DAY DEFAULT DELETE DESC DESCRIBE DISTINCT DROP
    ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HASLANG HASLANGDIR HAVING
    HOURS IF IN INSERT INTO IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR
    LANGMATCHES LATERAL LCASE LIMIT LOAD MAX MD5 MIN MINUS MINUTES MONTH MOVE NAMED NOT NOW OBJECT
    OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS
    SELECT SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR STRAFTER STRBEFORE STRDT STRENDS
    STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TO TRIPLE TRUE TZ UCASE
    UNDEF UNION URI USING UUID VALUES VERSION WHERE WITH YEAR
""",
    )
)
_INSTEAD = {"AND": "&&", "OR": "||", "LIKE": "REGEX or CONTAINS", "NULL": "UNDEF, or leave the value out"}
_OPENERS = {")": "(", "]": "[", "}": "{"}
_TYPOGRAPHIC = "“”„‟‘’‚‛«»"


@dataclass(frozen=True)
class _Finding:
    """A fault at a place of the text; ``place`` is None where it has none."""

    said: str
    place: int | None = None


@dataclass(frozen=True)
class _Reading:
    """A text, the tokens of the part that does not parse, and what the engine said of it."""

    text: str
    tokens: Sequence[Token]
    expected: str
    place: int


def fault(
    text: str,
    message: str,
    what: str = "query",
    *,
    start: int = 0,
    stop: int | None = None,
    shift: tuple[int, int] = (0, 0),
) -> Unreadable:
    """Return the error to raise for a text that does not parse.

    ``start`` and ``stop`` delimit the operation of an update; the engine read it ``shift`` lines and columns
    further on.
    """
    reading = _read(text, message, start, len(text) if stop is None else stop, shift)
    found = next((finding for rule in _RULES for finding in rule(reading)), None)
    if found is None and what == "query" and (said := _update_verb(reading)):
        return Unreadable(said)
    if found is None and what == "update" and (said := _query_verb(reading)):
        return Unreadable(said)
    found = found or _near(reading)
    if found.place is None:
        return Unreadable(f"The {what} does not parse: {found.said}.")
    line = text.count("\n", 0, found.place) + 1
    column = found.place - (text.rfind("\n", 0, found.place) + 1) + 1
    said = f"The {what} does not parse at line {line}, column {column}: {found.said}."
    return Unreadable(said, line=line, column=column)


def _read(text: str, message: str, start: int, stop: int, shift: tuple[int, int]) -> _Reading:
    tokens = [token for token in scanner.tokens(text[:stop]) if token.end > start]
    match = _POSITION.fullmatch(message)
    if match is None:
        return _Reading(text[:stop], tokens, message, stop)
    lines, columns = int(match[1]) - 1 - shift[0], int(match[2]) - 1
    place = start
    for _ in range(lines):
        place = text.find("\n", place) + 1 or stop
    place += columns if lines else columns - shift[1]
    return _Reading(text[:stop], tokens, match[3], max(start, min(stop, place - _looked_ahead(match[3]))))


def _looked_ahead(expected: str) -> int:
    """Return how far behind the fault the engine's position is: it counts the keyword that it looked for.

    >>> _looked_ahead("expected one of FROM, OPTIONAL, [_]"), _looked_ahead('expected one of "(", FROM')
    (4, 0)
    """
    parts = expected.removeprefix("expected ").removeprefix("one of ").split(", ")
    keywords = [part for part in parts if _KEYWORD.fullmatch(part)]
    is_only_keywords = all(part == "[_]" or _KEYWORD.fullmatch(part) for part in parts)
    return min(map(len, keywords)) if keywords and is_only_keywords else 0


# Faults that show in the text


def _strange_characters(reading: _Reading) -> Iterator[_Finding]:
    """Characters that stand between tokens and look like a space, a quotation mark or nothing."""
    end = reading.tokens[0].start if reading.tokens else 0
    end = 0 if not reading.text[:end].strip() or reading.text[:end].startswith("\ufeff") else end
    for token in (*reading.tokens, Token("", "", len(reading.text), len(reading.text))):
        for place in range(end, token.start):
            if said := _strange(reading.text[place]):
                yield _Finding(said, place)
        end = token.end


def _strange(character: str) -> str:
    name = named_by_number(character)
    if character in _TYPOGRAPHIC:
        return f"SPARQL does not know the quotation mark {name}; write \" or '"
    if is_invisible(character):
        return f"an invisible character stands here, {name}; remove it, or put an ordinary space in its place"
    return ""


def _unclosed(reading: _Reading) -> Iterator[_Finding]:
    opened: list[Token] = []
    for token in reading.tokens:
        if token.kind == "text" and not _is_closed(token.text):
            yield _Finding(f"the quotation mark {token.text[0]} opens a text that is not closed", token.start)
        elif token.text in ("(", "[", "{"):
            opened.append(token)
        elif token.text in _OPENERS and token.kind == "bracket":
            if not opened or opened[-1].text != _OPENERS[token.text]:
                yield _Finding(f"the bracket {token.text} closes none that is open", token.start)
                return
            opened.pop()
    for token in opened[-1:]:
        yield _Finding(f"the bracket {token.text} is not closed", token.start)


def _is_closed(text: str) -> bool:
    mark = text[0] * (3 if text.startswith(('"""', "'''")) else 1)
    return len(text) >= 2 * len(mark) and text.endswith(mark)


def _undeclared(reading: _Reading) -> Iterator[_Finding]:
    declared = {f"{prefix}:" for prefix in PREFIXES}
    before = Token("", "")
    for token in scanner.tokens(reading.text):
        if token.kind == "name":
            prefix = token.text.partition(":")[0] + ":"
            if before.text.upper() == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared and token.start >= reading.tokens[0].start:
                yield _Finding(_unknown_prefix(prefix), token.start)
        before = token


def _unknown_prefix(prefix: str) -> str:
    if prefix in ("http:", "https:", "urn:"):
        return "an IRI stands in angle brackets and holds no space; write <http://example.org/x>"
    return f"the prefix {prefix} is not declared; declare it by PREFIX {prefix} <...>"


def _bound_twice(reading: _Reading) -> Iterator[_Finding]:
    """A variable that BIND gives a value to, and that stands before it in the same group."""
    if "[_]" not in reading.expected:
        return
    scope = _Scope()
    for before, token in pairwise((Token("", ""), *reading.tokens)):
        if scope.take(token, before):
            said = (
                f"BIND gives {token.text} a value, and it has one already in this group; choose another name"
            )
            yield _Finding(said, token.start)


@dataclass
class _Scope:
    """The variables with a value in each group that is open, and the BIND or FILTER that is being read."""

    groups: list[set[str]] = field(default_factory=lambda: [set()])
    hides: list[bool] = field(default_factory=list)
    """Whether the group is one of MINUS or EXISTS, whose variables nobody outside sees."""
    call: str = ""
    depth: int = 0

    def take(self, token: Token, before: Token) -> bool:
        """Go on by one token; return whether BIND gives it a value though it has one."""
        if token.kind == "word" and token.text.upper() in ("BIND", "FILTER"):
            self.call, self.depth = token.text.upper(), 0
        elif token.text == "{":
            self.groups.append(set())
            self.hides.append(before.text.upper() in ("MINUS", "EXISTS"))
            self.call = ""
        elif token.text == "}" and self.hides:
            inner = self.groups.pop()
            self.groups[-1] |= set() if self.hides.pop() else inner
        elif token.kind == "bracket":
            self.depth += token.step
            self.call = self.call if self.depth > 0 else ""
        return token.kind == "variable" and self._take_variable(token.text[1:], before)

    def _take_variable(self, name: str, before: Token) -> bool:
        is_bound = self.call == "BIND" and self.depth == 1 and before.text.upper() == "AS"
        had_value = name in self.groups[-1]
        if is_bound or not self.call:
            self.groups[-1].add(name)
        return is_bound and had_value


def _labels_in_two_groups(reading: _Reading) -> Iterator[_Finding]:
    """A label of a blank node in two groups; only where the engine finds nothing else to say."""
    if "unreported" not in reading.expected:
        return
    seen: dict[str, int] = {}
    group = 0
    for token in reading.tokens:
        group += token.text in ("{", "}")
        if token.kind == "blank" and seen.setdefault(token.text, group) != group:
            said = f"the blank node {token.text} stands in two groups; write a variable in its place"
            yield _Finding(said, token.start)


def _variables_in_data(reading: _Reading) -> Iterator[_Finding]:
    words = [token.text.upper() for token in reading.tokens[:2]]
    if words[1:] == ["DATA"]:
        for token in reading.tokens:
            if token.kind == "variable":
                said = f"{words[0]} DATA holds no variables; write {words[0]} {{ ... }} WHERE {{ ... }}"
                yield _Finding(said, token.start)


def _blank_nodes_deleted(reading: _Reading) -> Iterator[_Finding]:
    """A blank node in what an update deletes, where none may stand (SPARQL 1.1 Update, 3.1.3)."""
    is_deleted, depth = False, 0
    for token in reading.tokens:
        word = token.text.upper() if token.kind == "word" and depth == 0 else ""
        is_deleted = word == "DELETE" or (is_deleted and word in ("", "DATA", "WHERE"))
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if is_deleted and depth > 0 and (token.kind == "blank" or token.text == "["):
            said = "what is deleted holds no blank nodes; write a variable, and what it has in WHERE"
            yield _Finding(said, token.start)
        is_deleted = is_deleted and (depth > 0 or token.text != "}")


def _old_forms(reading: _Reading) -> Iterator[_Finding]:
    """Updates as older proposals wrote them, and queries sent as updates."""
    words = [token.text.upper() for token in reading.tokens[:2]]
    if words in (["INSERT", "INTO"], ["DELETE", "FROM"]):
        said = f"{' '.join(words)} is no SPARQL; write {words[0]} DATA {{ GRAPH <...> {{ ... }} }}"
        yield _Finding(said, reading.tokens[0].start)


_SAID = {
    "The SELECT contains a variable that is unbound": "SELECT names a variable beside aggregates by which it"
    " does not group; add it to GROUP BY, or write (SAMPLE(?x) AS ?y)",
    "Duplicated variable name in SELECT": "SELECT gives two values the same name; choose another",
    "The SELECT overrides an existing variable": "SELECT gives a value the name of a variable of the pattern;"
    " choose another name after AS",
    "SELECT * is not authorized with GROUP BY": "SELECT * cannot stand beside GROUP BY; name the variables",
    "language tag parsing failed": "a language tag is ill-formed; write for instance @en or @es-CO",
}


def _said_by_the_engine(reading: _Reading) -> Iterator[_Finding]:
    for part, said in _SAID.items():
        if part in reading.expected:
            place = _select(reading) if part.startswith(("The S", "Dup", "SEL")) else None
            yield _Finding(said, place)
    if "IRI parsing failed" in reading.expected:
        before = [token for token in reading.tokens if token.kind == "iri" and token.start <= reading.place]
        for token in before[-1:]:
            yield _Finding(
                f"{_quoted(token.text)} is no IRI; write it in full, with no space in it", token.start
            )


def _select(reading: _Reading) -> int | None:
    found = [token.start for token in reading.tokens if token.text.upper() == "SELECT"]
    return found[0] if len(found) == 1 else None


def _unknown_words(reading: _Reading) -> Iterator[_Finding]:
    """Words that SPARQL does not have, and signs of other languages."""
    for before, token in pairwise((Token("", ""), *reading.tokens)):
        gap = reading.text[before.end : token.start]
        if "==" in gap:
            yield _Finding("== is no operator of SPARQL; write =", before.end + gap.index("=="))
        word = token.text.upper()
        is_number = token.text[0].isdigit() or reading.text[: token.start][-1:].isdigit()
        if token.kind == "word" and reading.text[: token.start][-1:] == "<":
            yield _Finding("an IRI begins here that is not closed, or that holds a space", token.start - 1)
        if token.kind != "word" or is_number or word in _WORDS:
            continue
        if word in _INSTEAD:
            yield _Finding(f"{word} is no word of SPARQL; write {_INSTEAD[word]}", token.start)
        elif len(word) > 3 and (near := get_close_matches(word, _WORDS, 1, 0.8)):  # short words are all alike
            yield _Finding(f"{_quoted(token.text)} is no word of SPARQL; {near[0]} may be meant", token.start)
        else:
            said = f"{_quoted(token.text)} is no word of SPARQL"
            yield _Finding(f"{said}; name a thing by an IRI or with a prefix (ex:name)", token.start)


def _selected(reading: _Reading) -> Iterator[_Finding]:
    """Commas and aggregates without brackets behind SELECT."""
    chosen = False
    for before, token in pairwise((Token("", ""), *reading.tokens)):
        word = token.text.upper()
        if before.text.upper() in ("SELECT", "DISTINCT", "REDUCED") and before.kind == "word":
            chosen = True
        if chosen and "," in (gap := reading.text[before.end : token.start]) and before.kind == "variable":
            yield _Finding("no comma stands between the variables of SELECT", before.end + gap.index(","))
        if chosen and word in _AGGREGATES:
            yield _Finding(f"write ({word}(...) AS ?name), with a name for the value", token.start)
        chosen = chosen and token.kind == "variable"


_RULES: tuple[Callable[[_Reading], Iterator[_Finding]], ...] = (
    _strange_characters,
    _undeclared,
    _bound_twice,
    _labels_in_two_groups,
    _variables_in_data,
    _blank_nodes_deleted,
    _old_forms,
    _said_by_the_engine,
    _unclosed,
    _selected,
    _unknown_words,
)


def _update_verb(reading: _Reading) -> str:
    words = [token.text.upper() for token in reading.tokens if token.kind == "word"]
    verb = next((word for word in words if word in _UPDATE_VERBS), None)
    if verb is None or words[:1] == ["WHERE"] or _QUERY_VERBS & set(words):
        return ""
    return f"{verb} is an update; only queries are answered here."


def _query_verb(reading: _Reading) -> str:
    verb = next((token.text.upper() for token in reading.tokens if token.kind == "word"), "")
    return f"{verb} is a query; send it to /sparql." if verb in _QUERY_VERBS else ""


def _near(reading: _Reading) -> _Finding:
    """Quote what stands where the engine stopped."""
    rest = reading.text[reading.place :].strip()
    if not reading.text.strip():
        return _Finding("there is nothing in it; send a SELECT, ASK, CONSTRUCT or DESCRIBE")
    if not rest:
        return _Finding(
            "it ends too early, or what stands before its end is not complete", len(reading.text.rstrip())
        )
    place = reading.place + len(reading.text[reading.place :]) - len(reading.text[reading.place :].lstrip())
    return _Finding(f"something is wrong or missing near {_quoted(rest)}", place)


def _quoted(text: str) -> str:
    line = " ".join(text[: 4 * _LONGEST_QUOTE].split())
    return f"'{line}'" if len(line) <= _LONGEST_QUOTE else f"'{line[:_LONGEST_QUOTE]}…'"
