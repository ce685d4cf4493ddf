"""A server whose tables are damaged says so at /ready, and of each query that reads them."""

import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import Delta, Provenance
from tests.support.damage import flip
from tests.support.live_server import live
from tests.support.stores import open_store


def fact(number: int) -> Quad:
    return Quad(
        NamedNode(f"urn:s{number}"), NamedNode("urn:p"), Literal(f"value {number}"), NamedNode("urn:g")
    )


@pytest.fixture
def damaged(data: Path) -> Path:
    """A data directory with a flipped bit in each of the larger tables, found only when they are read.

    They are those of a commit alone: a start reads some of the release's.
    """
    with open_store(data):
        pass
    before = set((data / "store").glob("*.sst"))
    with open_store(data) as store:
        store.commit(Delta(tuple(map(fact, range(3000)))), Provenance("Ana"))
    found = set((data / "store").glob("*.sst")) - before
    tables = [path for path in found if path.stat().st_size > 20_000]
    assert tables
    for table in tables:
        flip(table, table.stat().st_size // 2)
    return data


@pytest.mark.parametrize("budget", [0, 1 << 30], ids=["read from disk", "copied to memory"])
def test_ready_is_503_while_tables_cannot_be_read(damaged: Path, budget: int) -> None:
    """It was 200 while every query was answered with 500."""
    with (
        live(damaged, memory_budget=budget, token="t", log="off") as (_, url),
        httpx.Client(base_url=url, timeout=120) as client,
    ):
        end = time.monotonic() + 120
        while (ready := client.get("ready")).status_code == 200 and time.monotonic() < end:
            with suppress(httpx.RemoteProtocolError):  # an answer breaks where the damage is
                client.get("sparql", params={"query": "SELECT * { ?s ?p ?o }"})
            time.sleep(0.2)
        assert ready.status_code == 503
        assert ready.json()["title"] == "Data directory damaged"
        assert "checksum mismatch" in ready.json()["detail"]
        assert client.get("health").status_code == 200
        with suppress(httpx.RemoteProtocolError):
            asked = client.get("sparql", params={"query": "SELECT * { GRAPH <urn:g> { ?s ?p ?o } }"})
            assert (asked.status_code, asked.json()["title"]) == (503, "Data directory damaged")
