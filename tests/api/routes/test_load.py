"""Jobs load files: admins alone start, follow and cancel them, and a restart does not forget them."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from kg.api import load_jobs
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


def test_several_bodies_become_one_commit(kg: Client) -> None:
    version = kg.get("/ready").json()["version"]
    first, second, third = (b'<urn:a> <urn:b> "part %d" .\n' % number for number in range(3))
    begun = kg.post("/load", content=first, params={"more": "true", "reason": "Parts."}, headers=ADMIN)
    assert (begun.json()["state"], begun.json()["files"]) == ("collecting", 1)
    part = {"params": {"job": begun.json()["job"], "more": "true"}, "headers": ADMIN}
    assert kg.post("/load", content=second, **part).json()["state"] == "collecting"
    told = fault(kg.post("/load", content=third, params=part["params"] | {"by": "Ana"}, headers=ADMIN), 400)
    assert "first body" in told["detail"]
    last = kg.post("/load", content=third, params={"job": begun.json()["job"]}, headers=ADMIN)
    assert last.json()["files"] == 3
    job = ended(kg, last.headers["location"])
    assert (job["state"], job["result"]["version"], job["result"]["quads"]) == ("done", version + 1, 3)  # type: ignore[index]
    assert kg.get("/commits", params={"limit": 1}).json()["commits"][0]["reason"] == "Parts."
    fault(kg.post("/load", content=third, **part), 409)
    assert list((kg.app.resources.settings.data / FOLDER).glob("*.body")) == []


def test_a_fault_in_one_of_several_bodies_stores_none(kg: Client) -> None:
    version = kg.get("/ready").json()["version"]
    begun = kg.post(
        "/load", content=LINE.replace(b"loaded", b"whole"), params={"more": "true"}, headers=ADMIN
    )
    place = {"params": {"job": begun.json()["job"], "name": "b.nt"}, "headers": ADMIN}
    job = ended(kg, kg.post("/load", content=b"<urn:a> <urn:b> .\n", **place).headers["location"])
    assert (job["state"], "b.nt" in job["problem"]["detail"]) == ("failed", True)  # type: ignore[index]
    assert kg.get("/ready").json()["version"] == version


def test_a_job_that_waits_for_more_ends_when_cancelled_or_after_a_time(
    kg: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"content": LINE, "params": {"more": "true"}, "headers": ADMIN}
    place = kg.post("/load", **given).headers["location"]
    assert kg.request("DELETE", place, headers=ADMIN).json()["state"] == "cancelled"
    fault(kg.request("DELETE", place, headers=ADMIN), 409)
    monkeypatch.setattr(load_jobs, "SECONDS_TO_COLLECT", 0.01)
    place = kg.post("/load", **given).headers["location"]
    end = time.monotonic() + 60
    while kg.get(place, headers=ADMIN).json()["state"] != "cancelled":
        assert time.monotonic() < end
    assert list((kg.app.resources.settings.data / FOLDER).glob("*.body")) == []


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
