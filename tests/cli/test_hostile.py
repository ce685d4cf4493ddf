"""What a user can get wrong on the command line ends in one sentence and the right exit code."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import FACT, Kg, Run, added, written

AT_A_FILE = [
    ("log",),
    ("query", "-e", "ASK {}"),
    ("stats",),
    ("export",),
    ("check",),
    ("add", "FACTS"),
    ("validate", "FACTS"),
    ("undo", "v1", "--yes"),
    ("retract", "urn:g", "--reason", "x"),
    ("show", "v1"),
    ("diff", "v1", "v2"),
    ("why", "dipid:x"),
    ("quarantine", "list"),
    ("token", "list"),
    ("token", "add", "x"),
    ("backup", "elsewhere"),
    ("serve",),
]


def is_one_sentence(run: Run) -> bool:
    return run.err.startswith("kg: ") and run.err.count("\n") == 1


@pytest.mark.parametrize("command", AT_A_FILE, ids=" ".join)
def test_a_file_is_no_data_directory(kg: Kg, tmp_path: Path, command: tuple[str, ...]) -> None:
    file = written(tmp_path / "facts.ttl", FACT)
    run = kg(*(file if word == "FACTS" else word for word in command), "--data", file)
    assert (run.code, run.out, run.err) == (2, "", f"kg: {file} is a file; name a directory.\n")


def test_a_file_takes_no_backup_and_is_not_restored_to(kg: Kg, made: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "facts.ttl", FACT)
    for run in (kg("backup", file), kg("restore", made, "--data", file)):
        assert (run.code, run.out) == (2, "")
        assert f"{file} is a file" in run.err
        assert is_one_sentence(run)


@pytest.mark.parametrize("port", ["-1", "65536", "99999"])
def test_there_is_no_such_port(kg: Kg, port: str) -> None:
    run = kg("serve", "--port", port)
    assert (run.code, run.err) == (2, f"kg: There is no port {port}; the last one is 65535.\n")


def test_stray_files_in_the_quarantine_are_passed_over(command: Kg, data: Path) -> None:
    for name in ("notes.txt", "x.json", ".DS_Store"):
        written_to = data / "quarantine" / name
        written_to.parent.mkdir(exist_ok=True)
        written_to.write_text("hi", encoding="utf-8")
    (data / "quarantine" / "folder.json").mkdir()
    assert command("quarantine", "list").code == 0
    assert command("quarantine", "show", "x").code == 2


def test_a_damaged_note_in_the_quarantine_is_named(command: Kg, data: Path) -> None:
    note = data / "quarantine" / f"{'0' * 16}.json"
    note.parent.mkdir()
    note.write_text("[", encoding="utf-8")
    run = command("quarantine", "list")
    assert run.code == 3
    assert f"{note} is damaged" in run.err
    assert is_one_sentence(run)


def test_stray_files_in_the_log_and_among_the_snapshots_are_passed_over(
    command: Kg, data: Path, tmp_path: Path
) -> None:
    for folder in ("log", "snapshots"):
        (data / folder).mkdir(exist_ok=True)
        for name in ("notes.txt", ".DS_Store", "00000001.commit~"):
            (data / folder / name).write_text("hi", encoding="utf-8")
    added(command, tmp_path, FACT)
    assert command("query", "-e", "ASK {}", "--as-of", "v1").out == "true\n"


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_closed_stream_ends_no_command_and_no_store_file_takes_its_place(data: Path, closed: int) -> None:
    facts = written(data.parent / "facts.ttl", FACT)
    command = [sys.executable, "-m", "kg", "add", str(facts), "--data", str(data)]
    shell = ["sh", "-c", f'exec "$@" {closed}>&-', "sh", *command]
    run = subprocess.run(shell, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr
    assert b"Traceback" not in run.stderr
    verified = subprocess.run(
        [sys.executable, "-m", "kg", "verify", str(data)], capture_output=True, check=False
    )
    assert verified.returncode == 0, verified.stdout
