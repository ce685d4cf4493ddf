"""The shapes graph is well-formed by W3C's shapes for shapes, and as the gate needs it by our own."""

from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyshacl.errors import ReportableRuntimeError
from rdflib.namespace import RDF, SH

from kg import iris
from tests.support.shacl import FOLDER, Judge, our_shapes, read

HERE = Path(__file__).parents[1]


def meta_shapes() -> Judge:
    return Judge(read(FOLDER / "checks" / "meta.shapes.ttl"))


def test_the_shapes_graph_conforms_to_the_shapes_for_shapes_of_w3c() -> None:
    shapes = rdflib.Graph(
        bind_namespaces="none"
    )  # pySHACL writes out each inner failure: fewer prefixes to try
    shapes += our_shapes().graph
    conforms, _, _ = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms


def test_a_malformed_shape_is_found_by_the_shapes_for_shapes_of_w3c() -> None:
    broken = rdflib.Graph()
    shape = rdflib.URIRef(iris.SHAPES + "Gift-givenBy")
    broken.add((shape, RDF.type, SH.PropertyShape))
    broken.add((shape, SH.minCount, rdflib.Literal("one")))
    with pytest.raises(ReportableRuntimeError, match="Gift-givenBy"):
        pyshacl.validate(rdflib.Graph(), shacl_graph=broken, meta_shacl=True)


def test_the_shapes_graph_conforms_to_our_own_shapes_for_shapes() -> None:
    graph = our_shapes().graph
    assert meta_shapes().violations(graph, set(graph.subjects())) == set()


def test_each_of_our_shapes_for_shapes_finds_what_its_sample_plants() -> None:
    file = HERE / "checks" / "meta.shapes.fault.ttl"
    graph = read(file)
    namespace = "<https://w3id.org/regional-diplomacy/shapes/meta#"
    found = {
        f"{at.focus} {at.rule.replace(namespace, 'meta:').removesuffix('>')}"
        for at in meta_shapes().violations(graph, set(graph.subjects()))
    }
    lines = file.read_text().splitlines()
    assert found == {line.removeprefix("#+ fault: ") for line in lines if line.startswith("#+ fault: ")}
    planted = {line.split()[-1].removeprefix("meta:") for line in found}
    own = {str(node).split("#")[1] for node in meta_shapes().graph.subjects() if "meta#" in str(node)}
    assert own - planted == {"NodeShape"}  # which has no constraint but those of its properties


def test_our_shapes_for_shapes_pass_a_shape_as_it_should_be() -> None:
    graph = read(HERE / "checks" / "meta.shapes.fine.ttl")
    assert meta_shapes().violations(graph, set(graph.subjects())) == set()
