"""Connections: requests that came before are answered again; slow and endless ones are refused."""

import asyncio
import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from types import SimpleNamespace

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from kg.api.answer_cache import AnswerCache, CachedAnswer, RequestBytes
from kg.api.fast import connection, request_head
from kg.api.fast.admissions import Admissions
from kg.api.fast.byte_cache import Repeats
from kg.api.fast.connection import Connection, Terms
from kg.api.fast.plain_query import Plain
from kg.api.metrics import Metrics
from kg.api.middleware.access_log import AccessLog, writer
from kg.api.middleware.limits import Limits
from kg.api.proxies import Proxies
from tests.support import live_server
from tests.support.sockets import exchange, hits, place, received

ASK = (
    b"GET /sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D HTTP/1.1\r\nHost: kg\r\nAccept: text/boolean, */*\r\n\r\n"
)
TOKEN = "a token for this test"
FACTS = b"<urn:x:new> <urn:x:p> <urn:x:o> ."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    data = tmp_path_factory.mktemp("served") / "data"
    with live_server.live(data, token=TOKEN, readers=1) as (_, url):
        yield place(url)


def test_a_repeat_is_answered_like_the_first_but_for_its_id(address: tuple[str, int]) -> None:
    before = hits(address)
    answers = exchange(address, *[ASK] * 5)
    ids = {headers.pop("x-request-id") for headers, _ in answers}
    dates = [headers.pop("date") for headers, _ in answers]
    assert len(ids) == 5
    assert all(dates)
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0]["status"] == "HTTP/1.1 200 OK"
    assert hits(address) == before + 4


def test_a_repeat_after_a_commit_is_answered_anew(address: tuple[str, int]) -> None:
    asked = ASK.replace(b"%3Fs%20", b"%3Curn:x:new%3E%20")
    write = (
        f"POST /facts HTTP/1.1\r\nHost: kg\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Content-Type: text/turtle\r\nContent-Length: {len(FACTS)}\r\n\r\n"
    ).encode() + FACTS
    answers = exchange(address, asked, asked, asked, write, asked, asked, asked)
    said = [json.loads(body).get("boolean") for _, body in answers]
    assert said == [False, False, False, None, True, True, True]
    versions = [headers.get("x-graph-version") for headers, _ in answers]
    assert versions[0] == versions[2] != versions[4] == versions[6]


def test_requests_sent_at_once_are_answered_in_their_order(address: tuple[str, int]) -> None:
    exchange(address, ASK, ASK)
    other = ASK.replace(b"ASK", b"SELECT%20*%20").replace(b"%7D", b"%7DLIMIT%201")
    with socket.create_connection(address, timeout=120) as link:
        link.sendall(other + ASK)
        link.sendall(ASK)
        got = b""
        while got.count(b"HTTP/1.1 200 OK") < 3 or not got.endswith(b"}"):
            got += link.recv(1 << 16)
    assert re.findall(rb'"(bindings|boolean)"', got) == [b"bindings", b"boolean", b"boolean"]


def test_a_request_that_speaks_of_itself_is_read_each_time(address: tuple[str, int]) -> None:
    asked = ASK.replace(b"\r\n\r\n", b"\r\nX-Request-Id: mine\r\n\r\n")
    answers = exchange(address, *[asked] * 4)
    assert [headers["x-request-id"] for headers, _ in answers] == ["mine"] * 4


def test_what_is_no_request_is_answered_with_a_problem(address: tuple[str, int]) -> None:
    ((headers, body),) = exchange(address, b"GET / HTTP/7.1\r\nHost: kg\r\n\r\n")
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"
    assert json.loads(body)["status"] == 400


@pytest.mark.parametrize("length", [70_000, 140_000, 20_000_000])
def test_a_client_that_sends_a_long_address_to_its_end_reads_why_it_was_refused(
    address: tuple[str, int], length: int
) -> None:
    calling = http.client.HTTPConnection(*address, timeout=120)
    calling.request("GET", "/sparql?query=ASK%7B%7D%23" + "a" * length)
    answer = calling.getresponse()
    assert (answer.status, answer.getheader("connection")) == (414, "close")
    assert "POST" in json.loads(answer.read())["detail"]
    calling.close()


def test_an_address_of_65000_bytes_is_read(address: tuple[str, int]) -> None:
    calling = http.client.HTTPConnection(*address, timeout=120)
    calling.request("GET", "/sparql?query=ASK%7B%7D%23" + "a" * 65_000)
    assert calling.getresponse().status == 200
    calling.close()


def test_a_client_that_never_ends_its_address_loses_the_connection(
    address: tuple[str, int],
) -> None:
    with socket.create_connection(address, timeout=120) as link:
        link.sendall(b"GET /" + b"a" * 100_000)
        headers, _ = received(link)
        assert "414" in headers["status"]
        with pytest.raises(ConnectionError):
            send_slowly(link, seconds=20)


def send_slowly(link: socket.socket, seconds: int) -> None:
    for _ in range(seconds * 10):
        link.sendall(b"a")
        time.sleep(0.1)


def test_headers_without_end_are_refused(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=120) as link:
        link.sendall(b"GET / HTTP/1.1\r\nX-A: " + b"a" * (request_head.LONGEST_HEAD + 1))
        headers, body = received(link)
    assert "431" in headers["status"]
    assert json.loads(body)["title"] == "Headers too large"


