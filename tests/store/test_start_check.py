"""A start finds what is missing or was changed, says it in one sentence, and serves nothing of it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import ontology
from kg.changes import Delta, Provenance
from kg.errors import Damaged, Unavailable
from kg.facts.releases import open_to_read
from kg.store import clean_stop, start_check
from kg.store.log import CommitLog
from kg.store.read_only import open_read_only
from kg.store.store import Store
from tests.support.damage import change_record, flip_table
from tests.support.stores import copied_alive, open_store

GRAPH = NamedNode("urn:g")
BEGUN = 2
"""The version of a data directory that has just been made."""


def fact(number: int) -> Quad:
    return Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(f"value {number}"), GRAPH)


def opened(data: Path) -> Store:
    return open_store(data, ontology.load(data / "none"))


@pytest.fixture
def stopped(data: Path) -> Path:
    """A data directory with three facts, whose writer was closed."""
    with opened(data) as store:
        for number in range(3):
            store.commit(Delta((fact(number),)), Provenance("Ana"))
    return data


def lose_log(data: Path) -> None:
    shutil.rmtree(data / "log")


def empty_log(data: Path) -> None:
    lose_log(data)
    (data / "log").mkdir()


def lose_first(data: Path) -> None:
    (data / "log" / "00000001.commit").unlink()


def lose_middle(data: Path) -> None:
    (data / "log" / "00000004.commit").unlink()


def lose_last(data: Path) -> None:
    (data / "log" / "00000005.commit").unlink()


def change_letter(data: Path) -> None:
    change_record(data, 3, b"value 0", b"volue 0")


def cut_off(data: Path) -> None:
    record = data / "log" / "00000004.commit"
    os.truncate(record, record.stat().st_size - 100)


def exchange(data: Path) -> None:
    shutil.copyfile(data / "log" / "00000004.commit", data / "log" / "00000003.commit")


def lose_table(data: Path) -> None:
    max((data / "store").glob("*.sst"), key=lambda path: path.stat().st_size).unlink()


def touch_damaged_table(data: Path) -> None:
    flip_table(data)
    os.utime(max((data / "store").glob("*.sst"), key=lambda path: path.stat().st_size))


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "the log is lost": (lose_log, "log is missing or empty, and held 5 at the last stop"),
    "the log is empty": (empty_log, "log is missing or empty"),
    "the first record is lost": (lose_first, "lacks commits before its last, 5: 1;"),
    "a record is lost": (lose_middle, "lacks commits before its last, 5: 4;"),
    "the last record is lost": (lose_last, "ends at commit 4, and held 5"),
    "a letter of a record is changed": (change_letter, "00000003.commit was changed"),
    "a record is cut off": (cut_off, "00000004.commit (does not|is cut off|has a line)"),
    "a record stands for another": (exchange, "00000003.commit is the record of commit 4"),
    "a table is lost": (lose_table, "store .* cannot be read"),
    "a bit of a table is changed": (touch_damaged_table, "store .* cannot be read .*checksum mismatch"),
}


@pytest.mark.parametrize(("damage", "said"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_directory_is_not_opened_to_write(
    stopped: Path, damage: Callable[[Path], None], said: str
) -> None:
    damage(stopped)
    before = sorted(path.relative_to(stopped) for path in stopped.rglob("*.commit"))
    with pytest.raises(Damaged, match=said) as refused:
        opened(stopped)
    assert "\n" not in refused.value.detail
    assert before == sorted(path.relative_to(stopped) for path in stopped.rglob("*.commit"))
    assert not (stopped / "store.ahead").exists()


@pytest.mark.parametrize("damage", [lose_log, empty_log, lose_last])
def test_without_its_log_a_store_is_read_only_where_that_is_asked(
    stopped: Path, damage: Callable[[Path], None]
) -> None:
    damage(stopped)
    with pytest.raises(Damaged):
        open_read_only(stopped)
    contents = open_read_only(stopped, takes_damaged=True)
    assert contents.version == BEGUN + 3
    assert fact(2) in contents


def test_a_lost_log_is_found_without_a_marker_too(stopped: Path) -> None:
    (stopped / clean_stop.FILE_NAME).unlink()
    empty_log(stopped)
    with pytest.raises(Damaged, match="the store holds 5 commits"):
        opened(stopped)
    with pytest.raises(Damaged, match="the store holds 5 commits"):
        open_read_only(stopped)


def test_a_log_that_is_far_behind_its_store_lost_what_was_acknowledged(
    stopped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut takes no more than what is pending, and that nobody was told of."""
    (stopped / clean_stop.FILE_NAME).unlink()
    for version in (4, 5):
        (stopped / "log" / f"{version:08}.commit").unlink()
    monkeypatch.setattr(start_check, "MOST_PENDING", 1)
    with pytest.raises(Damaged, match="ends at commit 3, and the store holds 5"):
        opened(stopped)


