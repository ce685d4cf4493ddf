"""Nanopublication writer: one for each statement, in TriG (https://nanopub.net/guidelines/).

The assertion is that an actor made the statement: it contains the statement and its claims, each with its
claimant, and never asserts what a claim says. The provenance contains the sources with their reports,
passages and times; the publication information contains version, licence, curator and citation.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby

from pyoxigraph import Literal, NamedNode, Quad

from kg import iris, provenance, turtle
from kg.changes import Object
from kg.exports import chunks, edition
from kg.exports.edition import LICENCE, Edition
from kg.exports.extract import Extract
from kg.exports.records import Records
from kg.terms import DCTERMS, DIP, PROV, RDF, RDFS, XSD

NP = "http://www.nanopub.org/nschema#"
_PREFIX = f"@prefix np: <{NP}> .\n"


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    return chunks.gather(
        chain([edition.comments(extract.edition), turtle.HEADER, _PREFIX], _publications(extract))
    )


def _publications(extract: Extract) -> Iterator[str]:
    publisher = _Publisher(extract)
    for statement in Records(extract).of(DIP.STATEMENT):
        yield from publisher.publication(statement)


class _Publisher:
    """Writes the publications of an extract."""

    def __init__(self, extract: Extract) -> None:
        self._records = Records(extract)
        self._extract = extract
        self._held = frozenset(extract.graphs)
        self._edition = extract.edition or Edition(0, "")

    def publication(self, statement: NamedNode) -> Iterator[str]:
        """Yield the four graphs of a statement's nanopublication."""
        name = statement.value.removeprefix(iris.DATA)
        base = f"{iris.NANOPUBLICATIONS}{name}/{self._edition.name}"
        publication, assertion = NamedNode(base), NamedNode(f"{base}#assertion")
        origin, information = NamedNode(f"{base}#provenance"), NamedNode(f"{base}#pubinfo")
        head = [
            (publication, RDF.TYPE, NamedNode(f"{NP}Nanopublication")),
            (publication, NamedNode(f"{NP}hasAssertion"), assertion),
            (publication, NamedNode(f"{NP}hasProvenance"), origin),
            (publication, NamedNode(f"{NP}hasPublicationInfo"), information),
        ]
        yield from _graph(NamedNode(f"{base}#Head"), head)
        yield from _graph(assertion, self._assertion(statement))
        yield from _graph(origin, self._provenance(assertion, statement))
        yield from _graph(information, self._information(publication, statement))

    def _assertion(self, statement: NamedNode) -> Iterator["_Triple"]:
        yield from self._triples_about(statement)
        for claim in self._records.things(statement, DIP.ADVANCES):
            yield from self._triples_about(claim)

    def _provenance(self, assertion: NamedNode, statement: NamedNode) -> Iterator["_Triple"]:
        """Yield the provenance of a statement; one without a report only has its graph."""
        records = self._records
        for graph in records.graphs(statement):
            yield assertion, PROV.WAS_DERIVED_FROM, NamedNode(graph)
        for report in records.pointing(DIP.REPORTS, statement):
            yield from self._triples_about(report)
            for source in records.things(report, DIP.FOUND_IN):
                yield assertion, PROV.WAS_DERIVED_FROM, source
                yield from self._triples_about(source)
            for passage in records.things(report, DIP.QUOTES):
                yield from self._triples_about(passage)
        for span in records.things(statement, DIP.OCCURS_AT):
            yield from self._triples_about(span)

    def _information(self, publication: NamedNode, statement: NamedNode) -> Iterator["_Triple"]:
        if self._edition.time:
            yield publication, DCTERMS.CREATED, Literal(self._edition.time, datatype=XSD.DATE_TIME)
        yield publication, DCTERMS.LICENSE, NamedNode(LICENCE)
        yield publication, DCTERMS.CREATOR, Literal(edition.AUTHOR)
        yield publication, DCTERMS.BIBLIOGRAPHIC_CITATION, Literal(self._edition.citation)
        yield publication, RDFS.LABEL, Literal(self._records.label(statement))
        for graph in self._records.graphs(statement):
            for agent in self._curators(NamedNode(graph)):
                yield publication, PROV.WAS_ATTRIBUTED_TO, agent

    def _curators(self, graph: NamedNode) -> Iterator[NamedNode]:
        """Yield the agents that committed a graph."""
        contents = self._extract.contents or self._extract.quads
        for commit_quad in contents.quads_for_pattern(graph, PROV.WAS_GENERATED_BY, None, provenance.GRAPH):
            if isinstance(commit_quad.object, NamedNode):
                for quad in contents.quads_for_pattern(commit_quad.object, PROV.WAS_ASSOCIATED_WITH, None):
                    if isinstance(quad.object, NamedNode):
                        yield quad.object

    def _triples_about(self, node: NamedNode) -> Iterator["_Triple"]:
        """Yield the triples about a thing."""
        for quad in self._extract.quads.quads_for_pattern(node, None, None):
            if quad.graph_name in self._held:
                yield node, quad.predicate, quad.object


_Triple = tuple[NamedNode, NamedNode, Object]


def _graph(name: NamedNode, triples: Iterable[_Triple]) -> Iterator[str]:
    """Yield a graph as TriG, subject by subject in order."""
    quads = sorted({Quad(*triple, name) for triple in triples}, key=str)
    blocks = (list(group) for _, group in groupby(quads, key=lambda quad: quad.subject))
    return turtle.graph_blocks(name, blocks)
