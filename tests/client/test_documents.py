"""Facts as Python users hand them over."""

from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, parse

from kg.client.documents import document
from kg.errors import BadInput, Unreadable, UnsupportedFormat
from kg.importers.catalogue import TABLE
from kg.terms import XSD

TURTLE = '<urn:año> <urn:p> "ü" .'


@pytest.mark.parametrize("as_path", [str, Path])
def test_a_string_and_a_path_name_a_file_whose_suffix_tells_the_format(tmp_path: Path, as_path: Any) -> None:
    file = tmp_path / "hechos de año.ttl"
    file.write_text(TURTLE, encoding="utf-8")
    given = document(as_path(file), None, None, "urn:old")
    assert (given.data, given.format.name, given.name) == (TURTLE.encode(), "turtle", str(file))
    assert given.supersedes == "urn:old"
    assert document(as_path(file), None, "csv").format is TABLE


@pytest.mark.parametrize("text", [TURTLE, "nowhere.ttl", "", "a\0b", "x" * 5000])
def test_a_string_that_names_no_file_is_refused_with_the_way_to_give_text(text: str) -> None:
    with pytest.raises(BadInput, match=r"data=\.\.\.") as refusal:
        document(text, None, None)
    assert len(refusal.value.detail) < 250


def test_a_directory_and_an_unknown_suffix_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="directory"):
        document(tmp_path, None, None)
    (tmp_path / "facts.docx").write_bytes(b"")
    with pytest.raises(UnsupportedFormat):
        document(tmp_path / "facts.docx", None, None)


@pytest.mark.parametrize("data", [TURTLE, TURTLE.encode()])
def test_text_and_bytes_are_trig_unless_a_format_is_named(data: str | bytes) -> None:
    assert document(None, data, None).format.name == "trig"
    given = document(None, data, "ntriples")
    assert (given.format.name, given.data) == ("ntriples", TURTLE.encode())


def test_facts_are_given_in_one_way() -> None:
    for facts, data in ((None, None), ("a.ttl", TURTLE)):
        with pytest.raises(BadInput, match="either"):
            document(facts, data, None)


@pytest.mark.parametrize("facts", [b"<urn:a> <urn:p> 1 .", 7, [TURTLE]])
def test_what_is_no_facts_is_refused(facts: Any) -> None:
    with pytest.raises(BadInput, match="rdflib graph"):
        document(facts, None, None)
    with pytest.raises(BadInput, match="text or bytes"):
        document(None, 7, None)  # type: ignore[arg-type]  # what an untyped program may give


def test_a_graph_of_rdflib_is_its_triples_without_a_name() -> None:
    graph = rdflib.Graph(identifier=rdflib.URIRef("urn:name")).parse(data=TURTLE, format="turtle")
    given = document(graph, None, None)
    assert given.format.name == "nquads"
    assert [str(quad) for quad in parse(given.data, RdfFormat.N_QUADS)] == [TURTLE[:-2]]


def test_a_dataset_of_rdflib_keeps_its_graphs_and_terms() -> None:
    about, words = rdflib.URIRef("urn:a"), 'a\nb\\"ü'
    dataset = rdflib.Dataset()
    graph = dataset.graph(rdflib.URIRef("urn:g"))
    graph.add((about, rdflib.RDF.value, rdflib.Literal(words, lang="es")))
    dataset.default_graph.add((about, rdflib.RDF.value, rdflib.Literal(7)))
    dataset.default_graph.add(
        (about, rdflib.RDF.value, rdflib.Literal("2026-02", datatype=rdflib.XSD.gYearMonth))
    )
    given = document(dataset, None, None)
    held = {(quad.object, quad.graph_name) for quad in parse(given.data, RdfFormat.N_QUADS)}
    assert held == {
        (Literal(words, language="es"), NamedNode("urn:g")),
        (Literal(7), DefaultGraph()),
        (Literal("2026-02", datatype=XSD.G_YEAR_MONTH), DefaultGraph()),
    }


def test_a_triple_that_is_none_of_rdf_is_told() -> None:
    for triple in (
        (rdflib.Literal("no subject"), rdflib.RDF.value, rdflib.Literal(1)),
        (rdflib.URIRef("urn:a"), rdflib.RDF.value, rdflib.Variable("v")),
        (rdflib.URIRef("urn:a"), rdflib.BNode("b"), rdflib.Literal(1)),
        (rdflib.URIRef("urn:a b"), rdflib.RDF.value, rdflib.Literal(1)),
    ):
        graph = rdflib.Graph()
        graph.add(triple)
        with pytest.raises(Unreadable, match="no triple of RDF"):
            document(graph, None, None)
