"""Changes are judged by literals as they were sent, and told what will be kept by value."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kg.changes import Delta, Provenance
from kg.errors import Invalid
from kg.facts import edits, spellings, submissions, update_parser, updates
from kg.facts.blank_nodes import named_by_content
from kg.facts.edits import Draft
from kg.facts.spellings import Spellings
from kg.facts.submissions import Submission
from kg.formats import RDF_FORMATS
from kg.gate.gate import Gate
from kg.gate.reports import Report
from kg.iris import DATA, PREFIXES, SHAPES, TERMS
from kg.ontology import Ontology
from kg.query.job import QueryJob
from kg.query.outbound import Fetched
from kg.store.store import Store
from kg.store.transaction import normalised
from tests.support.facts import HEADER
from tests.support.sent import SPELLINGS, kept, typed
from tests.support.stores import open_store

TERMS_TEXT = """
    dip:Person a owl:Class . dip:age a owl:DatatypeProperty . dip:born a owl:DatatypeProperty .
    dip:supersedes a owl:ObjectProperty .
"""
SHAPES_TEXT = """
    dipsh:Person a sh:NodeShape ; sh:targetClass dip:Person ; sh:property dipsh:age .
    dipsh:age a sh:PropertyShape ; sh:path dip:age ; sh:datatype xsd:integer ; sh:maxCount 1 .
