"""An external identifier of two things, or two of one list on a thing, give a warning."""

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg import ontology
from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules.identifiers import RULE, Identifiers
from kg.iris import PREFIXES, SHAPES_GRAPH

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
HEADER += "@prefix wd: <http://www.wikidata.org/entity/> .\n@prefix schema: <https://schema.org/> .\n"
BEFORE = "dipid:colombia dip:wikidataItem wd:Q739 . dipid:petro dip:wikidataItem wd:Q704022 ."
SAME = "dipid:j dip:assesses dipid:place ; dip:comparedWith dipid:colombia ; dip:hasVerdict dipk:{} ."


def quads(text: str) -> tuple[Quad, ...]:
    read = parse((HEADER + text).encode(), format=RdfFormat.TURTLE)
    return tuple(Quad(quad.subject, quad.predicate, quad.object, NamedNode("urn:g")) for quad in read)


def warned(new: str, before: str = BEFORE) -> list[Violation]:
    rule = Identifiers.of(ontology.load().graphs[SHAPES_GRAPH])
    store = pyoxigraph.Store()
    store.extend(quads(before))
    return list(rule.violations(Overlay(store, Delta(added=quads(new)))))


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("dipid:place dip:wikidataItem wd:Q739 .", "dipid:colombia also has this identifier"),
        ("dipid:place schema:sameAs wd:Q739 .", "dipid:colombia also has this identifier"),
        ("dipid:place dip:wikidataItem wd:Q739 . " + SAME.format("different"), "also has this identifier"),
        (
            "dipid:petro dip:wikidataItem wd:Q42 .",
            "<http://www.wikidata.org/entity/Q704022> of the same scheme",
        ),
        ("dipid:petro skos:exactMatch <https://wikidata.org/entity/Q42> .", "of the same scheme already"),
        ('dipid:petro dcterms:identifier "1", "2" .', "of the same scheme already"),
    ],
)
def test_an_identifier_in_the_wrong_place_is_warned_of(new: str, words: str) -> None:
    warnings = warned(new)
    assert {(warning.rule, warning.severity) for warning in warnings} == {(RULE, "warning")}
    assert words in warnings[0].sentence()


@pytest.mark.parametrize(
    "new",
    [
        "dipid:place dip:wikidataItem wd:Q2841 .",
        "dipid:colombia dip:wikidataItem wd:Q739 .",
        "dipid:colombia skos:exactMatch wd:Q739 , <https://sws.geonames.org/3686110/> .",
        "dipid:place dip:wikidataItem wd:Q739 . " + SAME.format("same"),
        "dipid:place rdfs:seeAlso wd:Q739 .",
        "<http://example.org/a> skos:exactMatch wd:Q739 .",
        "dipid:place skos:exactMatch dipid:colombia .",
        "dipid:place skos:exactMatch <urn:x:1> .",
    ],
)
def test_an_identifier_of_one_thing_is_not_warned_of(new: str) -> None:
    assert warned(new) == []
