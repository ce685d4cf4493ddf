"""A query that nobody waits for ends: its reader process is gone, and the next query is answered."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.support.busy_readers import Watch, ticks
from tests.support.live_server import live
from tests.support.sockets import place

ENDLESS = "SELECT (COUNT(*) AS ?rows) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    """The process and the address of a server with readers of its own, whose queries have no time limit."""
    data: Path = tmp_path_factory.mktemp("served") / "data"
    with live(data, log="off", query_seconds=3000.0, forks_itself=True) as (process, address):
        assert httpx.get(f"{address}sparql?query=ASK%20%7B%7D", timeout=120).status_code == 200
        yield process.pid, address
        process.terminate()  # so that its own processes end with it
        process.wait(timeout=60)


def until(found: Callable[[], bool]) -> None:
    """Wait for something to be true, within bounds."""
    end = time.monotonic() + 120
    while not found():
        assert time.monotonic() < end
        time.sleep(0.05)


def idle(server: int) -> Watch:
    """Return a watch on the readers, once all are there and do nothing."""
    while True:
        watch = Watch(server)
        time.sleep(1)
        if watch.is_idle():
            return watch


def left(address: str) -> int:
    """Return the number of queries whose client had gone."""
    lines = httpx.get(f"{address}metrics", timeout=120).text.splitlines()
    (line,) = (each for each in lines if each.startswith('kg_queries_total{outcome="left"}'))
    return int(line.rpartition(" ")[2])


@pytest.mark.parametrize(
    ("path", "accept"),
    [("workbench", "text/html"), ("sparql", "application/sparql-results+json")],
)
def test_a_client_that_leaves_ends_the_reader(served: tuple[int, str], path: str, accept: str) -> None:
    server, address = served
    watch, gone = idle(server), left(address)
    with socket.create_connection(place(address), timeout=120) as link:
        request = (
            f"GET /{path}?query={quote(ENDLESS)} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n"
        )
        link.sendall(request.encode())
        until(lambda: bool(watch.busy()))
        (reader,) = watch.busy()
    until(lambda: ticks(reader) is None)
    assert watch.busy() == set()
    until(lambda: left(address) == gone + 1)
    assert httpx.get(f"{address}sparql?query=ASK%20%7B%7D", timeout=120).status_code == 200