"""
BY = Provenance("Ana")
DECLARED = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
AGE = NamedNode(TERMS + "age")
ANA = NamedNode(DATA + "ana")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    folder = tmp_path_factory.mktemp("ontology")
    (folder / "small.ttl").write_text(HEADER + TERMS_TEXT, encoding="utf-8")
    (folder / "small.shapes.ttl").write_text(HEADER + SHAPES_TEXT, encoding="utf-8")
    return Ontology(folder)


@pytest.fixture(scope="module")
def gate(release: Ontology) -> Gate:
    return Gate.of(release)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, release: Ontology) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("spellings") / "data", release) as store:
        yield store


def turtle(text: str) -> Submission:
    return submissions.parse((HEADER + text).encode(), RDF_FORMATS["turtle"])


def person(age: str, name: str = "ana") -> str:
    return f"dipid:{name} a dip:Person ; dip:age {age} ."


def submitted(store: Store, gate: Gate, facts: str) -> Report:
    return submissions.check(store, gate, turtle(facts))


def written(store: Store, gate: Gate, facts: str) -> Report:
    """Judge facts as a write of a graph does."""
    draft = Draft(store)
    draft.add(turtle(facts).spellings.restored(turtle(facts).quads))
    return judged(store, gate, draft)


def inserted(store: Store, gate: Gate, facts: str) -> Report:
    return updated(store, gate, f"INSERT DATA {{ {facts} }}")


def filled_in(store: Store, gate: Gate, facts: str) -> Report:
    return updated(store, gate, f"INSERT {{ {facts} }} WHERE {{}}")


def moved(store: Store, gate: Gate, facts: str) -> Report:
    return updated(store, gate, f"INSERT DATA {{ GRAPH <urn:g> {{ {facts} }} }} ; MOVE <urn:g> TO DEFAULT")


def loaded(store: Store, gate: Gate, facts: str) -> Report:
    document = Fetched("urn:d", "text/turtle", (HEADER + facts).encode())
    return updated(store, gate, "LOAD <urn:d>", {"urn:d": document})


def updated(store: Store, gate: Gate, text: str, documents: updates.Documents | None = None) -> Report:
    draft = Draft(store)
    operations = update_parser.operations(DECLARED + text, "urn:base:")
    updates.apply(operations, draft, one_row, documents or {})
    return judged(store, gate, draft)


def one_row(_job: QueryJob, _delta: Delta) -> bytes:
    """Answer the query of a WHERE clause that matches once and binds nothing."""
    return b'{"head":{"vars":[]},"results":{"bindings":[{}]}}'


def judged(store: Store, gate: Gate, draft: Draft) -> Report:
    try:
        return edits.judge(store, gate, draft).report
    except Invalid as fault:
        listed = fault.extra["violations"]
        assert isinstance(listed, list)
        raise AssertionError([each["value"] for each in listed if isinstance(each, dict)]) from fault


WAYS = [submitted, written, inserted, filled_in, moved, loaded]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("age", ['"30"^^xsd:byte', '"30"^^xsd:nonNegativeInteger', '"300"^^xsd:byte'])
def test_a_datatype_is_that_which_was_sent(store: Store, gate: Gate, way: object, age: str) -> None:
    assert callable(way)
    try:
        values = [str(each.value) for each in way(store, gate, person(age)).errors]
    except AssertionError as refused:
        values = refused.args[0]
    assert values
    assert set(values) == {age.replace("xsd:", "<" + PREFIXES["xsd"]) + ">"}


@pytest.mark.parametrize("way", WAYS)
def test_a_spelling_of_a_value_is_accepted_with_a_warning(store: Store, gate: Gate, way: object) -> None:
    assert callable(way)
    report = way(store, gate, person("030") + " <urn:a> <urn:p> 1.50 , 7 , 'x' .")
    assert report.conforms
    (warning,) = report.warnings
    assert warning.rule == spellings.RULE
    assert str(warning.message["en"]).startswith("2 literals are stored by value")
    assert "030 as 30" in warning.message["en"] or "1.50 as 1.5" in warning.message["en"]


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_said_of_what_is_kept_as_it_is_written(store: Store, gate: Gate, way: object) -> None:
    assert callable(way)
    facts = person("30") + " <urn:a> <urn:p> 1.5 , true , 'x'@en , '2025-01-26'^^xsd:date ."
    assert way(store, gate, facts).violations == ()


def test_two_spellings_of_one_value_are_two_values_where_they_are_sent_together(
    store: Store, gate: Gate
) -> None:
    (error,) = submitted(store, gate, person("30 , 030")).errors
    assert error.component == PREFIXES["sh"] + "MaxCountConstraintComponent"
    assert submitted(store, gate, person("30 , 30")).conforms


def test_the_line_is_that_of_the_spelling_at_fault(store: Store, gate: Gate) -> None:
    facts = 'dipid:ana a dip:Person ;\n dip:age 3 ;\n dip:born "2025-01-26"^^xsd:date .\n'
    (error,) = submitted(store, gate, facts + 'dipid:eva a dip:Person ;\n dip:age "3"^^xsd:short .').errors
    assert (error.line, error.value) == (len(PREFIXES) + 5, typed("3", "short"))


@pytest.fixture
def fresh(tmp_path: Path, release: Ontology) -> Iterator[Store]:
    with open_store(tmp_path / "data", release) as store:
        yield store


def test_what_is_stored_has_the_hash_and_the_form_of_what_is_kept(fresh: Store, gate: Gate) -> None:
    outcome = submissions.add(fresh, gate, turtle(person("030")), BY)
    assert outcome.commit is not None
    assert "by value" in outcome.commit.warnings[0]
    assert {quad.object for quad in fresh.quads_for_pattern(ANA, AGE, None)} == {Literal(30)}
    again = submissions.add(fresh, gate, turtle(person("30")), BY)
    assert again.commit is None
    assert again.report.is_known


def test_a_value_told_again_in_another_spelling_is_no_second_value(fresh: Store, gate: Gate) -> None:
    submissions.add(fresh, gate, turtle(person("30")), BY)
    report = submitted(fresh, gate, person("+30"))
    assert [each.rule for each in report.errors if each.component] == []


def test_a_correction_may_spell_a_value_otherwise(fresh: Store, gate: Gate) -> None:
    first = submissions.add(fresh, gate, turtle(person("30")), BY).report.graphs[0]
    text = HEADER + person("030") + ' dipid:ana dip:born "2001"^^xsd:gYear .'
    new = submissions.parse(text.encode(), RDF_FORMATS["turtle"], supersedes=first)
    assert submissions.check(fresh, gate, new).conforms
    text = text.replace("030", '"30"^^xsd:byte')
    wrong = submissions.parse(text.encode(), RDF_FORMATS["turtle"], supersedes=first)
    assert [each.value for each in submissions.check(fresh, gate, wrong).errors] == [typed("30", "byte")]


def test_a_literal_taken_out_again_is_not_judged(store: Store, gate: Gate) -> None:
    byte = '"30"^^xsd:byte'
    text = f"INSERT DATA {{ {person(byte)} }} ; DELETE DATA {{ dipid:ana dip:age 30 }} ;"
    assert updated(store, gate, f"{text} INSERT DATA {{ dipid:ana dip:age 30 }}").violations == ()


def test_literals_of_a_graph_named_by_its_content_are_found_again() -> None:
    text = HEADER + '_:g { _:g <urn:p> 01 . _:x <urn:p> 1.50 } <urn:g> { <urn:a> <urn:p> "1"^^xsd:byte }'
    submission = submissions.parse(text.encode(), RDF_FORMATS["trig"])
    sent = {str(quad.object) for quad in submission.spellings.restored(submission.quads)}
    assert sent == {str(typed("01", "integer")), str(typed("1.50", "decimal")), str(typed("1", "byte"))}


subjects = st.sampled_from([NamedNode("urn:a"), BlankNode("x"), BlankNode("y")])
quads = st.lists(
    st.builds(
        Quad,
        subjects,
        st.sampled_from([NamedNode("urn:p"), NamedNode("urn:q")]),
        st.one_of(subjects, st.sampled_from(SPELLINGS)),
        st.just(DefaultGraph()),
    ),
    max_size=8,
)


@given(quads)
def test_what_is_restored_is_kept_as_what_it_was_restored_from(sent: list[Quad]) -> None:
    _, named = named_by_content(normalised(sent))
    restored = list(Spellings(sent).restored(named))
    assert set(map(kept, restored)) == set(named)
    assert {quad.object for quad in restored if isinstance(quad.object, Literal)} == {
        quad.object for quad in sent if isinstance(quad.object, Literal)
    }
    ground = {quad for quad in sent if BlankNode not in (type(quad.subject), type(quad.object))}
    assert ground == {quad for quad in restored if BlankNode not in (type(quad.subject), type(quad.object))}


def test_a_warning_shows_one_literal_in_both_languages() -> None:
    one = Quad(ANA, AGE, typed("007", "unsignedInt"), NamedNode("urn:g"))
    (warning,) = spellings.warnings([one, Quad(ANA, AGE, Literal(7), NamedNode("urn:g"))])
    assert warning.sentence() == (
        '<urn:g>: "007"^^xsd:unsignedInt is stored by value, as 7; write it in that form, or as a'
        " string if its lexical form matters."
    )
    assert "se guarda por su valor, como 7" in warning.sentence("es")
    assert (warning.severity, warning.rule) == ("warning", SHAPES + "kept-by-value")
    assert spellings.warnings([]) == []
