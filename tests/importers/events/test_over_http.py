"""Over HTTP, a curator's judgement that a row and a happening are the same is made and withdrawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import ontology
from kg.changes import Provenance
from kg.facts.loads.load import load
from kg.importers.events import actors
from kg.importers.events.datasets import DATA_SETS
from kg.importers.events.imports import FileImport, RefusedRows
from kg.settings import Settings
from tests.support.api_server import Client, bearer, client
from tests.support.event_files import CODING, gdelt
from tests.support.stores import open_store

ASKED = "/questions/codings-and-claims-of-a-happening.csv?happening=standoff-january-2025"


@pytest.fixture
def kg(tmp_path: Path) -> Iterator[Client]:
    settings = Settings(data=tmp_path / "data", readers=1)
    with open_store(settings.data, ontology.load()) as store:
        rows = tmp_path / "a.CSV"
        rows.write_text(gdelt(), encoding="utf-8")
        file = FileImport(rows, DATA_SETS["gdelt"], actors.read(), RefusedRows(tmp_path / "kept.csv"))
        load(store, [file.source()], Provenance("Admin"))
        with client(settings, store) as asking:
            yield asking


def layers(kg: Client) -> list[str]:
    answer = kg.get(ASKED)
    assert answer.status_code == 200, answer.text
    found = [line.split(",")[0] for line in answer.text.splitlines()]
    return [layer for layer in found if layer in ("coding", "row")]


def withdraw(kg: Client, token: str, **what: object) -> int:
    body = {"reason": "Another day.", **what}
    return kg.post("/retractions", json=body, headers=bearer(token)).status_code


def test_a_row_stands_beside_a_happening_while_a_curator_judges_so(kg: Client) -> None:
    assert layers(kg) == []
    headers = {**bearer("curator"), "Content-Type": "application/trig"}
    added = kg.post("/facts", content=CODING, headers=headers)
    assert added.status_code == 201, added.text
    assert layers(kg) == ["coding", "row"]
    run = int(kg.get("/commits?limit=2").json()["commits"][1]["version"])
    refused = kg.post("/retractions", json={"commit": run, "reason": "All."}, headers=bearer("admin"))
    assert refused.status_code == 409
    assert [name.rpartition("/")[2] for name in refused.json()["graphs"]] == ["graph-of-the-coding"]
    assert withdraw(kg, "curator", graphs=["dipid:graph-of-the-coding"]) == 201
    assert layers(kg) == []
    assert withdraw(kg, "admin", commit=run) == 201
