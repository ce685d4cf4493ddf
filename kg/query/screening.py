"""Screening of queries and updates: limits size, nesting and operators, and refuses SERVICE.

Some short texts crash the engine's process: about 800 nested ``EXISTS``, 900 function calls, 2,100 groups or
6,900 ``+`` in a stack of 8 MiB (pyoxigraph 0.5.13). And the engine calls any address after SERVICE and LOAD.

No scanner is certain to agree with the engine's (is ``?a<'b>'`` an IRI?), so the screen does not rely on its
own. A text with few brackets and operators is safe whichever way they are parsed. In any other text,
``escaped`` writes literals and IRIs so that they have only one reading: either the engine sees a bracket
where the screen does, or it reports an error. SERVICE and LOAD are escaped in the same way
(``\\u0073ervice``), and a declared prefix that contains such a word gets another letter; the screen refuses a
text in which one is still bare.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg import scanner
from kg.errors import BadInput, TooLarge
from kg.iris import PREFIXES
from kg.scanner import Token

MAX_NESTING = 100
MAX_OPERATORS = 1000

_ESCAPED_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_CALL = re.compile(r"service|load", re.IGNORECASE)
_OF_VARIABLES = re.compile(rf"[{scanner.MORE}]")
_OF_NAMES = re.compile(rf"[{scanner.MORE}:.%-]")
_OF_LANGUAGES = re.compile(r"[A-Za-z0-9-]")
_LOCAL = re.compile(r":(?![.-])")
_LONGEST_NAME = 100
_SPARE_LETTERS = "zyxwvutqpkjhgfb"
_QUOTES = ('"', "'")
_RELATIVE = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*+:)[^<>\s]*+>")
_IRI_CALL = re.compile(r"(?<![?$:\w])[iu]ri\b(?!:)")
_OPENING = re.compile(r"<<|[(\[{]")
_OPERATOR = re.compile(r"[!|&^+*/-]")
_STRUCTURAL = re.compile(r"""\\.|[][(){}<>"'#!|&^+*/-]""", re.DOTALL)
"""An escape, or a character that has a meaning outside of literals."""
_CLAUSES = frozenset({"OPTIONAL", "UNION", "MINUS", "LATERAL", "EXISTS", "BIND", "FILTER", "VALUES", "AS"})
"""Words that each add a level to the algebra of a query."""
_CLAUSE = re.compile("|".join(sorted(_CLAUSES)), re.IGNORECASE)
_LISTS = frozenset({"DESCRIBE", "GROUP", "HAVING"})
"""Words before a list of terms or conditions that each add a level."""
_AFTER_LISTS = frozenset({"WHERE", "ORDER", "LIMIT", "OFFSET", "VALUES", "FROM", *_LISTS})
_LIST = re.compile("|".join(sorted(_LISTS)), re.IGNORECASE)
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*+://")
_OPERANDS = frozenset({"variable", "name", "word", "iri", "text"})


@dataclass(frozen=True)
class Screened:
    """A query that is safe to pass to the engine."""

    text: str
    names_its_dataset: bool


def measure(text: str, max_bytes: int) -> None:
    """Raise TooLarge for a text that is too long to be screened."""
    if len(text.encode("utf-8", "replace")) > max_bytes:
        raise TooLarge(
            f"The query is longer than {max_bytes} bytes; store long lists of values as facts instead."
        )


def check(text: str, max_bytes: int) -> bool:
    """Return whether a text names a dataset; raise TooLarge for one that could crash the engine.

    It checks escapes as written, which is how the engine reads them, and resolved, as SPARQL requires.
    """
    measure(text, max_bytes)
    for reading in dict.fromkeys((text, resolved(text))):
        if _has_much(reading):
            _bound(reading)
    if "from" not in text.lower():
        return False
    return any(
        token.kind == "word" and token.text.upper() in ("FROM", "FROMNAMED") for token in scanner.tokens(text)
    )


