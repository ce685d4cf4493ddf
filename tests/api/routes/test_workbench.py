"""The workbench over HTTP: an address for each answer, faults at their place, pages of rows, and an end."""

import html
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.support.api_server import Client, serving

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
MANY = "SELECT ?number { VALUES ?number { %s } } ORDER BY ?number"


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("workbench")) as asking:
        yield asking


def numbers(count: int) -> str:
    return MANY % " ".join(str(number) for number in range(1, count + 1))


def shown(kg: Client, query: str, status: int = 200, **params: str) -> str:
    answer = kg.get("/workbench", params={"query": query, **params}, headers=BROWSER)
    assert answer.status_code == status, answer.text
    return answer.text


def first_cells(page: str) -> list[str]:
    rows = page.partition("<tbody")[2].split("<tr")[1:]
    return [re.sub("<[^>]+>", "", re.findall(r"<td.*?</td>", row)[0]) for row in rows]


def test_the_workbench_begins_with_a_query_that_can_be_asked(kg: Client) -> None:
    page = kg.get("/workbench", headers=BROWSER).text
    query = html.unescape(page.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0])
    assert "¡Hola!" in shown(kg, query)
    assert kg.get("/sparql", headers=BROWSER).headers["location"] == "/workbench"


def test_a_form_leads_to_an_address_that_shows_the_same(kg: Client) -> None:
    form = {"query": "SELECT ?words { ?s dip:quotation ?words }", "rows": "100", "as-of": "", "view": "table"}
    answer = kg.post("/workbench", data=form, headers=BROWSER)
    assert answer.status_code == 303
    address = answer.headers["location"]
    assert address == f"/workbench?{urlencode({'query': form['query']})}"
    page = kg.get(address, headers=BROWSER).text
    assert "¡Hola!" in page
    assert f'value="{html.escape(address)}"' in page
    assert re.search(r"1 row in \d+\.\d{3} s", page)


def test_a_query_that_is_too_long_for_an_address_is_answered_at_once(kg: Client) -> None:
    query = "SELECT ?words { ?s dip:quotation ?words } # " + "x" * 9000
    answer = kg.post("/workbench", data={"query": query}, headers=BROWSER)
    assert answer.status_code == 200
    assert "¡Hola!" in answer.text
    assert '<form class="row" action="/sparql" method="post">' in answer.text


def test_the_whole_answer_is_offered_in_each_format(kg: Client) -> None:
    for query, names in (
        ("SELECT ?words { ?s dip:quotation ?words }", ("json", "csv", "tsv", "xml")),
        ("CONSTRUCT WHERE { ?s dip:madeBy ?o }", ("turtle", "ntriples", "jsonld")),
    ):
        page = html.unescape(shown(kg, query))
        for name in names:
            address = re.search(rf'href="(/sparql\?[^"]*format={name})"', page)
            assert address, name
            assert kg.get(address[1]).status_code == 200


@pytest.mark.parametrize(
    ("query", "marked", "repaired"),
    [
        ("SELECT * {\n  ?s foaf:name ?o\n}", "foaf:", "PREFIX foaf: <http://xmlns.com/foaf/0.1/>\n"),
        ("SELECT * { ?s dipp:madeBy ?o }", "dipp:", "SELECT * { ?s dip:madeBy ?o }"),
        ("SELECT * { ?s ?p ?o FILTER (?o == 3) }", "==", "FILTER (?o = 3)"),
        ("SELECT * { ?s ?p ?o } ODER BY ?s", "ODER", "ORDER BY ?s"),
        ("SELECT ?s, ?o { ?s ?p ?o }", ",", "SELECT ?s ?o {"),
        ("SELECT * { ?s ?p “a” }", "“", None),
    ],
)
def test_a_fault_points_at_the_token_and_keeps_the_query(
    kg: Client, query: str, marked: str, repaired: str | None
) -> None:
    page = shown(kg, query, 400)
    assert f"<mark>{html.escape(marked)}</mark>" in page
    assert html.escape(query) in page
    assert 'role="alert"' in page
    fixes = [html.unescape(fix) for fix in re.findall(r'name="query" value="([^"]*)"', page)]
    assert bool(fixes)
    if repaired:
        assert any(repaired in fix for fix in fixes)
        assert any("<mark>" not in kg.post("/workbench/check", data={"query": fix}).text for fix in fixes)


def test_the_repair_of_a_fault_can_be_asked(kg: Client) -> None:
    page = shown(kg, "SELECT * { ?s foaf:name ?o }", 400)
    fix = re.findall(r'name="query" value="([^"]*)"', page)[0]
    assert "Nothing in the graph matches." in shown(kg, html.unescape(fix))


def test_a_fault_is_told_in_spanish(kg: Client) -> None:
    answer = kg.get(
        "/workbench",
        params={"query": "SELECT * { ?s foaf:x ?o }"},
        headers={**BROWSER, "Accept-Language": "es"},
    )
    assert "La consulta no se entiende en la línea 1, columna 15" in answer.text
    assert "no está declarado" in answer.text


