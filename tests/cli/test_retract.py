"""The commands retract and undo."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg import iris, ontology
from kg.changes import Delta, Provenance
from tests.support.command import FACT, OTHER, Kg, added, count
from tests.support.stores import open_store


def test_facts_are_withdrawn_and_shown_all_the_same(command: Kg, tmp_path: Path) -> None:
    graph = added(command, tmp_path, FACT)
    run = command("retract", graph, "--reason", "It was\nwrong.", "--by", "Bo")
    assert (run.code, run.out, run.err) == (0, f"{graph}\n", "Withdrawn in version 5.\n")
    assert count(command) == "0"
    shown = command("show", graph).out
    assert "by Bo: It was wrong.\n" in shown
    assert f"withdrew {iris.compact(graph)}" in shown
    (quad,) = parse(shown.encode(), format=RdfFormat.TRIG)
    assert (quad.subject.value, quad.graph_name.value) == ("urn:a", graph)
    assert command("add", "-", stdin=shown).code == 0
    assert count(command) == "1"


def test_a_retraction_is_refused_with_the_list_of_what_rests_on_it(command: Kg) -> None:
    run = command("retract", "dipid:graph-article", "--reason", "No more.")
    assert (run.code, run.out) == (3, "")
    assert "[dipsh:stranded-reference]" in run.err
    assert "kg: dipid:graph-article cannot be withdrawn alone" in run.err


def test_a_graph_is_withdrawn_by_its_title(command: Kg) -> None:
    title = "Ten statements of 2025 between the United States and Colombia"
    for way in (("retract", title, "--reason", "No more."), ("undo", title, "--yes")):
        assert "kg: dipid:graph-statements-2025 cannot be withdrawn alone" in command(*way).err
    unknown = command("retract", "No such title", "--reason", "No more.")
    assert (unknown.code, "names nothing in the graph" in unknown.err) == (2, True)


def test_of_a_refused_retraction_some_faults_are_shown_and_the_rest_is_counted(command: Kg) -> None:
    *faults, rest, sentence = command(
        "retract", "dipid:graph-article", "--reason", "No more."
    ).err.splitlines()
    assert len(faults) == 5
    assert all(fault.endswith("[dipsh:stranded-reference]") for fault in faults)
    assert re.fullmatch(r"\.\.\. and \d+ more of this kind\.", rest)
    assert "(--cascade)" in sentence


def test_undo_withdraws_what_a_commit_added(command: Kg, tmp_path: Path) -> None:
    graph = added(command, tmp_path, FACT)
    new = added(command, tmp_path, OTHER, "--supersedes", graph)
    run = command("undo", "v5", "--yes")
    assert (run.code, run.out) == (0, f"{new}\n")
    assert f"{iris.compact(graph)}, which v5 replaced, stays withdrawn" in run.err
    assert "Undone: v5." in command("log", "-n", "1").out
    again = added(command, tmp_path, FACT)
    assert command("undo", again, "--yes").out == f"{again}\n"


def test_undo_of_what_was_written_to_the_default_graph_takes_it_out(command: Kg, data: Path) -> None:
    with open_store(data, ontology.load()) as store:
        quad = Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("one"))
        version = store.commit(Delta(added=(quad,)), Provenance("Ana")).version
    run = command("undo", f"v{version}", "--yes")
    assert (run.code, run.out) == (0, "")
    assert f"Withdrawn in version {version + 1}." in run.err
    assert count(command) == "0"
    assert [line.split("\t")[3] for line in command("log", "-n", "2").out.splitlines()[1:]] == [
        "edited the default graph"
    ] * 2


def test_an_undo_is_undone_in_one_step(command: Kg, tmp_path: Path) -> None:
    graph = added(command, tmp_path, FACT)
    assert command("undo", "v4", "--yes").out == f"{graph}\n"
    assert count(command) == "0"
    run = command("undo", "v5", "--yes")
    assert (run.code, run.out, run.err) == (0, f"{graph}\n", "Added again in version 6.\n")
    assert count(command) == "1"


def test_undo_without_a_terminal_shows_what_it_would_do_and_does_nothing(command: Kg, tmp_path: Path) -> None:
    graph = iris.compact(added(command, tmp_path, FACT))
    for what, shown in (
        ("v4", f"Its additions to {graph} would be removed."),
        (graph, f"{graph} would be withdrawn."),
    ):
        run = command("undo", what, stdin="y\n")
        assert (run.code, run.out) == (2, "")
        assert shown in run.err
        assert "add --yes" in run.err
    assert count(command) == "1"


@pytest.mark.parametrize(("answer", "left"), [(b"y\n", "0"), (b"n\n", "1")])
def test_undo_asks_on_a_terminal(command: Kg, data: Path, tmp_path: Path, answer: bytes, left: str) -> None:
    added(command, tmp_path, FACT)
    person, terminal = os.openpty()
    program = [sys.executable, "-m", "kg", "undo", "v4", "--data", str(data)]
    os.write(person, answer)
    run = subprocess.run(program, stdin=terminal, stderr=terminal, stdout=subprocess.PIPE, check=False)
    shown = os.read(person, 10_000).decode()
    assert "Do this? [y/N]" in shown
    assert ("Withdrawn in version 5." if left == "0" else "Nothing was done.") in shown
    assert run.returncode == (0 if left == "0" else 3)
    assert count(command) == left
