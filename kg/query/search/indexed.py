"""Indexed properties: those that name things, and those that distinguish them."""

from enum import IntEnum

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg import iris
from kg.changes import GraphName
from kg.terms import DCTERMS, DIP, OWL, RDF, RDFS, SKOS


class NameKind(IntEnum):
    """How a text names a thing; the index stores the number."""

    LABEL = 0
    ALTERNATIVE = 1
    QUOTED = 2
    """Words of somebody: shown in quotation marks, with their speaker."""
    REPHRASED = 3
    """Words about somebody's words: a paraphrase, or the meaning that somebody gives to a gesture."""


NAMES = {
    **dict.fromkeys((RDFS.LABEL, SKOS.PREF_LABEL, DCTERMS.TITLE), NameKind.LABEL),
    **dict.fromkeys(
        (SKOS.ALT_LABEL, SKOS.HIDDEN_LABEL, DCTERMS.ALTERNATIVE, SKOS.NOTATION), NameKind.ALTERNATIVE
    ),
    **dict.fromkeys(
        (DIP.QUOTATION, DIP.EXACT_TEXT, DIP.TEXT, DIP.CONTENT, DIP.CONTESTED_WORD), NameKind.QUOTED
    ),
    **dict.fromkeys((DIP.PARAPHRASE, DIP.MEANING), NameKind.REPHRASED),
}
"""The kind of name that each property gives."""

FACTS = {
    predicate: number
    for number, predicate in enumerate(
        (
            *(RDF.TYPE, RDFS.SUB_CLASS_OF, SKOS.IN_SCHEME, SKOS.DEFINITION),
            *(DIP.HAS_KIND, DIP.MADE_BY, DIP.CLAIMED_BY, DIP.PERFORMED_BY, DIP.WOULD_BE_PERFORMED_BY),
            *(DIP.HELD_BY, DIP.HOLDS_OFFICE, DIP.OFFICE_OF, DIP.PART_OF, DIP.PUBLISHED_BY, DIP.ASSESSED_BY),
            *(DIP.ASSESSES, DIP.OCCURS_IN, DIP.OCCURS_AT, DIP.TAKES_PLACE_IN, DIP.DATE),
            *(DIP.QUOTES, DIP.REPORTS, DIP.BEARS, DIP.DENIES),
        )
    )
}
"""The number of each property that describes a thing in one line."""

NO_MENTIONS = frozenset((DIP.FOUND_IN, DIP.SEEN_IN, DIP.OCCURS_IN, DCTERMS.SOURCE, RDFS.IS_DEFINED_BY))
"""Properties whose values do not count as mentioned: they say where something is written."""

_LEFT_OUT = frozenset(
    NamedNode(graph)
    for graph in (iris.PROVENANCE_GRAPH, iris.SHAPES_GRAPH, iris.ALIGNMENTS_GRAPH, iris.EMPTY_GRAPHS)
)

_OTHER_CLASSES = frozenset(
    (SKOS.CONCEPT, SKOS.CONCEPT_SCHEME, OWL.CLASS, OWL.OBJECT_PROPERTY, OWL.DATATYPE_PROPERTY)
)


def is_indexed(graph: GraphName) -> bool:
    """Return whether the quads of a graph are indexed."""
    return isinstance(graph, DefaultGraph) or graph not in _LEFT_OUT


def is_numbered(class_iri: str) -> bool:
    """Return whether a search can be limited to a class: one of ours, or one used by our terms and kinds.

    Anybody may add classes of other vocabularies, so these get no number.
    """
    return class_iri.startswith(iris.TERMS) or NamedNode(class_iri) in _OTHER_CLASSES


def is_fact(quad: Quad) -> bool:
    """Return whether a quad describes its subject. Only our own classes are in the hierarchy."""
    if quad.predicate not in FACTS:
        return False
    if quad.predicate == RDFS.SUB_CLASS_OF:
        return isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(iris.TERMS)
    return isinstance(quad.object, NamedNode | Literal)
