"""JSON-LD in the words of schema.org."""

import json
from typing import Any

import pytest
from pyld import jsonld
from pyoxigraph import RdfFormat, parse

from kg import iris
from tests.exports.conftest import Exported

SCHEMA = "https://schema.org/"


@pytest.fixture(scope="module")
def nodes(exported: Exported) -> dict[str, dict[str, Any]]:
    document = json.loads(exported("schema-org"))
    return {node.get("id", node["type"]): node for node in document["@graph"]}


def of_type(nodes: dict[str, dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [node for node in nodes.values() if node["type"] == kind]


def test_two_readers_of_json_ld_find_the_same_and_fetch_nothing(exported: Exported) -> None:
    data = exported("schema-org")
    quads = [*parse(data, RdfFormat.JSON_LD)]
    assert all(quad.predicate.value.startswith((SCHEMA, iris.PREFIXES["rdf"])) for quad in quads)
    expanded = jsonld.expand(json.loads(data))
    named = {node["@id"] for node in expanded if "@id" in node}
    assert named == {
        str(quad.subject.value) for quad in quads if str(quad.subject).startswith(f"<{iris.DATA}")
    }


def test_a_claim_stays_a_claim_with_its_claimant_and_no_event_comes_of_it(
    nodes: dict[str, dict[str, Any]],
) -> None:
    claims = of_type(nodes, "Claim")
    assert claims
    for claim in claims:
        assert claim["author"]
        assert claim["appearance"]
    events = [*of_type(nodes, "Event"), *of_type(nodes, "Action")]
    assert not any("kidnap" in json.dumps(event).lower() for event in events)


def test_people_events_quotations_and_gestures_have_their_own_types(nodes: dict[str, dict[str, Any]]) -> None:
    assert nodes[iris.DATA + "gustavo-petro"]["type"] == "Person"
    assert nodes[iris.DATA + "gustavo-petro"]["sameAs"] == ["http://www.wikidata.org/entity/Q704022"]
    meeting = nodes[iris.DATA + "white-house-meeting"]
    assert (meeting["type"], meeting["startDate"]) == ("Event", "2026-02")
    assert {"id": iris.DATA + "presence-news-article"} in meeting["subjectOf"]
    assert all(quotation["text"] and quotation["creator"] for quotation in of_type(nodes, "Quotation"))
    assert of_type(nodes, "Action")


def test_the_document_says_version_licence_and_citation(nodes: dict[str, dict[str, Any]]) -> None:
    (dataset,) = of_type(nodes, "Dataset")
    assert dataset["version"] == "v1"
    assert dataset["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "[data set]" in dataset["creditText"]
