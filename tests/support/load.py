"""A load on a server: several connections, each with one request after the other, from one thread.

Plain sockets, for a client library takes longer to ask than the server to answer. For loopback only.
"""

import selectors
import socket
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

_READ = 1 << 16


@dataclass
class Load:
    """What became of a load: seconds in all, and seconds until each answer was whole."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[bytes, int] = field(default_factory=dict)
    bytes: int = 0

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Give the latency that this share of answers did not pass, in milliseconds."""
        return 1000 * sorted(self.latencies)[min(int(len(self.latencies) * share), len(self.latencies) - 1)]

    @property
    def median(self) -> float:
        """The middle latency, in milliseconds."""
        return 1000 * statistics.median(self.latencies)


def get(url: str, path: str, query: str, accept: str = "application/sparql-results+json") -> bytes:
    """Write a request for the answer to a query."""
    host = urlsplit(url).netloc
    head = f"GET {path}?query={quote(query)} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\n\r\n"
    return head.encode("ascii")


def put_on(url: str, requests: Iterator[bytes], connections: int = 8, until: float | None = None) -> Load:
    """Send requests till there are no more, or so many seconds; raises OSError where the server fails."""
    place = urlsplit(url)
    address = (place.hostname or "127.0.0.1", place.port or 80)
    load, poll = Load(), selectors.DefaultSelector()
    start = time.perf_counter()
    end = start + until if until else None
    for _ in range(connections):
        _Connection(address, requests, load).join(poll)
    while poll.get_map():
        for key, _ in poll.select():
            key.data.read(end)
            if key.data.is_over:
                poll.unregister(key.fileobj)
                key.data.link.close()
    load.seconds = time.perf_counter() - start
    poll.close()
    return load


class _Connection:
    """One connection: sends the next request when the last answer is whole."""

    def __init__(self, address: tuple[str, int], requests: Iterator[bytes], load: Load) -> None:
        self.link = socket.create_connection(address)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._load = load
        self._got = b""
        self._sent = 0.0
        self.is_over = False
        self._next()

    def join(self, poll: selectors.BaseSelector) -> None:
        if not self.is_over:
            poll.register(self.link, selectors.EVENT_READ, self)

    def read(self, end: float | None) -> None:
        """Take what has come; where the answer is whole, send the next request."""
        data = self.link.recv(_READ)
        if not data:
            raise ConnectionError(f"The server broke off after {self._got[:200]!r}.")
        self._got += data
        if not _is_whole(self._got):
            return
        now = time.perf_counter()
        status = self._got[9:12]
        self._load.latencies.append(now - self._sent)
        self._load.statuses[status] = self._load.statuses.get(status, 0) + 1
        self._load.bytes += len(self._got)
        self._got = b""
        if end is not None and now > end:
            self.is_over = True
        else:
            self._next()

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self.is_over = True
            return
        self._sent = time.perf_counter()
        self.link.sendall(request)


def _is_whole(answer: bytes) -> bool:
    """Tell if an answer has all its bytes: by its length, or by the last of its chunks."""
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    head = head.lower()
    _, has_length, rest = head.partition(b"\r\ncontent-length:")
    if has_length:
        return len(body) >= int(rest.partition(b"\r\n")[0])
    return body.endswith(b"\r\n0\r\n\r\n") or body == b"0\r\n\r\n"
