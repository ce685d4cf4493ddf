"""Statistics of a graph: counts by layer, class and named graph."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.client.access import Access, result_of
from kg.client.results import ACCEPT
from kg.iris import PREFIXES, TERMS, compact

_PREFIXES = f"PREFIX dip: <{TERMS}>\nPREFIX rdfs: <{PREFIXES['rdfs']}>\n"
_LAYERS = f"""{_PREFIXES}
SELECT ?layer (COUNT(DISTINCT ?thing) AS ?count)
WHERE {{
  ?top dip:inLayer ?head .
  BIND(LCASE(STRAFTER(STR(?head), STR(dip:))) AS ?layer)
  ?class rdfs:subClassOf* ?top .
  ?thing a ?class .
}}
GROUP BY ?layer ORDER BY ?layer
"""
_CLASSES = f"""{_PREFIXES}
SELECT ?class (COUNT(DISTINCT ?thing) AS ?count)
WHERE {{ ?thing a ?class . FILTER(STRSTARTS(STR(?class), STR(dip:))) }}
GROUP BY ?class ORDER BY DESC(?count) ?class
"""
_GRAPHS = (
    "SELECT ?graph (COUNT(*) AS ?count) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"
)


@dataclass(frozen=True)
class Count:
    """Number of things in a layer or class, or of triples in a graph."""

    of: str
    name: str
    count: int


def counts(access: Access) -> Iterator[Count]:
    """Yield counts from SPARQL queries. A layer contains the things of its classes and their subclasses."""
    for kind, text in (("layer", _LAYERS), ("class", _CLASSES), ("graph", _GRAPHS)):
        for row in result_of(access.query(text, ACCEPT)).terms():
            name, number = row.values()
            assert isinstance(name, NamedNode | Literal)
            assert isinstance(number, Literal)
            yield Count(
                kind, compact(name.value) if isinstance(name, NamedNode) else name.value, int(number.value)
            )
