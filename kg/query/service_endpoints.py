"""Endpoints of a SERVICE clause whose endpoint is a variable: the IRIs that VALUES and BIND assign to it.

The clause is answered for each of them, and the answer binds the variable. So it does not matter which of
them a solution binds: the join with the rest of the query keeps the compatible solutions.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from kg.errors import BadInput
from kg.scanner import Token

_MAKES_IRIS = ("IRI", "URI")
_BEGINS_TERM = ("iri", "text", "name", "blank")


def bound(text: str, tokens: Sequence[Token], variable: Token) -> list[Token]:
    """Return the tokens that name endpoints: IRIs, prefixed names, and the text in ``IRI("...")``.

    ``tokens`` are the tokens of the query. Raises BadInput where neither VALUES nor BIND names one.
    """
    endpoints: list[Token] = []
    for position, token in enumerate(tokens):
        word = token.text.upper() if token.kind == "word" else ""
        if word == "VALUES":
            endpoints += _of_values(text, tokens, position + 1, variable.text[1:])
        elif word == "BIND":
            endpoints += _of_bind(tokens[position + 1 : position + 9], variable.text[1:])
    if not endpoints:
        raise BadInput(
            f"SERVICE {variable.text} requires VALUES or BIND to assign an endpoint to"
            f" {variable.text} as an IRI; none is assigned here."
        )
    return endpoints


def _of_bind(after: Sequence[Token], variable: str) -> Iterator[Token]:
    """Yield what BIND(<iri> AS ?variable) or BIND(IRI("...") AS ?variable) names."""
    match [(token.kind, token.text) for token in after]:
        case [(_, "("), ("iri" | "name", _), (_, word), ("variable", name), *_]:
            is_iri, place = True, 1
        case [
            (_, "("),
            (_, call),
            (_, "("),
            ("iri" | "text", _),
            (_, ")"),
            (_, word),
            ("variable", name),
            *_,
        ]:
            is_iri, place = call.upper() in _MAKES_IRIS, 3
        case _:
            return
    if is_iri and word.upper() == "AS" and name[1:] == variable:
        yield after[place]


def _of_values(text: str, tokens: Sequence[Token], position: int, variable: str) -> Iterator[Token]:
    """Yield the IRIs in the column of a variable; other values and UNDEF name no endpoint."""
    names: list[str] = []
    has_rows = False
    while position < len(tokens) and (
        tokens[position].kind == "variable" or tokens[position].text in ("(", ")")
    ):
        has_rows = has_rows or tokens[position].text == "("
        names += [tokens[position].text[1:]] if tokens[position].kind == "variable" else []
        position += 1
    if variable not in names or position == len(tokens) or tokens[position].text != "{":
        return
    row: list[Token] = []
    for token in islice(tokens, position + 1, None):
        if token.text in ("{", "}"):
            return
        if token.text == "(" or not has_rows:
            row = []
        if token.text not in ("(", ")"):
            row.append(token)
        if token.text == ")" or not has_rows:
            yield from _iri_in(text, row, names.index(variable))


def _iri_in(text: str, row: Sequence[Token], column: int) -> Iterator[Token]:
    """Yield the term in a column of a row if it is an IRI."""
    terms: list[Token] = []
    before: Token | None = None
    for token in row:
        if before is None or not _continues(text, before, token):
            terms.append(token)
        before = token
    if column < len(terms) and terms[column].kind in ("iri", "name"):
        yield terms[column]


def _continues(text: str, before: Token, token: Token) -> bool:
    """Return True if a token is a part of the term before it: ``"a"@en``, ``"1"^^xsd:byte``, ``-1.5``."""
    if before.kind == "datatype":
        return True
    is_apart = text[before.end : token.start] not in ("", ".")
    return not (is_apart or token.kind in _BEGINS_TERM or before.kind in ("iri", "name"))
