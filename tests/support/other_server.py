"""Another server, on a free port of this machine: it notes what it is asked and answers as it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answering = Callable[[BaseHTTPRequestHandler, Asked], None]


def nothing(handler: BaseHTTPRequestHandler, _: Asked) -> None:
    """Answer that there is nothing."""
    handler.send_error(404)


def saying(body: bytes, content_type: str, status: int = 200, **headers: str) -> Answering:
    """Make an answer of a body."""

    def answer(handler: BaseHTTPRequestHandler, _: Asked) -> None:
        handler.send_response(status)
        for name, value in {
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@dataclass
class Other:
    """The server: its address, what it was asked, and how it answers."""

    address: str = ""
    seen: list[Asked] = field(default_factory=list)
    answer: Answering = nothing

    @property
    def host(self) -> str:
        """Its host and port."""
        return self.address.split("/")[2]


@contextmanager
def listening(answer: Answering = nothing) -> Iterator[Other]:
    """Serve for a while."""
    other = Other(answer=answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length))
            other.seen.append(asked)
            try:
                other.answer(self, asked)
            except OSError:  # whoever asked went away
                self.close_connection = True

        do_POST = do_GET  # noqa: N815  # the name that the library looks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    other.address = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield other
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
