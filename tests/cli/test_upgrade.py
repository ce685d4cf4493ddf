"""The command upgrade: what it says, what it writes where, and its exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg import ontology
from kg.facts.quarantine import Quarantine
from kg.gate.gate import Gate
from kg.iris import DATA
from kg.ontology import Ontology
from kg.store import format_marker
from kg.store.backup import restore
from kg.store.log import CommitLog
from tests.support.command import Kg
from tests.support.stores import open_store
from tests.support.two_versions import MIGRATED, NEW, OLD, TWO_FRIENDS, add, write_version


@pytest.fixture
def old(tmp_path: Path) -> Ontology:
    return write_version(tmp_path / "old", OLD)


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ontology:
    """The new version, which the program brings in this test."""
    release = write_version(tmp_path / "new", NEW)
    monkeypatch.setattr(ontology, "ontology_folder", lambda: release.folder)
    return release


@pytest.fixture
def data(tmp_path: Path, old: Ontology) -> Path:
    directory = tmp_path / "data"
    with open_store(directory, old) as store:
        add(store, Gate.of(old), MIGRATED)
    return directory


def add_nonconforming(data: Path, old: Ontology) -> None:
    with open_store(data, old) as store:
        add(store, Gate.of(old), TWO_FRIENDS)


def last(data: Path) -> int:
    return CommitLog(data / "log").last


@pytest.mark.usefixtures("new")
def test_a_command_on_an_older_major_version_ends_with_3_and_names_upgrade(kg: Kg, data: Path) -> None:
    serve = ("serve", "--port", "0")
    for command in (("query", "-e", "ASK {}"), serve, (*serve, "--read-only")):
        run = kg(*command, "--data", data)
        assert (run.code, run.out) == (3, "")
        assert run.err.splitlines()[-1].startswith(f"kg: {data} holds ontology {OLD};")
        assert f"run kg upgrade {data}" in run.err
    assert last(data) == 3


@pytest.mark.usefixtures("new")
def test_an_upgrade_copies_the_directory_first_and_says_where(kg: Kg, data: Path, tmp_path: Path) -> None:
    run = kg("upgrade", data)
    copy = tmp_path / f"data.before-{NEW}"
    assert (run.code, run.out) == (0, "")
    assert run.err == f"Upgraded to ontology {NEW} in version 4; {copy} holds the previous state.\n"
    assert (last(data), last(copy)) == (4, 3)
    assert kg("query", "-e", "ASK { ?person dip:fullName 'Ana' }", "--data", data).out == "true\n"
    assert f"Ontology {OLD} to {NEW}" in kg("log", "--data", data).out


@pytest.mark.usefixtures("new")
def test_the_copy_can_be_put_elsewhere_and_restored(
    kg: Kg, data: Path, old: Ontology, tmp_path: Path
) -> None:
    assert kg("upgrade", "--data", data, "--backup", tmp_path / "copies" / "one").code == 0
    assert restore(tmp_path / "copies" / "one", tmp_path / "again") == 3
    with open_store(tmp_path / "again", old) as store:
        assert store.version == 3


@pytest.mark.usefixtures("new")
def test_a_second_copy_beside_the_directory_gets_a_name_of_its_own(
    kg: Kg, data: Path, tmp_path: Path
) -> None:
    (tmp_path / f"data.before-{NEW}").mkdir()
    assert kg("upgrade", data).code == 0
    assert last(tmp_path / f"data.before-{NEW}-2") == 3


@pytest.mark.usefixtures("new")
def test_an_upgraded_directory_is_left_as_it_is(kg: Kg, data: Path, tmp_path: Path) -> None:
    kg("upgrade", data)
    run = kg("upgrade", data)
    assert (run.code, run.err) == (0, f"{data} has ontology {NEW}, in version 4.\n")
    assert [path.name for path in tmp_path.glob("data.before*")] == [f"data.before-{NEW}"]


@pytest.mark.usefixtures("new")
def test_graphs_that_no_longer_conform_are_listed_and_nothing_changes(
    kg: Kg, data: Path, old: Ontology, tmp_path: Path
) -> None:
    add_nonconforming(data, old)
    run = kg("upgrade", data)
    assert run.code == 1
    assert run.out.splitlines()[0] == "dipid:graph-bo"
    assert run.out.splitlines()[1].startswith("  dipid:bo, dip:knows")
    assert run.err.startswith("Nothing was changed:")
    assert "--quarantine" in run.err
    assert last(data) == 4
    assert not list(tmp_path.glob("data.before*"))


@pytest.mark.usefixtures("new")
def test_quarantine_moves_them_out_and_the_command_quarantine_lists_them(
    kg: Kg, data: Path, old: Ontology
) -> None:
    add_nonconforming(data, old)
    run = kg("upgrade", data, "--quarantine")
    assert (run.code, run.out) == (0, f"{DATA}graph-bo\n")
    assert last(data) == 5
    (note,) = Quarantine(data).notes()
    listed = kg("quarantine", "--data", data)
    assert note.id in listed.out
    assert f"Ontology {NEW}" in listed.out
    assert "dip:fullName" in kg("quarantine", "show", note.id, "--data", data).out


def test_a_newer_directory_and_a_fresh_one_are_refused(
    kg: Kg, data: Path, new: Ontology, monkeypatch: pytest.MonkeyPatch, old: Ontology, tmp_path: Path
) -> None:
    kg("upgrade", data)
    monkeypatch.setattr(ontology, "ontology_folder", lambda: old.folder)
    run = kg("upgrade", data)
    assert (run.code, last(data)) == (3, 4)
    assert f"use the version of the program that comes with ontology {new.version}" in run.err
    assert kg("upgrade", tmp_path / "nothing").code == 2


@pytest.mark.usefixtures("new")
def test_a_directory_in_use_is_refused(kg: Kg, data: Path, old: Ontology) -> None:
    with open_store(data, old):
        run = kg("upgrade", data)
    assert run.code == 3
    assert "is being written by process" in run.err


@pytest.mark.usefixtures("new")
@pytest.mark.parametrize(("number", "said"), [(0, "no upgrade step"), (3, "use kg 9.1.0 or newer")])
def test_another_format_is_refused(kg: Kg, data: Path, number: int, said: str) -> None:
    members = {"format": number, "software": "kg 9.1.0"}
    (data / format_marker.FILE_NAME).write_text(json.dumps(members))
    run = kg("upgrade", data)
    assert run.code == 3
    assert said in run.err


def test_a_server_ends_with_3_as_a_process(data: Path, new: Ontology) -> None:
    program = (
        "import sys; from pathlib import Path; from kg import ontology\nfolder = Path(sys.argv.pop())\n"
        "ontology.ontology_folder = lambda: folder\n"
        "from kg.cli import main; main()"
    )
    arguments = ("serve", "--port", "0", "--data", str(data), str(new.folder))
    run = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert run.returncode == 3
    assert "kg upgrade" in run.stderr
