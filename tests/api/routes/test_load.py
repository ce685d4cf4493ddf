"""Jobs load files: admins alone start, follow and cancel them, and a restart does not forget them."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from kg.api.load_jobs import FOLDER, LoadJobs
from kg.changes import Delta, Provenance
from kg.store.store import Store
from kg.store.tokens import Role
from kg.store.zstd import ZstdCompressor
from kg.terms import DIP, RDF
from tests.support.api_server import Client, bearer, serving
from tests.support.problems import fault

ADMIN = {"Content-Type": "application/n-triples", **bearer("admin")}
ASK = "ASK { <urn:a> <urn:b> 'loaded' }"
LINE = b'<urn:a> <urn:b> "loaded" .\n'


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("api")) as asking:
        asking.app.resources.tokens.add("admin", "Admin", Role.ADMIN)
        yield asking


def ended(kg: Client, place: str) -> dict[str, object]:
    """Follow a job to its end."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        job = kg.get(place, headers=ADMIN).json()
        if job["state"] not in ("waiting", "loading", "committing"):
            return dict(job)
        time.sleep(0.05)
    raise AssertionError(f"the job {place} does not end")


def test_only_an_admin_loads(kg: Client) -> None:
    fault(kg.post("/load", content=LINE, headers={**ADMIN, **bearer("curator")}), 403)
    fault(kg.get("/jobs/0", headers=bearer("curator")), 403)
    fault(kg.get("/jobs/0", headers=ADMIN), 404)


def test_a_body_is_loaded_by_a_job_and_the_same_again_adds_nothing(kg: Client) -> None:
    version = kg.get("/ready").json()["version"]
    sent = {"params": {"graph": "urn:graph", "name": "a.nt.zst"}, "headers": ADMIN}
    content = ZstdCompressor().compress(LINE, 2)
    begun = kg.post("/load", content=content, **sent)
    assert (begun.status_code, begun.json()["state"]) == (202, "waiting")
    job = ended(kg, begun.headers["location"])
    assert job["result"] == {
        "version": version + 1,
        "graphs": ["urn:graph"],
        "known": [],
        "quads": 1,
        "warnings": [],
    }
    assert kg.get("/sparql", params={"query": ASK}).text.find("true") > 0
    again = ended(kg, kg.post("/load", content=content, **sent).headers["location"])
    assert again["result"] == {
        **job["result"],
        "version": None,
        "graphs": [],
        "known": ["a.nt.zst"],
        "quads": 0,
    }
    assert list((kg.app.resources.settings.data / FOLDER).glob("*.body")) == []


def test_facts_are_added_after_a_load_by_judges_that_know_it(kg: Client) -> None:
    facts = {
        "content": "<urn:a> <urn:b> 'more' .",
        "headers": {"Content-Type": "text/turtle", **bearer("curator")},
    }
    assert kg.post("/facts", **facts).status_code == 201


def test_a_job_tells_why_it_failed(kg: Client) -> None:
    begun = kg.post("/load", content=LINE + b"<urn:a> <urn:b> .\n", headers=ADMIN)
    job = ended(kg, begun.headers["location"])
    assert job["state"] == "failed"
    assert "line 2" in job["problem"]["detail"]  # type: ignore[index]
    fault(kg.request("DELETE", begun.headers["location"], headers=ADMIN), 409)


def test_a_job_that_is_cancelled_leaves_nothing(kg: Client) -> None:
    begun = kg.post("/load", content=LINE.replace(b"loaded", b"cancelled") * 1000, headers=ADMIN)
    cancelled = kg.request("DELETE", begun.headers["location"], headers=ADMIN)
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert list((kg.app.resources.settings.data / "loads").glob("*")) == []
    assert kg.get("/sparql", params={"query": "ASK { ?s ?p 'cancelled' }"}).text.find("false") > 0


def test_a_job_that_a_restart_ended_is_told_as_interrupted(data: Path) -> None:
    with Store.open(data) as store:
        (data / FOLDER).mkdir()
        (data / FOLDER / "0abc.json").write_text(json.dumps({"job": "0abc", "state": "loading"}))
        (data / FOLDER / "left.body").write_bytes(LINE)

        async def state() -> object:
            async with LoadJobs(store) as jobs:
                return jobs.state("0abc")["state"]

        assert asyncio.run(state()) == "interrupted"
        assert not (data / FOLDER / "left.body").exists()


def test_tables_are_kept_once_the_graph_holds_coded_rows(kg: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[bool] = []
    resources = kg.app.resources
    monkeypatch.setattr(resources.tables, "start", lambda: begun.append(True))
    place = kg.post("/load", content=b'<urn:a> <urn:b> "other" .\n', headers=ADMIN).headers["location"]
    ended(kg, place)
    assert begun == []
    row = Quad(NamedNode("urn:row"), RDF.TYPE, DIP.CODED_OCCURRENCE, NamedNode("urn:rows"))
    resources.store.commit(Delta((row,)), Provenance("Ana"))
    ended(kg, place)
    assert begun == [True]