def screen(text: str, max_bytes: int) -> Screened:
    """Return a screened query, or raise TooLarge (size, nesting, operators) or BadInput (SERVICE)."""
    measure(text, max_bytes)
    if _is_plain(text):
        return Screened(text, names_its_dataset=False)
    names_its_dataset = check(text, max_bytes)
    if _CALL.search(resolved(text)) and any(_is_service(token) for token in tokens(text)):
        raise BadInput(_NOT_ANSWERED)
    return Screened(inert(text, "service"), names_its_dataset)


_NOT_ANSWERED = (
    "SERVICE is answered only as SERVICE <endpoint> { ... } for an endpoint that KG_ALLOW lists:"
    " load what you need from the other endpoint as facts."
)


def is_relative(text: str) -> bool:
    """Return whether a query may have a relative IRI, so that its answer may depend on the base.

    >>> is_relative("ASK { <urn:a> ?p <b> }"), is_relative("SELECT (IRI('b') AS ?b) {}")
    (True, True)
    >>> is_relative("ASK { ?uri <urn:p> ?o FILTER(?uri < ?o) }")
    False
    """
    lower = text.lower()
    return bool(_RELATIVE.search(text) or ("ri" in lower and _IRI_CALL.search(lower)))


def _is_plain(text: str) -> bool:
    """Return whether a text is too short to exceed a limit, and has nothing that must be screened."""
    if len(text) > MAX_OPERATORS or "\\" in text or len(_OPENING.findall(text)) > MAX_NESTING:
        return False
    lower = text.lower()
    return "service" not in lower and "from" not in lower


def inert(text: str, *words: str) -> str:
    """Return an equivalent text with these words (service, load) in names only, or raise BadInput."""
    escaped_text = escaped(text)
    refuse_bare(escaped_text, *words)
    return escaped_text


def refuse_bare(text: str, *words: str) -> None:
    """Raise BadInput for a text with one of these words (service, load) outside of a name."""
    for match in _CALL.finditer(text):
        if match[0].lower() in words and not _is_in_a_name(text, match.start()):
            raise BadInput(_NOT_ANSWERED if match[0].lower() == "service" else "LOAD is not allowed here.")


def _is_in_a_name(text: str, end: int) -> bool:
    """Return whether the word at ``end`` can only be part of a variable, a language or a prefixed name.

    >>> [_is_in_a_name(before, len(before)) for before in ("?my_", "'x'@", "e:a.", ":", "e:.", "e:a .", "1")]
    [True, True, True, True, False, False, False]
    """
    if text[_run(text, end, _OF_VARIABLES) - 1 : end][:1] in ("?", "$"):
        return True
    if text[_run(text, end, _OF_LANGUAGES) - 1 : end][:1] == "@":
        return True
    return _LOCAL.search(text, _run(text, end, _OF_NAMES), end) is not None


def _run(text: str, end: int, kind: re.Pattern[str]) -> int:
    """Return the start of the characters of a kind that end at ``end``; it checks a limited number."""
    start = end
    while start > max(0, end - _LONGEST_NAME) and kind.match(text, start - 1):
        start -= 1
    return start


def escaped(text: str) -> str:
    """Return the text with SERVICE and LOAD escaped in literals, IRIs and comments.

    If there are many brackets or operators, literals hold no character that has a meaning outside of them, an
    IRI begins with an escape, which no operand of a comparison does, and comments are removed.
    """
    has_much = _has_much(text)
    if not has_much and not _CALL.search(text):
        return text
    pieces: list[str] = []
    end = 0
    found = list(scanner.tokens(text))
    renamed = _renamed_prefixes(text, found)
    for token in found:
        if token.kind in ("text", "iri", "comment"):
            content = _with_one_reading(token) if has_much else token.text
            pieces += [text[end : token.start], _CALL.sub(_first_escaped, content)]
            end = token.end
        elif token.kind == "name" and (prefix := token.text.partition(":")[0]) in renamed:
            pieces += [text[end : token.start], renamed[prefix]]
            end = token.start + len(prefix)
    return "".join([*pieces, text[end:]])


