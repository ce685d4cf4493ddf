"""HEAD, OPTIONS, requests of pages of other sites, and the headers of every response."""

from collections.abc import Iterator

import pytest

from tests.support.api_server import Client, serving
from tests.support.problems import fault

ASK = "ASK { dipid:ana ?p ?o }"
SELECT = "SELECT ?words WHERE { ?s dip:quotation ?words }"


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("api")) as asking:
        yield asking


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
