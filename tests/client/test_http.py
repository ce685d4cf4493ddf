"""The HTTP client: addresses, tokens, and a refusal of the server raised as the error it stands for."""

import json

import pytest

from kg import errors
from kg.client.http import Client, error_of
from kg.errors import BadInput, KGError, Unavailable
from tests.support.stub_server import Stub


@pytest.mark.parametrize(
    ("url", "endpoint", "root"),
    [
        ("http://127.0.0.1:7878", "http://127.0.0.1:7878/sparql", "http://127.0.0.1:7878/"),
        ("https://example.org/kg/", "https://example.org/kg/sparql", "https://example.org/kg/"),
        ("https://example.org/kg/sparql", "https://example.org/kg/sparql", "https://example.org/kg/"),
    ],
)
def test_an_address_is_a_root_or_an_endpoint(url: str, endpoint: str, root: str) -> None:
    client = Client(url)
    assert (client.endpoint, client.root) == (endpoint, root)


@pytest.mark.parametrize("url", ["127.0.0.1:7878", "ftp://example.org/", "http://", "http://:80/", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="is not the address of a server"):
        Client(url)


def test_a_query_is_posted_as_it_is(stub: Stub) -> None:
    stub.body, stub.headers = b"{}", {"Content-Type": "application/sparql-results+json; charset=utf-8"}
    reply = Client(stub.url).query("SELECT '\u00e1' {}", "application/json")
    assert (reply.media_type, b"".join(reply.chunks)) == ("application/sparql-results+json", b"{}")
    [(method, path, headers, body)] = stub.heard
    assert (method, path, body.decode()) == ("POST", "/sparql", "SELECT '\u00e1' {}")
    assert (headers["accept"], headers["content-type"]) == ("application/json", "application/sparql-query")
    assert "authorization" not in headers


def test_parameters_and_the_token_are_sent(stub: Stub) -> None:
    client = Client(stub.url, "secret")
    list(client.get("export", "text/turtle", [("graph", "urn:a b"), ("graph", "urn:c&d")]).chunks)
    list(client.post("facts", "*/*", "text/turtle", b"", source=None, reason="because").chunks)
    assert [path for _, path, _, _ in stub.heard] == [
        "/export?graph=urn%3Aa+b&graph=urn%3Ac%26d",
        "/facts?reason=because",
    ]
    assert {headers["authorization"] for _, _, headers, _ in stub.heard} == {"Bearer secret"}


def test_the_token_does_not_follow_a_redirection(stub: Stub) -> None:
    stub.status, stub.headers = 302, {"Location": stub.url + "elsewhere"}
    with pytest.raises(KGError):
        Client(stub.url, "secret").get("export", "*/*")
    assert ["authorization" in headers for _, _, headers, _ in stub.heard][:2] == [True, False]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadInput),
        (401, errors.MissingToken),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (406, errors.NotAcceptable),
        (409, errors.Conflict),
        (413, errors.TooLarge),
        (415, errors.UnsupportedFormat),
        (422, errors.Invalid),
        (429, errors.TooManyRequests),
        (500, KGError),
        (503, Unavailable),
        (418, BadInput),
        (504, Unavailable),
    ],
)
def test_a_problem_document_is_raised_as_the_error_it_stands_for(
    stub: Stub, status: int, kind: type[KGError]
) -> None:
    problem = {"type": "about:blank", "title": "T", "status": status, "detail": "This is wrong.", "line": 3}
    stub.status, stub.body = status, json.dumps(problem).encode()
    with pytest.raises(KGError) as raised:
        Client(stub.url).get("facts", "*/*")
    assert (type(raised.value), raised.value.detail) == (kind, "This is wrong.")
    assert raised.value.extra["line"] == 3


def test_a_refusal_without_a_problem_document_names_the_status() -> None:
    assert "status 502" in error_of(502, b"<html>Bad gateway</html>").detail
    assert "status 400" in error_of(400, b"[]").detail


def test_an_answer_that_breaks_off_is_never_taken_for_whole(stub: Stub) -> None:
    stub.body, stub.headers = b"half", {"Content-Length": "8"}
    with pytest.raises(Unavailable, match="incomplete"):
        list(Client(stub.url).get("export", "*/*").chunks)


def test_a_server_that_does_not_listen_is_unavailable() -> None:
    with pytest.raises(Unavailable, match=r"http://127\.0\.0\.1:1/ does not answer"):
        Client("http://127.0.0.1:1").query("ASK {}", "*/*")


def test_loopback_needs_no_proxy(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    stub.body = b"here"
    assert list(Client(stub.url).get("health", "*/*").chunks) == [b"here"]
