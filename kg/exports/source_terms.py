"""Terms of use of imported sources, from the graph: ``dcterms:license`` and ``dcterms:rights``."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.exports.extract import Extract
from kg.exports.records import Records
from kg.terms import DCTERMS


@dataclass(frozen=True)
class SourceTerms:
    """A source, its title, and its terms of use."""

    source: str
    title: str
    terms: str


def of(extract: Extract) -> Iterator[SourceTerms]:
    """Yield the sources of an extract that have terms of use, by source."""
    records = Records(extract)
    graph_names = frozenset(extract.graphs)
    terms_by_source: dict[str, list[str]] = {}
    for predicate in (DCTERMS.LICENSE, DCTERMS.RIGHTS):
        for quad in extract.quads.quads_for_pattern(None, predicate, None):
            if quad.graph_name in graph_names and isinstance(quad.subject, NamedNode):
                value = quad.object
                text = value.value if isinstance(value, Literal | NamedNode) else str(value)
                terms_by_source.setdefault(quad.subject.value, []).append(text)
    for source, terms in sorted(terms_by_source.items()):
        yield SourceTerms(source, records.label(NamedNode(source)), "; ".join(sorted(set(terms))))
