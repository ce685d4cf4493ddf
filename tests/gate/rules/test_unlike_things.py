"""A judgement of identity compares things that could be one."""

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg import ontology
from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules import unlike_things
from kg.iris import PREFIXES, TERMS_GRAPH

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


def refused(one: str, other: str) -> bool:
    judgement = "dipid:j dip:assesses dipid:one ; dip:comparedWith dipid:other ."
    text = f"{judgement} dipid:one {one} . dipid:other {other} ."
    read = parse((HEADER + text).encode(), format=RdfFormat.TURTLE)
    added = tuple(Quad(quad.subject, quad.predicate, quad.object, NamedNode("urn:g")) for quad in read)
    store = pyoxigraph.Store()
    store.extend(ontology.load().graphs[TERMS_GRAPH])
    found = [each.rule for each in unlike_things.violations(Overlay(store, Delta(added=added)))]
    store.extend(added)
    assert [each.rule for each in unlike_things.whole(Overlay(store))] == found
    return bool(found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a dip:Claim", "a dip:Meeting"),
        ("a dip:Visit", "a dip:Gift"),
        ("a dip:Government", "a dip:Office"),
        ("a dip:ProspectiveAct", "a dip:TradeMeasure"),
        ("a dip:Statement", "a dip:Claim"),
    ],
)
def test_things_of_classes_with_nothing_in_common_are_not_one(one: str, other: str) -> None:
    assert refused(one, other)
    assert refused(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a dip:Meeting", "a dip:Negotiation"),
        ("a dip:Person", "a dip:Person"),
        ("a dip:Claim", "rdfs:label 'a foreign thing'"),
        ("a dip:Claim", "a <http://example.org/Claim>"),
    ],
)
def test_like_things_and_those_of_which_nothing_is_known_may_be(one: str, other: str) -> None:
    assert not refused(one, other)
