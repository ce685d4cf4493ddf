"""Connections are counted, in all and by client; over a limit they are refused, and idle ones are closed."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

import pytest

from kg.api.fast.admissions import Admissions
from kg.errors import TooManyConnections
from tests.support.live_server import live

HEALTH = b"GET /health HTTP/1.1\r\nHost: kg\r\n\r\n"
TOKEN = "a token for this test"


@contextmanager
def served(data: Path, **settings: object) -> Iterator[tuple[str, int]]:
    with live(data, token=TOKEN, readers=1, **settings) as (_, url):
        host, port = url.removeprefix("http://").rstrip("/").split(":")
        yield host, int(port)


class Links:
    """Connections that are closed at the end of a test."""

    def __init__(self) -> None:
        self.open: list[socket.socket] = []

    def to(self, address: tuple[str, int], client: str = "127.0.0.1") -> socket.socket:
        """Open one, from an address."""
        link = socket.create_connection(address, timeout=120, source_address=(client, 0))
        self.open.append(link)
        return link


@pytest.fixture
def links() -> Iterator[Links]:
    links = Links()
    yield links
    for link in links.open:
        link.close()


def asked(link: socket.socket, request: bytes = HEALTH) -> bytes:
    """Send a request and return its answer, up to the end of its JSON."""
    link.sendall(request)
    answer = link.recv(1 << 16)
    while answer and not answer.endswith(b"}"):
        piece = link.recv(1 << 16)
        if not piece:
            break
        answer += piece
    return answer


def is_closed(link: socket.socket) -> bool:
    """Wait until the server closes a connection; False if it sends something."""
    try:
        return link.recv(1) == b""
    except ConnectionResetError:
        return True


def test_connections_are_counted_until_they_leave() -> None:
    admissions = Admissions(3, 2)
    admissions.enter("192.0.2.1", is_proxy=False)
    admissions.enter("::ffff:192.0.2.1", is_proxy=False)
    with pytest.raises(TooManyConnections, match="You have 2"):
        admissions.enter("192.0.2.1", is_proxy=False)
    admissions.enter("192.0.2.1", is_proxy=True)
    with pytest.raises(TooManyConnections, match="The server"):
        admissions.enter("192.0.2.2", is_proxy=False)
    for _ in range(3):
        admissions.leave("192.0.2.1")
    assert admissions.total == 0
    admissions.enter("192.0.2.1", is_proxy=False)


def test_addresses_of_one_network_are_one_client() -> None:
    admissions = Admissions(0, 1)
    admissions.enter("2001:db8::1", is_proxy=False)
    with pytest.raises(TooManyConnections):
        admissions.enter("2001:db8::2", is_proxy=False)
    admissions.enter("2001:db8:0:1::1", is_proxy=False)


def test_one_client_leaves_connections_for_others(tmp_path: Path, links: Links) -> None:
    with served(tmp_path / "data", connections=8, client_connections=3) as address:
        held = [links.to(address) for _ in range(3)]
        refusal = links.to(address).recv(1 << 16)
        assert refusal.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 1\r\n" in refusal
        assert b"connection: close\r\n" in refusal
        assert b'"title": "Too many connections"' in refusal
        assert asked(links.to(address, "127.0.0.2")).startswith(b"HTTP/1.1 200 ")
        assert asked(held[0]).startswith(b"HTTP/1.1 200 ")
        held[1].close()
        end = monotonic() + 120
        while not (answer := asked(links.to(address))).startswith(b"HTTP/1.1 200 "):
            assert monotonic() < end, answer


def test_idle_connections_are_closed_before_and_between_requests(tmp_path: Path, links: Links) -> None:
    with served(tmp_path / "data", idle_seconds=1) as address:
        began = monotonic()
        silent, used, empty, queried = (links.to(address) for _ in range(4))
        assert asked(used).startswith(b"HTTP/1.1 200 ")
        for query in (b"ASK%7B%7D", b"ASK%7B%7D", b"ASK%20%7B%7D"):  # anew, repeated, and anew again
            head = b"Host: localhost\r\nAccept: application/sparql-results+json"
            request = b"GET /sparql?query=%b HTTP/1.1\r\n%b\r\n\r\n" % (query, head)
            assert asked(queried, request).startswith(b"HTTP/1.1 200 ")
        with suppress(OSError):  # a busy machine may have closed it by then
            for _ in range(8):
                sleep(0.1)
                empty.send(b"\r\n")  # empty lines begin no request
        assert all(map(is_closed, (silent, used, empty, queried)))
        assert monotonic() - began > 0.8


@pytest.mark.parametrize("clients", [1, 8])
def test_connections_leave_descriptors_for_the_store(tmp_path: Path, links: Links, clients: int) -> None:
    with served(tmp_path / "data", descriptors=256) as address:
        kept = HTTPConnection(*address, timeout=120)
        kept.request("GET", "/health")
        kept.getresponse().read()
        held = [links.to(address, f"127.0.0.{2 + number % clients}") for number in range(300)]
        for number in range(4):
            body = f"INSERT DATA {{ <urn:k> <urn:p> {number} }}"
            assert posted(kept, "/update", "application/sparql-update", body)[0] == 200
            query = f"ASK {{ <urn:k> <urn:p> {number} }}"
            status, answer = posted(kept, "/sparql", "application/sparql-query", query)
            assert (status, b"true" in answer) == (200, True)
        kept.close()
        assert len(held) == 300


def posted(link: HTTPConnection, path: str, content_type: str, body: str) -> tuple[int, bytes]:
    link.request("POST", path, body, {"Content-Type": content_type, "Authorization": f"Bearer {TOKEN}"})
    response = link.getresponse()
    return response.status, response.read()
