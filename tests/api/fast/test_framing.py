"""Where requests end on a real connection: bodies are read, nothing is smuggled behind them."""

import json
import re
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from time import sleep

import pytest

from tests.support.live_server import live

TOKEN = "a token for this test"
LAST = b"Connection: close\r\n"
INNER = b"GET /health HTTP/1.1\r\nHost: smuggled\r\n\r\n"
ASK = b"ASK {}"
QUERY = b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\nAccept: text/csv\r\n"
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    with live(tmp_path_factory.mktemp("framing") / "data", token=TOKEN, readers=1) as (_, url):
        host, port = url.removeprefix("http://").rstrip("/").split(":")
        yield host, int(port)


def exchange(address: tuple[str, int], *parts: bytes, pause: float = 0.2, until: float = 120) -> bytes:
    """Send parts with a pause between them; give what is answered until the server closes or falls silent."""
    got = b""
    with socket.create_connection(address, timeout=120) as link:
        for part in parts:
            link.sendall(part)
            sleep(pause)
        link.settimeout(until)
        try:
            while data := link.recv(1 << 16):
                got += data
        except TimeoutError:
            return got + b"<open>"
        except ConnectionResetError:
            pass
    return got


def statuses(answer: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def facts_of(address: tuple[str, int], graph: str) -> int:
    """Count the facts of a graph."""
    link = HTTPConnection(*address, timeout=120)
    text = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    link.request("POST", "/sparql", text, headers)
    count = int(link.getresponse().read().split()[1])
    link.close()
    return count


def writing(
    method: bytes, path: bytes, content_type: bytes, body: bytes, more: bytes = b""
) -> tuple[bytes, bytes]:
    """Give the head and the body of a write."""
    head = (
        b"%b %b HTTP/1.1\r\nHost: kg\r\nAuthorization: Bearer %b\r\n"
        b"Content-Type: %b\r\nContent-Length: %d\r\n%b\r\n"
    ) % (method, path, TOKEN.encode(), content_type, len(body), more)
    return head, body


@pytest.mark.parametrize("apart", [False, True], ids=["at once", "body later"])
def test_a_write_that_offers_an_upgrade_is_done(address: tuple[str, int], apart: bool) -> None:
    graph = f"urn:upgraded:{apart}"
    update = f"INSERT DATA {{ GRAPH <{graph}> {{ <urn:a> <urn:b> 1, 2 }} }}".encode()
    head, body = writing(b"POST", b"/update", b"application/sparql-update", update, H2C + LAST)
    assert statuses(exchange(address, *((head, body) if apart else (head + body,)))) == [200]
    assert facts_of(address, graph) == 2
    turtle = b"<urn:a> <urn:b> 1, 2, 3 ."
    head, body = writing(b"PUT", f"/graphs?graph={graph}".encode(), b"text/turtle", turtle, H2C + LAST)
    assert statuses(exchange(address, *((head, body) if apart else (head + body,)))) == [200]
    assert facts_of(address, graph) == 3


def test_a_body_that_comes_after_an_offered_upgrade_is_no_request(address: tuple[str, int]) -> None:
    head = QUERY + b"Host: kg\r\n" + H2C + b"Content-Length: %d\r\n\r\n" % len(INNER)
    answer = exchange(address, head, INNER, until=2)
    assert statuses(answer) == [400]
    assert b'"status":"ok"' not in answer
    assert answer.endswith(b"<open>")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /health HTTP/1.1\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nAccept: text/csv\r\n\r\n", 400),
        (b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a\r\nHost: b\r\nAccept: text/csv\r\n\r\n", 400),
        (b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        (QUERY + b"Host: kg\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (QUERY + b"Host: kg\r\nContent-Length: 6\r\nContent-Length: 46\r\n\r\n" + ASK, 400),
        (QUERY + b"Host: kg\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
        (QUERY + b"Host: kg\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (QUERY + b"Host: kg\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (QUERY + b"Host: kg\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
        (QUERY + b"Host: kg\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400),
        (QUERY + b"Host: kg\r\nContent-Length: 0\0\r\n\r\n", 400),
        (QUERY + b"Host: kg\nContent-Length: 0\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.0\r\nHost: kg\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"CONNECT kg:80 HTTP/1.1\r\nHost: kg\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: kg\r\n" + b"A: b\r\n" * 300 + b"\r\n", 431),
    ],
)
def test_a_request_without_a_certain_end_is_refused_and_ends_the_connection(
    address: tuple[str, int], request_: bytes, status: int
) -> None:
    answer = exchange(address, request_ + INNER, INNER)
    assert statuses(answer) == [status]
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"connection: close" in head.lower()
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == status
    assert b"<open>" not in answer


@pytest.mark.parametrize(
    "body",
    [
        b"6\r\nASK {}0\r\n\r\n",
        b"6\r\nASK {}\r\n0\r\nA : b\r\n\r\n",
        b"6 \r\nASK {}\r\n",
        b"6\nASK {}\r\n0\r\n\r\n",
    ],
)
def test_chunks_that_are_none_end_the_connection(address: tuple[str, int], body: bytes) -> None:
    head = QUERY + b"Host: kg\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = exchange(address, head + body + INNER)
    assert statuses(answer) == [400]
    assert b"<open>" not in answer


def test_requests_sent_ahead_are_answered_in_their_order(address: tuple[str, int]) -> None:
    chunked = (
        QUERY + b"Host: kg\r\nTransfer-Encoding: chunked\r\n\r\n6;a=b\r\nASK {}\r\n0\r\nTrailer: x\r\n\r\n"
    )
    framed = QUERY + b"Host: kg\r\nContent-Length: 6\r\n\r\n" + ASK
    plain = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: kg\r\nAccept: text/csv\r\n\r\n"
    unknown = b"BREAK /sparql HTTP/1.1\r\nHost: kg\r\n\r\n"
    last = b"GET /nothing HTTP/1.1\r\nHost: kg\r\nConnection: close\r\n\r\n"
    answer = exchange(address, (chunked + INNER + plain + framed + unknown) * 20 + last + INNER)
    assert statuses(answer) == [200, 200, 200, 200, 405] * 20 + [404]


def test_many_requests_sent_ahead_do_not_keep_others_waiting(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=120) as link:
        link.sendall(b"GET /health HTTP/1.1\r\nHost:a\r\n\r\n" * 9_000)
        for _ in range(10):
            last = INNER.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
            assert statuses(exchange(address, last, pause=0)) == [200]


def test_http_1_0_is_answered_and_the_connection_closed(address: tuple[str, int]) -> None:
    answer = exchange(address, b"GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + INNER)
    assert statuses(answer) == [200]
    assert b"<open>" not in answer


def test_a_body_is_asked_for_where_the_client_waits_for_that(address: tuple[str, int]) -> None:
    head = QUERY + b"Host: kg\r\nExpect: 100-continue\r\nContent-Length: 6\r\n\r\n"
    assert statuses(exchange(address, head, ASK)) == [100, 200]
    assert statuses(exchange(address, head.replace(b"HTTP/1.1", b"HTTP/1.0"), ASK)) == [200]


def test_after_a_refusal_without_the_body_nothing_more_is_read(address: tuple[str, int]) -> None:
    head = QUERY + b"Host: kg\r\nExpect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n"
    answer = exchange(address, head, INNER)
    assert statuses(answer) == [413]
    assert b"connection: close" in answer.lower()
    assert b"<open>" not in answer


def test_a_body_that_nobody_reads_is_passed_over(address: tuple[str, int]) -> None:
    body = b"x" * 300_000
    head, _ = writing(b"POST", b"/nothing", b"text/turtle", body)
    answer = exchange(address, head + body[:1000], body[1000:] + INNER.replace(b"Host", LAST + b"Host"))
    assert statuses(answer) == [404, 200]


def test_the_host_of_an_absolute_target_is_the_one_in_links(address: tuple[str, int]) -> None:
    target = b"GET http://called.example/.well-known/void HTTP/1.1\r\nHost: other\r\nAccept: text/turtle\r\n"
    answer = exchange(address, target + LAST + b"\r\n")
    assert statuses(answer) == [200]
    assert b"http://called.example/" in answer
    assert b"//other/" not in answer
