"""Queries by address, form and body; the forms of their answers; the service description."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg import iris
from kg.settings import Settings
from tests.support.api_server import Client, serving
from tests.support.problems import fault

ASK = "ASK { dipid:ana ?p ?o }"
SELECT = "SELECT ?words WHERE { ?s dip:quotation ?words }"
CONSTRUCT = "CONSTRUCT WHERE { ?s dip:madeBy ?o }"
SPARQL = "application/sparql-query"
QUERY_TYPE = {"Content-Type": SPARQL}
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("api")) as asking:
        yield asking


def test_a_query_is_answered_from_the_address_a_form_and_a_body(kg: Client) -> None:
    answers = [
        kg.get("/sparql", params={"query": ASK}),
        kg.post("/sparql", data={"query": ASK}),
        kg.post("/sparql", content=ASK, headers=QUERY_TYPE),
        kg.post(
            "/sparql", content=ASK, headers={"Content-Type": 'application/sparql-query; charset="UTF-8"'}
        ),
    ]
    assert [answer.json()["boolean"] for answer in answers] == [True] * 4
    assert {answer.headers["x-graph-version"] for answer in answers} == {"2"}


def test_a_form_is_decoded_once(kg: Client) -> None:
    query = 'SELECT ("100%2B" AS ?x) {}'
    assert (
        kg.post("/sparql", data={"query": query}).json()["results"]["bindings"][0]["x"]["value"] == "100%2B"
    )


@pytest.mark.parametrize(
    ("graphs", "expected"),
    [
        ([], True),
        ([("default-graph-uri", iris.DATA + "graph-story")], True),
        ([("default-graph-uri", iris.TERMS_GRAPH)], False),
        ([("default-graph-uri", iris.TERMS_GRAPH), ("default-graph-uri", iris.DATA + "graph-story")], True),
        ([("named-graph-uri", iris.DATA + "graph-story")], False),
    ],
)
def test_the_dataset_of_the_protocol_decides_what_is_asked(
    kg: Client, graphs: list[tuple[str, str]], expected: bool
) -> None:
    assert kg.get("/sparql", params=[("query", ASK), *graphs]).json()["boolean"] is expected
    form = "&".join(f"{name}={value}" for name, value in [("query", ASK), *graphs])
    assert kg.post("/sparql", content=form, headers=FORM_TYPE).json()["boolean"] is expected
    direct = kg.post("/sparql", params=graphs, content=ASK, headers=QUERY_TYPE)
    assert direct.json()["boolean"] is expected


@pytest.mark.parametrize(
    ("request_of", "status", "words"),
    [
        ({"url": "/sparql?query=ASK%7B%7D&query=ASK%7B%7D"}, 400, "2 times"),
        ({"url": "/sparql?default-graph-uri=urn:g"}, 400, "'query' is missing"),
        ({"url": "/sparql?query="}, 400, "does not parse"),
        ({"url": "/sparql?query=ASK%7B%7D&as_of=v1"}, 400, "'as-of'"),
        ({"url": "/sparql?query=ASK%7B%7D&$x=1"}, 400, "'$x'"),
        ({"url": "/sparql?query=%FF"}, 400, "UTF-8"),
        ({"url": "/sparql?update=CLEAR%20ALL"}, 400, "update"),
        ({"url": "/sparql?query=INSERT%20DATA%20%7B%7D"}, 400, "is an update"),
        ({"url": "/sparql?query=ASK%7B%7D&default-graph-uri=here"}, 400, "absolute IRI"),
        ({"method": "POST", "content": "", "headers": FORM_TYPE}, 400, "missing"),
        ({"method": "POST", "content": "query=ASK{}&query=ASK{}", "headers": FORM_TYPE}, 400, "2 times"),
        ({"method": "POST", "content": "update=CLEAR", "headers": FORM_TYPE}, 400, "update"),
        ({"method": "POST", "content": b"ASK {} #\xff", "headers": QUERY_TYPE}, 400, "UTF-8 at byte 8"),
        (
            {"method": "POST", "url": "/sparql?query=ASK%7B%7D", "content": "ASK{}", "headers": QUERY_TYPE},
            400,
            "body",
        ),
        (
            {"method": "POST", "content": "ASK {}", "headers": {"Content-Type": "text/plain"}},
            415,
            "text/plain",
        ),
        ({"method": "POST", "content": "ASK {}"}, 415, "application/sparql-query"),
        (
            {
                "method": "POST",
                "content": "x",
                "headers": {"Content-Type": f"{SPARQL}; charset=UTF-16"},
            },
            415,
            "UTF-8",
        ),
        ({"method": "POST", "content": "ASK {}" + " " * 100_001, "headers": QUERY_TYPE}, 413, "100000 bytes"),
        ({"url": "/sparql?query=ASK%7BSERVICE%20%3Chttp%3A%2F%2F127.0.0.1%2F%3E%7B%7D%7D"}, 400, "SERVICE"),
        ({"url": "/sparql?query=ASK%7B%7D&format=docx"}, 415, "docx"),
        ({"method": "PUT", "content": "x"}, 405, "GET, HEAD, OPTIONS, POST"),
        ({"method": "DELETE"}, 405, "DELETE"),
    ],
    ids=str,
)
def test_a_fault_of_protocol_is_told(kg: Client, request_of: dict[str, Any], status: int, words: str) -> None:
    response = kg.request(**{"method": "GET", "url": "/sparql", **request_of})
    assert words in fault(response, status)["detail"]


def test_a_query_by_post_may_have_a_mebibyte(tmp_path: Path) -> None:
    values = " ".join(f"<urn:{number:060}>" for number in range(15_000))
    text = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {values} }} }}"
    with serving(tmp_path, Settings(data=tmp_path / "data", readers=1)) as kg:
        full = text + " " * ((1 << 20) - len(text))
        headers = {**QUERY_TYPE, "Accept": "text/csv"}
        answer = kg.post("/sparql", content=full, headers=headers)
        assert answer.text.split() == ["n", "15000"]
        assert "etag" not in answer.headers  # nothing hashes it on the event loop
        assert kg.post("/sparql", data={"query": full}, headers={"Accept": "text/csv"}).text == answer.text
        fault(kg.post("/sparql", content=full + " ", headers=headers), 413)


def test_a_query_that_does_not_parse_is_told_its_line(kg: Client) -> None:
    members = fault(kg.get("/sparql", params={"query": "SELECT * {\n ?s ?p .. }"}), 400)
    assert members["line"] == 2


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (SELECT, None, "application/sparql-results+json"),
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/json"),
        (SELECT, "text/csv;q=0.5, application/sparql-results+xml ; q=0.9", "application/sparql-results+xml"),
        (SELECT, "text/csv", "text/csv; charset=utf-8"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (CONSTRUCT, None, "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        ("DESCRIBE dipid:ana", "text/turtle", "text/turtle; charset=utf-8"),
    ],
)
def test_the_answer_comes_in_the_format_asked_for(
    kg: Client, query: str, accept: str | None, expected: str
) -> None:
    headers = {"Accept": accept} if accept else {}
    response = kg.get("/sparql", params={"query": query}, headers=headers)
    assert response.status_code == 200
    assert response.headers["content-type"] == expected
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize(
    "accept", ["image/png", "text/turtle", "application/sparql-results+json;q=0, image/png"]
)
def test_nothing_acceptable_is_answered_with_what_is_offered(kg: Client, accept: str) -> None:
    members = fault(kg.get("/sparql", params={"query": SELECT}, headers={"Accept": accept}), 406)
    assert "text/csv" in members["offered"]


def test_a_format_may_be_named_in_the_address_as_sparqlwrapper_does(kg: Client) -> None:
    asked = {"query": SELECT, "format": "csv", "output": "csv", "results": "csv"}
    assert kg.get("/sparql", params=asked).text.splitlines() == ["words", "¡Hola!"]
    fault(kg.get("/sparql", params={**asked, "output": "json"}), 400)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf"),
    ],
)
def test_without_a_query_the_service_describes_itself(kg: Client, accept: str | None, kind: str) -> None:
    response = kg.get("/sparql", headers={"Accept": accept} if accept else {})
    assert response.headers["content-type"].startswith(kind)
    for told in ("UnionDefaultGraph", "SPARQL11Query", "namedGraph", "http://testserver/sparql"):
        assert told in response.text


def test_a_browser_without_a_query_is_led_to_the_form(kg: Client) -> None:
    response = kg.get("/sparql", headers=BROWSER)
    assert (response.status_code, response.headers["location"]) == (303, "/workbench")


def test_a_query_at_its_limit_is_answered_503_and_the_next_as_ever(tmp_path: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p . ?q ?r ?s }"
    with serving(tmp_path, Settings(data=tmp_path / "data", readers=1, query_seconds=0.3)) as kg:
        assert "0.3 seconds" in fault(kg.get("/sparql", params={"query": endless}), 503)["detail"]
        assert kg.get("/sparql", params={"query": ASK}).json()["boolean"] is True


def test_a_long_answer_is_streamed_whole(kg: Client) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    rows = kg.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text.splitlines()
    triples = int(
        kg.get(
            "/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c }", "format": "csv"}
        ).text.split()[1]
    )
    assert len(rows) == triples**2 + 1
