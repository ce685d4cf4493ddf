"""Literals on their way in and out: cases of the W3C's RDF 1.1 and SPARQL 1.1 suites, told anew, and ours."""

import json
from collections.abc import Iterator

import pytest

from kg.client.http import strings_in
from tests.support.api_server import Client, bearer, serving
from tests.support.problems import fault
from tests.support.protocol_cases import QUERY, TURTLE, UPDATE

XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIX = f"PREFIX xsd: <{XSD}>\n"


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("literals")) as asking:
        yield asking


def write(kg: Client, method: str, path: str, text: str, media_type: str = TURTLE) -> tuple[int, list[str]]:
    """Send facts; return the status, and the warnings of the header, which are those of the body."""
    headers = {"Content-Type": media_type, **bearer("curator")}
    answer = kg.request(method, path, content=PREFIX + text, headers=headers)
    said = list(strings_in(answer.headers.get("kg-warning", "")))
    if path != "/facts" and answer.content and answer.status_code < 300:
        assert said == answer.json()["warnings"]
    return answer.status_code, said


def terms(kg: Client, query: str) -> list[tuple[str, str]]:
    """Ask for one variable; return lexical forms, each with its datatype or language."""
    headers = {"Content-Type": QUERY, "Accept": "application/sparql-results+json"}
    answer = kg.post("/sparql", content=query, headers=headers)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, dict[str, str]]] = json.loads(answer.text)["results"]["bindings"]
    found = [next(iter(row.values()), {}) for row in rows]
    return sorted(
        (each.get("value", ""), each.get("xml:lang") or each.get("datatype", "").removeprefix(XSD))
        for each in found
    )


@pytest.mark.parametrize(
    ("written", "held"),
    [
        pytest.param(r'"\u0061\U00000062\t\""', ('ab\t"', ""), id="literal_with_numeric_escape4 and 8"),
        pytest.param('"""x\n""y"""', ('x\n""y', ""), id="LITERAL_LONG2_with_2_squotes"),
        pytest.param("'''x'y'''", ("x'y", ""), id="LITERAL_LONG1_with_1_squote"),
        pytest.param(r'"\r\n"', ("\r\n", ""), id="literal_with_CARRIAGE_RETURN and LINE_FEED"),
        pytest.param('"chat"@fr-be', ("chat", "fr-be"), id="langtagged_LONG_with_subtag"),
        pytest.param("true", ("true", "boolean"), id="literal_true"),
        pytest.param("-5", ("-5", "integer"), id="negative_numeric"),
        pytest.param(".5", ("0.5", "decimal"), id="numeric_with_leading_0"),
        pytest.param("1e3", ("1000", "double"), id="double_lower_case_e"),
        pytest.param('"flargh"^^xsd:integer', ("flargh", "integer"), id="xmlsch-02, an ill-formed integer"),
        pytest.param('"p q"^^<urn:unknown>', ("p q", "urn:unknown"), id="unrecognised datatype"),
        pytest.param('"--02-30"^^xsd:gMonthDay', ("--02-30", "gMonthDay"), id="ill-formed gMonthDay"),
    ],
)
def test_a_literal_comes_back_with_its_value_and_datatype(
    kg: Client, written: str, held: tuple[str, str]
) -> None:
    status, _ = write(kg, "PUT", "/graphs/held", f"<urn:s> <urn:p> {written} .")
    assert status < 300
    assert terms(kg, "SELECT ?o { GRAPH ?g { <urn:s> <urn:p> ?o } }") == [held]


