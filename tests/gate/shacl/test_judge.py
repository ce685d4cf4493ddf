"""pySHACL's results become violations in sentences: those of the shape, or those of the component."""

import pytest
from pyoxigraph import Store
from pyshacl.constraints import ALL_CONSTRAINT_COMPONENTS

from kg.changes import Delta
from kg.gate.gate import Gate
from kg.gate.rules.wording import COMPONENTS
from kg.iris import DATA, PREFIXES, SHAPES
from kg.scratch import filled
from tests.support.small_world import TERMS_OF_A_SMALL_WORLD, quads


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
    names = {
        component.__name__.removesuffix("ConstraintComponent") for component in ALL_CONSTRAINT_COMPONENTS
    }
    names -= {"Property", "QualifiedValueShape", "SPARQLBasedConstraint"}  # a property reports as its shape
    assert names | {"QualifiedMinCount", "QualifiedMaxCount", "SPARQL"} == set(COMPONENTS)


COMPONENT = """
dipsh:Sober a sh:ConstraintComponent ; sh:parameter [ sh:path dipsh:sober ] ;
    sh:validator [ a sh:SPARQLAskValidator ; MESSAGE
        sh:ask 'ASK { FILTER (!CONTAINS(STR($value), "!") || $sober = false) }' ] .
dipsh:S a sh:NodeShape ; sh:targetSubjectsOf dip:text ; sh:property [ sh:path dip:text ; dipsh:sober true ] .
"""


@pytest.mark.parametrize(
    ("message", "said"),
    [("", "does not conform"), ("sh:message 'shouts {$value}'@en , 'grita {$value}'@es ;", "shouts")],
)
def test_a_component_of_the_shapes_own_says_what_is_wrong_with_or_without_a_message(
    message: str, said: str
) -> None:
    gate = Gate(quads(COMPONENT.replace("MESSAGE", message)), quads(TERMS_OF_A_SMALL_WORLD))
    data = quads("dipid:x dip:text 'Out!' . dipid:y dip:text 'Come in.' .")
    for report in (gate.check(Delta(added=data), Store()), gate.check_whole(filled(data))):
        violations = [each for each in report.violations if each.component]
        assert [(str(each.focus), each.component) for each in violations] == [
            ("<" + DATA + "x>", SHAPES + "Sober")
        ]
        assert said in violations[0].sentence("en")
        assert not message or "grita" in violations[0].sentence("es")


def test_prefixes_are_read_from_the_ontologies_that_the_named_one_imports() -> None:
    gate = Gate(
        quads(
            """
            dipsh:Named owl:imports dipsh:Imported .
            dipsh:Imported sh:declare [ sh:prefix 'far' ; sh:namespace 'urn:far:'^^xsd:anyURI ] .
            dipsh:S a sh:NodeShape ; sh:targetSubjectsOf dip:text ; sh:sparql [ sh:prefixes dipsh:Named ;
                sh:select 'SELECT $this ?value WHERE { $this far:from ?value }' ] .
            """
        ),
        quads(TERMS_OF_A_SMALL_WORLD),
    )
    report = gate.check(Delta(added=quads("dipid:x dip:text 'a' ; <urn:far:from> 2 .")), Store())
    assert [each.component for each in report.violations if each.component] == [
        f"{PREFIXES['sh']}SPARQLConstraintComponent"
    ]


@pytest.mark.parametrize(("asked", "found"), [("true", 1), ('"1"^^xsd:boolean', 0)])
def test_only_the_literal_true_asks_for_unique_languages(asked: str, found: int) -> None:
    shape = "dipsh:S a sh:PropertyShape ; sh:targetNode dipid:x ; sh:path dip:text ; sh:uniqueLang"
    gate = Gate(quads(f"{shape} {asked} ."), quads(TERMS_OF_A_SMALL_WORLD))
    report = gate.check(Delta(added=quads("dipid:x dip:text 'a'@en , 'b'@en .")), Store())
    assert len([each for each in report.violations if each.component]) == found
