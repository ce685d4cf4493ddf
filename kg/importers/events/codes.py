"""Codes of the ontology's code books, by the notation that rows use."""

from collections.abc import Mapping
from functools import cache

from pyoxigraph import Literal, NamedNode

from kg import ontology
from kg.iris import KINDS, KINDS_GRAPH
from kg.terms import SKOS


@cache
def codes(scheme: str) -> Mapping[str, str]:
    """Return the local names of the concepts of a list of codes, by notation.

    >>> codes("cameo-codes")["042"]
    'cameo-042'
    """
    quads = ontology.load().graphs[KINDS_GRAPH]
    listed = {
        quad.subject
        for quad in quads
        if quad.predicate == SKOS.IN_SCHEME and quad.object == NamedNode(KINDS + scheme)
    }
    return {
        quad.object.value: quad.subject.value.removeprefix(KINDS)
        for quad in quads
        if quad.predicate == SKOS.NOTATION
        and quad.subject in listed
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Literal)
    }


@cache
def row_codes() -> Mapping[str, str]:
    """Return the CAMEO codes that a row may have: all but the twenty roots, which are headings."""
    return {code: name for code, name in codes("cameo-codes").items() if len(code) > 2}
