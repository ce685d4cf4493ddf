"""Triples, from which the parts of a row are built."""

from collections.abc import Iterator
from hashlib import sha256
from typing import TypeAlias

from pyoxigraph import NamedNode, Triple

from kg.importers.table.values import Value
from kg.iris import DATA, KINDS, slug
from kg.terms import RDF

Triples: TypeAlias = Iterator[Triple]

_LONGEST_START = 32  # characters of a text in a name made from it


def named_by_content(what: str, words: str, content: str) -> NamedNode:
    """Return an IRI computed from a thing's words, so that equal ones are one thing."""
    start = slug(words)[:_LONGEST_START].strip("-")
    digest = sha256(content.encode()).hexdigest()[:12]
    return NamedNode(DATA + "-".join(filter(None, (what, start, digest))))


def is_a(node: NamedNode, class_: NamedNode) -> Triple:
    """Return the triple with the class of a thing."""
    return Triple(node, RDF.TYPE, class_)


def each(node: NamedNode, predicate: NamedNode, values: tuple[Value, ...]) -> Triples:
    """Yield a triple for each value of a property."""
    for value in values:
        yield Triple(node, predicate, value)


def kind(name: str) -> NamedNode:
    """Return a kind of ours by its slug."""
    return NamedNode(KINDS + name)