@pytest.mark.parametrize(
    ("sent", "rate"),
    [
        (b"GET / HTTP/1.1\r\nX-A: ", 1),
        (b"POST / HTTP/1.1\r\nHost: kg\r\nContent-Length: 9\r\n\r\nab", 1 << 20),
    ],
    ids=["head", "body"],
)
def test_a_request_that_comes_too_slowly_is_refused(
    monkeypatch: pytest.MonkeyPatch, sent: bytes, rate: int
) -> None:
    monkeypatch.setattr(connection, "SECONDS_TO_ASK", 0.05)
    monkeypatch.setattr(connection, "LEAST_RATE", rate)
    told = asyncio.run(_answer(sent))
    assert told.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b'"title": "Too slow"' in told


def test_a_body_that_comes_steadily_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "SECONDS_TO_ASK", 0.05)
    monkeypatch.setattr(connection, "LEAST_RATE", 1)
    head = b"POST / HTTP/1.1\r\nHost: kg\r\nConnection: close\r\nContent-Length: 9\r\n\r\n"
    told = asyncio.run(_answer(head + b"abcd", b"efghi", pause=0.2))
    assert told.startswith(b"HTTP/1.1 200 OK\r\n")
    assert told.endswith(b"abcdefghi")


def test_a_client_that_takes_no_answer_is_given_no_more_of_them() -> None:
    async def ask() -> list[bytes]:
        link, answers = Link(), AnswerCache(1 << 20)
        connection = new_connection(new_repeats(answers))
        connection.connection_made(link)
        answers.keep("tag", CachedAnswer(b"x" * 9000, ()), RequestBytes(ASK, "/sparql", 7))
        connection.data_received(ASK)
        connection.pause_writing()
        connection.data_received(ASK)
        await asyncio.sleep(0)
        connection.connection_lost(None)
        return link.written

    assert len(asyncio.run(ask())) == 1


def test_what_was_sent_before_a_head_is_no_part_of_it() -> None:
    async def ask() -> list[bytes]:
        link, connection = Link(), new_connection(new_repeats())
        connection.connection_made(link)
        head = b"POST / HTTP/1.1\r\nHost: kg\r\nContent-Length: 70000\r\n\r\n"
        connection.data_received(head + b"x" * 70_000 + b"GET / HTTP/1.1\r\nX-A: ")
        connection.connection_lost(None)
        return link.written

    assert asyncio.run(ask()) == []


class Link(asyncio.Transport):
    """A client that sends nothing, and how much is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def close(self) -> None:
        return

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def pause_reading(self) -> None:
        return

    def resume_reading(self) -> None:
        return


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message["more_body"]
    await PlainTextResponse(body)(scope, receive, send)


def new_connection(repeats: Repeats, terms: Terms | None = None, app: ASGIApp = _echo) -> Connection:
    """Make a connection to an application, by default to one that gives back what it is sent."""
    config = uvicorn.Config(app, lifespan="off", log_level="critical")
    plain = Plain(lambda: None, Limits(_echo, 0, 0), repeats._log)  # type: ignore[arg-type, return-value]
    terms = terms or Terms(Admissions(0, 0), Proxies(), 5, 0)
    return Connection(repeats, plain, terms, config=config, server_state=ServerState(), app_state={})


async def _answer(*parts: bytes, pause: float = 0.0) -> bytes:
    """Send the parts of a request with a pause between them to an application that gives its body back."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: new_connection(new_repeats()), "127.0.0.1", 0)
    async with server:
        reader, writing = await asyncio.open_connection(*server.sockets[0].getsockname())
        for part in parts:
            writing.write(part)
            await asyncio.sleep(pause)
        told = await asyncio.wait_for(reader.read(), 10)
        writing.close()
        await writing.wait_closed()
    return told


def new_repeats(answers: AnswerCache | None = None) -> Repeats:
    metrics = Metrics()
    return Repeats(AccessLog(writer("off"), metrics.count), metrics, lambda: 7, answers or AnswerCache(0))


@pytest.mark.parametrize("fails", ["read", "answer"])
def test_a_fault_of_the_short_way_is_a_problem_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fails: str
) -> None:
    def failing(*_: object) -> None:
        raise LookupError("a secret of ours")

    monkeypatch.setattr(Plain, "read", lambda *_: SimpleNamespace(request=ASK))
    monkeypatch.setattr(Plain, fails, failing)
    told = asyncio.run(_answer(ASK))
    head, _, body = told.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 500 ")
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["status"] == 500
    assert b"secret" not in told
    assert "LookupError: a secret of ours" in caplog.text


def test_a_body_that_never_ends_behind_its_answer_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "SECONDS_TO_ASK", 0.05)
    monkeypatch.setattr(connection, "SECONDS_TO_DISCARD", 0.2)

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("no", 413)(scope, receive, send)

    async def run() -> tuple[bytes, int]:
        terms = Terms(Admissions(0, 0), Proxies(), 60, 0)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(partial(new_connection, new_repeats(), terms, refuse), "127.0.0.1")
        async with server:
            reader, writing = await asyncio.open_connection(*server.sockets[0].getsockname())
            writing.write(b"POST / HTTP/1.1\r\nHost: kg\r\nTransfer-Encoding: chunked\r\n\r\n")
            told, sent = await reader.read(1 << 16), 0
            with suppress(ConnectionError):
                while sent < 200:
                    writing.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
                    await writing.drain()
                    await asyncio.sleep(0.05)
                    sent += 1
            writing.close()
        return told, sent

    told, sent = asyncio.run(run())
    assert told.startswith(b"HTTP/1.1 413 ")
    assert sent < 100
