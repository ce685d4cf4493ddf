"""The command verify, and what commands say of a damaged data directory."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import GOOD, Kg
from tests.support.damage import change_record, flip_table
from tests.support.live_server import live


def test_a_sound_directory_is_said_to_be(kg: Kg, data: Path, tmp_path: Path) -> None:
    run = kg("verify", data)
    assert (run.code, run.out) == (0, "")
    assert run.err.startswith(f"{data}: no fault up to version ")
    kg("backup", tmp_path / "copy", "--data", data)
    assert kg("verify", tmp_path / "copy").code == 0
    assert kg("verify", "--data", data).code == 0


def test_each_fault_is_a_line_and_the_exit_code_is_1(kg: Kg, data: Path) -> None:
    kg("add", "-", "--data", data, stdin=GOOD)
    change_record(data, 4, b'"A"', b'"B"')
    (data / "log" / "00000001.commit").unlink()
    run = kg("verify", data)
    assert run.code == 1
    assert [line.split()[0] for line in run.out.splitlines()] == [
        str(data / "log" / "00000001.commit"),
        str(data / "log" / "00000004.commit"),
    ]


def test_a_damaged_directory_ends_commands_with_one_sentence(kg: Kg, data: Path, tmp_path: Path) -> None:
    shutil.rmtree(data / "log")
    for arguments in (
        ("query", "-e", "ASK {}", "--data", data),
        ("add", "-", "--data", data),
        ("backup", tmp_path / "copy", "--data", data),
    ):
        run = kg(*arguments, stdin=GOOD)
        assert (run.code, run.out) == (3, ""), arguments
        assert run.err.startswith("kg: The log in ")
        assert len(run.err.splitlines()) == 1


def test_a_damaged_backup_is_not_restored(kg: Kg, data: Path, tmp_path: Path) -> None:
    kg("backup", tmp_path / "copy", "--data", data)
    flip_table(tmp_path / "copy")
    run = kg("restore", tmp_path / "copy", "--data", tmp_path / "again")
    assert run.code == 3
    assert run.err.startswith(f"kg: {tmp_path / 'copy'} is damaged.")
    assert not (tmp_path / "again").exists()


def serve(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Start a server that is expected not to start."""
    command = [sys.executable, "-m", "kg", "serve", "--data", str(data), "--port", "0", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_server_does_not_start_on_a_damaged_directory_but_reads_one_on_request(data: Path) -> None:
    """A lost log was served as if nothing were, and every fact was gone."""
    shutil.rmtree(data / "log")
    refused = serve(data)
    assert refused.returncode == 3
    (said,) = refused.stderr.splitlines()
    assert "log is missing or empty" in said
    assert "--read-only" in said
    with live(data, read_only=True) as (_, url):
        asked = subprocess.run(
            [sys.executable, "-m", "kg", "query", "-e", "ASK { ?s a dip:Event }", "--endpoint", url],
            capture_output=True,
            text=True,
            check=True,
        )
        assert asked.stdout == "true\n"


@pytest.mark.parametrize("name", ["data/store", "data/log", "data/tokens.json"])
def test_a_file_in_the_way_ends_a_server_with_one_sentence(tmp_path: Path, made: Path, name: str) -> None:
    data = shutil.copytree(made, tmp_path / "data")
    shutil.rmtree(tmp_path / name, ignore_errors=True)
    (tmp_path / name).write_text("in the way")
    run = serve(data)
    assert run.returncode == 3, run.stderr
    assert "Traceback" not in run.stderr
    assert "cannot be" in run.stderr.splitlines()[-1]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_directory_that_may_not_be_written_is_one_sentence(data: Path) -> None:
    data.chmod(0o500)
    try:
        run = serve(data)
    finally:
        data.chmod(0o700)
    assert run.returncode == 3
    assert len(run.stderr.splitlines()) == 1
