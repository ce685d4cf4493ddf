"""Expansion of ``SELECT *``: columns are in the order in which the query names them.

The engine sorts the variables of ``*`` by name, which separates what the author put side by side.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from kg import scanner
from kg.scanner import Token

VariablesOf = Callable[[str], Sequence[str]]
"""Returns the variables of a query's rows; raises SyntaxError, ValueError or RuntimeError."""


def spelled_out(text: str, original: str, variables_of: VariablesOf) -> str:
    """Return a query with its variables in place of the ``*`` behind its SELECT.

    They are in the order of the ``original`` text. A query without such a ``*``, or that does not parse,
    stays as it is.

    >>> spelled_out("SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ?o }", lambda text: ["o", "p", "s"])
    'SELECT ?s ?p ?o { ?s ?p ?o }'
    """
    star = _star(text) if "*" in text else None
    if star is None:
        return text
    with suppress(SyntaxError, ValueError, RuntimeError):
        names = variables_of(text)
        if names:
            listed = " ".join(f"?{name}" for name in _in_order(original, names))
            return f"{text[: star.start]}{listed}{text[star.end :]}"
    return text


def _star(text: str) -> Token | None:
    """Return the ``*`` of the outermost SELECT; None if there is none."""
    found = (token for token in scanner.tokens(text) if token.kind != "comment")
    for token in found:
        if token.kind == "bracket":
            return None
        if token.kind == "word" and token.text.upper() == "SELECT":
            break
    for token in found:
        if not (token.kind == "word" and token.text.upper() in ("DISTINCT", "REDUCED")):
            return token if token.text == "*" else None
    return None


def _in_order(text: str, names: Sequence[str]) -> Iterator[str]:
    """Yield the variables in the order of their first use in a text, then those that it does not use."""
    waiting = dict.fromkeys(names)
    for token in scanner.tokens(text):
        if not waiting:
            return
        if token.kind == "variable" and token.text[1:] in waiting:
            del waiting[token.text[1:]]
            yield token.text[1:]
    yield from waiting