def test_what_is_not_as_it_was_is_found_though_its_writer_was_killed(stopped: Path, tmp_path: Path) -> None:
    """The marker is of an earlier stop: what came after it is checked at each start."""
    with opened(stopped) as store:
        store.commit(Delta((fact(9),)), Provenance("Ana"))
        killed = copied_alive(stopped, tmp_path / "killed")
    marker = clean_stop.read(killed)
    assert marker is not None
    assert marker.version == 5
    change_record(killed, 6, b"value 9", b"value 8")
    with pytest.raises(Damaged, match=r"00000006\.commit was changed"):
        opened(killed)


def test_only_records_since_the_last_stop_are_read(stopped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    fault_of = CommitLog.fault_of

    def noted(log: CommitLog, version: int) -> str | None:
        read.append(version)
        return fault_of(log, version)

    monkeypatch.setattr(CommitLog, "fault_of", noted)
    opened(stopped).close()
    assert read == []
    os.utime(stopped / "log" / "00000002.commit")
    opened(stopped).close()
    assert read == [1, 2, 3, 4, 5]
    opened(stopped).close()
    assert len(read) == 5


def test_a_torn_marker_is_none(stopped: Path) -> None:
    for text in ("", "[5", "[1, 2]", "{}"):
        (stopped / clean_stop.FILE_NAME).write_text(text)
        assert clean_stop.read(stopped) is None
    opened(stopped).close()
    assert clean_stop.read(stopped) is not None


def test_a_store_that_is_lost_is_made_anew_but_not_from_a_changed_record(stopped: Path) -> None:
    shutil.rmtree(stopped / "store")
    with opened(stopped) as store:
        assert fact(2) in store
    shutil.rmtree(stopped / "store")
    change_letter(stopped)
    with pytest.raises(Damaged, match=r"00000003\.commit"):
        opened(stopped)


@pytest.mark.parametrize("name", ["notes.commit", "7.commit", "00000009.txt", ".DS_Store", "old.pending"])
def test_stray_files_in_the_log_are_passed_over(stopped: Path, name: str) -> None:
    (stopped / "log" / name).write_text("stray")
    (stopped / "store" / name).write_text("stray")
    with opened(stopped) as store:
        assert store.version == BEGUN + 3
        assert store.commit(Delta((fact(9),)), Provenance("Ana")).version == BEGUN + 4
    assert (stopped / "log" / name).exists()


@pytest.mark.parametrize("name", ["data", "data/log", "data/store", "data/lock"])
def test_a_file_or_a_folder_in_the_way_is_one_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    if name == "data/lock":
        path.mkdir()
    else:
        path.write_text("in the way")
    with pytest.raises(Unavailable, match="cannot be") as refused:
        opened(tmp_path / "data")
    assert "\n" not in refused.value.detail
    with pytest.raises(Unavailable):
        open_to_read(tmp_path / "data")
