"""The commands check, backup and restore, and every command beside a running server."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import BAD, GOOD, PEOPLE, Kg
from tests.support.processes import killed_at_end


def test_a_backup_is_restored_with_all_it_held(kg: Kg, data: Path, tmp_path: Path) -> None:
    kg("add", "-", "--data", data, stdin=GOOD)
    assert kg("backup", tmp_path / "copy", "--data", data).code == 0
    restored = kg("restore", tmp_path / "copy", "--data", tmp_path / "again")
    assert restored.code == 0
    assert re.fullmatch(rf"{tmp_path / 'again'} now holds version \d+\.\n", restored.err)
    everything = ("export", "-f", "nquads", "--all", "--data")
    assert kg(*everything, tmp_path / "again").out == kg(*everything, data).out


def test_a_backup_of_nothing_and_a_restore_over_something_are_refused(
    kg: Kg, data: Path, tmp_path: Path
) -> None:
    assert kg("backup", tmp_path / "copy", "--data", tmp_path / "none").code == 2
    kg("backup", tmp_path / "copy", "--data", data)
    assert kg("restore", tmp_path / "copy", "--data", data).code == 3


def test_a_sound_graph_passes_every_check(kg: Kg) -> None:
    run = kg("check")
    lines = run.out.splitlines()
    assert (run.code, {line.split(": ")[1] for line in lines}) == (0, {"OK"})
    assert "Literals were checked as the store keeps them" in run.err
    assert [line.split(":")[0] for line in lines[-4:]] == ["consistency", "satisfiability", "reach", "shapes"]


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory that a server holds."""
    data = Path(shutil.copytree(made, tmp_path_factory.mktemp("served") / "data"))
    command = [sys.executable, "-m", "kg", "serve", "--data", str(data), "--port", "0"]
    environment = {**os.environ, "KG_TOKEN": "a token of the server", "KG_READERS": "1"}
    server = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    with killed_at_end(server):
        assert server.stderr is not None
        assert server.stderr.readline().startswith("Serving version")
        yield data


@pytest.mark.parametrize(
    "command",
    [
        ["query", "-e", PEOPLE],
        ["query", "-e", "ASK {}"],
        ["query", "-e", PEOPLE, "--format", "table"],
        ["query", "-e", "CONSTRUCT WHERE { ?s a dip:Person }", "--format", "ntriples"],
        ["ask"],
        ["ask", "offices-of-a-person", "-p", "person=gustavo-petro"],
        ["export", "--graph", "dipid:graph-article", "--format", "turtle"],
        ["stats"],
        ["query", "-e", "SELECT nonsense"],
        ["ask", "nonsense"],
        ["export", "--graph", "dipid:nothing"],
    ],
    ids=" ".join,
)
def test_a_command_says_the_same_through_a_server(kg: Kg, served: Path, command: list[str]) -> None:
    alone, beside = kg(*command), kg(*command, "--data", served)
    assert (sorted(alone.out.splitlines()), alone.code, alone.err) == (
        sorted(beside.out.splitlines()),
        beside.code,
        beside.err,
    )


def test_facts_are_judged_and_added_through_a_server(kg: Kg, served: Path) -> None:
    refused = kg("validate", "-", "--data", served, stdin=BAD)
    assert (refused.code, "not accepted" in refused.out) == (1, True)
    assert kg("validate", "-", "--format", "ttl", "--data", served, stdin=BAD).out.startswith("@prefix")
    assert kg("add", "-", "--data", served, stdin=BAD).err.endswith("Nothing was stored.\n")
    added = kg("add", "-", "--by", "Ana Ruiz", "--reason", "a test", "--data", served, stdin=GOOD)
    assert added.code == 0
    assert re.fullmatch(r"Added in version \d+\.\n", added.err)
    question = (
        f"ASK {{ <{added.out.strip()}> prov:wasGeneratedBy [ prov:wasAssociatedWith dipid:agent-ana-ruiz ] }}"
    )
    assert kg("query", "-e", question, "--data", served).out == "true\n"


def test_the_graph_is_checked_and_copied_beside_a_server(kg: Kg, served: Path, tmp_path: Path) -> None:
    assert kg("backup", tmp_path / "copy", "--data", served).code == 0
    assert kg("restore", tmp_path / "copy", "--data", tmp_path / "again").code == 0
    assert kg("stats", "--data", tmp_path / "again").out == kg("stats", "--data", served).out


def test_a_server_is_asked_by_its_address_and_written_to_with_a_token(
    kg: Kg, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = json.loads((served / "server.json").read_text("utf-8"))["url"]
    assert kg("query", "-e", "ASK {}", "--endpoint", address).out == "true\n"
    refused = kg("add", "-", "--endpoint", address, stdin=GOOD)
    assert (refused.code, refused.err) == (
        3,
        "kg: This needs a token: send 'Authorization: Bearer <token>', or the token as password (Basic).\n",
    )
    monkeypatch.setenv("KG_TOKEN", "a token of the server")
    assert kg("add", "-", "--endpoint", address, stdin=GOOD.replace("/a>", "/b>")).code == 0


def test_a_second_server_on_the_same_data_directory_is_refused(served: Path) -> None:
    command = [sys.executable, "-m", "kg", "serve", "--data", str(served), "--port", "0"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 3
    assert re.fullmatch(r"kg: .+\.\n", run.stderr)
