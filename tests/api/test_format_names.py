"""Formats by name beside an Accept header, as SPARQLWrapper, curl, Java and roqet send them."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.api_server import Client, bearer, serving
from tests.support.problems import fault

SELECT, CONSTRUCT = "SELECT ?s { ?s a ?kind } ORDER BY ?s", "CONSTRUCT WHERE { ?s a ?kind }"
SRX, SRJ, TSV = (
    "application/sparql-results+xml",
    "application/sparql-results+json",
    "text/tab-separated-values",
)
TURTLE, JSON_LD, RDF_XML = "text/turtle", "application/ld+json", "application/rdf+xml"
WRAPPER_N3 = "application/turtle,text/turtle,text/rdf+n3,application/n-triples,application/n3,text/n3"
WRAPPER_JSON = "application/sparql-results+json,application/json,text/javascript,application/javascript"
WRAPPER_JSON_LD = "application/ld+json,application/x-json+ld"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
RAPTOR = (
    "application/rdf+xml, text/rdf;q=0.6, application/n-triples, text/plain;q=0.1, text/turtle, "
    "text/html;q=0.6, application/xhtml+xml;q=0.8, application/json;q=0.1, text/x-nquads, */*;q=0.1"
)


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("formats")) as asking:
        yield asking


def asked(kg: Client, query: str, accept: str, *names: str, name: str = "format") -> httpx.Response:
    pairs = [("query", query), *((name, each) for each in names)]
    return kg.get("/sparql", params=pairs, headers={"Accept": accept})


@pytest.mark.parametrize(
    ("query", "names", "accept", "sent"),
    [
        # SPARQLWrapper: for each form of query, each return format
        (SELECT, ("xml",), SRX, SRX),
        (SELECT, ("json",), WRAPPER_JSON, SRJ),
        (SELECT, ("csv",), "text/csv", "text/csv"),
        (SELECT, ("tsv", TSV), TSV, TSV),
        (CONSTRUCT, ("xml",), RDF_XML, RDF_XML),
        (CONSTRUCT, ("rdf+xml", RDF_XML), RDF_XML, RDF_XML),
        (CONSTRUCT, ("json-ld", WRAPPER_JSON_LD), WRAPPER_JSON_LD, JSON_LD),
        (CONSTRUCT, ("turtle",), "application/turtle,text/turtle", TURTLE),
        (CONSTRUCT, ("n3",), WRAPPER_N3, TURTLE),
        (CONSTRUCT, ("rdf",), "*/*", RDF_XML),
        (CONSTRUCT, ("json",), "*/*", JSON_LD),
        # without a name
        (SELECT, (), "*", SRJ),
        (CONSTRUCT, (), "*", TURTLE),
        (CONSTRUCT, (), "text/n3", "text/n3"),
        (CONSTRUCT, (), "application/json", "application/json"),
        (SELECT, (), "application/json", "application/json"),
        (SELECT, (), JAVA, "text/html"),
        (SELECT, (), "*; q=.2, text/csv; q=.1", SRJ),
        (SELECT, (), SRX, SRX),
        (CONSTRUCT, (), RAPTOR, TURTLE),
        (CONSTRUCT, (), SRX, RDF_XML),
        (SELECT, ("application/json",), "*/*", SRJ),
        (CONSTRUCT, ("text/n3",), "*/*", TURTLE),
        (CONSTRUCT, ("nt",), "text/html", "application/n-triples"),
    ],
)
def test_a_name_that_fits_decides_the_format(
    kg: Client, query: str, names: tuple[str, ...], accept: str, sent: str
) -> None:
    answer = asked(kg, query, accept, *names)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == sent
    assert "kg-warning" not in answer.headers


@pytest.mark.parametrize(
    ("query", "names", "accept", "sent"),
    [
        (SELECT, ("turtle",), "*/*", SRJ),
        (SELECT, ("rdf+xml", ""), "*/*", SRJ),
        (SELECT, ("json-ld", ""), "text/csv;q=0.5", "text/csv"),
        (CONSTRUCT, ("csv",), "*/*", TURTLE),
        (CONSTRUCT, ("tsv", TSV), JSON_LD, JSON_LD),
        (SELECT, ("docx",), "text/csv", "text/csv"),
        (SELECT, ("docx", "csv"), "*/*", "text/csv"),
        (SELECT, ("auto",), "text/html", "text/html"),
    ],
)
def test_an_acceptable_type_wins_over_a_name_that_does_not_fit(
    kg: Client, query: str, names: tuple[str, ...], accept: str, sent: str
) -> None:
    answer = asked(kg, query, accept, *names)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == sent
    assert "format" in answer.headers["kg-warning"]


@pytest.mark.parametrize(
    ("names", "accept", "status"),
    [
        (("turtle",), "text/turtle", 406),
        (("turtle",), "image/png", 406),
        (("json", "xml"), "*/*", 400),
        (("json", "text/csv"), "text/csv", 400),
        (("docx",), "*/*", 415),
        (("docx",), "*", 415),
    ],
)
def test_what_cannot_be_meant_is_refused(
    kg: Client, names: tuple[str, ...], accept: str, status: int
) -> None:
    fault(asked(kg, SELECT, accept, *names), status)


def test_a_page_may_be_named_too(kg: Client) -> None:
    assert "<h1>Workbench</h1>" in asked(kg, SELECT, "*/*", "text/html", name="output").text


def test_a_warning_is_not_kept_for_a_request_without_the_name(kg: Client) -> None:
    warned = asked(kg, SELECT, "*/*", "turtle")
    plain = asked(kg, SELECT, "*/*")
    assert warned.content == plain.content
    assert warned.headers["etag"] != plain.headers["etag"]
    assert "kg-warning" not in plain.headers
    assert asked(kg, SELECT, "*/*", "turtle").headers["kg-warning"] == warned.headers["kg-warning"]


@pytest.mark.parametrize(("name", "sent"), [("xml", RDF_XML), ("json", JSON_LD), ("n3", TURTLE)])
def test_other_routes_take_the_meaning_that_they_have(kg: Client, name: str, sent: str) -> None:
    for path in ("/graphs?", "/.well-known/void?"):
        answer = kg.get(f"{path}format={name}")
        assert answer.headers["content-type"].partition(";")[0] == sent
    assert kg.get(f"/export?format={name}").headers["content-type"].partition(";")[0] == sent


def test_other_routes_are_strict(kg: Client) -> None:
    fault(kg.get("/graphs?format=csv", headers={"Accept": TURTLE}), 406)
    fault(kg.get("/graphs?format=docx", headers={"Accept": TURTLE}), 415)


def test_a_body_of_json_is_read_as_json_ld(kg: Client) -> None:
    headers = {**bearer("curator"), "Content-Type": "application/json; charset=utf-8"}
    for body, status in ((b'{"@id": "urn:a", "urn:p": 1}', 201), (b'{"name": "x"}', 400), (b"[1", 400)):
        answer = kg.request("PUT", "/graphs?graph=urn:g:json", content=body, headers=headers)
        assert answer.status_code == status
    assert kg.get("/graphs?graph=urn:g:json&format=nt").text.startswith("<urn:a> <urn:p> ")
    assert "@context" in fault(kg.post("/validate", content=b'{"a": 1}', headers=headers), 400)["detail"]
