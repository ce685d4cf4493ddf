"""The commit log: what is appended is read back, and a damaged record is noticed."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kg.errors import KGError
from kg.log import CommitLog
from kg.quads import Commit, Delta
from tests.generated import quads

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
    assert log.last == 1
    assert log.read(1) == (TOLD, delta)
    assert log.commit(1) == TOLD


def test_an_empty_log_has_no_last_commit(tmp_path: Path) -> None:
    assert CommitLog(tmp_path / "log").last == 0


def test_a_record_cut_short_is_noticed(tmp_path: Path) -> None:
    log = CommitLog(tmp_path)
    log.append(TOLD, Delta((QUAD, QUAD)))
    record = next(tmp_path.glob("*.commit"))
    record.write_bytes(record.read_bytes()[: -len(str(QUAD).encode()) - 5])
    with pytest.raises(KGError, match="damaged"):
        log.read(1)


def test_a_half_written_record_is_no_record(tmp_path: Path) -> None:
    log = CommitLog(tmp_path)
    (tmp_path / "partial").write_text("{")
    assert log.last == 0
    log.append(TOLD, Delta((QUAD,)))
    assert log.last == 1


@settings(max_examples=40)
@given(quads, quads)
def test_any_delta_survives_the_log(added: tuple[Quad, ...], removed: tuple[Quad, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = CommitLog(Path(folder))
        log.append(TOLD, Delta(added, removed))
        assert log.read(1)[1] == Delta(added, removed)
