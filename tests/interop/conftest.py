"""One server for the clients of a module, with a token and a graph."""

from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest

from tests.support.live_server import live

TOKEN = "t0k:en"
GRAPH = "http://example.org/interop"
FACTS = """@prefix ex: <http://example.org/> .
<http://example.org/a,b> ex:name "O, \\"Name\\"\\nof a"@en ; ex:size 7 .
ex:c ex:name "¿Qué?"@es ; ex:knows <http://example.org/a,b> ."""


class Server(NamedTuple):
    """The addresses of a server."""

    root: str

    @property
    def query(self) -> str:
        return f"{self.root}sparql"

    @property
    def update(self) -> str:
        return f"{self.root}update"

    @property
    def graphs(self) -> str:
        return f"{self.root}graphs"

    def put(self) -> None:
        """Put the graph that the clients ask."""
        answer = httpx.put(
            self.graphs,
            params={"graph": GRAPH},
            content=FACTS,
            headers={"Content-Type": "text/turtle"},
            auth=("any", TOKEN),
            timeout=120,
        )
        assert answer.status_code in (200, 201, 204), answer.text


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("interop") / "data"
    with live(data, token=TOKEN, readers=1, judges=1) as (_, address):
        server = Server(address)
        server.put()
        yield server
