"""The HTTP interface in process: the SPARQL Protocol, negotiation, headers, faults, facts, exports."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg import iris
from kg.errors import KGError, MethodNotAllowed
from kg.settings import Settings
from kg.store.read_only import open_read_only
from tests.support.api_server import Client, bearer, client, serving
from tests.test_errors import tree

ASK = "ASK { dipid:ana ?p ?o }"
SELECT = "SELECT ?words WHERE { ?s dip:quotation ?words }"
CONSTRUCT = "CONSTRUCT WHERE { ?s dip:madeBy ?o }"
SPARQL = "application/sparql-query"
QUERY_TYPE = {"Content-Type": SPARQL}
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}
TURTLE = {"Content-Type": "text/turtle"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("api")) as asking:
        yield asking


def fault(response: Any, status: int) -> dict[str, Any]:
    """Check that a response is a problem document of a status, and give its members."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in response.text
    members: dict[str, Any] = response.json()
    assert members["status"] == status
    assert members["title"]
    assert members["detail"]
    return members


# Three ways to ask


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
        ({"url": "/sparql?query=ASK%7B%7D&timeout=5"}, 400, "'timeout'"),
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


def test_a_query_that_does_not_parse_is_told_its_line(kg: Client) -> None:
    members = fault(kg.get("/sparql", params={"query": "SELECT * {\n ?s ?p .. }"}), 400)
    assert members["line"] == 2


# What comes back


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


def test_head_gives_the_headers_of_get_and_nothing_else(kg: Client) -> None:
    got, head = (kg.request(method, "/sparql", params={"query": SELECT}) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] == str(len(got.content))
    assert kg.request("HEAD", "/nothing-here").status_code == 404


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/sparql", "GET, HEAD, OPTIONS, POST, QUERY"),
        ("/facts", "OPTIONS, POST"),
        ("/export", "GET, HEAD, OPTIONS"),
        ("/id/ana", "GET, HEAD, OPTIONS"),
    ],
)
def test_options_and_refusals_list_the_methods_there_are(kg: Client, path: str, allowed: str) -> None:
    options = kg.request("OPTIONS", path)
    assert (options.status_code, options.headers["allow"]) == (204, allowed)
    refused = kg.request("PATCH", path)
    fault(refused, 405)
    assert refused.headers["allow"] == allowed


def test_pages_of_other_sites_may_read_and_not_write(kg: Client) -> None:
    assert kg.get("/sparql", params={"query": ASK}).headers["access-control-allow-origin"] == "*"
    allowed = kg.request("OPTIONS", "/sparql").headers["access-control-allow-methods"]
    assert allowed == "GET, HEAD, OPTIONS, POST, QUERY"
    assert "access-control-allow-origin" not in kg.request("OPTIONS", "/facts").headers
    assert "access-control-allow-origin" not in kg.post("/facts").headers


@pytest.mark.parametrize("path", ["/", "/sparql", "/nothing-here", "/static/style.css"])
def test_every_response_carries_the_headers_of_security(kg: Client, path: str) -> None:
    headers = kg.get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


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
    assert (response.status_code, response.headers["location"]) == (303, "/#query")


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


# Faults


def raining(kind: type[KGError]) -> Callable[..., None]:
    """Give a function that raises one kind of error."""

    def rain(*_: object) -> None:
        raise (
            MethodNotAllowed("It rains.", allowed=["GET"]) if kind is MethodNotAllowed else kind("It rains.")
        )

    return rain


@pytest.mark.parametrize("kind", list(tree(KGError)), ids=lambda kind: kind.__name__)
def test_every_error_of_the_tree_becomes_a_problem_document(
    kg: Client, monkeypatch: pytest.MonkeyPatch, kind: type[KGError]
) -> None:
    monkeypatch.setattr("kg.api.sparql_protocol.from_get", raining(kind))
    response = kg.get("/sparql")
    members = fault(response, kind.status)
    assert ("It rains." in members["detail"]) is (kind.status != 500)
    for name, value in kind("It rains.").headers.items():
        assert name in response.headers, value


