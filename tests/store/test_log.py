"""The commit log: what is appended is read back, and a damaged record is noticed."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kg.changes import Commit, Delta
from kg.errors import KGError
from kg.store.log import CommitLog
from tests.support.strategies import quads

TOLD = Commit(
    1,
    datetime(2026, 1, 2, 3, 4, 5, 6, UTC),
    "Ana",
    "urn:s",
    "Why not: «así»\n",
    ("urn:g",),
    "ab",
    "kg 1",
    ("w",),
)
QUAD = Quad(
    NamedNode("urn:a"),
    NamedNode("urn:p"),
    Literal('a "b"\r\n\t\\ ñ \u2028', language="es"),
    NamedNode("urn:g"),
)


def test_a_record_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    log = CommitLog(tmp_path / "log")
    delta = Delta((QUAD,), (Quad(BlankNode("b1"), NamedNode("urn:p"), BlankNode("b2"), DefaultGraph()),))
    log.append(TOLD, delta)
    assert (log.last, log.read(1)) == (0, (TOLD, delta))
    log.settle([1])
    assert (log.last, log.pending) == (1, [])
    assert log.read(1) == (TOLD, delta)
    assert log.commit(1) == TOLD


def test_the_name_of_a_folder_made_for_records_is_flushed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    monkeypatch.setattr("kg.store.log._sync", flushed.append)
    CommitLog(tmp_path / "log").append(TOLD, Delta((QUAD,)))
    assert flushed == [tmp_path]


def test_an_empty_log_has_no_last_commit(tmp_path: Path) -> None:
    assert CommitLog(tmp_path / "log").last == 0


def test_a_record_cut_short_is_noticed(tmp_path: Path) -> None:
    log = CommitLog(tmp_path)
    log.append(TOLD, Delta((QUAD, QUAD)))
    log.settle([1])
    record = next(tmp_path.glob("*.commit"))
    record.write_bytes(record.read_bytes().rpartition(b"\nA ")[0])
    with pytest.raises(KGError, match="damaged"):
        log.read(1)


def test_a_pending_record_is_whole_only_to_its_last_byte_and_as_it_was_written(tmp_path: Path) -> None:
    log = CommitLog(tmp_path)
    log.append(TOLD, Delta((QUAD,), (QUAD,)))
    record = tmp_path / "00000001.pending"
    whole = record.read_bytes()
    assert log.is_whole(1)
    for size in range(len(whole) - 1):
        record.write_bytes(whole[:size])
        assert not log.is_whole(1), size
    for place in range(0, len(whole) - 1, 7):
        record.write_bytes(whole[:place] + b"\0" + whole[place + 1 :])
        assert not log.is_whole(1), place


def test_records_that_are_withdrawn_are_gone_settled_or_not(tmp_path: Path) -> None:
    log = CommitLog(tmp_path)
    for version in (1, 2, 3):
        log.append(replace(TOLD, version=version), Delta((QUAD,)))
    log.settle([1, 2])
    log.withdraw([2, 3])
    assert (log.last, log.pending) == (1, [])
    assert [path.name for path in tmp_path.iterdir()] == ["00000001.commit"]


def test_a_log_with_a_gap_is_noticed_and_a_copy_has_none(tmp_path: Path) -> None:
    log = CommitLog(tmp_path / "log")
    for version in (1, 2, 3):
        log.append(replace(TOLD, version=version), Delta((QUAD,)))
        log.settle([version])
    log.append(replace(TOLD, version=4), Delta((QUAD,)))
    log.require_no_gap()
    log.copy(tmp_path / "copy")
    copy = CommitLog(tmp_path / "copy")
    assert (copy.last, copy.pending, copy.read(2)) == (3, [], log.read(2))
    (tmp_path / "log" / "00000002.commit").unlink()
    with pytest.raises(KGError, match="lacks commits"):
        log.require_no_gap()


@settings(max_examples=40)
@given(quads, quads)
def test_any_delta_survives_the_log(added: tuple[Quad, ...], removed: tuple[Quad, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = CommitLog(Path(folder))
        log.append(TOLD, Delta(added, removed))
        assert log.read(1)[1] == Delta(added, removed)
