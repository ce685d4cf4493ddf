"""The command purge: it asks, leaves alone what a server holds, and purges backups too."""

from pathlib import Path

import pytest

from tests.support.command import Kg, added
from tests.support.live_server import live

SECRET = "Maria Exemplaria, 12 Secret Street"
FACTS = f'<http://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "{SECRET}" .\n'
REASON = ("--reason", "Erasure, request 7.")


def files_with(data: Path) -> list[Path]:
    return [path for path in data.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


@pytest.fixture
def graph(command: Kg, tmp_path: Path) -> str:
    return added(command, tmp_path, FACTS)


def test_a_purge_needs_a_yes_off_a_terminal(command: Kg, data: Path, graph: str) -> None:
    run = command("purge", graph, *REASON)
    assert (run.code, run.err) == (2, "kg: A purge cannot be undone: give --yes to confirm it.\n")
    assert files_with(data)


def test_a_graph_may_be_named_by_its_title(command: Kg) -> None:
    title = "Ten statements of 2025 between the United States and Colombia"
    run = command("purge", title, *REASON, "--yes")
    assert "dipid:graph-statements-2025 was purged" in run.err


def test_a_graph_is_purged_from_directory_and_backups(
    command: Kg, data: Path, graph: str, tmp_path: Path
) -> None:
    command("backup", tmp_path / "one")
    run = command("purge", graph, *REASON, "--by", "Officer", "--backup", tmp_path / "one", "--yes")
    assert run.code == 0, run.err
    assert [line.split(" was purged")[0] for line in run.err.splitlines()] == [graph_name(graph)] * 2
    assert files_with(data) == files_with(tmp_path / "one") == []
    for directory in (data, tmp_path / "one"):
        assert command("verify", directory).code == 0
    shown = command("log", "-n", "1").out.splitlines()[1].split("\t")
    assert (shown[2], shown[3], shown[7]) == (
        "Officer",
        f"withdrew {graph_name(graph)}",
        "Purged: " + REASON[1],
    )
    for arguments in (("show", graph), ("export", "--graph", graph), ("diff", "v3", "v4")):
        gone = command(*arguments)
        assert gone.code == 3, arguments
        assert f"{graph_name(graph)} was purged on" in gone.err
    asked = command("query", "-e", "SELECT ?o { <http://example.org/a> ?p ?o }", "--as-of", "v4")
    assert asked.out == "?o\n"


def graph_name(graph: str) -> str:
    return "dipid:" + graph.rsplit("/", 1)[1]


def test_what_is_not_there_and_what_a_server_holds_is_refused(
    command: Kg, data: Path, graph: str, tmp_path: Path
) -> None:
    assert command("purge", "urn:nothing", *REASON, "--yes").code == 2
    assert command("purge", graph, *REASON, "--yes", "--backup", tmp_path / "none").code == 2
    with live(data, token="a token"):
        run = command("purge", graph, *REASON, "--yes")
        assert run.code == 3
        assert "stop it, purge, and start it again" in run.err
    assert files_with(data)