def test_what_nobody_foresaw_is_a_500_that_tells_nothing_of_the_inside(
    kg: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("kg.api.sparql_protocol.from_get", fail)
    response = kg.get("/sparql")
    fault(response, 500)
    assert "secret" not in response.text
    assert "content-security-policy" in response.headers


@pytest.mark.parametrize(
    "path",
    [
        *("/nothing-here", "/id/nobody", "/kinds/nothing", "/questions/unknown", "/terms/9.9"),
        *("/id/%3Cx%3E", "/id/a%20b", "/kinds/%00", "/terms/%7B", "/id/%FF", "/questions/%3Cx"),
    ],
)
def test_what_is_not_there_is_a_404(kg: Client, path: str) -> None:
    fault(kg.get(path), 404)


# Facts


def test_facts_need_a_token_that_may_write(kg: Client) -> None:
    refused = kg.post("/facts", content="<urn:a> <urn:b> 1 .", headers=TURTLE)
    fault(refused, 401)
    assert refused.headers["www-authenticate"].startswith("Bearer")
    fault(kg.post("/facts", content="", headers={**TURTLE, **bearer("unknown")}), 401)
    fault(kg.post("/facts", content="", headers={**TURTLE, **bearer("reader")}), 403)


def test_accepted_facts_are_there_for_the_next_query_and_again_are_no_news(kg: Client) -> None:
    headers = {**TURTLE, **bearer("curator")}
    sent = {"params": {"source": "urn:letter", "reason": "Told in a letter"}, "headers": headers}
    first = kg.post("/facts", content="<urn:a> <urn:b> 'news' .", **sent)
    assert first.status_code == 201
    graph = first.json()["graphs"][0]
    assert first.headers["location"] == "/id/" + graph.removeprefix(iris.DATA)
    assert kg.get("/sparql", params={"query": "ASK { <urn:a> <urn:b> 'news' }"}).json()["boolean"] is True
    told = kg.get(
        "/sparql", params={"query": f"ASK {{ <{graph}> prov:wasGeneratedBy ?c . ?c dip:reason ?why }}"}
    )
    assert told.json()["boolean"] is True
    assert kg.get(first.headers["location"]).status_code == 200
    again = kg.post("/facts", content="<urn:a> <urn:b> 'news' .", **sent)
    assert (again.status_code, again.json()["graphs"]) == (200, [graph])


def test_refused_facts_leave_no_trace_and_are_told_every_violation(kg: Client) -> None:
    version = kg.get("/ready").json()["version"]
    facts = f"<{iris.DATA}x> a <{iris.TERMS}Statemnt>, <{iris.TERMS}Acter> ."
    members = fault(kg.post("/facts", content=facts, headers={**TURTLE, **bearer("curator")}), 422)
    assert {violation["value"].rsplit("#")[1] for violation in members["violations"]} >= {"Statemnt", "Acter"}
    assert kg.get("/ready").json()["version"] == version


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        ("<urn:a> <urn:b> <urn:c", TURTLE, 400),
        ("<urn:a> <urn:b> 1 .", {"Content-Type": "image/png"}, 415),
        ("<urn:a> <urn:b> 1 .", {}, 415),
        ("<urn:a> <urn:b> 1 .", {**TURTLE, "Content-Encoding": "gzip"}, 415),
        ("#" * 100_001, TURTLE, 413),
    ],
    ids=["unreadable", "wrong type", "no type", "coded", "long"],
)
def test_facts_that_cannot_be_read_are_refused(
    kg: Client, content: str, headers: dict[str, str], status: int
) -> None:
    fault(kg.post("/facts", content=content, headers={**headers, **bearer("curator")}), status)
    fault(kg.post("/validate", content=content, headers=headers), status)


