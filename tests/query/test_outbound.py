"""Asking other servers: whom, at which address, for how long and how much; and LOAD, which does."""

import asyncio
import gzip
import json
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest

from kg import iris
from kg.errors import BadInput, FetchFailed
from kg.query.outbound import AllowList, Fetched, Request, is_public
from kg.settings import Settings
from tests.support.api_server import Client, bearer, serving
from tests.support.other_server import Answering, Asked, Other, listening, saying
from tests.support.problems import fault

TURTLE = "text/turtle"
LIMIT = 10_000


@pytest.fixture(scope="module")
def other() -> Iterator[Other]:
    with listening() as found:
        yield found


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory, other: Other) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("elsewhere")
    settings = Settings(
        data=folder / "data", readers=1, allow=other.host, query_seconds=1, max_body_bytes=LIMIT
    )
    with serving(folder, settings) as asking:
        load(asking, "http://example.invalid/")  # the first write waits for a judge
        yield asking


def fetch(allowed: str, iri: str, seconds: float = 5, form: dict[str, str] | None = None) -> Fetched:
    return asyncio.run(AllowList.read(allowed).ask(Request(iri, TURTLE, form), seconds, LIMIT))


# Whom


@pytest.mark.parametrize(
    ("entry", "iri", "is_allowed"),
    [
        ("example.org", "http://example.org/a?b", True),
        ("example.org", "https://EXAMPLE.org./a#b", True),
        ("example.org", "https://example.org?b", True),
        ("example.org", "http://example.org:8080/", False),
        ("example.org:8080", "http://example.org:8080/", True),
        ("example.org:8080", "http://example.org/", False),
        ("https://example.org", "https://example.org/a", True),
        ("https://example.org", "http://example.org/a", False),
        ("https://example.org:443", "https://example.org/a", True),
        ("https://example.org/sparql", "https://example.org/sparql", True),
        ("https://example.org/sparql", "https://example.org/sparql?query", True),
        ("https://example.org/sparql/", "https://example.org/sparql/x", True),
        ("https://example.org/sparql", "https://example.org/sparqlevil", False),
        ("https://example.org/sparql", "https://example.org/", False),
        ("https://example.org/sparql", "https://example.org/sparql/../admin", False),
        ("https://example.org/sparql", "https://example.org/sparql/%2e%2E/admin", False),
        ("https://example.org/sparql", "https://example.org/sparql/..%2fadmin", False),
        ("https://example.org/sparql", "https://example.org/sparql/..%5Cadmin", False),
        ("[::1]:80", "http://[::1]/", True),
        ("a.example, b.example", "http://b.example/", True),
        ("example.org", "http://example.org@evil.example/", False),
        ("example.org", "http://user:word@example.org/", False),
        ("example.org", "http://evil.example/@example.org", False),
        ("example.org", "http://evil.example\\@example.org/", False),
        ("example.org", "http://evil.example#@example.org/", False),
        ("example.org", "http://example.org.evil.example/", False),
        ("example.org", "http://sub.example.org/", False),
        ("example.org", "http://evilexample.org/", False),
        ("example.org", "http://example.org%2eevil.example/", False),
        ("example.org", "http://example。org/", False),
        ("example.org", "http://example.org\n.evil.example/", False),
        ("example.org", "//example.org/", False),
        ("example.org", "ftp://example.org/", False),
        ("example.org", "file://example.org/etc/passwd", False),
        ("example.org", "http:/example.org/", False),
        ("example.org", "http://example.org:/", False),
        ("127.0.0.1:80", "http://2130706433/", False),
        ("127.0.0.1:80", "http://0x7f.0.0.1/", False),
        ("127.0.0.1:80", "http://[::ffff:127.0.0.1]/", False),
        ("", "http://example.org/", False),
    ],
)  # fmt: skip
def test_only_what_is_named_is_allowed(entry: str, iri: str, is_allowed: bool) -> None:
    assert AllowList.read(entry).allows(iri) is is_allowed


@pytest.mark.parametrize(
    "text", ["*", "*.example.org", "ftp://example.org", "user@example.org", "example.org?x", "http://"]
)
def test_a_list_that_makes_no_sense_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(BadInput, match="KG_ALLOW"):
        AllowList.read(f"fine.example {text}")


