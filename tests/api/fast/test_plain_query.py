"""Plain queries are answered on the connection, and in nothing otherwise than the usual way."""

import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.api import parameters
from kg.api.answering import Begun
from kg.api.fast.plain_query import Plain
from kg.api.fast.request_head import LONGEST_HEAD
from kg.api.metrics import Metrics
from kg.api.middleware.access_log import AccessLog, writer
from kg.api.middleware.limits import Limits
from kg.api.scope_keys import BEGUN
from kg.query.readers.answer import StreamedAnswer
from kg.settings import Settings
from tests.support import live_server
from tests.support.api_server import Client, serving
from tests.support.sockets import place

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c > ?f) }"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 2000"
ALL = {"Accept": "*/*"}
OWN = {"request", "date"}
"""Headers that differ each time."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    data = tmp_path_factory.mktemp("plain") / "data"
    with live_server.live(data, readers=1, client_requests=2, query_seconds=150) as (_, url):
        yield place(url)


def request(query: str, headers: dict[str, str], path: str = "/sparql?query=") -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "kg", **headers}.items())
    return f"GET {path}{quote(query)} HTTP/1.1\r\n{lines}\r\n".encode()


def answered(address: tuple[str, int], *sent: bytes) -> bytes:
    """Send requests on one connection that the last of them closes; give all that comes back."""
    with socket.create_connection(address, timeout=100) as link:
        for part in sent:
            link.sendall(part)
        got = b""
        while part := link.recv(1 << 16):
            got += part
        return got


def told(address: tuple[str, int], query: str, headers: dict[str, str]) -> tuple[str, dict[str, str], bytes]:
    """Ask; give the status, the headers that do not differ each time, and the body."""
    head, _, body = answered(address, request(query, headers), closing("ASK {}")).partition(b"\r\n\r\n")
    status, *lines = head.decode("ascii").split("\r\n")
    named = dict(line.lower().split(": ", 1) for line in lines)
    for name in ("x-request-id", "date"):
        del named[name]
    return status, named, re.split(rb"HTTP/1\.1 200 OK\r\n(?!.*HTTP/1)", body, flags=re.DOTALL)[0]


def closing(query: str) -> bytes:
    return request(query, {"Connection": "close"})


def plain(settings: Settings) -> Plain:
    """Make what reads requests, with no reader behind it."""

    class Here:
        """Stands for the resources, of which reading a request needs the settings only."""

    Here.settings = settings  # type: ignore[attr-defined]
    metrics = Metrics()
    log = AccessLog(writer("off"), metrics.count)
    return Plain(lambda: Here, Limits(_nothing, 0, 0), log)  # type: ignore[arg-type, return-value]


async def _nothing(*_: object) -> None:
    return


@pytest.mark.parametrize(
    "headers",
    [
        {},
        ALL,
        {"Accept": "text/csv", "Accept-Encoding": "gzip, zstd", "Connection": "keep-alive"},
        {"aCCEPT": "application/json;q=0.5,text/csv", "User-Agent": "someone/1.0 (a b; c)"},
    ],
)
def test_a_query_with_the_headers_of_any_program_is_plain(headers: dict[str, str]) -> None:
    query = plain(Settings()).read(request("ASK { ?s ?p 'á+%' }", headers))
    assert query is not None
    assert query.job.text == "ASK { ?s ?p 'á+%' }"
    assert query.job.accept in (*headers.values(), None)


@pytest.mark.parametrize(
    "sent",
    [
        request("ASK {}", {"Authorization": "Bearer x"}),
        request("ASK {}", {"If-None-Match": '"x"'}),
        request("ASK {}", {"X-Request-Id": "mine"}),
        request("ASK {}", {"Connection": "close"}),
        request("ASK {}", {"Expect": "100-continue"}),
        request("ASK {}", {"Content-Length": "0"}),
        request("ASK {}", {"Transfer-Encoding": "chunked"}),
        request("ASK {}", {"Accept": "text/html"}),
        request("ASK {}", {"Accept": "image/png"}),
        request("ASK {}", {"Accept": "a\tb\x7f"}),
        request("ASK {}", {"Accept": "*/*" + "," * 2000}),
        request("ASK {}", {}, "/sparql?format=csv&query="),
        request("ASK {}", {}, "/sparql/?query="),
        request("ASK {}", {}, "//sparql?query="),
        request("ASK {}", ALL).replace(b"%7B", b"&format=csv"),
        request("ASK {}", ALL).replace(b"%7B", b"#"),
        request("ASK {}", ALL).replace(b"%7B", b"%FF"),
        request("ASK {}", ALL).replace(b"GET", b"HEAD"),
        request("ASK {}", ALL).replace(b"1.1", b"1.0"),
        request("ASK {}", ALL).replace(b"\r\n", b"\n"),
        request("ASK {}", ALL).replace(b"Host: kg", b"Host : kg"),
        request("ASK {}", ALL).replace(b"Host: kg", b"Host: kg\r\n folded"),
        request("ASK {}" + " " * 200, ALL),
    ],
    ids=repr,
)
def test_whatever_says_more_or_otherwise_is_not_plain(sent: bytes) -> None:
    assert plain(Settings(max_query_bytes=200)).read(sent) is None


@given(st.text(), st.booleans())
def test_a_value_alone_is_decoded_as_among_others(text: str, with_plus: bool) -> None:
    sent = (quote_plus if with_plus else quote)(text, errors="replace").encode()
    assert [("query", parameters.unquoted(sent, "It"))] == parameters.decoded(b"query=" + sent, "It")


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 3", {"Accept": "text/csv"}),
        ("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 300", {**ALL, "Accept-Encoding": "gzip"}),
        ("ASK { ?s ?p ?o }", {}),
        ("CONSTRUCT { ?s ?p 1 } WHERE { ?s a dip:Gesture }", {"Accept": "text/turtle"}),
        ("SELECT (RAND() < 2 AS ?sure) {}", ALL),
        (LONG, ALL),
        (LONG, {"Accept-Encoding": "zstd"}),
        ("SELECT * { ?s ?p }", ALL),
        ("SELECT * { ?s ?p }", {"Accept-Language": "es"}),
        ("ASK {}", {"Accept": "text/csv"}),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", ALL),
    ],
)
def test_a_plain_query_is_answered_as_any_other(
    address: tuple[str, int], query: str, headers: dict[str, str]
) -> None:
    first = told(address, query, headers)
    other = query + " " if "200 OK" in first[0] else query  # only faults are not kept
    usual = told(address, other, {**headers, "X-Other": "makes it not plain"})
    tags = [answer[1].pop("etag", None) for answer in (first, usual)]
    assert first == usual
    assert (tags[0] is None) == (tags[1] is None)
    if "content-length" in first[1]:
        assert told(address, query, headers)[1].get("etag") == tags[0]
        assert told(address, query, headers)[2] == first[2]


@pytest.mark.parametrize("query", [LONG + " # missed", "SELECT * { ?missed ?p }"])
def test_an_answer_that_is_not_kept_is_missed_once(address: tuple[str, int], query: str) -> None:
    def misses() -> int:
        told = answered(address, closing("ASK {}").replace(b"/sparql?query=ASK%20%7B%7D", b"/metrics"))
        match = re.search(rb"^kg_cache_misses_total (\d+)", told, re.MULTILINE)
        assert match
        return int(match[1])

    answered(address, closing("ASK {}"))  # with which each conversation ends
    before = misses()
    told(address, query, ALL)
    assert misses() - before == 1


def test_what_comes_while_a_plain_query_is_answered_waits_for_its_turn(address: tuple[str, int]) -> None:
    cut = closing("SELECT (3 AS ?last) {}")
    sent = [
        request("SELECT (1 AS ?first) {}", ALL),
        request("SELECT (2 AS ?then) {}", ALL),
        cut[:30],
        cut[30:],
    ]
    got = answered(address, *sent)
    assert re.findall(rb'"vars":\["(\w+)"\]', got) == [b"first", b"then", b"last"]


def test_much_that_comes_too_early_is_read_all_the_same(address: tuple[str, int]) -> None:
    body = b"ASK {} #" + b"x" * (3 * LONGEST_HEAD)
    post = f"POST /sparql HTTP/1.1\r\nHost: kg\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    typed = f"{post}Content-Type: application/sparql-query\r\n\r\n".encode()
    got = answered(address, request(LONG, ALL), typed, body)
    assert re.findall(rb"HTTP/1\.1 (\d+)", got) == [b"200", b"200"]


def test_a_client_that_goes_away_ends_its_plain_query(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=100) as link:
        link.sendall(request(ENDLESS, ALL))
        time.sleep(0.3)
    assert b"200 OK" in answered(address, closing("ASK {}"))


def test_plain_queries_count_among_the_open_requests_of_a_client(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as first, socket.create_connection(address) as second:
        for link in (first, second):
            link.sendall(request(ENDLESS, ALL))
        while b" 429 " not in answered(address, closing("ASK {}")).partition(b"\r\n")[0]:
            time.sleep(0.1)
        with socket.create_connection(address, timeout=100) as third:
            third.sendall(request("ASK {}", ALL))
            assert b" 429 " in third.recv(1 << 16).partition(b"\r\n")[0]


def test_a_server_that_is_stopped_answers_the_plain_query_it_is_at(tmp_path: Path) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a a ?b . ?c ?d ?e }"
    got, tries = b"", 0
    while not got and tries < 5:  # a busy machine may not have begun the query yet, or not end it in time
        tries += 1
        with live_server.live(tmp_path / "data", readers=1) as (process, url):
            with socket.create_connection(place(url), timeout=100) as link:
                link.sendall(request(query, ALL))
                time.sleep(0.3 * tries)
                process.send_signal(signal.SIGTERM)
                while part := link.recv(1 << 16):
                    got += part
            code = process.wait(120)
    assert got.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'"n"' in got
    assert code == 0


def test_an_answer_that_nobody_took_from_a_request_is_let_go(tmp_path: Path) -> None:
    let_go = []

    class Held(StreamedAnswer):
        def close(self) -> None:
            let_go.append(self)

    begun = Begun(0.0, Held(b"text/csv", 1, b"", None))
    with serving(tmp_path) as kg:
        asked_with(kg, begun)
    assert let_go == [begun.found]


def asked_with(kg: Client, begun: Begun) -> None:
    """Send a request that never comes to a reader, with what was found before."""
    scope: dict[str, object] = {
        "type": "http",
        "method": "GET",
        "path": "/nowhere",
        "query_string": b"",
        "headers": [],
        "root_path": "",
        "scheme": "http",
        "server": ("kg", 80),
        "client": None,
        BEGUN: begun,
    }
    kg.run(kg.app(scope, _nothing, _nothing))  # type: ignore[arg-type]


def test_a_fault_that_was_met_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        Begun(0.0, ZeroDivisionError()).taken()
