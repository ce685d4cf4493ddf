"""The whole graph checked at once: the answer of plain pySHACL, every planted fault, no fault made up."""

from random import Random

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kg import iris, ontology
from kg.gate.gate import Gate
from kg.gate.overlay import Overlay
from kg.gate.reports import Report
from kg.gate.shacl.judge import Shapes
from kg.gate.whole_graph import Whole
from kg.iris import DATA, PREFIXES, TERMS
from tests.gate.shacl.test_affected import oracle, rows, shapes, turtle
from tests.support import gallery, worlds

TYPE = NamedNode(PREFIXES["rdf"] + "type")
LABEL = NamedNode(PREFIXES["rdfs"] + "label")
GRAPH = NamedNode(DATA + "graph-faulty")


@pytest.fixture(scope="module")
def release() -> ontology.Ontology:
    return ontology.load()


@pytest.fixture(scope="module")
def gate(release: ontology.Ontology) -> Gate:
    return Gate.of(release)


@pytest.fixture(scope="module")
def gallery_gate() -> Gate:
    return Gate(turtle(gallery.gallery()), ())


@pytest.mark.parametrize("seed", range(8))
def test_random_graphs_get_the_answer_of_plain_pyshacl(gallery_gate: Gate, seed: int) -> None:
    store = random_store(seed)
    assert rows(gallery_gate.check_whole(store)) == rows(gallery_gate.check_whole_plainly(store))


@settings(max_examples=80, deadline=None)
@given(shape=shapes, seed=st.integers(0, 1 << 16))
def test_random_shapes_get_the_answer_of_pyshacl_on_a_copy(shape: str, seed: int) -> None:
    text = gallery.PREFIXES + gallery.INNER + shape
    store = random_store(seed)
    assert rows(Gate(turtle(text), ()).check_whole(store)) == oracle(text, store, rdflib.Graph())


MORE_CONSTRAINTS = [
    'sh:pattern "^x"',
    "sh:minLength 2",
    "sh:maxLength 1",
    'sh:languageIn ( "en" )',
    "sh:minExclusive 1 ; sh:maxInclusive 7",
    "sh:datatype xsd:integer",
    "sh:datatype rdf:langString",
    "sh:datatype rdfs:Literal",
    "sh:nodeKind sh:IRIOrLiteral",
    "sh:nodeKind sh:Literal",
    "sh:minCount 2",
    "sh:maxCount 0",
    "sh:maxCount 2",
    'sh:hasValue "x"',
    "sh:hasValue :n1 , :n2",
    "sh:lessThan :q",
    "sh:class :A , :B",
    "sh:qualifiedValueShape [ sh:not [ sh:class :B ] ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 2",
    "sh:qualifiedValueShape [ sh:xone ( [ sh:class :A ] [ sh:class :B ] ) ] ; sh:qualifiedMinCount 2",
    "sh:not [ sh:property [ sh:path :q ; sh:hasValue :n2 ] ]",
    "sh:or ( [ sh:not [ sh:property [ sh:path :p ; sh:hasValue :n1 ] ] ] [ sh:class :A ] )",
    "sh:or ( [ sh:property [ sh:path :q ; sh:maxCount 0 ] ] [ sh:property [ sh:path :p ; sh:minCount 1 ] ] )",
    "sh:not [ sh:property [ sh:path :q ; sh:uniqueLang true ] ]",
    "sh:not [ sh:property [ sh:path :q ; sh:lessThanOrEquals :r ] ]",
    "sh:not [ sh:or ( [ sh:class :A ] [ sh:nodeKind sh:IRI ; sh:deactivated true ] ) ]",
    "sh:not [ sh:closed true ; sh:ignoredProperties ( :p ) ]",
    "sh:not [ sh:and ( [ sh:property [ sh:path :p ; sh:minCount 1 ] ] [ sh:in ( :n1 :n2 ) ] ) ]",
    "sh:property [ sh:path :q ; sh:property [ sh:path :r ; sh:class :C ; sh:maxCount 1 ] ]",
]


@settings(max_examples=150, deadline=None)
@given(
    target=st.sampled_from(gallery.TARGETS),
    path=st.sampled_from(gallery.PATHS),
    constraint=st.sampled_from(MORE_CONSTRAINTS),
    seed=st.integers(0, 1 << 16),
)
def test_more_constraints_get_the_answer_of_pyshacl(
    target: str, path: str, constraint: str, seed: int
) -> None:
    shape = f":S a sh:NodeShape ; {target} ; sh:property [ sh:path {path} ; {constraint} ] ."
    gate, store = Gate(turtle(gallery.PREFIXES + shape), ()), random_store(seed)
    assert rows(gate.check_whole(store)) == rows(gate.check_whole_plainly(store))


