"""Checks of the whole: HermiT's verdict, what it must not stumble over, and all shapes on all there is."""

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse

from kg import ontology
from kg.errors import KGError
from kg.gate import checks

PREFIXES = """
PREFIX dip: <https://w3id.org/regional-diplomacy/terms#>
PREFIX dipid: <https://w3id.org/regional-diplomacy/id/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def quads(text: str) -> list[Quad]:
    return list(parse(PREFIXES + text, RdfFormat.TURTLE))


def test_a_person_that_is_a_state_is_a_contradiction() -> None:
    """That the release without it is none, test_cli shows by ``kg check``."""
    release = ontology.load()
    [found] = checks.logic([*release.quads, *release.seed, *quads("dipid:gustavo-petro a dip:State .")])
    assert found.name == "consistency"
    assert "contradiction" in found.faults[0]


def test_a_class_that_can_have_no_member_is_named() -> None:
    consistency, satisfiability = checks.logic(
        quads("""
        dip:Person a owl:Class ; owl:disjointWith dip:State .
        dip:State a owl:Class .
        dip:PersonState a owl:Class ; rdfs:subClassOf dip:Person , dip:State .
        """)
    )
    assert consistency.faults == ()
    assert satisfiability.faults == ("dip:PersonState cannot have an instance",)
    assert str(satisfiability) == "satisfiability: 1 fault"


def test_datatypes_that_hermit_lacks_and_imports_do_not_stop_it() -> None:
    told = quads("""
        <urn:ontology> a owl:Ontology ; owl:imports <http://127.0.0.1:1/nowhere> .
        dip:earliest a owl:DatatypeProperty ; rdfs:range xsd:date .
        dip:TimeSpan a owl:Class .
        dipid:a a dip:TimeSpan ; dip:earliest "2026-02-03"^^xsd:date ; dip:date "2026-02"^^xsd:gYearMonth .
        """)
    assert [check.faults for check in checks.logic(told)] == [(), ()]


def test_terms_that_were_not_read_are_no_consistent_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    import owlready2

    monkeypatch.setattr(owlready2.World, "classes", lambda _world: [])
    with pytest.raises(KGError, match="did not read the terms"):
        list(checks.logic(quads("dip:Person a owl:Class .")))


def test_all_shapes_are_held_against_the_whole_graph() -> None:
    release = ontology.load()
    store = Store()
    store.extend(release.quads)
    store.extend(quads("dipid:hat-given a dip:Gift ."))
    found = checks.shapes(store, release)
    assert any("A gift needs its giver" in fault for fault in found.faults)


def test_an_export_is_checked_as_it_was_exported() -> None:
    line = b'<urn:a> <urn:b> "c" <urn:g> .\n'
    assert [str(quad) for quad in checks.loaded([line[:10], line[10:]])] == [
        line.decode().removesuffix(" .\n")
    ]
