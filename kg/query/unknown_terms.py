"""Warnings about terms of our namespaces that a query names and that do not exist, with the nearest one.

Such a query parses and returns no results, as if the graph had no matching data. Each name costs one look-up.
"""

import re
from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode

from kg import scanner
from kg.changes import Quads
from kg.iris import KINDS, KINDS_GRAPH, PREFIXES, SHAPES, SHAPES_GRAPH, TERMS, TERMS_GRAPH, compact

MOST_NAMES = 100
"""Maximum names that are looked up for one query."""
_GRAPHS = {TERMS: TERMS_GRAPH, KINDS: KINDS_GRAPH, SHAPES: SHAPES_GRAPH}
_LIKENESS = 0.6


def warnings(store: Quads, text: str) -> tuple[str, ...]:
    """Return a warning for each name in a query that no release in the store describes."""
    if not _may_name(text):
        return ()
    found = {}
    for name in list(dict.fromkeys(names_in(text)))[:MOST_NAMES]:
        if not any(True for _ in store.quads_for_pattern(NamedNode(name), None, None)):
            found[name] = _nearest(store, name)
    return tuple(_sentence(name, near) for name, near in found.items())


_USED = re.compile(r"dip(?<![\w.-]dip)(?:k|sh)?:[^\s<]")  # a pattern that begins with letters is found fast
_DECLARED = re.compile(rf"dip(?<![\w.-]dip)(?:k|sh)?:\s*+<(?:{'|'.join(map(re.escape, _GRAPHS))})>")


def _may_name(text: str) -> bool:
    """Return False if a query certainly names no term of ours; this is faster than reading its tokens."""
    if _USED.search(text):
        return True
    rest = _DECLARED.sub("", text)
    return any(space in rest for space in _GRAPHS)


def names_in(text: str) -> Iterator[str]:
    """Yield the IRIs of our namespaces in a query, whether written in full or with a prefix."""
    tokens = [token for token in scanner.tokens(text) if token.kind != "comment"]
    prefixes = {**PREFIXES, **_declared(tokens)}
    before = ""
    for token in tokens:
        iri = ""
        if token.kind == "iri":
            iri = token.text[1:-1]
        elif token.kind == "name" and before.upper() != "PREFIX":
            prefix, _, local = token.text.partition(":")
            iri = prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local.rstrip("."))
        space = next((space for space in _GRAPHS if iri.startswith(space)), iri)
        if iri != space and re.fullmatch(r"[\w.-]+", iri.removeprefix(space)):
            yield iri
        before = token.text


def _declared(tokens: list[scanner.Token]) -> Mapping[str, str]:
    following = zip(tokens, tokens[1:], tokens[2:], strict=False)
    return {
        name.text.rstrip(":"): iri.text[1:-1]
        for word, name, iri in following
        if word.text.upper() == "PREFIX"
    }


def _nearest(store: Quads, name: str) -> str | None:
    """Return the described IRI of the same namespace whose name is most similar."""
    from difflib import get_close_matches  # late: most queries name what exists

    space = next(space for space in _GRAPHS if name.startswith(space))
    described = store.quads_for_pattern(None, None, None, NamedNode(_GRAPHS[space]))
    subjects = {quad.subject.value for quad in described if isinstance(quad.subject, NamedNode)}
    by_local = {iri.removeprefix(space).lower(): iri for iri in sorted(subjects) if iri.startswith(space)}
    near = get_close_matches(name.removeprefix(space).lower(), by_local, 1, _LIKENESS)
    return by_local[near[0]] if near else None


def _sentence(name: str, near: str | None) -> str:
    term = compact(name)
    if near is None:
        return f"{term} does not exist, so it matches nothing; kg ask and /terms list the terms that exist."
    return f"{term} does not exist, so it matches nothing; {compact(near)} may be meant."
