"""Backup and restore: store, log and token hashes, also beside a writer."""

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import ontology
from kg.changes import Delta, Provenance
from kg.errors import Conflict, NotFound
from kg.store.backup import backup, restore
from kg.store.log import CommitLog
from kg.store.read_only import open_read_only
from tests.support.stores import open_store

FACT = Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("x"), NamedNode("urn:g"))


@pytest.fixture
def nothing(tmp_path: Path) -> ontology.Ontology:
    return ontology.load(tmp_path / "no-ontology")


def test_a_backup_made_beside_the_writer_restores_graph_log_and_token_hashes(
    tmp_path: Path, nothing: ontology.Ontology
) -> None:
    with open_store(tmp_path / "data", nothing) as store:
        store.commit(Delta((FACT,)), Provenance("Ana"))
        (tmp_path / "data" / "tokens.json").write_text("{}")
        assert backup(tmp_path / "data", tmp_path / "saved") == 3
        store.commit(Delta((), (FACT,)), Provenance("Ana"))
    assert restore(tmp_path / "saved", tmp_path / "again") == 3
    assert (tmp_path / "again" / "tokens.json").exists()
    assert list(open_read_only(tmp_path / "again").quads_for_pattern(None, None, None, FACT.graph_name)) == [
        FACT
    ]
    with open_store(tmp_path / "again", nothing) as store:
        assert store.commit(Delta((FACT,)), Provenance("Ana")).version == 4


def test_nothing_is_overwritten(tmp_path: Path, nothing: ontology.Ontology) -> None:
    open_store(tmp_path / "data", nothing).close()
    backup(tmp_path / "data", tmp_path / "saved")
    with pytest.raises(Conflict):
        backup(tmp_path / "data", tmp_path / "saved")
    with pytest.raises(Conflict):
        restore(tmp_path / "saved", tmp_path / "data")


def test_a_folder_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        restore(tmp_path, tmp_path / "data")


def test_a_table_that_its_writer_removes_meanwhile_makes_no_backup_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(tmp_path / "data", ontology.load(tmp_path / "none")).close()
    read_only, failures = pyoxigraph.Store.read_only, ["000014.sst", "000015.sst"]

    def failing(path: str) -> pyoxigraph.Store:
        if failures:
            raise RuntimeError(f"Corruption: No such file or directory: {failures.pop()}")
        return read_only(path)

    monkeypatch.setattr("kg.store.engine.pyoxigraph.Store.read_only", failing)
    assert backup(tmp_path / "data", tmp_path / "copy") == CommitLog(tmp_path / "data" / "log").last
    assert not failures