def _renamed_prefixes(text: str, tokens: Sequence[Token]) -> Mapping[str, str]:
    """Return a replacement of the same length for each declared prefix that contains SERVICE or LOAD.

    No prefix is replaced if an IRI may be two comparisons with literals behind them: a name there may be part
    of a literal.

    >>> text = "PREFIX service: <urn:s:> PREFIX zervice: <urn:z:> ASK {}"
    >>> dict(_renamed_prefixes(text, list(scanner.tokens(text))))
    {'service': 'yervice'}
    """
    iris = [token for token in tokens if token.kind == "iri"]
    if any("'" in iri.text or text[iri.end : iri.end + 1] in _QUOTES for iri in iris):
        return {}
    pairs = pairwise(tokens)
    declared = {name.text.partition(":")[0] for word, name in pairs if word.text.upper() == "PREFIX"}
    used = {token.text.partition(":")[0] for token in tokens if token.kind == "name"} | PREFIXES.keys()
    renamed: dict[str, str] = {}
    for prefix in sorted(filter(_CALL.search, declared)):
        others = (_respelled(prefix, letter) for letter in _SPARE_LETTERS)
        other = next((name for name in others if name not in used), None)
        if other is not None:
            renamed[prefix] = other
            used.add(other)
    return renamed


def _respelled(prefix: str, letter: str) -> str:
    """Return a prefix in which SERVICE and LOAD begin with another letter.

    >>> _respelled("my-service", "z")
    'my-zervice'
    """
    return _CALL.sub(lambda match: letter + match[0][1:], prefix)


def _has_much(text: str) -> bool:
    """Return whether a text has too many brackets or operators to be safe, however it is parsed."""
    if len(text) > MAX_OPERATORS and _LIST.search(text):
        return True
    operators = len(_OPERATOR.findall(text)) + len(_CLAUSE.findall(text))
    return operators > MAX_OPERATORS or len(_OPENING.findall(text)) > MAX_NESTING


def _with_one_reading(token: Token) -> str:
    """Return a literal, an IRI or a comment in a form that the engine cannot read as anything else.

    >>> _with_one_reading(Token("text", "'f(x)'")), _with_one_reading(Token("iri", "<urn:x>"))
    ("'f\\\\u0028x\\\\u0029'", '<\\\\u0075rn:x>')
    """
    if token.kind == "comment":
        return ""
    if token.kind == "iri":
        return (
            token.text
            if token.text[1] in "\\>" or _may_compare(token.text)
            else f"<{_code_point_of(token.text[1])}{token.text[2:]}"
        )
    mark = token.text[0] * (3 if token.text.startswith(('"""', "'''")) else 1)
    inner = token.text[len(mark) :]
    closing = mark if inner.endswith(mark) else ""
    content = inner.removesuffix(closing) if closing else inner
    return f"{mark}{_STRUCTURAL.sub(_without_structure, content)}{closing}"


def _may_compare(iri: str) -> bool:
    """Return whether an IRI may be two comparisons: ``?a<1&&?b>2``, ``IF(?a<1,?b>2,3)``.

    >>> _may_compare("<5&&?y>"), _may_compare("<http://example.org/a,b>"), _may_compare("<urn:a>")
    (True, False, False)
    """
    has_several = "&&" in iri or "," in iri or ")" in iri
    return has_several and not ("'" in iri or "#" in iri or _ABSOLUTE.match(iri))


def _without_structure(match: re.Match[str]) -> str:
    """Return the code point escape of a structural character; other escapes stay, except escaped quotes."""
    sign = match[0][-1]
    return match[0] if len(match[0]) == 2 and sign not in "\"'" else _code_point_of(sign)


def _code_point_of(sign: str) -> str:
    return f"\\U{ord(sign):08X}" if ord(sign) > 0xFFFF else f"\\u{ord(sign):04X}"