@pytest.mark.parametrize(
    "written",
    ["123.abc", "123e", '"string"@1', r'"\z"', '"a\nb"', "'''x''", '"\\uD800"', '"x"^^"y"'],
    ids=[
        *("turtle-syntax-bad-num-01", "bad-num-02", "bad-lang-01", "bad-esc-01", "bad-string-04"),
        *("bad-string-05", "a surrogate", "a datatype that is not an IRI"),
    ],
)
def test_what_is_no_literal_is_refused(kg: Client, written: str) -> None:
    headers = {"Content-Type": TURTLE, **bearer("curator")}
    fault(kg.post("/facts", content=f"<urn:s> <urn:p> {written} .", headers=headers), 400)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param('"001"^^xsd:integer = 1', "true", id="open-eq-03, by value"),
        pytest.param('"a"^^<urn:t> = "b"^^<urn:t>', None, id="open-eq-08, unknown datatypes are an error"),
        pytest.param('"abc"^^xsd:integer + 1', None, id="plus-1, an ill-formed number is an error"),
        pytest.param('IF("" , 1, 2)', "2", id="bev-5, an empty text counts as false"),
        pytest.param('DATATYPE(STRDT("123", xsd:integer))', XSD + "integer", id="strdt01"),
        pytest.param('LANG(STRLANG("foo", "en-US"))', "en-us", id="strlang01, tags in small letters"),
        pytest.param('LANGMATCHES(LANG("foo"@EN-gb), "en")', "true", id="language-tag-case-1"),
        pytest.param("DATATYPE(1 + 1.0)", XSD + "decimal", id="tP-integer-decimal"),
        pytest.param('DATATYPE("x"@en)', "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", id="rdf11"),
        pytest.param('"chat"@fr = "chat"', "false", id="open-eq-07, with and without a language"),
        pytest.param('xsd:boolean("1")', "true", id="cast-bool"),
    ],
)
def test_an_expression_of_literals_has_the_value_of_the_suites(
    kg: Client, expression: str, value: str | None
) -> None:
    rows = terms(kg, f"{PREFIX}SELECT ?v {{ BIND({expression} AS ?v) }}")
    assert [lexical for lexical, _ in rows] == ([""] if value is None else [value])


SPELT = '"007"^^xsd:unsignedInt , "1.50"^^xsd:decimal , "x" , "2025-01-26"^^xsd:date'


def test_facts_are_answered_with_what_is_kept_by_value(kg: Client) -> None:
    status, (warning,) = write(kg, "POST", "/facts", f"<urn:facts> <urn:p> {SPELT} .")
    assert status == 201
    assert "2 literals are stored by value, not in their lexical form" in warning
    found = terms(kg, "SELECT ?o { <urn:facts> <urn:p> ?o }")
    assert found == [("1.5", "decimal"), ("2025-01-26", "date"), ("7", "integer"), ("x", "")]
    assert write(kg, "POST", "/facts", "<urn:facts> <urn:p> 7 , 1.5 .") == (201, [])


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_graph_is_answered_with_what_is_kept_by_value(kg: Client, method: str) -> None:
    path = f"/graphs/spelt-{method}"
    status, (warning,) = write(kg, method, path, f"<urn:graph> <urn:p> {SPELT} .")
    assert status == 201
    assert warning.startswith(f"<https://w3id.org/regional-diplomacy/graphs/spelt-{method}>: 2 literals")
    assert write(kg, method, path, "<urn:graph> <urn:p> 7 , 1.5 , 'x' , '2025-01-26'^^xsd:date .")[1] == []


@pytest.mark.parametrize(
    "text",
    ["INSERT DATA {{ GRAPH <urn:u{0}> {{ {1} }} }}", "INSERT {{ GRAPH <urn:u{0}> {{ {1} }} }} WHERE {{}}"],
)
def test_an_update_is_answered_with_what_is_kept_by_value(kg: Client, text: str) -> None:
    facts = f"<urn:update> <urn:p> {SPELT}"
    status, (warning,) = write(kg, "POST", "/update", text.format(len(text), facts), UPDATE)
    assert status == 200
    assert "2 literals are stored by value" in warning
    assert write(kg, "POST", "/update", text.format(0, "<urn:update> <urn:p> 7 , 0.5"), UPDATE)[1] == []


@pytest.mark.parametrize("value", ['"300"^^xsd:byte', '"-5"^^xsd:nonNegativeInteger', '"inf"^^xsd:double'])
def test_an_ill_formed_literal_is_accepted_where_the_vocabulary_is_foreign_only(
    kg: Client, value: str
) -> None:
    status, warnings = write(kg, "POST", "/facts", f"<urn:ill> <urn:p> {value} .")
    assert status == 201
    by_value, ill_formed = sorted(warnings, key=lambda each: "stored by value" not in each)
    assert "stored by value" in by_value
    assert "is not a value of" in ill_formed
    text = f"PREFIX dip: <https://w3id.org/regional-diplomacy/terms#>\n<urn:ill> dip:quotation {value} ."
    headers = {"Content-Type": TURTLE, **bearer("curator")}
    refused = fault(kg.post("/facts", content=PREFIX + text, headers=headers), 422)
    assert "https://w3id.org/regional-diplomacy/shapes#well-formed-literal" in {
        each["rule"] for each in refused["violations"] if each["severity"] == "error"
    }