def test_validation_says_what_adding_would_say(kg: Client) -> None:
    facts = f"<{iris.DATA}x> a <{iris.TERMS}Statemnt> ."
    told = kg.post("/validate", content=facts, headers=TURTLE).json()
    assert told["conforms"] is False
    shacl = kg.post("/validate", content=facts, headers={**TURTLE, "Accept": "text/turtle"})
    assert "sh:ValidationReport" in shacl.text
    text = kg.post("/validate?language=es", content=facts, headers={**TURTLE, "Accept": "text/plain"})
    assert "no se aceptan" in text.text
    spanish = {**TURTLE, "Accept": "text/plain", "Accept-Language": "es-CO, en;q=0.5"}
    assert kg.post("/validate", content=facts, headers=spanish).text == text.text
    assert kg.post("/validate", content="<urn:a", headers=spanish).json()["detail"].startswith("Línea 1")
    headers = {**spanish, **bearer("curator")}
    assert "no es un término" in kg.post("/facts", content=facts, headers=headers).json()["detail"]
    fault(kg.post("/validate", content=facts, headers={**TURTLE, "Accept": "image/png"}), 406)


@pytest.mark.parametrize(
    "path",
    [
        *("/sparql?query=ASK%7B%7D&as-of=", "/export?as-of=", "/questions/hedged-reports?as-of=%20"),
        *("/commits?graph=", "/graphs?graph="),
    ],
)
def test_a_parameter_without_a_value_is_not_taken_for_none(kg: Client, path: str) -> None:
    fault(kg.get(path), 400)


def test_a_report_in_a_language_that_is_not_spoken_is_refused(kg: Client) -> None:
    refused = kg.post("/validate?language=fr", content="<urn:a> <urn:b> 1 .", headers=TURTLE)
    assert "en, es" in fault(refused, 400)["detail"]


def test_facts_in_a_graph_named_beyond_latin_1_are_answered_with_its_address(kg: Client) -> None:
    headers = {"Content-Type": "application/trig", **bearer("curator")}
    made = kg.post("/facts", content="<http://example.org/日本> { <urn:a> <urn:b> 7 }", headers=headers)
    assert made.status_code == 201
    assert made.headers["location"] == "http://example.org/%E6%97%A5%E6%9C%AC"


def test_a_server_that_only_reads_refuses_facts(tmp_path: Path) -> None:
    with serving(tmp_path):
        pass
    settings = Settings(data=tmp_path / "data", readers=1)
    with client(settings, open_read_only(settings.data)) as kg:
        assert kg.get("/sparql", params={"query": ASK}).json()["boolean"] is True
        fault(kg.post("/facts", content="<urn:a> <urn:b> 1 .", headers={**TURTLE, **bearer("curator")}), 403)


# Exports and state


@pytest.mark.parametrize("name", ["trig", "turtle", "nquads", "ntriples", "jsonld", "rdfxml"])
def test_an_export_holds_the_facts_in_every_format(kg: Client, name: str) -> None:
    response = kg.get("/export", params={"format": name, "graph": "dipid:graph-story"})
    assert "Hola" in response.text
    assert "attachment" in response.headers["content-disposition"]


def test_an_export_leaves_out_the_release_graphs_unless_all_is_asked(kg: Client) -> None:
    assert iris.KINDS not in kg.get("/export?format=nquads").text
    assert iris.KINDS in kg.get("/export?format=nquads&all=true").text
    fault(kg.get("/export?all=perhaps"), 400)
    fault(kg.get("/export?graph=dipid:unknown"), 404)
    fault(kg.get("/export", headers={"Accept": "image/png"}), 406)


def test_health_readiness_and_the_description_of_the_interface(kg: Client) -> None:
    assert kg.get("/health").json() == {"status": "ok"}
    assert kg.get("/ready").json()["status"] == "ready"
    described = kg.get("/openapi.json").json()
    assert {"/sparql", "/facts", "/validate", "/questions/{name}", "/export", "/terms"} <= set(
        described["paths"]
    )
