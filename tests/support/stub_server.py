"""A server that answers as a test says, and keeps the requests that it received."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Received(NamedTuple):
    """A request that a stub received."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Stub:
    """The answer of a server, and the requests that it received.

    ``bodies`` are the bodies of the answers in their order; ``body`` answers every request after them.
    """

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    bodies: list[bytes] = field(default_factory=list)
    heard: list[Received] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Stub]:
    """Run a stub on a port of its own."""
    stub = Stub()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            stub.heard.append(Received(self.command, self.path, headers, body))
            answer = stub.bodies.pop(0) if stub.bodies else stub.body
            self.send_response(stub.status)
            for name, value in {"Content-Length": str(len(answer)), **stub.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_DELETE = do_GET  # noqa: N815  # the names that http.server calls

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    stub.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