def _first_escaped(match: re.Match[str]) -> str:
    return f"{_code_point_of(match[0][0])}{match[0][1:]}"


def _bound(text: str) -> None:
    """Raise TooLarge for a text that nests too deeply, or has too many operators in one operation."""
    bounds = _Bounds()
    before = Token("", "")
    for token in scanner.tokens(text):
        bounds.take(token, before, text)
        before = token


@dataclass
class _Bounds:
    """The open brackets of a text, and the number of operators since the current operation began."""

    depth: int = 0
    operators: int = 0
    is_data: bool = False
    is_in_values: bool = False
    listed_at: int | None = None
    """The depth of the list that is being read; None outside of lists."""

    def take(self, token: Token, before: Token, text: str) -> None:
        """Count a token; raise TooLarge over a limit."""
        if token.kind == "end" and self.depth == 0:
            self.operators, self.is_data = 0, False
        elif token.kind == "word":
            self._take_word(token.text.upper())
        elif token.kind == "bracket":
            self.depth = max(0, self.depth + token.step)
            self.operators += token.text == "{" and not self.is_data
            self.is_in_values = self.is_in_values and token.text != "}"
        elif token.kind == "iri":
            self._take_iri(token.text)
        elif token.kind == "operator":
            self.operators += not text[token.end : token.end + 1].isdigit() or self._is_sum(before)
        self._take_item(token)
        self._check()

    def _take_item(self, token: Token) -> None:
        """Count the items of DESCRIBE, GROUP BY and HAVING."""
        word = token.text.upper() if token.kind == "word" else ""
        if word in _AFTER_LISTS or token.text in ("{", "}"):
            self.listed_at = self.depth if word in _LISTS else None
        elif self.listed_at is not None:
            is_opening = token.text == "(" and self.depth == self.listed_at + 1
            self.operators += is_opening or (token.kind in _OPERANDS and self.depth == self.listed_at)

    def _take_word(self, word: str) -> None:
        self.operators += word in _CLAUSES
        self.is_data = self.is_data or word == "DATA"
        self.is_in_values = self.is_in_values or word == "VALUES"

    def _take_iri(self, iri: str) -> None:
        """Count the contents of an IRI that may be two comparisons; no bracket in it counts as closed."""
        opened = len(_OPENING.findall(iri))
        if _may_compare(iri) or opened > MAX_NESTING:
            self.depth += opened
            self.operators += len(_OPERATOR.findall(iri))

    def _is_sum(self, before: Token) -> bool:
        """Return whether a sign before a digit is an operator, and not part of the next value of a list."""
        return before.kind in _OPERANDS and not self.is_data and not self.is_in_values

    def _check(self) -> None:
        if self.depth > MAX_NESTING:
            raise TooLarge(f"The query nests brackets deeper than {MAX_NESTING}.")
        if self.operators > MAX_OPERATORS:
            raise TooLarge(
                f"The query has more than {MAX_OPERATORS} operators; write long lists with VALUES or IN."
            )


def _is_service(token: Token) -> bool:
    return token.kind == "word" and "service" in token.text.lower()


def tokens(text: str) -> Iterator[Token]:
    """Split a query into the tokens that count; code point escapes are resolved first, as SPARQL requires."""
    return scanner.tokens(resolved(text))


def placed_tokens(text: str) -> Iterator[Token]:
    """Split a text as written, without comments: the engine resolves escapes only in literals and IRIs."""
    return (token for token in scanner.tokens(text) if token.kind != "comment")


def resolved(text: str) -> str:
    """Return a text with its code point escapes resolved."""
    return _ESCAPED_CODE_POINT.sub(_code_point, text)


def prologue_length(tokens: Sequence[Token]) -> int:
    """Return the number of tokens in the leading declarations."""
    position = 0
    lengths = {"BASE": 2, "PREFIX": 3, "VERSION": 2}
    while position < len(tokens) and (length := lengths.get(tokens[position].text.upper())):
        position += length
    return min(position, len(tokens))


def _code_point(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 else match[0]
