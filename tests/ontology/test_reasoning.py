"""The logic of the ontology: consistent, every class satisfiable, and within what can be materialized."""

from collections.abc import Iterable
from functools import cache

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from kg import iris, ontology
from kg.gate import checks

RDF, RDFS, OWL = (iris.PREFIXES[name] for name in ("rdf", "rdfs", "owl"))
PREFIXES = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in iris.PREFIXES.items())
TYPES = {
    "Class",
    "ObjectProperty",
    "DatatypeProperty",
    "AnnotationProperty",
    "Ontology",
    "AllDisjointClasses",
}
TYPES |= {"FunctionalProperty", "TransitiveProperty", "SymmetricProperty", "InverseFunctionalProperty"}
AXIOMS = {RDFS + "subClassOf", RDFS + "subPropertyOf"}


def quads(text: str) -> list[Quad]:
    return list(parse(PREFIXES + text, format=RdfFormat.TURTLE))


@cache
def terms() -> tuple[Quad, ...]:
    return ontology.load().graphs[iris.TERMS_GRAPH]


@cache
def with_alignments() -> tuple[Quad, ...]:
    return (*terms(), *ontology.load().graphs[iris.ALIGNMENTS_GRAPH])


def faults(*told: Iterable[Quad]) -> dict[str, tuple[str, ...]]:
    return {check.name: check.faults for check in checks.logic([quad for part in told for quad in part])}


def test_the_terms_are_consistent_and_every_class_can_have_a_member() -> None:
    assert faults(terms()) == {"consistency": (), "satisfiability": ()}


def test_so_are_the_terms_with_alignments_seed_and_examples() -> None:
    files = sorted((ontology.ontology_folder() / "examples").glob("*.trig"))
    examples = [quad for file in files for quad in parse(path=file, format=RdfFormat.TRIG)]
    told = faults(with_alignments(), ontology.load().seed, examples)
    assert told == {"consistency": (), "satisfiability": ()}


@pytest.mark.parametrize(
    "planted",
    [
        "dipid:x a dip:Outlet , dip:RoleGroup .",
        "dipid:x a dip:Threat , dip:TradeMeasure .",
        """dipid:x dip:holdsOffice dipid:presidency , dipid:flight .
           dipid:presidency a dip:Office . dipid:flight a dip:DeportationFlight .""",
    ],
)
def test_a_planted_contradiction_is_found(planted: str) -> None:
    """Classes that exclude each other only by what they stand below; one office that would be two things."""
    [fault] = faults(terms(), quads(planted))["consistency"]
    assert "contradiction" in fault


def test_only_constructs_that_rules_can_materialize_are_used() -> None:
    assert outside_the_profile(with_alignments()) == []


@pytest.mark.parametrize(
    "planted",
    [
        "dip:Threat rdfs:subClassOf [ a owl:Restriction ] .",
        "dip:Threat owl:equivalentClass dip:Ultimatum .",
        "dip:madeBy rdfs:domain dip:Statement .",
        "dip:madeBy owl:inverseOf dip:made .",
        "dip:madeBy a owl:ReflexiveProperty .",
        "dip:carries owl:propertyChainAxiom ( dip:partOf dip:carries ) .",
        "dip:Person owl:disjointUnionOf ( dip:State ) .",
        "dipid:a owl:sameAs dipid:b .",
    ],
)
def test_a_construct_outside_the_profile_is_found(planted: str) -> None:
    assert outside_the_profile(quads(planted)) != []


def outside_the_profile(told: Iterable[Quad]) -> list[str]:
    """The axioms that are neither between two names, nor a characteristic, nor a disjointness of names."""
    return [str(quad) for quad in told if not _within(quad)]


def _within(quad: Quad) -> bool:
    predicate, obj = quad.predicate.value, quad.object
    if predicate == RDF + "type" and isinstance(obj, NamedNode):
        return not obj.value.startswith((OWL, RDFS)) or obj.value.removeprefix(OWL) in TYPES
    if predicate in AXIOMS:
        return isinstance(quad.subject, NamedNode) and isinstance(obj, NamedNode)
    if predicate == OWL + "members":
        return isinstance(quad.subject, BlankNode)
    if predicate in (RDF + "first", RDF + "rest"):
        return not isinstance(obj, BlankNode) or predicate == RDF + "rest"
    ours = ("imports", "versionIRI", "versionInfo", "priorVersion", "deprecated")
    if predicate.startswith(OWL):
        return predicate.removeprefix(OWL) in ours
    return not predicate.startswith(RDFS) or predicate.removeprefix(RDFS) in ("label", "isDefinedBy")


def test_a_transitive_property_is_not_functional_as_the_profile_asks() -> None:
    types: dict[str, set[str]] = {}
    for quad in terms():
        if quad.predicate.value == RDF + "type" and isinstance(quad.object, NamedNode):
            types.setdefault(str(quad.subject), set()).add(quad.object.value.removeprefix(OWL))
    both = [name for name, found in types.items() if {"TransitiveProperty", "FunctionalProperty"} <= found]
    assert both == []
