"""Rows with names: which columns get labels, in which language, and that all else stays as it is."""

import json
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Triple

from kg.errors import BadInput
from kg.formats import RESULT_FORMATS
from kg.query import questions
from kg.query.evaluation import evaluate
from kg.query.job import LABELLED, Labelling, QueryJob
from kg.query.results.labelled import ROWS_AT_ONCE, labelled
from kg.scratch import filled
from kg.store.engine import Oxigraph
from kg.store.merged_graph import with_merge
from kg.store.store import Contents
from kg.terms import DIP, RDFS
from tests.support.answers import EXPECTED, answer
from tests.support.strategies import blanks, iris, literals

PETRO, TRUMP, NAMELESS = (NamedNode(f"urn:{name}") for name in ("petro", "trump", "nameless"))
ON, ONLY = Labelling("on"), Labelling("only")


def contents(*quads: Quad) -> Contents:
    named = [
        Quad(PETRO, RDFS.LABEL, Literal("Gustavo Petro", language="en")),
        Quad(PETRO, RDFS.LABEL, Literal("Petro, presidente", language="es")),
        Quad(TRUMP, RDFS.LABEL, Literal("Donald Trump", language="en")),
    ]
    return Contents(Oxigraph(filled(with_merge([*named, *quads]))), 1)


def asked(text: str, labelling: Labelling, *quads: Quad, form: str = "tsv") -> str:
    job = QueryJob(text, RESULT_FORMATS[form].media_type, labelling=labelling)
    output = BytesIO()
    evaluate(contents(*quads), job).write(output)
    return output.getvalue().decode()


PAIR = "SELECT ?a ?n ?b { VALUES (?a ?n ?b) { (<urn:petro> 1 <urn:trump>) (<urn:nameless> 2 UNDEF) } }"


def test_a_column_of_labels_stands_beside_each_column_of_iris() -> None:
    assert asked(PAIR, ON, form="csv") == (
        "a,a_label,n,b,b_label\r\nurn:petro,Gustavo Petro,1,urn:trump,Donald Trump\r\nurn:nameless,,2,,\r\n"
    )


def test_labels_in_place_of_iris_leave_what_has_none() -> None:
    assert asked(PAIR, ONLY, form="csv") == "a,n,b\r\nGustavo Petro,1,Donald Trump\r\nurn:nameless,2,\r\n"


def test_a_label_is_in_the_language_asked_for_else_in_english() -> None:
    spanish = asked(PAIR, ON._replace(language="es-co"), form="csv")
    assert "Petro, presidente" in spanish
    assert "Donald Trump" in spanish


def test_a_coders_actor_is_called_as_the_coder_calls_it() -> None:
    coded = [
        Quad(NAMELESS, DIP.ACTOR_CODE, Literal("MNCOXY")),
        Quad(NAMELESS, DIP.CODED_NAME, Literal("OCCIDENTAL PETROLEUM")),
    ]
    assert "urn:nameless,OCCIDENTAL PETROLEUM,2" in asked(PAIR, ON, *coded, form="csv")
    assert "urn:nameless,MNCOXY,2" in asked(PAIR, ON, coded[0], form="csv")


def test_named_columns_are_labelled_also_where_they_are_empty_and_others_are_not() -> None:
    nothing = "SELECT ?a ?b { VALUES (?a ?b) { (<urn:petro> <urn:trump>) } FILTER (false) }"
    assert asked(nothing, ON._replace(columns=("b",)), form="csv") == "a,b,b_label\r\n"
    assert asked(PAIR, ON._replace(columns=("a",)), form="csv").startswith("a,a_label,n,b\r\n")


def test_hidden_columns_are_left_out_but_never_the_last() -> None:
    assert asked(PAIR, Labelling(hidden=("a", "n")), form="csv") == 'b\r\nurn:trump\r\n""\r\n'
    assert asked("SELECT ?a { VALUES ?a { 1 } }", Labelling(hidden=("a",)), form="csv") == "a\r\n1\r\n"


