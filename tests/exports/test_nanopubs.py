"""Nanopublications: valid for the library that publishes them, and asserting nothing that a claim says."""

import re

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from kg import iris
from kg.exports.selection import Selection
from kg.terms import DIP, RDF
from tests.exports.conftest import Exported


@pytest.fixture(scope="module")
def document(exported: Exported) -> bytes:
    return exported("nanopubs")


def publications(document: bytes) -> dict[str, list[Quad]]:
    """Split the document into publications, each by the part of its graphs' names before the fragment."""
    found: dict[str, list[Quad]] = {}
    for quad in parse(document, RdfFormat.TRIG):
        assert isinstance(quad.graph_name, NamedNode)
        found.setdefault(quad.graph_name.value.partition("#")[0], []).append(quad)
    return found


def test_there_is_one_for_each_statement_with_four_graphs(document: bytes, exported: Exported) -> None:
    statements = {
        quad.subject for quad in parse(exported("nquads"), RdfFormat.N_QUADS) if quad.predicate == DIP.MADE_BY
    }
    found = publications(document)
    assert len(found) == len(statements) > 20
    for base, quads in found.items():
        names = {str(quad.graph_name.value).partition("#")[2] for quad in quads}  # type: ignore[union-attr]
        assert base.startswith(iris.NANOPUBLICATIONS)
        assert names == {"Head", "assertion", "provenance", "pubinfo"}, base


@pytest.mark.filterwarnings("ignore")  # the library's own, and rdflib's of it
def test_each_is_valid_for_the_library_of_nanopublications(document: bytes) -> None:
    nanopub = pytest.importorskip("nanopub")
    for quads in publications(document).values():
        merged = rdflib.ConjunctiveGraph()
        merged.parse(data=serialize(quads, format=RdfFormat.N_QUADS), format="nquads")
        conf = nanopub.NanopubConf(use_test_server=True)
        assert nanopub.Nanopub(rdf=merged, conf=conf).is_valid


def test_what_a_claim_says_is_asserted_nowhere(document: bytes) -> None:
    quads = [*parse(document, RdfFormat.TRIG)]
    claims = {quad.subject for quad in quads if quad.predicate == RDF.TYPE and quad.object == DIP.CLAIM}
    assert claims
    for claim in claims:
        said = {quad.predicate for quad in quads if quad.subject == claim}
        assert DIP.CLAIMED_BY in said
    happening = {quad.object for quad in quads if quad.predicate == RDF.TYPE}
    assert NamedNode(iris.TERMS + "Meeting") not in happening


def test_provenance_leads_to_source_and_passage_and_the_rest_tells_version_and_licence(
    exported: Exported,
) -> None:
    data = exported("nanopubs", Selection(graphs=("dipid:graph-venezuela",)))
    text = data.decode()
    assert re.search(r"prov:wasDerivedFrom [^;.]*dipid:presence-news-article", text)
    assert "dip:exactText" in text
    assert "dcterms:license <https://creativecommons.org/licenses/by/4.0/>" in text
    created = {quad.object for quad in parse(data, RdfFormat.TRIG) if "created" in quad.predicate.value}
    assert {value.value for value in created if isinstance(value, Literal)} == {"2026-11-30T12:00:00Z"}
