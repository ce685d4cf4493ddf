"""Clients that take much of a real server, or take it slowly: others are answered soon, in bounded memory."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread

import pytest

from tests.support.live_server import live
from tests.support.sockets import place

RUNAWAY = b"SELECT (COUNT(*) AS ?n) { ?a%d ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LARGE = b"SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
DOUBLINGS = 22
LITERAL = (
    f'SELECT (?v{DOUBLINGS} AS ?x) {{ BIND("0123456789abcdef" AS ?v0) '
    + "".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1}) " for n in range(DOUBLINGS))
    + "}"
)
LITERAL_BYTES = 16 << DOUBLINGS
QUERY_SECONDS = 150
PATIENCE = 100
"""Seconds in which others are answered: runaways that held all readers would hold them longer."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, tuple[str, int]]]:
    """Give the process and the place of a server with two readers."""
    data = tmp_path_factory.mktemp("fair") / "data"
    with live(data, readers=2, query_seconds=QUERY_SECONDS, memory_budget=0) as (process, url):
        yield process.pid, place(url)


def sent(address: tuple[str, int], client: str, text: bytes) -> socket.socket:
    """Send a query from an address of the loopback network, and do not wait for the answer."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    link.bind((client, 0))
    link.connect(address)
    head = "POST /sparql HTTP/1.1\r\nHost: kg\r\nContent-Type: application/sparql-query\r\n"
    link.sendall(f"{head}Content-Length: {len(text)}\r\n\r\n".encode() + text)
    return link


def ask_simply(address: tuple[str, int], client: str, count: int = 5) -> None:
    """Ask simple queries one after the other; raises TimeoutError where none is answered."""
    for number in range(count):
        link = HTTPConnection(*address, timeout=PATIENCE, source_address=(client, 0))
        link.request("GET", f"/sparql?query=ASK%7B%3Curn:n{time.time_ns()}-{number}%3E%20?p%20?o%7D")
        response = link.getresponse()
        response.read()
        link.close()
        assert response.status == 200


@contextmanager
def queries(address: tuple[str, int], clients: list[str], text: bytes) -> Iterator[list[socket.socket]]:
    """Have clients ask a query each, and go away at the end."""
    with ExitStack() as stack:
        links = []
        for number, client in enumerate(clients):
            asked = text % number if b"%" in text else text
            links.append(stack.enter_context(sent(address, client, asked)))
        yield links


@pytest.mark.parametrize(
    "clients",
    [["127.0.0.1"] * 12, [f"127.0.1.{n}" for n in range(1, 13)]],
    ids=["of one address", "of 12 addresses"],
)
@pytest.mark.parametrize("client", ["127.0.0.1", "127.0.0.9"])
def test_simple_queries_are_answered_beside_12_runaways(
    server: tuple[int, tuple[str, int]], clients: list[str], client: str
) -> None:
    _, address = server
    with queries(address, clients, RUNAWAY):
        ask_simply(address, client)


def test_simple_queries_are_answered_beside_16_clients_that_take_answers_by_drops(
    server: tuple[int, tuple[str, int]],
) -> None:
    _, address = server
    with queries(address, ["127.0.0.1"] * 16, LARGE) as links:
        for link in links:
            link.recv(200_000)
        ask_simply(address, "127.0.0.9")
        for link in links:
            link.recv(200_000)
        ask_simply(address, "127.0.0.1")


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json"])
@pytest.mark.parametrize("coding", ["identity", "zstd", "gzip"])
def test_memory_does_not_grow_with_a_row(
    server: tuple[int, tuple[str, int]], accept: str, coding: str
) -> None:
    process, address = server
    link = HTTPConnection(*address, timeout=PATIENCE)
    headers = {"Accept": accept, "Accept-Encoding": coding, "Content-Type": "application/sparql-query"}
    with Peak(process) as peak:
        link.request("POST", "/sparql", LITERAL, headers)
        response = link.getresponse()
        size = 0
        while data := response.read(1 << 16):
            size += len(data)
    link.close()
    assert response.status == 200
    assert (size >= LITERAL_BYTES) == (coding == "identity")
    assert peak.growth < LITERAL_BYTES / 2


class Peak:
    """Watches by how many bytes the memory of a process grows."""

    def __init__(self, process: int) -> None:
        self._status = Path(f"/proc/{process}/statm")
        self._before = self._most = self._resident()
        self._is_over = False
        self._watching = Thread(target=self._watch)

    @property
    def growth(self) -> int:
        """The most bytes above those at the beginning."""
        return self._most - self._before

    def __enter__(self) -> "Peak":
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        self._watching.join()

    def _watch(self) -> None:
        while not self._is_over:
            self._most = max(self._most, self._resident())
            time.sleep(0.005)

    def _resident(self) -> int:
        return int(self._status.read_text(encoding="ascii").split()[1]) << 12
