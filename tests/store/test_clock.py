"""A clock that ran ahead and was set back: commit times do not go back, and it is said by how much."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import ontology
from kg.changes import Delta, Provenance
from kg.settings import Settings
from kg.store import store as store_module
from kg.store.store import Store, times_ahead
from tests.support.api_server import client
from tests.support.stores import open_store

AHEAD = timedelta(hours=2)


class Ahead(datetime):
    """A clock that runs two hours ahead."""

    @classmethod
    def now(cls, tz: Any = None) -> "Ahead":
        return super().now(tz) + AHEAD


def fact(number: int) -> Quad:
    return Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(number), NamedNode("urn:g"))


def opened(data: Path) -> Store:
    return open_store(data, ontology.load(data / "none"))


def test_commit_times_that_run_ahead_are_spoken_of(
    data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(data) as store:
        assert times_ahead(store.log, store.version) is None
        monkeypatch.setattr(store_module, "datetime", Ahead)
        first = store.commit(Delta((fact(1),)), Provenance("Ana"))
        monkeypatch.undo()
        assert caplog.text == ""
    with caplog.at_level(logging.WARNING), opened(data) as store:
        assert "Commit times run ahead of the clock by 1:59:" in caplog.text
        second = store.commit(Delta((fact(2),)), Provenance("Ana"))
        assert second.time == first.time > datetime.now(UTC) + timedelta(hours=1)
        with client(Settings(data=data, readers=1), store) as kg:
            ready = kg.get("/ready").json()
        assert ready["status"] == "ready"
        (note,) = ready["notes"]
        assert note.startswith("Commit times run ahead of the clock by 1:59:")
