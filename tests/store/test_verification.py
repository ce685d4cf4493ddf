"""kg verify: each kind of fault is a sentence, a sound directory has none, and nothing of it is changed."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg import ontology
from kg.changes import Delta, Provenance
from kg.errors import Damaged, NotFound
from kg.store import content_check, engine, table_check
from kg.store.backup import backup, restore
from kg.store.store import Store
from kg.store.verification import summary, verify
from tests.support.damage import change_record, flip, largest_table
from tests.support.stores import copied_alive, open_store

GRAPH = NamedNode("urn:g")
ME = Provenance("Ana")


def fact(number: int) -> Quad:
    return Quad(NamedNode(f"urn:s{number}"), NamedNode("urn:p"), Literal(f"«value»\n{number}"), GRAPH)


def opened(data: Path) -> Store:
    return open_store(data, ontology.load(data / "none"))


@pytest.fixture
def stopped(data: Path) -> Path:
    """A data directory in which facts came and went, whose writer was closed."""
    with opened(data) as store:
        store.commit(Delta(tuple(map(fact, range(300)))), ME)
        store.commit(
            Delta((fact(300), Quad(BlankNode("b1"), NamedNode("urn:p"), BlankNode())), (fact(1),)), ME
        )
        store.commit(Delta((fact(1),)), ME)
    return data


def faults(data: Path) -> list[str]:
    return list(verify(data, lambda _: None))


def state(data: Path) -> dict[str, tuple[int, int]]:
    """Tell one state of all files from another."""
    files = (path for path in data.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in files}


def test_a_sound_directory_has_no_fault_and_stays_as_it_is(stopped: Path) -> None:
    before = state(stopped)
    assert faults(stopped) == []
    assert state(stopped) == before
    assert summary(stopped) == "no fault up to version 5"


def test_a_directory_is_verified_beside_its_writer(stopped: Path) -> None:
    with opened(stopped) as store:
        store.commit(Delta((fact(7),), (fact(2),)), ME)
        assert faults(stopped) == []
        assert "blocks of the tables were not checked" in summary(stopped)


def test_what_a_killed_writer_left_is_no_fault(stopped: Path, tmp_path: Path) -> None:
    with opened(stopped) as store, store.writing:
        store.commit(Delta((fact(8),)), ME)
        killed = copied_alive(stopped, tmp_path / "killed")
    assert list((killed / "log").glob("*.pending"))
    assert faults(killed) == []


def change_letter(data: Path) -> None:
    change_record(data, 3, b"urn:s7>", b"urn:t7>")


def lose_record(data: Path) -> None:
    (data / "log" / "00000002.commit").unlink()


def lose_last(data: Path) -> None:
    (data / "log" / "00000005.commit").unlink()


def go_back(data: Path) -> None:
    shutil.copyfile(data / "log" / "00000002.commit", data / "log" / "00000005.commit")


def flip_largest(data: Path) -> None:
    table = largest_table(data)
    flip(table, table.stat().st_size // 2)


def lose_table(data: Path) -> None:
    largest_table(data).unlink()


def lack_quad(data: Path) -> None:
    store = engine.open_to_amend(data / "store")
    store.amend(Delta((), (fact(5),)))
    store.flush()
    store.close()


def hold_another(data: Path) -> None:
    store = engine.open_to_amend(data / "store")
    store.amend(Delta((fact(999),)))
    store.flush()
    store.close()


def lose_store(data: Path) -> None:
    shutil.rmtree(data / "store")


def link(data: Path) -> None:
    (data / "store" / "passwd").symlink_to("/etc/passwd")


def break_tokens(data: Path) -> None:
    (data / "tokens.json").write_text("{not json")


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "changed record": (change_letter, "00000003.commit was changed: its hash differs."),
    "lost record": (lose_record, "00000002.commit is missing."),
    "lost last record": (lose_last, "ends at commit 4, and held 5 at the last stop."),
    "record of another commit": (go_back, "00000005.commit is the record of commit 2."),
    "flipped bit": (flip_largest, "checksum mismatch"),
    "lost table": (lose_table, "cannot be read"),
    "lacking quad": (lack_quad, "The store lacks 1 quads that its log has, such as <urn:s5> <urn:p>"),
    "another quad": (hold_another, "The store holds 1 quads that its log lacks, such as <urn:s999>"),
    "lost store": (lose_store, "store is missing; the next start rebuilds it"),
    "link": (link, "passwd is a symbolic link."),
    "tokens": (break_tokens, "tokens.json cannot be read"),
}


@pytest.mark.parametrize(("damage", "said"), DAMAGE.values(), ids=DAMAGE)
def test_each_fault_is_found_in_a_directory(stopped: Path, damage: Callable[[Path], None], said: str) -> None:
    damage(stopped)
    (found,) = faults(stopped)
    assert said in found


RESTORED = {"lost store", "lost last record"}
"""Damage that a restore makes good, or that a backup does not know of."""


@pytest.mark.parametrize("kind", [kind for kind in DAMAGE if kind not in RESTORED])
def test_a_damaged_backup_is_not_restored(stopped: Path, tmp_path: Path, kind: str) -> None:
    backup(stopped, tmp_path / "saved")
    assert faults(tmp_path / "saved") == []
    DAMAGE[kind][0](tmp_path / "saved")
    with pytest.raises(Damaged, match="saved"):
        restore(tmp_path / "saved", tmp_path / "again")
    assert [path.name for path in tmp_path.iterdir() if "again" in path.name] == []


UNSOUND = ("changed record", "lost record", "flipped bit", "lost table")


@pytest.mark.parametrize("kind", UNSOUND)
def test_a_damaged_directory_is_not_backed_up(stopped: Path, tmp_path: Path, kind: str) -> None:
    DAMAGE[kind][0](stopped)
    with pytest.raises(Damaged):
        backup(stopped, tmp_path / "saved")
    assert [path.name for path in tmp_path.iterdir() if "saved" in path.name] == []


def test_a_flipped_bit_of_any_table_is_found_after_tables_were_compacted(stopped: Path) -> None:
    """Compacting alone steps over tables that nothing was written over."""
    table_check.check(stopped / "store")
    tables = sorted((stopped / "store").glob("*.sst"))
    assert len(tables) > 8
    for table in tables:
        flip(table, table.stat().st_size // 3)
        assert len(faults(stopped)) == 1, table
        flip(table, table.stat().st_size // 3)
    assert faults(stopped) == []


def test_a_backup_has_files_of_its_own(stopped: Path, tmp_path: Path) -> None:
    """What befalls a table of the data directory must not befall the backup by the same file."""
    backup(stopped, tmp_path / "saved")
    assert {path.stat().st_nlink for path in (tmp_path / "saved" / "store").glob("*.sst")} == {1}


def test_of_many_differences_some_are_counted(stopped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_check, "_MOST_COLLECTED", 10)
    store = engine.open_to_amend(stopped / "store")
    store.amend(Delta(tuple(map(fact, range(1000, 1200)))))
    store.flush()
    store.close()
    (found,) = faults(stopped)
    assert "holds at least 1" in found


def test_a_link_out_of_a_backup_is_not_followed(stopped: Path, tmp_path: Path) -> None:
    backup(stopped, tmp_path / "saved")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "saved" / "tokens.json").symlink_to(tmp_path / "secret")
    with pytest.raises(Damaged, match="symbolic link"):
        restore(tmp_path / "saved", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_folder_that_is_neither_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        faults(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_directory_that_may_not_be_written_is_verified(stopped: Path) -> None:
    for folder in (stopped, stopped / "log", stopped / "store"):
        folder.chmod(0o500)
    try:
        assert faults(stopped) == []
    finally:
        for folder in (stopped, stopped / "log", stopped / "store"):
            folder.chmod(0o700)
