"""Many clients at once over real HTTP: no write is lost, clashes are told, no answer is cut unnoticed."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest

from kg.store.log import CommitLog
from tests.support.live_server import live

WRITER = {"Authorization": "Bearer secret"}
TRIG = {**WRITER, "Content-Type": "application/trig"}
UPDATE = {**WRITER, "Content-Type": "application/sparql-update"}
LONG = "SELECT ?a ?b ?e { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"


class Server:
    """A running server: its data directory, its process, and a client for each who asks."""

    def __init__(self, data: Path, pid: int, url: str) -> None:
        self.data, self.pid, self.url = data, pid, url

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=120, trust_env=False)

    @property
    def version(self) -> int:
        return CommitLog(self.data / "log").last

    def ask(self, query: str) -> list[str]:
        with self.client() as client:
            answer = client.get("sparql", params={"query": query}, headers={"Accept": "text/csv"})
        assert answer.status_code == 200
        return answer.text.split("\r\n")[1:-1]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("served") / "data"
    with live(data, token="secret", readers=2, log="off", forks_itself=True) as (process, url):
        yield Server(data, process.pid, url)


def at_once(works: Sequence[Callable[[], int]]) -> list[int]:
    with ThreadPoolExecutor(8) as pool:
        return [done.result() for done in [pool.submit(work) for work in works]]


def test_eight_clients_that_write_facts_and_updates_lose_nothing(server: Server) -> None:
    """Each update reads the counter that all the others write: one that is lost would show."""
    before = server.version

    def facts(number: int) -> int:
        body = f"<urn:many:{number}> {{ <urn:many:{number}> <urn:counted> {number} }}"
        with server.client() as client:
            return client.post("facts", content=body, headers=TRIG).status_code

    def update(_: int) -> int:
        text = """DELETE { GRAPH <urn:counter> { <urn:c> <urn:n> ?old } }
            INSERT { GRAPH <urn:counter> { <urn:c> <urn:n> ?new } }
            WHERE { OPTIONAL { GRAPH <urn:counter> { <urn:c> <urn:n> ?old } }
                    BIND(COALESCE(?old, 0) + 1 AS ?new) }"""
        with server.client() as client:
            return client.post("update", content=text, headers=UPDATE).status_code

    works = [partial(work, number) for number in range(16) for work in (facts, update)]
    assert sorted(at_once(works)) == [200] * 16 + [201] * 16
    assert server.ask("SELECT ?n { <urn:c> <urn:n> ?n }") == ["16"]
    assert len(server.ask("SELECT ?s { ?s <urn:counted> ?n }")) == 16
    assert server.version == before + 32


def test_of_submissions_that_clash_the_second_is_told_so(server: Server) -> None:
    """The same graph name with different content; who comes second sees who came first."""
    before = server.version

    def facts(number: int) -> int:
        with server.client() as client:
            body = f"<urn:clash> {{ <urn:clash> <urn:said> {number} }}"
            answer = client.post("facts", content=body, headers=TRIG)
        if answer.status_code == 409:
            assert "accepted before" in answer.json()["detail"]
        return answer.status_code

    statuses = at_once([partial(facts, number) for number in range(8)])
    assert sorted(statuses) == [201] + [409] * 7
    assert len(server.ask("SELECT ?n { <urn:clash> <urn:said> ?n }")) == 1
    assert server.version == before + 1


def test_of_two_who_replace_a_graph_as_it_was_only_one_does(server: Server) -> None:
    with server.client() as client:
        place, turtle = {"graph": "urn:replaced"}, {**WRITER, "Content-Type": "text/turtle"}
        client.put("graphs", params=place, content="<urn:a> <urn:b> 0 .", headers=turtle)
        tag = client.get("graphs", params=place).headers["ETag"]

        def replace(number: int) -> int:
            headers = {**turtle, "If-Match": tag}
            content = f"<urn:a> <urn:b> {number + 1} ."
            return client.put("graphs", params=place, content=content, headers=headers).status_code

        statuses = at_once([partial(replace, number) for number in range(4)])
    assert sorted(statuses) == [200, 412, 412, 412]


def test_a_submission_sent_again_after_a_lost_answer_is_the_same_graph_and_no_second_commit(
    server: Server,
) -> None:
    with server.client() as client:
        first, *others = [
            client.post("facts", content="<urn:again> <urn:said> 1 .", headers=TRIG) for _ in range(3)
        ]
    assert [first.status_code, *(other.status_code for other in others)] == [201, 200, 200]
    assert {answer.headers["Location"] for answer in (first, *others)} == {first.headers["Location"]}
    version = first.json()["version"]
    assert server.version == version
    assert [other.json()["version"] for other in others] == [None, None]


def test_readers_killed_under_load_give_no_client_a_wrong_or_cut_answer(server: Server) -> None:
    """An answer is the whole one, an error by status, or a connection that breaks off."""
    is_over = Event()
    csv = {"Accept": "text/csv"}

    def ask(number: int) -> bytes | str:
        query = {"query": f"{LONG} # {number}"}  # else it would be answered from memory
        with server.client() as client:
            try:
                answer = client.get("sparql", params=query, headers=csv)
            except httpx.RemoteProtocolError:
                return "broken off"
        return answer.content if answer.status_code == 200 else str(answer.status_code)

    def kill_readers() -> None:
        while not is_over.wait(0.05):
            for pid in readers_of(server.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    with server.client() as client:
        whole = client.get("sparql", params={"query": LONG}, headers=csv).content
    killing = Thread(target=kill_readers)
    killing.start()
    try:
        with ThreadPoolExecutor(4) as pool:
            outcomes = list(pool.map(ask, range(24)))
    finally:
        is_over.set()
        killing.join()
    assert {outcome for outcome in outcomes if outcome != whole} <= {"503", "broken off"}
    assert any(outcome != whole for outcome in outcomes)
    with server.client() as client:
        statuses = [client.get("sparql", params={"query": f"ASK {{}} # {n}"}).status_code for n in range(4)]
    assert statuses[-1] == 200


def readers_of(server: int) -> list[int]:
    """Find the readers: what the children of a server, its nurseries, have forked."""
    return [reader for nursery in children(server) for reader in children(nursery)]


def children(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in path.read_text().split()]
    return found
