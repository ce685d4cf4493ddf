"""Compacted JSON-LD and the frames for it, read by two processors."""

import json
from typing import Any

import pytest
from hypothesis import given
from pyld import jsonld
from pyoxigraph import Quad, RdfFormat, parse

from kg import iris
from kg.errors import NotFound
from kg.exports import frames
from kg.store.store import Contents
from tests.exports.conftest import Exported
from tests.exports.test_rdf import canonical, datasets, generated, store_of, written


@generated
@given(datasets)
def test_a_dataset_compacted_and_read_again_is_the_same_dataset(dataset: list[Quad]) -> None:
    store = store_of(*dataset)
    assert canonical(parse(written(store, "jsonld-compacted"), RdfFormat.JSON_LD)) == canonical(list(store))


def test_the_seed_graph_is_read_back_by_two_processors(exported: Exported) -> None:
    data = exported("jsonld-compacted")
    expected = {str(quad) for quad in parse(exported("nquads"), RdfFormat.N_QUADS)}
    assert {str(quad) for quad in parse(data, RdfFormat.JSON_LD)} == expected
    lines = jsonld.to_rdf(json.loads(data), {"format": "application/n-quads"})
    assert {str(quad) for quad in parse(lines, RdfFormat.N_QUADS)} == expected


def test_names_are_short_and_the_document_says_what_it_is(exported: Exported) -> None:
    document: dict[str, Any] = json.loads(exported("jsonld-compacted"))
    assert document["about"]["version"] == "v1"
    things = {thing["id"]: thing for graph in document["@graph"] for thing in graph["@graph"]}
    meeting = things[iris.DATA + "white-house-meeting"]
    assert meeting["type"] == "Meeting"
    assert meeting["label"]["es"] == "Reunión de Trump y Petro en la Casa Blanca"
    assert {"id": iris.DATA + "donald-trump"} in meeting["involves"]


@pytest.mark.parametrize("name", ["statement", "happening"])
def test_a_frame_makes_a_tree_of_each_record_with_its_reports(
    exported: Exported, contents: Contents, name: str
) -> None:
    document = json.loads(exported("jsonld-compacted"))
    merged = {
        "@context": document["@context"],
        "@graph": [thing for graph in document["@graph"] for thing in graph["@graph"]],
    }
    framed = jsonld.frame(merged, frames.frame(contents, name))["@graph"]
    records = {thing["id"]: thing for thing in framed}
    assert (iris.DATA + "white-house-meeting" in records) == (name == "happening")
    some = records[
        iris.DATA + ("white-house-meeting" if name == "happening" else "statement-petro-accusation")
    ]
    reports = some["reportedBy"] if isinstance(some["reportedBy"], list) else [some["reportedBy"]]
    assert all(report["type"] == "Report" for report in reports)
    assert any("exactText" in json.dumps(report) for report in reports)


def test_an_unknown_frame_is_refused_by_name(contents: Contents) -> None:
    with pytest.raises(NotFound, match="the frames are statement, claim"):
        frames.frame(contents, "nonsense")