# At which address


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"),
        *("2002:7f00:1::", "fe80::1", "fe80::1%lo", "fc00::1", "fd00::1", "fec0::1", "ff02::1"),
        "2001:db8::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_anybodys_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0"),
        *("[::1]", "[::ffff:127.0.0.1]"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_host_at_a_private_address_is_refused_unless_it_is_named_with_its_port(
    scheme: str, host: str
) -> None:
    with pytest.raises(FetchFailed, match="KG_ALLOW"):
        fetch(f"{scheme}://{host}", f"{scheme}://{host}/")


def test_a_name_is_looked_up_once_and_the_address_looked_at_is_the_one_connected_to(
    other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *rest: Any, **given: Any) -> Any:
        if host != "rebinding.example":
            return look_up(host, port, *rest, **given)
        found.append(host)
        address = "127.0.0.1" if len(found) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    other.answer = saying(b"fine", TURTLE)
    port = other.host.partition(":")[2]
    named = f"rebinding.example:{port}"
    assert fetch(named, f"http://{named}/a b?c=é").data == b"fine"
    assert found == ["rebinding.example"]
    assert (other.seen[-1].headers["host"], other.seen[-1].path) == (named, "/a%20b?c=%C3%A9")
    asked = len(other.seen)
    monkeypatch.setattr("kg.query.outbound._PORTS", {"http": int(port), "https": 443})
    with pytest.raises(FetchFailed, match="not public"):  # its address is private, whatever its name
        fetch("rebinding.example", "http://rebinding.example/")
    assert len(other.seen) == asked


def test_a_mixed_answer_of_the_name_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(FetchFailed, match="not public"):
        fetch("mixed.example", "http://mixed.example/")


def test_proxies_and_passwords_of_the_environment_are_left_alone(
    other: Other, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other.answer = saying(b"fine", TURTLE)
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert fetch(other.host, other.address).data == b"fine"
    assert "authorization" not in other.seen[-1].headers


# Where it leads


def leading(place: str, status: int = 302) -> Answering:
    return saying(b"", TURTLE, status, Location=place)


@pytest.mark.parametrize(
    "place",
    [
        *("http://169.254.169.254/latest", "http://127.0.0.1:9/", "//localhost/", "http://[::1]/"),
        *("file:///etc/passwd", "gopher://127.0.0.1:9/"),
    ],
)
@pytest.mark.parametrize("status", [301, 308])
def test_leading_to_what_is_not_named_is_not_followed(other: Other, place: str, status: int) -> None:
    other.answer = leading(place, status)
    with pytest.raises(FetchFailed, match="KG_ALLOW"):
        fetch(other.host, other.address)


def test_leading_from_a_named_host_to_a_private_one_is_not_followed(other: Other) -> None:
    other.answer = leading("http://localhost/secret")
    with pytest.raises(FetchFailed, match="not public"):
        fetch(f"{other.host} localhost", other.address)


def test_a_document_is_found_where_it_has_moved_and_a_query_is_not_sent_on(other: Other) -> None:
    def answer(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        (saying(b"here", TURTLE) if asked.path == "/new" else leading("/new"))(handler, asked)

    other.answer = answer
    found = fetch(other.host, other.address)
    assert (found.data, found.iri) == (b"here", f"{other.address}new")
    with pytest.raises(FetchFailed, match="302"):
        fetch(other.host, other.address, form={"query": "ASK {}"})
    other.answer = leading("/again")
    with pytest.raises(FetchFailed, match="times"):
        fetch(other.host, other.address)


# For how long, and how much


def dripping(pause: float) -> Answering:
    def answer(handler: BaseHTTPRequestHandler, _: Asked) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            time.sleep(pause)
            handler.wfile.write(b"a")
            handler.wfile.flush()

    return answer


def endless(handler: BaseHTTPRequestHandler, _: Asked) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\n\r\n")
    while True:
        handler.wfile.write(b"# more and more\n" * 1000)


def raw(text: bytes) -> Answering:
    def answer(handler: BaseHTTPRequestHandler, _: Asked) -> None:
        handler.wfile.write(text)
        handler.close_connection = True

    return answer


BOMB = gzip.compress(b"\0" * 50_000_000)
HOSTILE = {
    "slow": dripping(0.05),
    "endless": endless,
    "a body shorter than it says": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<urn:a> <urn:b> 1 ."),
    "a length that is none": raw(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"),
    "a negative length": raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"),
    "two lengths": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"),
    "a length that promises too much": saying(b"x" * 2 * LIMIT, TURTLE),
    "gzip bomb": saying(BOMB, TURTLE, Content_Encoding="gzip"),
    "no HTTP": raw(b"220 ready\r\n"),
    "headers without end": raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000),
    "nothing": raw(b""),
    "HTML": saying(b"<html>", "text/html"),
    "no type": raw(b"HTTP/1.1 200 OK\r\n\r\n<urn:a> <urn:b> 1 ."),
    "deep JSON-LD": saying(b'{"urn:p":' * 1000 + b"1" + b"}" * 1000, "application/ld+json"),
    "a context elsewhere": saying(b'{"@context": "http://127.0.0.1:9/", "a": 1}', "application/ld+json"),
    "not its type": saying(b"<urn:a> <urn:b>", TURTLE),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("verb", ["LOAD", "SERVICE"])
def test_a_hostile_server_is_left_and_the_next_query_answered(
    kg: Client, other: Other, verb: str, name: str
) -> None:
    other.answer = HOSTILE[name]
    if verb == "LOAD":
        response = load(kg, other.address)
    else:
        query = f"SELECT * {{ SERVICE <{other.address}> {{ ?s ?p ?o }} }}"
        response = kg.get("/sparql", params={"query": query})
    assert other.host in fault(response, 502)["detail"]
    assert kg.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True


# Updates


def test_the_where_of_an_update_may_ask_and_its_templates_may_not(kg: Client, other: Other) -> None:
    row = {"x": {"type": "uri", "value": "urn:asked"}}
    told = {"head": {"vars": ["x"]}, "results": {"bindings": [row]}}
    other.answer = saying(json.dumps(told).encode(), "application/sparql-results+json")
    headers = {"Content-Type": "application/sparql-update", **bearer("curator")}
    text = f"INSERT {{ ?x <urn:p> 'service' }} WHERE {{ SERVICE <{other.address}> {{ ?x ?p ?o }} }}"
    assert kg.post("/update", content=text, headers=headers).status_code == 200
    assert holds(kg, "<urn:asked> <urn:p> 'service'")
    asked = len(other.seen)
    text = f"DELETE WHERE {{ SERVICE <{other.address}> {{ ?x ?p ?o }} }}"
    fault(kg.post("/update", content=text, headers=headers), 400)
    assert len(other.seen) == asked


def load(kg: Client, iri: str, silent: str = "", into: str = "") -> httpx.Response:
    headers = {"Content-Type": "application/sparql-update", **bearer("curator")}
    return kg.post("/update", content=f"LOAD {silent} <{iri}> {into}", headers=headers)


def holds(kg: Client, pattern: str) -> bool:
    return bool(kg.get("/sparql", params={"query": f"ASK {{ {pattern} }}"}).json()["boolean"])


def test_a_document_is_loaded_into_the_graph_named_or_the_stores_own(kg: Client, other: Other) -> None:
    other.answer = saying(b"<a> <urn:loaded> 'one', [] .", "text/turtle; charset=utf-8")
    told = load(kg, f"{other.address}doc.ttl#part", into="INTO GRAPH <urn:goal>").json()
    assert (told["added"], told["graphs"]) == (2, ["urn:goal"])
    assert holds(kg, f"GRAPH <urn:goal> {{ <{other.address}a> <urn:loaded> 'one' }}")
    assert other.seen[-1].path == "/doc.ttl"
    assert other.seen[-1].headers["accept"].startswith("text/turtle")
    other.answer = saying(b'{"@id": "urn:own", "urn:loaded": "two"}', "application/ld+json")
    assert load(kg, other.address).status_code == 200
    assert "urn:own" in kg.get("/graphs?default").text


def test_what_is_loaded_passes_the_gate_and_sees_what_comes_before(kg: Client, other: Other) -> None:
    other.answer = saying(f"<{iris.DATA}x> a <{iris.TERMS}Statemnt> .".encode(), TURTLE)
    assert fault(load(kg, other.address), 422)["violations"]
    other.answer = saying(b"<urn:chain> <urn:n> 1 .", TURTLE)
    text = f"LOAD <{other.address}> INTO GRAPH <urn:g> ; DELETE WHERE {{ GRAPH <urn:g> {{ ?s <urn:n> ?n }} }}"
    headers = {"Content-Type": "application/sparql-update", **bearer("curator")}
    assert kg.post("/update", content=text, headers=headers).status_code == 204
    fault(load(kg, other.address, into=f"INTO GRAPH <{iris.TERMS_GRAPH}>"), 409)


def test_a_table_and_a_dataset_are_not_loaded(kg: Client, other: Other) -> None:
    other.answer = saying(b"a,b\n", "text/csv")
    fault(load(kg, other.address), 502)
    other.answer = saying(b"<urn:g> { <urn:a> <urn:b> 1 }", "application/trig")
    assert "named graphs" in fault(load(kg, other.address), 502)["detail"]


def test_a_silent_load_that_fails_or_is_not_allowed_does_nothing_and_says_so(
    kg: Client, other: Other
) -> None:
    other.answer = saying(b"no", TURTLE, 404)
    (said,) = load(kg, other.address, "SILENT").json()["warnings"]
    assert "was skipped" in said
    asked = len(other.seen)
    for place in ("http://169.254.169.254/", "http://127.0.0.1:9/", "file:///etc/passwd"):
        assert "KG_ALLOW" in fault(load(kg, place), 403)["detail"]
        told = load(kg, place, "SILENT").json()
        assert (told["added"], told["removed"]) == (0, 0)
        assert "KG_ALLOW" in told["warnings"][0]
    assert len(other.seen) == asked


@pytest.mark.parametrize("place", ["FROM", "FROM NAMED"])
def test_a_dataset_is_never_fetched(kg: Client, other: Other, place: str) -> None:
    asked = len(other.seen)
    answer = kg.get("/sparql", params={"query": f"SELECT * {place} <{other.address}> {{ ?s ?p ?o }}"})
    assert answer.json()["results"]["bindings"] == []
    assert len(other.seen) == asked
