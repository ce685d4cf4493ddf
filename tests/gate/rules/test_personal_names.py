"""Other names of persons that read like descriptions give warnings."""

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules import personal_names
from kg.terms import DIP, RDF, RDFS, SKOS

ANA, GRAPH = NamedNode("urn:ana"), NamedNode("urn:g")


def warned(name: str, kind: NamedNode = DIP.PERSON) -> list[str]:
    """Give the warned values of another name of Ana Ferro."""
    store = pyoxigraph.Store()
    store.add(Quad(ANA, RDF.TYPE, kind, GRAPH))
    store.add(Quad(ANA, RDFS.LABEL, Literal("Ana Ferro", language="en"), GRAPH))
    added = Quad(ANA, SKOS.ALT_LABEL, Literal(name, language="en"), NamedNode("urn:new"))
    found = personal_names.violations(Overlay(store, Delta(added=(added,))))
    return [each.value.value for each in found if isinstance(each.value, Literal)]


@pytest.mark.parametrize("name", ["the criminal", "The Criminal", "criminal", "el jefe", "Iron Lady"])
def test_a_description_gives_a_warning(name: str) -> None:
    assert warned(name) == [name]


@pytest.mark.parametrize("name", ["Ferro", "Ana María Ferro", "A. Férro", "AF", "安娜", "أنا"])
def test_a_name_gives_none(name: str) -> None:
    assert warned(name) == []


def test_only_persons_are_looked_at() -> None:
    assert warned("the company", DIP.OUTLET) == []
