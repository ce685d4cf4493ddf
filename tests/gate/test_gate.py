"""The gate names every fault of a change: the node, the path, the rule, in a sentence."""

from collections.abc import Iterable

import pytest
from pyoxigraph import NamedNode, Store

from kg import iris
from kg.changes import Delta
from kg.gate.gate import Gate
from kg.gate.reports import Report, Violation
from kg.gate.shacl import paths
from kg.iris import SHAPES
from tests.support.small_world import GRAPH, SHAPES_OF_A_SMALL_WORLD, TERMS_OF_A_SMALL_WORLD, quads


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(quads(SHAPES_OF_A_SMALL_WORLD), quads(TERMS_OF_A_SMALL_WORLD))


@pytest.fixture
def store() -> Store:
    store = Store()
    store.extend(quads(TERMS_OF_A_SMALL_WORLD, NamedNode(iris.TERMS_GRAPH)))
    return store


def told(violations: Iterable[Violation]) -> list[tuple[str, str, str]]:
    return [
        (
            iris.compact(violation.rule),
            paths.text(violation.path) if violation.path else "",
            violation.sentence(),
        )
        for violation in violations
    ]


@pytest.mark.parametrize(
    ("text", "rule", "path", "sentence"),
    [
        (
            "dipid:s a dip:Statement .",
            "dipsh:speaker",
            "dip:speaker",
            "dipid:s, dip:speaker: A statement needs its speaker.",
        ),
        (
            "dipid:s a dip:Statement ; dip:speaker dipid:x .",
            "dipsh:speaker",
            "dip:speaker",
            "dipid:s, dip:speaker dipid:x: nothing with this name is described, here or in the graph, "
            "and no name is "
            "similar; describe it, or correct the name.",
        ),
        (
            'dipid:s a dip:Statement ; dip:speaker dipid:ana ; dip:words "a" . dipid:ana a dip:Envoy .',
            "dipsh:words",
            "dip:words",
            'dipid:s, dip:words "a": "a" conforms to none of the allowed shapes; describe it in one of them.',
        ),
        (
            "dipid:x dip:speeker dipid:y .",
            "dipsh:unknown-term",
            "",
            "dipid:x: dip:speeker is not a term of this ontology; the nearest is dip:speaker.",
        ),
        (
            "dipid:x a dip:persons .",
            "dipsh:unknown-term",
            "rdf:type",
            "dipid:x, rdf:type dip:persons: dip:persons is not a term of this ontology;"
            " the nearest is dip:Person.",
        ),
        (
            "dipid:x dip:speaker dipk:prayse .",
            "dipsh:unknown-term",
            "dip:speaker",
            "dipid:x, dip:speaker dipk:prayse: dipk:prayse is not a term of this ontology;"
            " the nearest is dipk:praise.",
        ),
        (
            "dipid:x a <http://w3id.org/regional-diplomacy/terms#Person> .",
            "dipsh:unknown-term",
            "rdf:type",
            "dipid:x, rdf:type <http://w3id.org/regional-diplomacy/terms#Person>:"
            " <http://w3id.org/regional-diplomacy/terms#Person> is not a term of this ontology;"
            " the nearest is dip:Person.",
        ),
        (
            "dipid:x dip:zzzzzzzz dipid:y .",
            "dipsh:unknown-term",
            "",
            "dipid:x: dip:zzzzzzzz is not a term of this ontology; no term is similar.",
        ),
        (
            "dipid:x dip:Person dipid:y .",
            "dipsh:unknown-term",
            "",
            "dipid:x: dip:Person is not a property but is used as one; see its definition.",
        ),
        (
            "dipid:x a dip:speaker .",
            "dipsh:unknown-term",
            "rdf:type",
            "dipid:x, rdf:type dip:speaker: dip:speaker is not a class but is used as one;"
            " see its definition.",
        ),
        (
            "dipid:x dip:sayer dipid:y .",
            "dipsh:deprecated-term",
            "",
            "dipid:x: dip:sayer is deprecated; use dip:speaker.",
        ),
        (
            "dip:Person rdfs:comment 'mine' .",
            "dipsh:released-term",
            "rdfs:comment",
            'dip:Person, rdfs:comment "mine": terms change only with a release;'
            " describe things of your own, or propose the change.",
        ),
        (
            "<urn:class> dip:inLayer dip:Person .",
            "dipsh:released-term",
            "dip:inLayer",
            "<urn:class>, dip:inLayer dip:Person: terms change only with a release;"
            " describe things of your own, or propose the change.",
        ),
        (
            'dipid:x dip:day "2025-02-30"^^xsd:date .',
            "dipsh:well-formed-literal",
            "dip:day",
            'dipid:x, dip:day "2025-02-30"^^xsd:date: "2025-02-30"^^xsd:date is not a value of xsd:date;'
            " correct it, or keep the source's original form in another property.",
        ),
        (
            "dipid:x a dip:Envoy , dip:State .",
            "dipsh:disjoint-classes",
            "rdf:type",
            "dipid:x, rdf:type: a thing cannot be both dip:Person and dip:State;"
            " keep one of the classes, or describe two things.",
        ),
        (
            "dipid:x dip:birthday 1 , 2 .",
            "dipsh:functional-property",
            "dip:birthday",
            "dipid:x, dip:birthday 2: dip:birthday has one value at most, and 1 is already there: "
            "keep the right one.",
        ),
        (
            "dipid:a a dip:Statement ; dip:speaker dipid:b . dipid:b a dip:Actor ; dip:speaker dipid:a .",
            "dipsh:not-of-itself",
            "",
            "dipid:a: dipid:b speaks of dipid:a.",
        ),
    ],
)
def test_a_fault_is_told_in_a_sentence(
    gate: Gate, store: Store, text: str, rule: str, path: str, sentence: str
) -> None:
    assert (rule, path, sentence) in told(gate.check(Delta(added=quads(text)), store).violations)


