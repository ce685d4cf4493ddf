"""A small graph behind the application, in process: what the tests of the HTTP interface ask."""

import asyncio
import re
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import httpx

from kg import iris, ontology
from kg.api import create_app
from kg.api.application import Application
from kg.settings import Settings
from kg.store.store import Contents
from kg.store.tokens import Role, Tokens
from tests.support.stores import open_store

PREFIXES = "\n".join(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in iris.PREFIXES.items())
FILES = {
    "diplomacy.ttl": """dip:Statement a rdfs:Class ; rdfs:label "Statement"@en, "Declaración"@es ;
        skos:definition "An utterance."@en ; dip:inLayer dip:Statement .""",
    "kinds.ttl": """dipk:gift a skos:Concept ; skos:prefLabel "Gift"@en, "Regalo"@es .""",
    "seed/story.trig": """<https://w3id.org/regional-diplomacy/id/graph-story> {
        dipid:ana a dip:Person ; rdfs:label "Ana <Pérez>"@es .
        dipid:words a dip:Statement ; dip:madeBy dipid:ana ; dip:quotation "¡Hola!"@es . }""",
}
TOKENS = {
    "reader": Role.READ,
    "drafter": Role.DRAFT,
    "other": Role.DRAFT,
    "curator": Role.CURATE,
    "admin": Role.ADMIN,
}


def write_ontology(folder: Path) -> ontology.Ontology:
    """Write the smallest ontology with a term, a kind and a told story."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{PREFIXES}\n{text}", encoding="utf-8")
    return ontology.load(folder)


T = TypeVar("T")


class Client:
    """Asks an application in process; its event loop runs on a thread of its own, for readers live on it."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._lifespan = app.router.lifespan_context(app)
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    def request(self, method: str, url: str, **given: Any) -> httpx.Response:
        """Send one request."""

        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://testserver") as client:
                return await client.request(method, url, **given)

        return self.run(send())

    def get(self, url: str, **given: Any) -> httpx.Response:
        """Send a GET request."""
        return self.request("GET", url, **given)

    def post(self, url: str, **given: Any) -> httpx.Response:
        """Send a POST request."""
        return self.request("POST", url, **given)

    def __enter__(self) -> "Client":
        self._thread.start()
        self.run(self._lifespan.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._lifespan.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do work where the application does its own."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


@contextmanager
def serving(folder: Path, settings: Settings | None = None) -> Iterator[Client]:
    """Open a fresh data directory behind the application; ``TOKENS`` are its tokens."""
    settings = settings or Settings(data=folder / "data", readers=2, max_body_bytes=100_000)
    release = write_ontology(folder / "ontology")
    with open_store(settings.data, release) as store, client(settings, store) as asking:
        yield asking


def client(settings: Settings, contents: Contents) -> Client:
    """Put the application around what is opened."""
    tokens = Tokens()
    for name, role in TOKENS.items():
        tokens.add(name, name.title(), role)
    return Client(create_app(settings, contents, tokens))


def bearer(token: str) -> dict[str, str]:
    """Give the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def ask(kg: Client, query: str, **headers: str) -> httpx.Response:
    """Ask a query with these headers, by default for an answer that is not coded."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return kg.get("/sparql", params={"query": query}, headers={"Accept-Encoding": "identity", **named})


def until_searchable(kg: Client) -> None:
    """Wait until there is a search index; each request waits for it."""
    while kg.get("/search?q=x").status_code == 503:
        pass


def metric(kg: Client, name: str) -> float:
    """Read one number of the metrics."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", kg.get("/metrics").text, re.MULTILINE)
    assert found, name
    return float(found[1])