def test_a_fault_at_the_endpoint_keeps_the_query_too(kg: Client) -> None:
    answer = kg.get("/sparql", params={"query": "SELECT * { ?s ?p }"}, headers=BROWSER)
    assert answer.status_code == 400
    assert "SELECT * { ?s ?p }</textarea>" in answer.text


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"view": "map"}, "'view' must be one of table, chart, network"),
        ({"page": "0"}, "'page' must be a number from 1"),
        ({"rows": "5000"}, "'rows' must be a number from 1 to 1000"),
        ({"pages": "2"}, "no parameter 'pages'"),
    ],
)
def test_parameters_that_mean_nothing_are_refused(kg: Client, params: dict[str, str], words: str) -> None:
    answer = kg.get("/workbench", params={"query": "ASK {}", **params})
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_long_answers_come_in_pages_of_one_version(kg: Client) -> None:
    page = shown(kg, numbers(250))
    assert "250 rows in" in page
    assert first_cells(page) == [str(number) for number in range(1, 101)]
    following = html.unescape(re.findall(r'rel="next" href="([^"]+)"', page)[0])
    assert re.search(r"as-of=v\d+", following)
    second = kg.get(following, headers=BROWSER).text
    assert first_cells(second) == [str(number) for number in range(101, 201)]
    assert "Rows 101 to 200" in second
    last = shown(kg, numbers(250), page="3")
    assert first_cells(last)[-1] == "250"
    assert 'rel="next"' not in last
    assert "There are no rows here." in shown(kg, numbers(250), page="9")
    assert len(first_cells(shown(kg, numbers(250), rows="500"))) == 250


def test_columns_say_what_they_hold(kg: Client) -> None:
    query = """SELECT ?thing ?number ?day ?text ?mixed {
      VALUES (?number ?day ?text ?mixed) {
        (1.5 "2025-01-26"^^xsd:date "a" 1) (2 "2025-02"^^xsd:gYearMonth "b"@es "c") }
      BIND (dip:Statement AS ?thing) }"""
    kinds = re.findall(r'data-kind="(\w+)" data-variable="(\w+)"', shown(kg, query))
    assert [(name, kind) for kind, name in kinds] == [
        ("thing", "thing"), ("number", "number"), ("day", "time"), ("text", "text"), ("mixed", "text")
    ]  # fmt: skip


def test_triples_are_rows_with_names(kg: Client) -> None:
    page = shown(kg, "CONSTRUCT { ?s dip:madeBy ?o } WHERE { ?s dip:madeBy ?o }")
    assert re.findall(r'data-variable="(\w+)"', page) == ["subject", "predicate", "object"]
    assert "Ana &lt;Pérez&gt;" in page


def test_yes_and_no_are_said_in_words(kg: Client) -> None:
    assert re.search(r'class="verdict">Yes ', shown(kg, "ASK { ?s dip:madeBy ?o }"))
    assert re.search(r'class="verdict">No ', shown(kg, "ASK { ?s dip:madeBy 3 }"))


def test_styles_of_the_editor_need_the_nonce_of_the_response(kg: Client) -> None:
    answers = [kg.get("/workbench", headers=BROWSER) for _ in range(2)]
    nonces = [re.findall(r'data-nonce="([^"]+)"', answer.text)[0] for answer in answers]
    assert len(set(nonces)) == 2
    for answer, nonce in zip(answers, nonces, strict=True):
        policy = answer.headers["content-security-policy"]
        assert f"style-src 'self' 'nonce-{nonce}'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"


def test_a_query_is_checked_without_being_asked(kg: Client) -> None:
    def check(text: str) -> dict[str, object]:
        answer = kg.post("/workbench/check", data={"query": text})
        assert answer.status_code == 200
        found: dict[str, object] = answer.json()
        return found

    assert check("SELECT * { ?s a dip:Statement }") == {"fault": None, "warnings": []}
    fault = check("SELECT * {\n  ?s 𝔸 foaf:x ?o }")["fault"]
    assert isinstance(fault, dict)
    assert (fault["line"], fault["column"]) in {(2, 6), (2, 8)}
    warnings = check("SELECT * { ?s dip:madBy ?o }")["warnings"]
    assert isinstance(warnings, list)
    assert warnings[0]["name"] == "dip:madBy"
    assert check("SELECT * { SERVICE <urn:x> { ?s ?p ?o } }")["fault"] is None
    assert kg.post("/workbench/check", content="ASK {}").status_code == 415


def test_terms_for_completion_have_label_definition_and_kind(kg: Client) -> None:
    answer = kg.get("/workbench/terms", headers={"Accept-Language": "es"})
    terms = {term["name"]: term for term in answer.json()["terms"]}
    assert terms["dipk:gift"] == {
        "name": "dipk:gift", "label": "Regalo", "definition": "", "kind": "kind"
    }  # fmt: skip
    again = kg.get(
        "/workbench/terms", headers={"Accept-Language": "es", "If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304


def test_a_saved_question_can_be_opened_as_a_query(kg: Client) -> None:
    name = next(iter(kg.app.resources.questions))
    page = kg.get("/workbench", params={"question": name}, headers=BROWSER).text
    assert html.escape(kg.app.resources.questions[name].question) in page
    assert kg.get("/workbench", params={"question": "nothing-like-it"}).status_code == 404
