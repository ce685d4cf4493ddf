"""Anti-joins: writes ``FILTER NOT EXISTS`` as ``MINUS`` where both remove the same rows (SPARQL 1.1, 8.3).

The engine evaluates the pattern of ``NOT EXISTS`` once per row, and that of ``MINUS`` once. Both remove the
same rows if each row binds all variables that the pattern shares with it, and there is such a variable. The
rewrite applies only to patterns that have a constant besides the predicate, because these are cheap to
evaluate as a whole.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg import scanner
from kg.scanner import Token

_NOT_EXISTS = re.compile(r"not\s++exists", re.IGNORECASE)
_FORMS = frozenset({"SELECT", "ASK"})
_FORBIDDEN = frozenset(
    {"BIND", "GRAPH", "LATERAL", "MINUS", "OPTIONAL", "SELECT", "SERVICE", "UNION", "VALUES", "EXISTS"}
)
"""Words that may leave a variable of the group unbound, or give the pattern another meaning."""
_TERMS = frozenset({"iri", "name", "variable"})

_Triple = tuple[str, str, str]


class _Kept(Exception):
    """Raised if the query cannot be rewritten."""


def with_minus(text: str) -> str:
    """Return a query with MINUS in place of those FILTER NOT EXISTS that mean the same; lines stay the same.

    >>> with_minus("ASK { ?a <urn:p> ?b FILTER NOT EXISTS { ?b <urn:q> ?c ; <urn:r> <urn:d> } }")
    'ASK { ?a <urn:p> ?b FILTER(true) MINUS { ?b <urn:q> ?c . ?b <urn:r> <urn:d> } }'
    """
    if "exists" not in text.lower() or not _NOT_EXISTS.search(text):
        return text
    tokens = [token for token in scanner.tokens(text) if token.kind != "comment"]
    try:
        return _rewritten(text, tokens)
    except _Kept:
        return text


def _rewritten(text: str, tokens: Sequence[Token]) -> str:
    start = next((place for place, token in enumerate(tokens) if token.text == "{"), len(tokens))
    if _FORMS.isdisjoint(map(_word, tokens[:start])):
        raise _Kept
    bound: set[str] = set()
    filters: list[tuple[int, int]] = []
    depth, place = 1, start + 1
    while place < len(tokens) and tokens[place].text != "}":
        if tuple(map(_word, tokens[place : place + 3])) == ("FILTER", "NOT", "EXISTS"):
            end = next((far for far in range(place, len(tokens)) if tokens[far].text == "}"), len(tokens))
            filters.append((place, end))
            place = end + 1
            continue
        token = tokens[place]
        if token.text == "{" or _word(token) in _FORBIDDEN:
            raise _Kept
        depth += token.step
        if depth == 1 and token.kind == "variable":
            bound.add(token.text[1:])
        place += 1
    if place >= len(tokens):
        raise _Kept
    pieces, offset, minus = [], 0, []
    for first, last in filters:
        pattern = _pattern(text, tokens[first + 3 : last + 1], bound)
        if pattern is not None:
            pieces += [text[offset : tokens[first].start], "FILTER(true)"]
            offset = tokens[last].end
            pieces.append("\n" * text.count("\n", tokens[first].start, offset))
            minus.append(pattern)
    closing = tokens[place].start
    before = text[offset:closing]
    return "".join([*pieces, before, *(f"MINUS {{ {pattern} }} " for pattern in minus), text[closing:]])


def _pattern(text: str, tokens: Sequence[Token], bound: set[str]) -> str | None:
    """Return the triples between braces as a MINUS pattern; None if they cannot be one."""
    try:
        triples = list(_triples(text, tokens))
    except _Kept:
        return None
    used = {term[1:] for triple in triples for term in triple if term[0] in "?$"}
    is_bounded = any(
        predicate != "a" and not predicate.startswith(("?", "$")) and (term[0] not in "?$")
        for subject, predicate, obj in triples
        for term in (subject, obj)
    )
    return " . ".join(map(" ".join, triples)) if is_bounded and used & bound else None


def _triples(text: str, tokens: Sequence[Token]) -> Iterator[_Triple]:
    """Yield the triples of a group that holds nothing else; raises _Kept if it does."""
    terms: list[str] = []
    subject = ""
    for token, following in pairwise(tokens[1:]):
        if token.kind == "end":
            _require(not terms and subject != "")
            terms = [subject]
            continue
        _require(token.kind in _TERMS or token.text == "a")
        _require(not token.text.endswith("."))  # which may end the triple
        terms.append(token.text)
        between = text[token.end : following.start].strip()
        if len(terms) < 3:
            _require(not between)
            continue
        yield terms[0], terms[1], terms[2]
        subject, terms = terms[0], []
        _require(between == "." or (not between and following.text in ("}", ";")))
    _require(not terms and bool(subject))


def _require(condition: bool) -> None:
    if not condition:
        raise _Kept


def _word(token: Token) -> str:
    return token.text.upper() if token.kind == "word" else ""