def test_not_every_focus_node_is_a_suspect() -> None:
    """The search would be sound, too, if it suspected everybody."""
    targets = Shapes(turtle(gallery.gallery())).index.targets
    asked = found = 0
    for seed in range(10):
        store = random_store(seed)
        whole = Whole(Overlay(store))
        found += sum(len(nodes) for _, nodes in whole.suspects(targets))
        asked += sum(len(whole.focus(target)) for target in targets)
    assert found < 0.5 * asked


def test_every_planted_fault_is_found_and_nothing_else(release: ontology.Ontology, gate: Gate) -> None:
    """Each sample of tests/shapes that breaks a rule stands in a copy of the world of its own."""
    samples = len(list(worlds.SAMPLES.glob("*/invalid-*.ttl")))
    triples = (samples + 10) * len(list(worlds.world(1)))
    store = filled(release, triples, faults=samples)
    faults = worlds.planted(triples, faults=samples)
    assert len({fault.sample for fault in faults}) == samples
    found = of_shapes(gate.check_whole(store))
    spoken_of = {node for fault in faults for node in fault.nodes}
    expected = {violation for fault in faults for violation in fault.violations}
    assert {violation for violation in found if violation[0] in spoken_of} == expected
    copies = {str(fault.copy) for fault in faults}
    assert {focus.rpartition("-")[2] for focus, _, _ in found} <= copies


def test_a_generated_world_conforms_and_plain_pyshacl_agrees(release: ontology.Ontology, gate: Gate) -> None:
    store = filled(release, triples=254)
    assert gate.check_whole_plainly(store).violations == ()
    assert gate.check_whole(store).violations == ()


def test_words_and_contradictions_are_found_as_by_looking_at_each_quad(
    release: ontology.Ontology, gate: Gate
) -> None:
    store = filled(release, triples=1)
    store.extend(badly_worded())
    rules = {"unknown-term", "released-term", "no-blank-node", "well-formed-literal", "disjoint-classes"}
    found = gate.check_whole(store)
    assert rules <= {violation.rule.removeprefix(iris.SHAPES) for violation in found.violations}
    without_shapes = [violation for violation in found.violations if violation.component is None]
    plain = gate.check_whole_plainly(store)
    assert without_shapes == [violation for violation in plain.violations if violation.component is None]
    assert rows(found) == rows(plain)


def test_the_progress_goes_from_nothing_to_nearly_all(gallery_gate: Gate) -> None:
    told: list[tuple[str, float]] = []
    gallery_gate.check_whole(Store(), lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert told[0] == ("reading", 0.0)
    assert shares == sorted(shares)
    assert 0.9 < shares[-1] <= 1


def random_store(seed: int) -> Store:
    random = Random(seed)
    store = Store()
    store.extend(gallery.random_quad(random) for _ in range(random.randint(3, 30)))
    return store


def filled(release: ontology.Ontology, triples: int, faults: int = 0) -> Store:
    store = Store()
    store.extend(release.quads)
    store.extend(worlds.world(triples, faults=faults))
    return store


def badly_worded() -> list[Quad]:
    thing, other = NamedNode(DATA + "thing-1"), NamedNode(DATA + "thing-2")
    date = NamedNode(PREFIXES["xsd"] + "date")
    triples: list[tuple[NamedNode | BlankNode, NamedNode, NamedNode | BlankNode | Literal]] = [
        (thing, TYPE, NamedNode(TERMS + "Persn")),
        (thing, NamedNode(TERMS + "madBy"), other),
        (thing, NamedNode(TERMS + "hasKind"), NamedNode(iris.KINDS + "no-such-kind")),
        (thing, NamedNode(TERMS + "date"), Literal("2025-02-30", datatype=date)),
        (NamedNode(TERMS + "Person"), LABEL, Literal("Persons")),
        (thing, NamedNode(TERMS + "concerns"), BlankNode("somebody")),
        (BlankNode("somebody"), LABEL, Literal("foreign, and nobody's business")),
        (other, TYPE, NamedNode(TERMS + "Person")),
        (other, TYPE, NamedNode(TERMS + "State")),
    ]
    return [Quad(*triple, GRAPH) for triple in triples]


def of_shapes(report: Report) -> set[worlds.Found]:
    """Take the violations that SHACL found, in the words of the samples."""
    return {
        (
            violation.focus.value,
            iris.compact(violation.rule),
            violation.component.removeprefix(PREFIXES["sh"]).removesuffix("ConstraintComponent"),
        )
        for violation in report.violations
        if violation.component is not None and isinstance(violation.focus, NamedNode)
    }