def test_a_message_is_given_in_both_languages(gate: Gate, store: Store) -> None:
    text = "dipid:a a dip:Statement ; dip:speaker dipid:b . dipid:b a dip:Actor ; dip:speaker dipid:a ."
    violations = gate.check(Delta(added=quads(text)), store).violations
    assert "dipid:a: dipid:b habla de dipid:a." in [violation.sentence("es") for violation in violations]


def test_sh_warning_is_a_warning_and_does_not_hinder(gate: Gate, store: Store) -> None:
    text = 'dipid:s a dip:Statement ; dip:speaker dipid:ana ; dip:words "a" . dipid:ana a dip:Envoy .'
    report = gate.check(Delta(added=quads(text)), store)
    assert report.conforms
    assert [violation.severity for violation in report.violations] == ["warning"]


def test_a_blank_node_in_a_description_of_ours_is_refused(gate: Gate, store: Store) -> None:
    text = "dipid:x a dip:Statement ; dip:speaker [ dip:words 'a' ] ."
    report = gate.check(Delta(added=quads(text)), store)
    assert SHAPES + "no-blank-node" in {violation.rule for violation in report.violations}


def test_foreign_vocabulary_and_its_blank_nodes_pass(gate: Gate, store: Store) -> None:
    text = "<urn:x> a <urn:Thing> ; <urn:p> [ <urn:q> 1 ] . dipid:x <urn:p> 'a'@es ."
    assert gate.check(Delta(added=quads(text)), store).violations == ()


def test_a_misspelt_subclass_is_a_schema_change_that_is_judged(gate: Gate, store: Store) -> None:
    store.extend(quads("dipid:x a dip:State , <urn:Kind> ."))
    report = gate.check(Delta(added=quads("<urn:Kind> rdfs:subClassOf dip:Person .")), store)
    assert SHAPES + "disjoint-classes" in {violation.rule for violation in report.violations}


def test_a_removal_is_judged_too(gate: Gate, store: Store) -> None:
    kind = quads("dipid:ana a dip:Person .")
    store.extend((*quads("dipid:s a dip:Statement ; dip:speaker dipid:ana ."), *kind))
    assert told(gate.check(Delta(removed=kind), store).violations) == [
        ("dipsh:speaker", "dip:speaker", "dipid:s, dip:speaker dipid:ana: A statement needs its speaker.")
    ]


def test_the_graph_of_a_fault_is_named(gate: Gate, store: Store) -> None:
    report = gate.check(Delta(added=quads("dipid:s a dip:Statement .")), store)
    assert [violation.graph for violation in report.violations] == [GRAPH]


@pytest.mark.parametrize("subject", ["<urn:x>", "dipid:x"])
def test_an_ill_formed_literal_of_another_vocabulary_is_accepted_with_a_warning(
    gate: Gate, store: Store, subject: str
) -> None:
    report = gate.check(Delta(added=quads(f'{subject} <urn:p> "2025-02-30"^^xsd:date .')), store)
    (warning,) = report.warnings
    assert (report.conforms, warning.rule) == (True, SHAPES + "well-formed-literal")
    assert "accepted, as the property is of another vocabulary" in warning.sentence()


def test_a_literal_is_held_to_its_datatype_as_it_was_sent(gate: Gate, store: Store) -> None:
    for value in ('"300"^^xsd:byte', '"-5"^^xsd:nonNegativeInteger', '"inf"^^xsd:double'):
        report = gate.check(Delta(added=quads(f"dipid:x dip:birthday {value} .")), store)
        assert SHAPES + "well-formed-literal" in {error.rule for error in report.errors}


def test_one_ill_formed_literal_in_much_foreign_vocabulary_costs_no_check_of_all(
    gate: Gate, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = quads('<urn:x> <urn:p> "x"^^xsd:date .' + "".join(f"<urn:x> <urn:q> {n} ." for n in range(600)))
    checked: list[Delta] = []
    check = gate._check

    def counted(delta: Delta, quads_held: Store) -> Report:
        checked.append(delta)
        return check(delta, quads_held)

    monkeypatch.setattr(gate, "_check", counted)
    assert len(gate.check(Delta(added=foreign), store).warnings) == 1
    assert [len(delta.added) for delta in checked] == [1]


def test_all_faults_are_told_at_once(gate: Gate, store: Store) -> None:
    text = 'dipid:s a dip:Statement , dip:Person ; dip:day "x"^^xsd:date ; dip:speeker dipid:y .'
    rules = {violation.rule for violation in gate.check(Delta(added=quads(text)), store).violations}
    assert rules == {
        SHAPES + name for name in ("speaker", "disjoint-classes", "well-formed-literal", "unknown-term")
    }


def test_the_whole_store_can_be_judged(gate: Gate, store: Store) -> None:
    store.extend(quads("dipid:s a dip:Statement ."))
    assert [violation.rule for violation in gate.check_whole(store).violations] == [SHAPES + "speaker"]
