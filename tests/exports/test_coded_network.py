"""Rows of coders in the network: counted, apart from actors, words and deeds."""

import json
from typing import Any

import networkx
import pytest
from pyoxigraph import RdfFormat, parse

from kg import iris, ontology
from kg.exports import export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.selection import ALL_FACTS
from kg.store.engine import in_memory
from kg.store.store import Contents

PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in iris.PREFIXES.items())
CODED = """
dipid:coder a dip:Organization ; rdfs:label "Coder"@en .
dipid:run a dip:CodingRun ; dip:assessedBy dipid:coder .
dipk:x-04 a skos:Concept ; skos:prefLabel "Consult"@en ; dip:countsAs dipk:rhetoric .
dipk:x-042 a skos:Concept ; skos:prefLabel "Visit"@en ; skos:broader dipk:x-04 .
dipid:coded-usa a dip:CodedActor ; dip:codedName "UNITED STATES" ; dip:actorCode "USA" .
dipid:coded-col a dip:CodedActor ; dip:actorCode "COL" .
dipid:resolution a dip:ActorResolution ; dip:assesses dipid:coded-usa ; dip:resolvesTo dipid:united-states ;
    dip:hasVerdict dipk:same .
dipid:doubt a dip:ActorResolution ; dip:assesses dipid:coded-col ; dip:resolvesTo dipid:colombia ;
    dip:hasVerdict dipk:undecided .
dipid:united-states a dip:State ; rdfs:label "United States"@en .
dipid:first a dip:TimeSpan ; dip:date "2019-10-03"^^xsd:date .
dipid:last a dip:TimeSpan ; dip:date "2019-10-24"^^xsd:date .
dipid:later a dip:TimeSpan ; dip:date "2019-11-01"^^xsd:date .
"""
ROW = """dipid:row-{number} a dip:CodedOccurrence ; dip:codedIn dipid:run ; dip:codedActor dipid:coded-usa ;
    dip:codedTarget dipid:coded-col ; dip:codedAs dipk:{code} ; dip:occursAt dipid:{day} ;
    dip:rowId "{number}" ; dip:intensity "{intensity}"^^xsd:decimal .
"""
ROWS = (
    ROW.format(number=1, code="x-042", day="first", intensity="1.9")
    + ROW.format(number=2, code="x-04", day="last", intensity="1.0")
    + 'dipid:row-2 dip:rowId "2b" .\n'
    + ROW.format(number=3, code="x-042", day="later", intensity="2.5")
    + "dipid:row-4 a dip:CodedOccurrence ; dip:codedIn dipid:run ; dip:codedActor dipid:coded-usa .\n"
)


@pytest.fixture(scope="module")
def network() -> Any:
    facts = parse(PREFIXES + CODED + ROWS, RdfFormat.TURTLE)
    contents = Contents(in_memory([*ontology.load().quads, *facts]), 1)
    data = b"".join(export.chosen(EXPORT_FORMATS["node-link"].writer, ALL_FACTS, contents))
    return networkx.node_link_graph(json.loads(data))


def test_rows_are_counted_by_pair_root_and_month(network: Any) -> None:
    october, november = (edge for *_, edge in network.edges(data=True))
    assert (october["date"], october["count"], october["kind"]) == ("2019-10", 3, "Consult")
    assert (october["start"], october["end"]) == ("2019-10-03", "2019-10-24")
    assert october["mean_intensity"] == 1.45
    assert (november["date"], november["count"]) == ("2019-11", 1)


def test_a_coded_edge_is_a_judgement_of_its_coder_and_made_of_neither_words_nor_deeds(network: Any) -> None:
    for one, other, edge in network.edges(data=True):
        assert (one, other) == (iris.DATA + "coded-usa", iris.DATA + "coded-col")
        assert (edge["made_of"], edge["layer"], edge["assessor"]) == ("coding", "assessment", "Coder")
        assert edge["side"] == "words"
        assert edge["label"].endswith("rows of Coder: Consult")


def test_a_designation_is_no_actor_and_says_for_whom_it_is_judged_to_stand(network: Any) -> None:
    usa, col = network.nodes[iris.DATA + "coded-usa"], network.nodes[iris.DATA + "coded-col"]
    assert (usa["kind"], usa["label"]) == ("CodedActor", "UNITED STATES")
    assert usa["resolves_to"] == iris.DATA + "united-states"
    assert (col["label"], col["resolves_to"]) == ("COL", "")
    assert network.degree(iris.DATA + "united-states") == 0


@pytest.mark.parametrize("name", ["gexf", "graphml"])
def test_numbers_are_numbers_in_xml_too(name: str) -> None:
    facts = parse(PREFIXES + CODED + ROWS, RdfFormat.TURTLE)
    contents = Contents(in_memory([*ontology.load().quads, *facts]), 1)
    text = b"".join(export.chosen(EXPORT_FORMATS[name].writer, ALL_FACTS, contents)).decode()
    read = networkx.parse_graphml(text) if name == "graphml" else None
    assert "1.45" in text
    if read is not None:
        assert {edge["count"] for *_, edge in read.edges(data=True)} == {3, 1}
