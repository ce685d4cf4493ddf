"""Descriptions of the data set: RO-Crate, Croissant, DCAT, CITATION.cff, terms of imported sources."""

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg import iris, ontology
from kg.exports import edition, export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.croissant import TABLES
from kg.exports.selection import ALL_FACTS
from kg.store.engine import in_memory
from kg.store.store import Contents
from kg.terms import DCTERMS
from tests.exports.conftest import Exported

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
FILE, GRAPH = NamedNode(iris.DATA + "coded-file"), NamedNode(iris.DATA + "graph-coded")


@pytest.fixture(scope="module")
def crate(exported: Exported) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(exported("ro-crate")))


def test_a_crate_describes_each_of_its_files_and_no_other(crate: zipfile.ZipFile) -> None:
    document = json.loads(crate.read("ro-crate-metadata.json"))
    nodes: dict[str, Any] = {node["@id"]: node for node in document["@graph"]}
    assert nodes["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = nodes["./"]
    parts = [part["@id"] for part in root["hasPart"]]
    assert sorted(parts) == sorted(set(crate.namelist()) - {"ro-crate-metadata.json"})
    assert all(nodes[part]["@type"] == "File" and nodes[part]["name"] for part in parts)
    assert (root["license"], root["version"]) == ({"@id": LICENCE}, "v1")
    assert root["datePublished"].startswith("2026-11-30")


def test_a_crate_holds_facts_terms_shapes_and_questions(crate: zipfile.ZipFile, exported: Exported) -> None:
    facts = {str(quad) for quad in parse(crate.read("facts.trig"), RdfFormat.TRIG)}
    assert facts == {str(quad) for quad in parse(exported("nquads"), RdfFormat.N_QUADS)}
    assert len([*parse(crate.read("shapes.ttl"), RdfFormat.TURTLE)]) > 1000
    assert "queries/offices-of-a-person.rq" in crate.namelist()


def test_a_crate_is_read_by_its_library(exported: Exported, tmp_path: Path) -> None:
    rocrate = pytest.importorskip("rocrate.rocrate")
    (tmp_path / "crate.zip").write_bytes(exported("ro-crate"))
    read = rocrate.ROCrate(tmp_path / "crate.zip")
    assert read.root_dataset["version"] == "v1"
    assert {"facts.trig", "terms.ttl"} <= {entity.id for entity in read.data_entities}


def test_croissant_describes_each_column_of_the_tables_and_their_hash(exported: Exported) -> None:
    document = json.loads(exported("croissant"))
    tables = exported(TABLES)
    assert document["distribution"][0]["sha256"] == hashlib.sha256(tables).hexdigest()
    with zipfile.ZipFile(io.BytesIO(tables)) as archive:
        for table in document["recordSet"]:
            header = archive.read(f"{table['name']}.csv").decode("utf-8-sig").splitlines()[0]
            assert [field["name"] for field in table["field"]] == header.split(",")
    assert (document["license"], document["version"]) == (LICENCE, "1.0.0")


@pytest.mark.filterwarnings("ignore")  # the library's own
def test_croissant_is_valid_for_its_library(exported: Exported, tmp_path: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    document = json.loads(exported("croissant"))
    (tmp_path / "croissant.json").write_bytes(exported("croissant"))
    (tmp_path / "archive.zip").write_bytes(exported(TABLES))
    zipfile.ZipFile(tmp_path / "archive.zip").extractall(tmp_path)
    places = {file["@id"]: str(tmp_path / file["name"]) for file in document["distribution"]}
    mapping = {**places, "archive": str(tmp_path / "archive.zip")}
    dataset = mlcroissant.Dataset(jsonld=str(tmp_path / "croissant.json"), mapping=mapping)
    assert not dataset.metadata.issues.errors
    table = document["recordSet"][0]
    first = next(iter(dataset.records(table["@id"])))
    assert set(first) == {field["@id"] for field in table["field"]}


def test_a_citation_names_version_day_and_licence(exported: Exported) -> None:
    text = exported("cff").decode()
    told = dict(re.findall(r"^([a-z-]+): (.*)$", text, re.MULTILINE))
    assert told["cff-version"] == "1.2.0"
    assert told["type"] == "dataset"
    assert json.loads(told["version"]) == "v1"
    assert json.loads(told["date-released"]) == "2026-11-30"
    assert told["license"] == "CC-BY-4.0"
    read = pytest.importorskip("yaml").safe_load(text)
    assert {"message", "title", "authors", "url"} <= set(read)
    assert read["authors"] == [{"name": edition.AUTHOR}]
    assert read["license"] == "CC-BY-4.0"


def test_a_description_in_dcat_names_version_licence_and_each_format(exported: Exported) -> None:
    graph = rdflib.Graph().parse(exported("dcat"), format="turtle")
    dcat, terms = rdflib.Namespace("http://www.w3.org/ns/dcat#"), rdflib.DCTERMS
    (dataset,) = graph.subjects(rdflib.RDF.type, dcat.Dataset)
    assert str(graph.value(dataset, dcat.version)) == "v1"
    assert str(graph.value(dataset, terms.license)) == LICENCE
    assert str(graph.value(dataset, terms.modified)).startswith("2026-11-30")
    assert "[data set]" in str(graph.value(dataset, terms.bibliographicCitation))
    distributions = [*graph.objects(dataset, dcat.distribution)]
    assert len(distributions) == len(EXPORT_FORMATS)
    for each in distributions:
        assert (each, rdflib.RDF.type, dcat.Distribution) in graph
        assert graph.value(each, dcat.accessURL)
        assert graph.value(each, dcat.mediaType)
    publisher = graph.value(dataset, terms.publisher)
    assert str(graph.value(publisher, rdflib.FOAF.name)) == edition.AUTHOR


@pytest.mark.parametrize("name", ["ro-crate", "croissant", "cff", "dcat", "turtle"])
def test_terms_of_a_source_are_told_as_recorded(name: str) -> None:
    quads = [
        Quad(FILE, DCTERMS.TITLE, Literal("Rows of 2019"), GRAPH),
        Quad(FILE, DCTERMS.RIGHTS, Literal("For research alone."), GRAPH),
    ]
    contents = Contents(in_memory([*ontology.load().quads, *quads]), 1)
    data = b"".join(export.chosen(EXPORT_FORMATS[name].writer, ALL_FACTS, contents))
    if name == "ro-crate":
        data = zipfile.ZipFile(io.BytesIO(data)).read("ro-crate-metadata.json")
    assert b"Rows of 2019" in data
    assert b"For research alone." in data
