"""Literals in the data and templates of an update, as the client wrote them.

The engine returns the data of an update only from a store, which keeps numbers and times by value. So before
the engine reads the text, each literal that may be kept in another form is replaced by an IRI; the literals
themselves are parsed as Turtle.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from secrets import token_hex

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.iris import PREFIXES
from kg.query import screening
from kg.scanner import Token

_LITERAL = f"urn:kg:literal:{token_hex(16)}:"
"""Prefix of the IRIs that stand for literals; random, so that no client can write one."""
_DATATYPE = re.compile(r"\s*+\^\^\s*+")
_NUMBER = re.compile(
    r"[+-]?(?:\d++\.\d*+[eE][+-]?\d++|\.?\d++[eE][+-]?\d++|\d*+\.\d++|\d++)",
    re.ASCII,
)
_AS_KEPT = re.compile(r"0|[1-9]\d*+", re.ASCII)


def quads_as_written(prologue: str, group: str, read: Callable[[str], list[Quad]]) -> list[Quad]:
    """Return the quads of a group, with their literals as written; the engine has already accepted the group.

    ``read`` returns the quads of a text; ``prologue`` declares its prefixes.
    """
    text, literal_texts = _without_literals(group)
    literals = _read(prologue, literal_texts) if literal_texts else {}
    if not literals:
        return read(group)
    return [_with_literal(quad, literals) for quad in read(text)]


def _with_literal(quad: Quad, literals: dict[NamedNode, Literal]) -> Quad:
    if isinstance(quad.object, NamedNode) and quad.object in literals:
        return Quad(quad.subject, quad.predicate, literals[quad.object], quad.graph_name)
    return quad


def _without_literals(text: str) -> tuple[str, list[str]]:
    """Return a text with IRIs in place of numbers and typed literals, and the list of these."""
    pieces: list[str] = []
    literal_texts: list[str] = []
    end = 0
    for start, stop in _places(text):
        pieces += [text[end:start], f"<{_LITERAL}{len(literal_texts)}>"]
        literal_texts.append(text[start:stop])
        end = stop
    return "".join([*pieces, text[end:]]), literal_texts


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each such literal."""
    tokens = list(screening.placed_tokens(text))
    end = 0
    for number, token in enumerate(tokens):
        if token.start < end:
            continue
        if token.kind == "text":
            place = _typed(text, token, tokens[number + 1 : number + 4])
        elif token.kind == "word" and token.text[0].isdigit():
            place = _number(text, token.start, end)
        else:
            continue
        if place:
            yield place
            end = place[1]


def _typed(text: str, token: Token, following: Sequence[Token]) -> tuple[int, int] | None:
    if sign := _DATATYPE.match(text, token.end):
        for name in following:
            if name.start == sign.end() and name.kind in ("iri", "name"):
                return token.start, name.end
    return None


def _number(text: str, start: int, earliest: int) -> tuple[int, int] | None:
    """Return start and end of the number that contains the digit at ``start``; None if kept as written."""
    for before in (".", "+-"):
        if start > earliest and text[start - 1] in before:
            start -= 1
    match = _NUMBER.match(text, start)
    return match.span() if match and not _AS_KEPT.fullmatch(match[0]) else None


def _read(prologue: str, literal_texts: Sequence[str]) -> dict[NamedNode, Literal]:
    """Parse literals as Turtle, whose literals and prefixes SPARQL shares; empty if Turtle rejects them."""
    declared = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    triples = "".join(
        f"<{_LITERAL}{number}> <{_LITERAL}> {literal} .\n" for number, literal in enumerate(literal_texts)
    )
    try:
        quads = list(parse(f"{declared}{prologue}\n{triples}".encode(), format=RdfFormat.TURTLE))
    except SyntaxError:
        return {}
    return {
        quad.subject: quad.object
        for quad in quads
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    }
