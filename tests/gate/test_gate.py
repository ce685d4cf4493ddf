"""The gate names every fault of a change: the node, the path, the rule, in a sentence."""

from collections.abc import Iterable

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from kg import iris
from kg.changes import Delta
from kg.gate.gate import Gate
from kg.gate.reports import Violation
from kg.gate.rules.literals import is_well_formed
from kg.gate.rules.wording import COMPONENTS
from kg.gate.shacl import paths
from kg.iris import DATA, PREFIXES, SHAPES

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
GRAPH = NamedNode(DATA + "graph-1")

TERMS_OF_A_SMALL_WORLD = """
    dip:Actor a owl:Class . dip:Person a owl:Class ; rdfs:subClassOf dip:Actor .
    dip:State a owl:Class ; rdfs:subClassOf dip:Actor . dip:Statement a owl:Class .
    dip:Envoy a owl:Class ; rdfs:subClassOf dip:Person .
    [] a owl:AllDisjointClasses ; owl:members ( dip:Person dip:State ) .
    dip:Actor owl:disjointWith dip:Statement .
    dip:speaker a owl:ObjectProperty . dip:words a owl:DatatypeProperty . dip:day a owl:DatatypeProperty .
    dip:birthday a owl:DatatypeProperty , owl:FunctionalProperty .
    dip:until a owl:DatatypeProperty .
    dip:sayer a owl:ObjectProperty ; owl:deprecated true ; dcterms:isReplacedBy dip:speaker .
    dip:inLayer a owl:AnnotationProperty .
    dipk:praise a skos:Concept .
"""
SHAPES_OF_A_SMALL_WORLD = """
    dipsh: a owl:Ontology ;
        sh:declare [ sh:prefix "dip" ; sh:namespace "https://w3id.org/regional-diplomacy/terms#" ] .
    dipsh:Statement a sh:NodeShape ; sh:targetClass dip:Statement ;
        sh:property dipsh:speaker , dipsh:words ; sh:sparql dipsh:not-of-itself .
    dipsh:speaker a sh:PropertyShape ; sh:path dip:speaker ; sh:minCount 1 ; sh:class dip:Actor ;
        sh:message "A statement needs its speaker."@en , "Una declaración necesita hablante."@es .
    dipsh:words a sh:PropertyShape ; sh:path dip:words ; sh:severity sh:Warning ;
        sh:or ( [ sh:minLength 3 ] [ sh:in ( "ja" "no" ) ] ) .
    dipsh:not-of-itself sh:prefixes dipsh: ;
        sh:message "{?value} speaks of {$this}."@en , "{?value} habla de {$this}."@es ;
        sh:select "SELECT $this ?value WHERE { $this dip:speaker ?value . ?value dip:speaker $this . }" .
"""


