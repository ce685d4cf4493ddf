"""Scratch stores: temporary stores in memory that belong to no data directory."""

from collections.abc import Iterable

from pyoxigraph import Quad, Store


def filled(quads: Iterable[Quad] = ()) -> Store:
    """Return a new store in memory that holds the quads, in the normal form of a store on disk.

    >>> from pyoxigraph import Literal, NamedNode
    >>> integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    >>> quad = Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("01", datatype=integer))
    >>> [held.object.value for held in filled([quad])]
    ['1']
    """
    store = Store()
    if quads:
        store.extend(quads)
    return store
