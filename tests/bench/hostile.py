"""Measures what hostile and heavy requests do to a server: the longest wait of ``/health``, and its memory.

Run it by hand: ``python -m tests.bench.hostile [--only NAME ...]``, or ``make bench-hostile``; it takes some
minutes. Each attack meets a server of its own on a small graph. While it lasts, ``/health`` is asked 20 times
a second, on fresh connections. The bars: no wait over 250 ms, no more than 200 MB above the memory of the
server at rest, and a server that still answers. Tests assert what each request is answered; here it is time
and memory, on a quiet machine with two cores.
"""

import argparse
import http.client
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from tests.support.live_server import live

LONGEST_WAIT = 0.25
MOST_MEMORY = 200
TOKEN = "bench-token-0123456789"  # of this bench alone
MEGABYTE = 1_000_000


class Target:
    """A server under attack: how to ask it, and how it fares."""

    def __init__(self, pid: int, url: str) -> None:
        self.host, _, port = url.removeprefix("http://").rstrip("/").partition(":")
        self.port = int(port)
        self._status = Path(f"/proc/{pid}/status")

    def ask(
        self, method: str, path: str, body: bytes | None = None, media_type: str = "", seconds: float = 60
    ) -> int:
        """Send a request with the token and return the status; 0 if the connection broke."""
        headers = {"Authorization": f"Bearer {TOKEN}"} | ({"Content-Type": media_type} if media_type else {})
        connection = http.client.HTTPConnection(self.host, self.port, timeout=seconds)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            while answer.read(1 << 16):
                pass
        except OSError:
            return 0
        else:
            return answer.status
        finally:
            connection.close()

    def validate(self, body: bytes, media_type: str = "text/turtle") -> int:
        """Ask anonymously whether facts would be accepted."""
        return self.ask("POST", "/validate", body, media_type)

    def update(self, text: str) -> int:
        """Send an update."""
        return self.ask("POST", "/update", text.encode(), "application/sparql-update")

    def query(self, text: str) -> int:
        """Send a query."""
        return self.ask("POST", "/sparql", text.encode(), "application/sparql-query")

    def open(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection((self.host, self.port), timeout=60)

    def megabytes(self) -> float:
        """Return the resident memory of the server's own process."""
        for line in self._status.read_text("ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0


class Watch:
    """Asks ``/health`` and looks at the memory while an attack lasts."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._over = Event()
        self.waits: list[float] = []
        self.most = target.megabytes()

    def __enter__(self) -> "Watch":
        self._thread = Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.05):
            began = time.monotonic()
            is_well = self._target.ask("GET", "/health") == 200
            self.waits.append(time.monotonic() - began if is_well else float("inf"))
            self.most = max(self.most, self._target.megabytes())


def turtle(megabytes: int, name: str = "s") -> bytes:
    """Write a document of foreign triples."""
    count = megabytes * MEGABYTE // 32
    return b"".join(b'<urn:%s:%d> <urn:p%d> "v%d" .\n' % (name.encode(), i, i % 9, i) for i in range(count))


def together(count: int, work: Callable[[int], object]) -> list[object]:
    """Do work so many times at once."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def linked_blank_nodes(groups: int) -> bytes:
    """Write groups of five blank nodes that all point at each other."""
    pairs = [(i, j) for i in range(5) for j in range(5) if i != j]
    return "".join(f"_:g{g}a{i} <urn:p> _:g{g}a{j} .\n" for g in range(groups) for i, j in pairs).encode()


def trickle(target: Target) -> None:
    """Take 200 KB of a long answer every three seconds, with 16 clients, for 20 seconds."""
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 2000000"
    head = f"GET /sparql?query={query.replace(' ', '%20')} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n"

    def take(_: int) -> None:
        with target.open() as link:
            link.sendall(head.encode())
            end = time.monotonic() + 20
            while time.monotonic() < end:
                try:
                    if not link.recv(200_000):
                        return
                except OSError:
                    return
                time.sleep(3)

    together(16, take)


def leave_in_the_middle(target: Target) -> None:
    """Send a validation that takes long, and leave; then write."""
    misspelt = "https://w3id.org/regional-diplomacy/terms#performdBy"
    body = "".join(f"<urn:s> <{misspelt}{i:06x}x> 1 .\n" for i in range(3000)).encode()
    link = target.open()
    link.sendall(
        b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\nContent-Length: %d\r\n\r\n"
        % len(body)
        + body
    )
    time.sleep(1.5)
    link.close()
    assert target.update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }") == 200


def hold_connections(target: Target) -> None:
    """Open 300 connections that send nothing, for five seconds."""
    held = []
    try:
        for _ in range(300):
            held.append(target.open())
    except OSError:
        pass
    time.sleep(5)
    for link in held:
        link.close()


RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a%d ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
DOUBLED = "".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1}) " for n in range(22))

