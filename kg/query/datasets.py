"""The dataset of a query's text: the graphs after FROM and FROM NAMED."""

from collections.abc import Mapping, Sequence

from pyoxigraph import NamedNode, QuerySolutions

from kg import scratch
from kg.query import screening
from kg.scanner import Token
from kg.store.engine_protocols import Dataset

_CLAUSES = ("FROM", "FROM NAMED", "FROMNAMED")


def named_in(text: str, prefixes: Mapping[str, str], base: str | None) -> Dataset | None:
    """Return the dataset that a query names; None if it names none. Raises SyntaxError.

    >>> named_in("PREFIX e: <urn:> ASK FROM <urn:a> FROM e:b FROM NAMED <c> {}", {}, "urn:base:")
    Dataset(default=(<NamedNode value=urn:a>, <NamedNode value=urn:b>), named=(<NamedNode value=urn:c>,))
    """
    tokens = list(screening.placed_tokens(text))
    start = screening.prologue_length(tokens)
    default: list[Token] = []
    named_graphs: list[Token] = []
    depth = 0
    before = ""
    for token in tokens[start:]:
        depth += token.step
        if depth == 0 and token.kind in ("iri", "name") and before in _CLAUSES:
            (default if before == "FROM" else named_graphs).append(token)
        word = token.text.upper() if token.kind == "word" else ""
        before = "FROM NAMED" if (before, word) == ("FROM", "NAMED") else word
    if not default and not named_graphs:
        return None
    prologue = text[: tokens[start].start]
    try:
        found = _resolved([*default, *named_graphs], prologue, prefixes, base)
    except SyntaxError:
        scratch.filled().query(text, prefixes=dict(prefixes), base_iri=base)  # reports where the fault is
        raise
    return Dataset(tuple(found[: len(default)]), tuple(found[len(default) :]))


def _resolved(
    names: Sequence[Token], prologue: str, prefixes: Mapping[str, str], base: str | None
) -> list[NamedNode]:
    """Have the engine resolve names with the declarations of their query."""
    listed = " ".join(f"({name.text})" for name in names)
    text = f"{prologue}\nSELECT ?graph {{ VALUES (?graph) {{ {listed} }} }}"
    rows = scratch.filled().query(text, prefixes=dict(prefixes), base_iri=base)
    assert isinstance(rows, QuerySolutions)
    return [graph for row in rows if isinstance(graph := row["graph"], NamedNode)]
