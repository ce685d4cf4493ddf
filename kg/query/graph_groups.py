"""Rewrites groups of ``GRAPH ?g`` so that the engine joins the name as SPARQL says (section 18.6).

The engine binds ``?g`` when it matches triples, and a subquery that does not select ``?g`` loses the value.
So the parts that read no triples move behind ``GRAPH ?g {}``, a subquery selects ``?g`` too, and a MINUS that
shares no variable with the rest, and so removes nothing, gets no solutions.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg import scanner
from kg.scanner import Token

_NAMED = re.compile(r"graph\s*+[?$]", re.IGNORECASE)
_FAULTY = re.compile(r"select|minus|values|bind|filter", re.IGNORECASE)
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_CUTTING = frozenset({"LIMIT", "OFFSET"})
_READING = frozenset({"EXISTS", "GRAPH", "SERVICE", "SELECT"})

Changes = Iterator[tuple[int, int, str]]
"""Changes of the text: start, end, and replacement."""


def with_names_joined(text: str) -> str:
    """Return a query or an update in which every GRAPH group keeps the binding of its graph name.

    >>> with_names_joined("SELECT * { GRAPH ?g { SELECT ?s { ?s ?p ?o } } }")
    'SELECT * { GRAPH ?g { SELECT ?g ?s { ?s ?p ?o } } }'
    """
    if "graph" not in text.lower() or not _NAMED.search(text) or not _FAULTY.search(text):
        return text
    pieces: list[str] = []
    offset = 0
    for start, end, other in sorted(_Groups(text).changes()):
        pieces += [text[offset:start], other, "\n" * text.count("\n", start, end)]
        offset = end
    return "".join([*pieces, text[offset:]])


@dataclass(frozen=True)
class _Group:
    """A pair of braces, by the positions of their tokens, and the variable of the enclosing GRAPH."""

    start: int
    end: int
    graph: str | None
    is_of_graph: bool


class _Groups:
    """The groups of a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [token for token in scanner.tokens(text) if token.kind != "comment"]
        self._uses = _variables(self._tokens)

    def changes(self) -> Changes:
        """Yield the changes."""
        for group in self._groups():
            if group.graph is None:
                continue
            inner = self._tokens[group.start + 1 : group.end]
            if group.is_of_graph and _reads_no_triples(inner):
                start = self._tokens[group.start].start
                yield start, start, "{} "
            elif inner and _word(inner[0]) == "SELECT":
                yield from _selecting(group.graph, inner)
            elif self._word_before(group) == "MINUS" and not self._shares_variables(group):
                start = self._tokens[group.start].end
                yield start, start, " FILTER(false)"

    def _groups(self) -> Iterator[_Group]:
        opened: list[_Group] = []
        for place, token in enumerate(self._tokens):
            if token.text == "{":
                opened.append(self._opened(place, opened[-1].graph if opened else None))
            elif token.text == "}" and opened:
                yield replace(opened.pop(), end=place)

    def _opened(self, place: int, around: str | None) -> _Group:
        before = self._tokens[max(0, place - 2) : place]
        words = [_word(token) for token in before]
        if "GRAPH" in words[:1]:
            variable = before[1].text[1:] if before[1].kind == "variable" else None
            return _Group(place, place, variable, is_of_graph=variable is not None)
        is_apart = "SERVICE" in words[:1] or "EXISTS" in words[1:]
        return _Group(place, place, None if is_apart else around, is_of_graph=False)

    def _word_before(self, group: _Group) -> str:
        return _word(self._tokens[group.start - 1])

    def _shares_variables(self, group: _Group) -> bool:
        within = _variables(self._tokens[group.start : group.end])
        return any(number < self._uses[name] for name, number in within.items())


def _word(token: Token) -> str:
    return token.text.upper() if token.kind == "word" else ""


def _variables(tokens: Sequence[Token]) -> Counter[str]:
    """Count the uses of each variable."""
    return Counter(token.text[1:] for token in tokens if token.kind == "variable")


def _after_brackets(tokens: Sequence[Token], place: int) -> int:
    """Return the position after the brackets that open at or after ``place``."""
    depth = 0
    while place < len(tokens):
        depth += tokens[place].step
        place += 1
        if depth <= 0 and tokens[place - 1].kind == "bracket":
            break
    return place


def _reads_no_triples(tokens: Sequence[Token]) -> bool:
    """Return whether a non-empty group holds only VALUES, BIND and FILTER, which read no graph."""
    place = 0
    while place < len(tokens):
        word = _word(tokens[place])
        if word not in ("VALUES", "BIND", "FILTER"):
            return False
        end = _after_brackets(tokens, place + 1)
        if word == "VALUES" and tokens[place + 1 : end] and tokens[place + 1].text == "(":
            end = _after_brackets(tokens, end)
        if not _READING.isdisjoint(map(_word, tokens[place:end])):
            return False
        place = end
    return bool(tokens)


def _selecting(graph: str, tokens: Sequence[Token]) -> Changes:
    """Yield the change by which a subquery selects the name of its graph, if it then answers by graph."""
    start = next((place for place, token in enumerate(tokens) if token.text == "{"), len(tokens))
    head, tail = tokens[1:start], tokens[_after_brackets(tokens, start) :]
    ending = list(map(_word, tail))
    if [token.text for token in head if _word(token) != "WHERE"] == ["*"] and not tail:
        yield tokens[0].start, head[-1].end, ""
        return
    groups_by = "GROUP" in ending
    if (
        graph in _variables(tokens)
        or not _CUTTING.isdisjoint(ending)
        or any(token.text == "*" and token.kind == "operator" for token in head[:2])
        or (not groups_by and not _AGGREGATES.isdisjoint(map(_word, [*head, *tail])))
    ):
        return
    is_distinct = bool(head) and _word(head[0]) in ("DISTINCT", "REDUCED")
    behind = head[0] if is_distinct else tokens[0]
    yield behind.end, behind.end, f" ?{graph}"
    if groups_by:
        by = tail[ending.index("GROUP") + 1]
        yield by.end, by.end, f" ?{graph}"