ATTACKS: dict[str, Callable[[Target], object]] = {
    "KNOWN a.a.a... of 32 KB": lambda t: t.query("ASK { KNOWN " + "a." * 16_000 + " }"),
    "comment openers of 80 KB": lambda t: t.validate(b"<!--" * 20_000, "application/rdf+xml"),
    "Content-Type of 60 KB": lambda t: t.ask("POST", "/validate", b"x", "text/turtle;" + "a=b;" * 15_000),
    "escapes of 40 KB in JSON-LD": lambda t: t.validate(
        b'{"@id": "urn:x", "urn:p": "' + b"\\\\" * 20_000 + b'"}', "application/ld+json"
    ),
    "as-of of 40 KB": lambda t: t.ask("GET", "/sparql?query=ASK%7B%7D&as-of=" + "T0%20" * 10_000),
    "label of 200 KB of quotation marks": lambda t: t.validate(
        b'<urn:x> <http://www.w3.org/2000/01/rdf-schema#label> "' + b"\\u201C" * 33_000 + b'"@en .'
    ),
    "500 groups of linked blank nodes": lambda t: t.validate(
        linked_blank_nodes(500), "application/n-triples"
    ),
    "8 queries of 248 KB with a backslash": lambda t: together(
        8, lambda n: t.query(f"ASK {{ VALUES ?x {{ '\\\\{n}' {'1 ' * 124_000} }} }}")
    ),
    "nested triple terms after # CR": lambda t: t.validate(
        ("#\r<a:b> <a:b> " + "<<( <a:b> <a:b> " * 20_000 + "1" + " )>>" * 20_000 + " .").encode()
    ),
    "update with << nested 12,000 deep": lambda t: t.update(
        "INSERT DATA { " + "<<<a:b><a:b>" * 12_000 + " 1" + ">>" * 12_000 + " <urn:p> 1 }"
    ),
    "one validation of 8 MB": lambda t: t.validate(turtle(8)),
    "one validation of 30 MB": lambda t: t.validate(turtle(30)),
    "six validations of 8 MB": lambda t: together(6, lambda n: t.validate(turtle(8, f"s{n}"))),
    "a validation whose client leaves": leave_in_the_middle,
    "12 runaway queries": lambda t: together(12, lambda n: t.query(RUNAWAY % n)),
    "16 clients that trickle": trickle,
    "300 silent connections": hold_connections,
    "a literal of 64 MB in an answer": lambda t: t.query(
        f'SELECT ?v22 {{ BIND("0123456789abcdef" AS ?v0) {DOUBLED}}}'
    ),
    "PUT of 8 MB": lambda t: t.ask("PUT", "/graphs?graph=urn:big", turtle(8), "text/turtle"),
    "changes of that PUT": lambda t: (
        t.ask("PUT", "/graphs?graph=urn:big", turtle(8), "text/turtle"),
        t.ask("GET", "/changes?from=v1&to=2100-01-01"),
    ),
    "an update of 200 operations with WHERE": lambda t: t.update(
        ";\n".join(f"INSERT {{ <urn:n{n}> <urn:p> ?o }} WHERE {{ ?s ?p ?o }}" for n in range(200))
    ),
}
"""Each kind of request that stalled or ended a server, by a name for the table."""


@contextmanager
def attacked() -> Iterator[Target]:
    """Serve a fresh data directory, warm."""
    with tempfile.TemporaryDirectory() as folder, live(Path(folder) / "data", token=TOKEN) as (process, url):
        target = Target(process.pid, url)
        assert target.validate(b"<urn:a> <urn:b> <urn:c> .") == 200
        assert target.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }") == 200
        yield target


def row(name: str, attack: Callable[[Target], object]) -> tuple[str, bool]:
    """Carry out an attack; return its line of the table, and whether a bar was missed."""
    with attacked() as target:
        rest = target.megabytes()
        began = time.monotonic()
        with Watch(target) as watch:
            attack(target)
        took, grown = time.monotonic() - began, watch.most - rest
        longest = max(watch.waits, default=0.0)
        is_well = target.query(f"ASK {{ <urn:{began}> ?p ?o }}") == 200
    is_missed = longest > LONGEST_WAIT or grown > MOST_MEMORY or not is_well
    line = f"{name:42}{took:9.1f}{1000 * longest:12.0f}{rest:10.0f}{grown:10.0f}"
    return line + ("  MISSED" if is_missed else ""), is_missed


def main() -> None:
    """Print a line for each attack; exit 1 if a bar was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", help="the attacks whose names hold one of these words")
    only = parser.parse_args().only
    print(f"{'attack':42}{'seconds':>9}{'health ms':>12}{'rest MB':>10}{'grown MB':>10}")
    is_any_missed = False
    for name, attack in ATTACKS.items():
        if not only or any(word in name for word in only):
            line, is_missed = row(name, attack)
            is_any_missed |= is_missed
            print(line, flush=True)
    sys.exit(is_any_missed)


if __name__ == "__main__":
    main()
