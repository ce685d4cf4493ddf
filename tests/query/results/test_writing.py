"""Answers are read back as they are, by the readers that people use, whatever their values hold."""

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Variable,
    parse,
    parse_query_results,
)

from kg.characters import NOT_IN_XML
from kg.errors import NotAcceptable
from kg.formats import RDF_FORMATS, RESULT_FORMATS
from kg.query.results import comma_separated, writing

Row = tuple[NamedNode | Literal | None, ...]
NAMESPACE = "{http://www.w3.org/2005/sparql-results#}"

hostile = st.text(
    st.one_of(
        st.sampled_from(",\"'\\\n\r\t<>&;{}@^ \u0001\u0007\u0085\u2028\ufffe\U0001f91d漢é\u0000\ufeff"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=8,
)
iris = st.sampled_from(["urn:a", "http://x/Rome,_Georgia", "http://x/a'b;,", "urn:é,", "http://x/?a=b&c"])
terms = st.one_of(
    st.none(),
    iris.map(NamedNode),
    hostile.map(Literal),
    st.tuples(hostile, st.sampled_from(["en", "es-co"])).map(lambda pair: Literal(pair[0], language=pair[1])),
    st.tuples(hostile, iris).map(lambda pair: Literal(pair[0], datatype=NamedNode(pair[1]))),
    st.integers().map(lambda number: Literal(number % 1000)),
    st.booleans().map(Literal),
)
generated = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    width = draw(st.integers(1, 3))
    return draw(st.lists(st.tuples(*[terms] * width), min_size=1, max_size=5))


def answer(rows: Sequence[Row]) -> QuerySolutions:
    """Return the rows as the engine gives them, in the same order."""
    names = [f"v{number}" for number in range(len(rows[0]))]
    listed = " ".join(
        "(" + " ".join("UNDEF" if term is None else str(term) for term in row) + ")" for row in rows
    )
    header = " ".join(f"?{name}" for name in names)
    result = Store().query(f"SELECT {header} {{ VALUES ({header}) {{ {listed} }} }}")
    assert isinstance(result, QuerySolutions)
    return result


def written(rows: Sequence[Row], name: str) -> bytes:
    output = io.BytesIO()
    writing.write(answer(rows), RESULT_FORMATS[name], output)
    return output.getvalue()


def kept(rows: Sequence[Row]) -> list[Row]:
    """The rows as the engine keeps them: some literals by value."""
    return [tuple(row) for row in answer(rows)]


def values(row: Row) -> list[str]:
    return ["" if term is None else term.value for term in row]


@generated
@given(tables())
def test_every_row_of_csv_is_read_back_with_its_values(rows: list[Row]) -> None:
    text = written(rows, "csv").decode()
    header, *read = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == [f"v{number}" for number in range(len(rows[0]))]
    assert read == [values(row) for row in kept(rows)]


@generated
@given(tables())
def test_csv_is_the_engine_s_but_for_what_that_leaves_bare(rows: list[Row]) -> None:
    if any("," in term.value for row in rows for term in row if isinstance(term, NamedNode)):
        return
    expected = io.BytesIO()
    answer(rows).serialize(expected, QueryResultsFormat.CSV)
    if len(rows[0]) > 1:
        assert written(rows, "csv") == expected.getvalue()


@generated
@given(tables())
def test_rows_rewritten_at_once_are_those_rewritten_cell_by_cell(rows: list[Row]) -> None:
    output = io.BytesIO()
    answer(rows).serialize(output, QueryResultsFormat.TSV)
    body = output.getvalue().partition(b"\n")[2]
    narrow = len(rows[0]) == 1
    one_by_one = b"".join(comma_separated._row(row, is_narrow=narrow) for row in body.split(b"\n")[:-1])
    assert comma_separated._as_csv(body, is_narrow=narrow) == one_by_one


def test_a_comma_in_an_iri_does_not_shift_the_columns() -> None:
    rows: list[Row] = [(NamedNode("http://dbpedia.org/resource/Rome,_Georgia"), Literal(1))]
    assert written(rows, "csv") == b'v0,v1\r\n"http://dbpedia.org/resource/Rome,_Georgia",1\r\n'


def test_an_empty_value_of_one_column_is_no_empty_line() -> None:
    assert written([(None,), (Literal(""),), (Literal("a"),)], "csv") == b'v0\r\n""\r\n""\r\na\r\n'


def test_a_triple_in_a_cell_stays_one_cell() -> None:
    result = Store().query('SELECT (<<( <urn:a,b> <urn:p> "x,\\"" )>> AS ?t) (1 AS ?n) {}')
    output = io.BytesIO()
    writing.write(result, RESULT_FORMATS["csv"], output)
    _, row = csv.reader(io.StringIO(output.getvalue().decode(), newline=""), strict=True)
    assert row == ['<<( <urn:a,b> <urn:p> "x,\\"" )>>', "1"]


def test_long_answers_are_rewritten_piece_by_piece() -> None:
    rows: list[Row] = [
        (NamedNode(f"urn:a,{number}"), Literal("x" * (number % 500) + '"')) for number in range(2000)
    ]
    _, *read = csv.reader(io.StringIO(written(rows, "csv").decode(), newline=""), strict=True)
    assert read == [values(row) for row in rows]


@pytest.mark.parametrize("name", ["json", "tsv", "csv", "xml"])
def test_the_answer_of_ask_is_one_word_of_truth(name: str) -> None:
    output = io.BytesIO()
    writing.write(Store().query("ASK {}"), RESULT_FORMATS[name], output)
    assert b"true" in output.getvalue()


@generated
@given(tables())
def test_json_is_read_back_by_any_reader_with_its_values(rows: list[Row]) -> None:
    bindings = json.loads(written(rows, "json"))["results"]["bindings"]
    assert [
        [binding.get(f"v{number}", {"value": ""})["value"] for number in range(len(rows[0]))]
        for binding in bindings
    ] == [values(row) for row in kept(rows)]


@pytest.mark.parametrize("name", ["json", "tsv"])
@generated
@given(tables())
def test_json_and_tsv_are_read_back_with_their_terms(name: str, rows: list[Row]) -> None:
    result = parse_query_results(written(rows, name), format=RESULT_FORMATS[name].syntax)
    assert isinstance(result, QuerySolutions)
    assert [tuple(row) for row in result] == kept(rows)


@generated
@given(tables())
def test_every_line_of_tsv_has_a_cell_for_each_variable(rows: list[Row]) -> None:
    lines = written(rows, "tsv").split(b"\n")
    assert {line.count(b"\t") for line in lines[:-1]} == {len(rows[0]) - 1}
    assert len(lines) == len(rows) + 2


@generated
@given(tables())
def test_xml_is_read_back_with_its_values_or_refused_by_the_character(rows: list[Row]) -> None:
    unfit = any(NOT_IN_XML.search(value) for row in rows for value in values(row))
    if unfit:
        with pytest.raises(NotAcceptable, match=r"cannot hold the character U\+[0-9A-F]{4} of a value"):
            written(rows, "xml")
        return
    results = ElementTree.fromstring(written(rows, "xml")).iter(f"{NAMESPACE}result")
    read = [
        {binding.get("name"): "".join(binding.itertext()) for binding in result.iter(f"{NAMESPACE}binding")}
        for result in results
    ]
    assert [[row.get(f"v{number}", "") for number in range(len(rows[0]))] for row in read] == [
        values(row) for row in kept(rows)
    ]


def test_a_character_that_xml_lacks_is_found_wherever_the_engine_cuts_the_document() -> None:
    for length in range(16_000, 16_400):
        with pytest.raises(NotAcceptable, match=r"U\+FFFE"):
            written([(Literal("x" * length + "\ufffe"),)], "xml")


def test_the_refusal_of_xml_shows_the_value_and_offers_other_formats() -> None:
    with pytest.raises(NotAcceptable, match="after “the <bell> & all”") as refusal:
        written([(Literal("the <bell> & all\u0007 rings"),)], "xml")
    assert refusal.value.extra["offered"] == [
        "application/sparql-results+json",
        "text/csv",
        "text/tab-separated-values",
    ]


triples = st.lists(
    st.tuples(
        st.sampled_from([NamedNode("urn:a"), NamedNode("urn:b&c"), BlankNode("1")]),
        st.sampled_from(["urn:p", "http://x/y#z", "http://x/é", "urn:a&b#c"]).map(NamedNode),
        terms.filter(lambda term: term is not None),
    ),
    max_size=6,
)


@generated
@given(triples)
def test_triples_in_rdf_xml_are_read_back_or_refused(
    given_triples: list[tuple[NamedNode | BlankNode, NamedNode, NamedNode | Literal]],
) -> None:
    store = Store()
    store.extend(Quad(*triple) for triple in given_triples)
    output = io.BytesIO()
    try:
        writing.write(
            store.query("CONSTRUCT WHERE { ?s ?p ?o }"),
            RDF_FORMATS["rdfxml"],
            output,
        )
    except NotAcceptable:
        assert any(NOT_IN_XML.search(quad.object.value) for quad in store)
        return
    ElementTree.fromstring(output.getvalue())
    read = {quad.triple for quad in parse(output.getvalue(), RdfFormat.RDF_XML)}
    assert _without_blanks(read) == _without_blanks({quad.triple for quad in store})


def _without_blanks(found: set[object]) -> list[str]:
    return sorted(str(triple).partition(" ")[2] for triple in found)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("<urn:a> <http://example.org/p/123> 'x'", "write the predicate <http://example.org/p/123>"),
        ("<urn:a> rdf:li 'x'", "write the predicate"),
        ("<urn:a> <http://www.w3.org/2000/xmlns/x> 'x'", "write the predicate"),
        ("<urn:a> <urn:p> 'bell\\u0007'", "hold the character U+0007"),
        ("<urn:a> <urn:p> <<( <urn:a> <urn:p> 1 )>>", "write a triple about a triple"),
        ("<urn:a> <urn:p> 'x'@ar--rtl", "keep the base direction"),
    ],
)
def test_rdf_xml_says_what_it_cannot_write_with_which_triple_and_what_can(template: str, said: str) -> None:
    result = Store().query(
        f"CONSTRUCT {{ {template} }} {{}}", prefixes={"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}
    )
    with pytest.raises(NotAcceptable, match=r"in the triple <urn:a> .*; ask for text/turtle") as refusal:
        writing.write(result, RDF_FORMATS["rdfxml"], io.BytesIO())
    assert said in refusal.value.detail
    assert ("ask for text/turtle, application/ld+json" in refusal.value.detail) is ("<<(" not in template)


def test_variables_are_named_in_the_header_without_their_mark() -> None:
    result = Store().query("SELECT ?é ?_1 {}")
    assert isinstance(result, QuerySolutions)
    assert list(result.variables) == [Variable("é"), Variable("_1")]
    output = io.BytesIO()
    writing.write(result, RESULT_FORMATS["csv"], output)
    assert output.getvalue().decode() == "é,_1\r\n,\r\n"
