"""Each rule of each shape is broken by a sample that says at which node, and no shape refuses what is right.

A sample in tests/shapes/<Shape>/ is held against all shapes beside terms, kinds and base.ttl. Its header
names every violation that it must cause, three lines each; a valid sample has none.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql.parserutils import CompValue

from kg import iris, ontology
from kg.changes import Delta
from kg.gate.gate import Gate
from kg.gate.rules import (
    answers_to_claims,
    claims,
    evidence,
    hedging_words,
    one_hedge,
    passages,
    quotations,
    tenures,
    told_by_commits,
    voices,
    weak_grounds,
)
from kg.gate.shacl.rdflib_view import prepared
from tests.support.shacl import DataGraph, Found, our_shapes, read, terms_and_kinds

HERE = Path(__file__).parents[1]
SAMPLES = sorted((HERE / "shapes").glob("*/*.ttl"))
HEADER = re.compile(r"#\+ focus: (\S+)\n#\+ rule: (\S+)\n#\+ component: (\S+)\n")
PARAMETERS = {
    SH["class"]: "Class",
    SH.hasValue: "HasValue",
    SH["in"]: "In",
    SH["or"]: "Or",
    SH["and"]: "And",
    SH["not"]: "Not",
    SH.qualifiedMinCount: "QualifiedMinCount",
    SH.qualifiedMaxCount: "QualifiedMaxCount",
    SH.lessThanOrEquals: "LessThanOrEquals",
}
COUNTS = ("minCount", "maxCount", "minLength", "maxLength", "minInclusive", "maxInclusive")
SINGLE = ("datatype", "node", "nodeKind", "pattern", "uniqueLang", "disjoint", "equals")
PARAMETERS |= {SH[name]: name[0].upper() + name[1:] for name in (*COUNTS, *SINGLE)}
"""The constraint parameters of SHACL core that may stand in our shapes, and their components."""


def name_of(sample: Path) -> str:
    return f"{sample.parent.name}/{sample.stem}"


@cache
def base() -> DataGraph:
    return read(*terms_and_kinds(), HERE / "shapes" / "base.ttl")


@cache
def expected(sample: Path) -> frozenset[Found]:
    return frozenset(Found(*parts) for parts in HEADER.findall(sample.read_text()))


def mentioned(graph: rdflib.Graph) -> set[rdflib.term.Node]:
    """The nodes of our data space that a graph speaks of."""
    ends = {node for subject, _, obj in graph for node in (subject, obj)}
    return {node for node in ends if isinstance(node, rdflib.URIRef) and node.startswith(iris.DATA)}


def violations(sample: Path) -> set[Found]:
    """Hold a sample against the shapes, beside the base, and take it out again."""
    graph = read(sample)
    added = [triple for triple in graph if triple not in base()]
    for triple in added:
        base().add(triple)
    try:
        return our_shapes().violations(base(), mentioned(graph))
    finally:
        for triple in added:
            base().remove(triple)


def rules() -> Iterator[tuple[str, str]]:
    """Each rule of the shapes that the gate applies through SHACL, with each of its components."""
    shapes = our_shapes().graph
    for node in set(shapes.subjects(RDF.type, SH.SPARQLConstraint)):
        yield iris.compact(str(node)), "SPARQL"
    targeted = set(shapes.subjects(SH.targetClass))
    for node in targeted | set(shapes.objects(None, SH.property)):
        if isinstance(node, rdflib.URIRef):
            for parameter, component in PARAMETERS.items():
                if (node, parameter, None) in shapes:
                    yield iris.compact(str(node)), component


def test_the_base_of_the_samples_conforms() -> None:
    assert our_shapes().violations(base(), mentioned(base())) == set()


@pytest.mark.parametrize("sample", SAMPLES, ids=name_of)
def test_a_sample_breaks_the_rules_that_its_header_names_and_no_other(sample: Path) -> None:
    assert violations(sample) == expected(sample)


def test_the_name_of_each_sample_says_whether_it_is_valid() -> None:
    misnamed = [
        name_of(sample)
        for sample in SAMPLES
        if not sample.name.startswith("invalid-" if expected(sample) else "valid-")
    ]
    assert misnamed == []


def test_every_component_of_every_rule_has_a_sample_that_breaks_it() -> None:
    broken = {(found.rule, found.component) for sample in SAMPLES for found in expected(sample)}
    assert sorted(set(rules()) - broken) == []


def test_every_shape_with_properties_has_a_valid_sample() -> None:
    shapes = our_shapes().graph
    told = {sample.parent.name for sample in SAMPLES if sample.name.startswith("valid-")}
    named = {iris.compact(str(node)).removeprefix("dipsh:") for node in shapes.subjects(SH.property)}
    targeted = {iris.compact(str(node)).removeprefix("dipsh:") for node in shapes.subjects(SH.targetClass)}
    assert sorted((named & targeted) - told) == []


def test_no_constraint_parameter_is_used_that_the_coverage_does_not_count() -> None:
    core = {*PARAMETERS, SH.property, SH.sparql, SH.path, SH.name, SH.message, SH.targetClass, SH.severity}
    core |= {SH.qualifiedValueShape, SH.prefixes, SH.select, SH.declare, SH.prefix, SH.namespace}
    core |= {SH.inversePath, SH.alternativePath, SH.zeroOrMorePath}
    used = {
        p for p in our_shapes().graph.predicates() if isinstance(p, rdflib.URIRef) and p.startswith(str(SH))
    }
    assert sorted(used - core) == []


# What the gate needs of a sh:sparql constraint (so that a change costs what it touches, and engines agree)


def queries() -> dict[str, str]:
    shapes = our_shapes().graph
    return {iris.compact(str(node)): str(text) for node, text in shapes.subject_objects(SH.select)}


def patterns(part: object) -> Iterator[tuple[rdflib.term.Node, ...]]:
    """Every triple pattern of a parsed query, those in filters too."""
    if isinstance(part, CompValue):
        if part.name == "BGP":
            yield from part.triples
        for value in part.values():
            yield from patterns(value)
    elif isinstance(part, list):
        for value in part:
            yield from patterns(value)


@pytest.mark.parametrize("rule", sorted(queries()))
def test_no_query_of_a_rule_could_begin_with_a_constant_object(rule: str) -> None:
    found = list(patterns(prepared(queries()[rule]).algebra))
    assert found
    assert [obj for _, _, obj in found if not isinstance(obj, rdflib.Variable)] == []


@pytest.mark.parametrize("rule", sorted(queries()))
def test_a_query_compares_dates_by_value_under_guards_of_their_datatype(rule: str) -> None:
    """Of two dates of which none is certainly later, rdflib calls each less: only ``>`` is right."""
    text = queries()[rule]
    date = r"\?(earliest|latest|first|last|from|until|date)"
    assert not re.search(rf"{date} (<|>=)|STR\({date}\) [<>]", text)
    for compared in set(re.findall(rf"{date} >", text)):
        assert f"datatype(?{compared}) = xsd:date" in text


@cache
def gate() -> Gate:
    return Gate.of(ontology.load())


@cache
def base_store() -> Store:
    store = Store()
    store.extend(ontology.load().quads)
    store.load(path=HERE / "shapes" / "base.ttl", format=RdfFormat.TURTLE, to_graph=NamedNode("urn:base"))
    return store


@pytest.mark.parametrize("sample", SAMPLES, ids=name_of)
def test_the_gate_finds_at_what_a_sample_affects_what_plain_pyshacl_finds(sample: Path) -> None:
    """And no more, but for what its rules in code add and what a sample breaks at a record of the base."""
    graph = NamedNode("urn:sample")
    told = (quad.triple for quad in parse(path=sample, format=RdfFormat.TURTLE))
    added = tuple(Quad(at.subject, at.predicate, at.object, graph) for at in told if not is_known(at))
    report = gate().check(Delta(added=added), base_store())
    told_of = (each for each in report.violations if each.rule not in IN_CODE)
    found = {(told_iri(violation.focus), iris.compact(violation.rule)) for violation in told_of}
    assert {(at.focus, at.rule) for at in expected(sample)} <= found
    if not expected(sample):
        assert found == set()


IN_CODE = {
    *(
        claims.RULE,
        evidence.RULE,
        tenures.RULE,
        told_by_commits.RULE,
        passages.CONTRADICTED,
        hedging_words.RULE,
    ),
    *(one_hedge.RULE, one_hedge.UNQUOTED, quotations.RULE, quotations.UNQUOTED),
    *(voices.STATUS_IN_OWN_VOICE, voices.JUDGEMENT_IN_OWN_VOICE, voices.CONCEDED_BY_ANOTHER),
    *(answers_to_claims.OTHER_WORDS, answers_to_claims.CLAIM_AS_FINDING),
    *(weak_grounds.OUTLET_OF_A_SIDE, weak_grounds.UNKNOWN_OUTLET, weak_grounds.NAMED_WITHOUT_WORDS),
}
"""Rules in code that a sample of a shape may break beside it."""


def is_known(triple: Triple) -> bool:
    found = base_store().quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return next(found, None) is not None


def told_iri(term: object) -> str:
    return iris.compact(term.value) if isinstance(term, NamedNode) else str(term)


def test_the_gate_can_bound_what_a_change_affects_for_every_shape() -> None:
    assert gate().unbounded == {}


def test_every_rule_that_the_software_names_is_described_among_the_shapes() -> None:
    described = {str(node).removeprefix(iris.SHAPES) for node in our_shapes().graph.subjects()}
    sources = "".join(file.read_text() for file in (HERE.parent / "kg").rglob("*.py"))
    assert set(re.findall(r'SHAPES \+ "([\w-]+)"', sources)) - described == set()


def test_every_rule_that_is_checked_in_code_is_named_by_the_software() -> None:
    shapes = our_shapes().graph
    inner = set(shapes.objects(None, SH.node)) | set(shapes.subjects(SH.targetClass))
    in_code = set(shapes.subjects(RDF.type, SH.NodeShape)) - inner
    sources = "".join(file.read_text() for file in (HERE.parent / "kg").rglob("*.py"))
    named = {rdflib.URIRef(iris.SHAPES + name) for name in re.findall(r'SHAPES \+ "([\w-]+)"', sources)}
    assert {iris.compact(str(node)) for node in in_code - named} == set()


def test_the_lists_that_shapes_ask_for_are_rules_on_values_alone() -> None:
    shapes = our_shapes().graph
    for node in set(shapes.objects(None, SH.node)):
        assert iris.compact(str(node)).startswith("dipsh:in-")
    for members in shapes.objects(None, SH["or"]):
        assert len(list(Collection(shapes, members))) > 1
