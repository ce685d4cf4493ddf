"""What there is after a change, by a plain model: literals as they were sent, and as a store keeps them."""

from collections.abc import Iterable
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.changes import Delta
from kg.iris import PREFIXES


def typed(lexical: str, datatype: str) -> Literal:
    """Make a literal of a datatype of XML Schema."""
    return Literal(lexical, datatype=NamedNode(PREFIXES["xsd"] + datatype))


SPELLINGS = (
    typed("7", "integer"),
    typed("07", "integer"),
    typed("7", "byte"),
    typed("300", "byte"),
    typed("-5", "nonNegativeInteger"),
    typed("7.0", "decimal"),
    typed("1.50", "decimal"),
    typed("inf", "double"),
    typed("1", "boolean"),
    typed("true", "boolean"),
    typed("2025-01-26+00:00", "date"),
    typed("24:00:00", "time"),
)
"""Literals of which a store keeps most otherwise than they are written."""


@cache
def kept(quad: Quad) -> Quad:
    """Give a quad as a store keeps it."""
    store = Store()
    store.add(quad)
    found: list[Quad] = list(store)
    return found[0]


def after(before: Iterable[Quad], delta: Delta) -> set[Quad]:
    """Give what there is after a change: what it adds as it was sent, and what was there as it is kept.

    A triple that was there and is sent in another spelling is that one alone.
    """
    gone = set(map(kept, delta.removed))
    sent = set(delta.added)
    restated = set(map(kept, sent)) - sent
    triples = {quad.triple for quad in restated}
    old = {quad for quad in map(kept, before) if quad not in gone and quad.triple not in triples}
    return (old - restated) | sent