def test_a_column_that_the_query_calls_so_itself_is_kept() -> None:
    text = "SELECT ?a ?a_label { VALUES (?a ?a_label) { (<urn:petro> 'mine') } }"
    assert asked(text, ON, form="csv") == "a,a_label\r\nurn:petro,mine\r\n"


@pytest.mark.parametrize("text", ["SELECT * {}", "SELECT * { VALUES () { () () () } }"])
def test_rows_without_columns_are_counted_as_they_are(text: str) -> None:
    assert asked(text, ON, form="json") == asked(text, Labelling(), form="json")


@pytest.mark.parametrize("text", ["ASK {}", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1"])
def test_answers_that_are_no_rows_stay_as_they_are(text: str) -> None:
    evaluated = evaluate(contents(), QueryJob(text, "*/*", labelling=ON))
    assert not isinstance(evaluated.result, QuerySolutions)


@pytest.mark.parametrize("form", RESULT_FORMATS)
def test_every_format_holds_the_labels(form: str) -> None:
    assert "Gustavo Petro" in asked(PAIR, ON, form=form)


@given(st.lists(literals | blanks | iris, max_size=5))
def test_every_term_survives(terms: list[Literal | BlankNode | NamedNode]) -> None:
    kept: list[Literal | BlankNode | NamedNode | Triple] = [
        *terms,
        Triple(PETRO, RDFS.LABEL, Literal("a\tb")),
    ]
    store = filled(Quad(NamedNode(f"urn:s{place}"), RDFS.SEE_ALSO, term) for place, term in enumerate(kept))
    query = f"SELECT ?s ?o {{ ?s {RDFS.SEE_ALSO} ?o }}"
    result, expected = store.query(query), store.query(query)
    assert isinstance(result, QuerySolutions)
    assert isinstance(expected, QuerySolutions)
    rows = labelled(result, Contents(Oxigraph(store), 1), ON._replace(columns=("s",)))
    assert [(row["s"], row["o"]) for row in rows] == [(row["s"], row["o"]) for row in expected]


def test_rows_beyond_those_read_together_are_labelled_too() -> None:
    count = 2 * ROWS_AT_ONCE + 1
    values = " ".join(["<urn:petro>"] * count)
    rows = asked(f"SELECT ?a {{ VALUES ?a {{ {values} }} }}", ON).splitlines()
    assert rows == ["?a\t?a_label", *['<urn:petro>\t"Gustavo Petro"@en'] * count]


def test_a_query_that_fails_while_its_rows_are_read_is_the_clients_fault() -> None:
    text = "SELECT ?a { SERVICE <urn:nowhere> { ?a ?b ?c } }"
    with pytest.raises(BadInput):
        asked(text, ON)


@pytest.mark.parametrize("name", questions.load())
def test_a_question_names_each_column_that_holds_iris(name: str) -> None:
    header, *rows = (EXPECTED / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    columns = [column.removeprefix("?") for column in header.split("\t")]
    cells = [row.split("\t") for row in rows]
    declared = questions.load()[name].labels
    if declared is None:
        assert not any(cell.startswith("<") for row in cells for cell in row)
        declared = ()
    for place, column in enumerate(columns):
        values = [row[place] for row in cells if row[place]]
        if values:
            assert (column in declared) == any(value.startswith("<") for value in values), column


def test_an_answer_to_a_question_has_labels_beside_its_columns_and_not_its_parameters() -> None:
    header, first, *_ = answer("claims-about-an-actor", labelling=LABELLED).splitlines()
    assert header.split("\t")[:6] == [
        "?claim",
        "?claim_label",
        "?allegedActor",
        "?allegedActor_label",
        "?claimant",
        "?claimant_label",
    ]
    assert '"Gustavo Petro"@en' in first


def test_json_names_the_columns_in_order() -> None:
    head = json.loads(asked(PAIR, ON, form="json"))["head"]
    assert head == {"vars": ["a", "a_label", "n", "b", "b_label"]}