def quads(text: str, graph: NamedNode = GRAPH) -> tuple[Quad, ...]:
    triples = pyoxigraph.parse((HEADER + text).encode(), format=RdfFormat.TURTLE)
    return tuple(Quad(found.subject, found.predicate, found.object, graph) for found in triples)


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
            "dipid:s, dip:speaker dipid:x: this is described nowhere, here or in the graph, and no name there"
            " is like it; describe it, or correct the name.",
        ),
        (
            'dipid:s a dip:Statement ; dip:speaker dipid:ana ; dip:words "a" . dipid:ana a dip:Envoy .',
            "dipsh:words",
            "dip:words",
            'dipid:s, dip:words "a": "a" fulfils none of the allowed forms; describe it in one of them.',
        ),
        (
            "dipid:x dip:speeker dipid:y .",
            "dipsh:unknown-term",
            "",
            "dipid:x: dip:speeker is no term of this ontology; the nearest is dip:speaker.",
        ),
        (
            "dipid:x a dip:persons .",
            "dipsh:unknown-term",
            "rdf:type",
            "dipid:x, rdf:type dip:persons: dip:persons is no term of this ontology;"
            " the nearest is dip:Person.",
        ),
        (
            "dipid:x dip:speaker dipk:prayse .",
            "dipsh:unknown-term",
            "dip:speaker",
            "dipid:x, dip:speaker dipk:prayse: dipk:prayse is no term of this ontology;"
            " the nearest is dipk:praise.",
        ),
        (
            "dipid:x a <http://w3id.org/regional-diplomacy/terms#Person> .",
            "dipsh:unknown-term",
            "rdf:type",
            "dipid:x, rdf:type <http://w3id.org/regional-diplomacy/terms#Person>:"
            " <http://w3id.org/regional-diplomacy/terms#Person> is no term of this ontology;"
            " the nearest is dip:Person.",
        ),
        (
            "dipid:x dip:zzzzzzzz dipid:y .",
            "dipsh:unknown-term",
            "",
            "dipid:x: dip:zzzzzzzz is no term of this ontology; nothing there is like it.",
        ),
        (
            "dipid:x dip:Person dipid:y .",
            "dipsh:unknown-term",
            "",
            "dipid:x: dip:Person is no property, but stands here as one; look its definition up.",
        ),
        (
            "dipid:x a dip:speaker .",
            "dipsh:unknown-term",
            "rdf:type",
            "dipid:x, rdf:type dip:speaker: dip:speaker is no class, but stands here as one;"
            " look its definition up.",
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
            " correct it or keep the source's spelling apart.",
        ),
        (
            "dipid:x a dip:Envoy , dip:State .",
            "dipsh:disjoint-classes",
            "rdf:type",
            "dipid:x, rdf:type: one thing cannot be both dip:Person and dip:State:"
            " decide which it is, or describe two things.",
        ),
        (
            "dipid:x dip:birthday 1 , 2 .",
            "dipsh:functional-property",
            "dip:birthday",
            "dipid:x, dip:birthday 2: dip:birthday has one value at most, and 1 is one: keep the right one.",
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


def test_all_faults_are_told_at_once(gate: Gate, store: Store) -> None:
    text = 'dipid:s a dip:Statement , dip:Person ; dip:day "x"^^xsd:date ; dip:speeker dipid:y .'
    rules = {violation.rule for violation in gate.check(Delta(added=quads(text)), store).violations}
    assert rules == {
        SHAPES + name for name in ("speaker", "disjoint-classes", "well-formed-literal", "unknown-term")
    }


def test_the_whole_store_can_be_judged(gate: Gate, store: Store) -> None:
    store.extend(quads("dipid:s a dip:Statement ."))
    assert [violation.rule for violation in gate.check_whole(store).violations] == [SHAPES + "speaker"]


@pytest.mark.parametrize(
    ("constraint", "value", "component"),
    [
        ("sh:minCount 2", "1", "MinCount"),
        ("sh:maxCount 1", "1 , 2", "MaxCount"),
        ("sh:class dip:Person", "1", "Class"),
        ("sh:datatype xsd:string", "1", "Datatype"),
        ("sh:nodeKind sh:IRI", "1", "NodeKind"),
        ("sh:in ( 2 3 )", "1", "In"),
        ("sh:hasValue 2", "1", "HasValue"),
        ("sh:pattern '^a'", "'b'", "Pattern"),
        ("sh:minLength 2", "'b'", "MinLength"),
        ("sh:maxLength 2", "'bbb'", "MaxLength"),
        ("sh:languageIn ( 'en' )", "'b'@es", "LanguageIn"),
        ("sh:uniqueLang true", "'b'@es , 'c'@es", "UniqueLang"),
        ("sh:minInclusive 2", "1", "MinInclusive"),
        ("sh:maxInclusive 0", "1", "MaxInclusive"),
        ("sh:minExclusive 1", "1", "MinExclusive"),
        ("sh:maxExclusive 1", "1", "MaxExclusive"),
        ("sh:lessThan dip:until", "2 ; dip:until 1", "LessThan"),
        ("sh:lessThanOrEquals dip:until", "2 ; dip:until 1", "LessThanOrEquals"),
        ("sh:equals dip:until", "2 ; dip:until 1", "Equals"),
        ("sh:disjoint dip:until", "2 ; dip:until 2", "Disjoint"),
        ("sh:closed true", "dipid:y . dipid:y dip:until 1", "Closed"),
        ("sh:not [ sh:datatype xsd:integer ]", "1", "Not"),
        ("sh:and ( [ sh:datatype xsd:integer ] [ sh:minInclusive 2 ] )", "1", "And"),
        ("sh:or ( [ sh:datatype xsd:string ] [ sh:minInclusive 2 ] )", "1", "Or"),
        ("sh:xone ( [ sh:datatype xsd:integer ] [ sh:minInclusive 1 ] )", "1", "Xone"),
        ("sh:node [ sh:datatype xsd:string ]", "1", "Node"),
        ("sh:qualifiedValueShape [ sh:minInclusive 2 ] ; sh:qualifiedMinCount 1", "1", "QualifiedMinCount"),
        ("sh:qualifiedValueShape [ sh:minInclusive 1 ] ; sh:qualifiedMaxCount 0", "1", "QualifiedMaxCount"),
        ("sh:sparql [ sh:select 'SELECT $this WHERE { $this ?p ?o }' ]", "1", "SPARQL"),
    ],
)
def test_a_constraint_without_a_message_says_what_is_wrong(
    constraint: str, value: str, component: str
) -> None:
    shape = f"dipsh:S a sh:PropertyShape ; sh:targetNode dipid:x ; sh:path dip:day ; {constraint} ."
    gate = Gate(quads(shape), quads(TERMS_OF_A_SMALL_WORLD))
    report = gate.check(Delta(added=quads(f"dipid:x dip:day {value} .")), Store())
    violation = report.violations[0]
    assert violation.component == f"{PREFIXES['sh']}{component}ConstraintComponent"
    assert violation.rule == SHAPES + "S"
    for language in ("en", "es"):
        assert "{" not in violation.sentence(language)
        assert COMPONENTS[component].advice[language].split("{")[0] in violation.sentence(language)


def test_every_component_has_words() -> None:
    assert len(COMPONENTS) == 29


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        ("boolean", ["true", "0"], ["True", "", "yes"]),
        ("integer", ["-01", "+7"], ["1.0", "", "٣"]),
        ("decimal", ["1.", ".5", "-0.10"], ["1e3", ".", "1,5"]),
        ("double", ["1e3", "INF", "NaN"], ["inf", "e3"]),
        ("date", ["2024-02-29", "2025-01-26Z", "-0044-03-15"], ["2025-02-29", "2025-1-26", "26.01.2025"]),
        (
            "dateTime",
            ["2025-01-26T24:00:00", "2025-01-26T10:00:00.5-05:00"],
            ["2025-01-26", "2025-01-26T25:00:00"],
        ),
        ("gYear", ["2025", "12025"], ["25", "2025-01"]),
        ("gYearMonth", ["2025-01"], ["2025-13", "2025"]),
        ("duration", ["P1Y", "PT0.5S", "-P3D"], ["P", "1Y", "P1YT"]),
        ("anyURI", ["https://example.org/a?b#c", ""], ["a b", "<a>"]),
        ("byte", ["-128"], ["128", "x", "9" * 200]),
        ("positiveInteger", ["1"], ["0", "-1"]),
    ],
)
def test_a_literal_is_a_value_of_its_datatype_or_not(datatype: str, good: list[str], bad: list[str]) -> None:
    node = NamedNode(PREFIXES["xsd"] + datatype)
    assert [text for text in good if not is_well_formed(Literal(text, datatype=node))] == []
    assert [text for text in bad if is_well_formed(Literal(text, datatype=node))] == []


def test_a_literal_of_a_foreign_datatype_passes() -> None:
    assert is_well_formed(Literal("POINT(0 0)", datatype=NamedNode("urn:wkt")))
    assert is_well_formed(Literal("hola", language="es"))
