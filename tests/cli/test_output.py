"""What goes to standard output, to standard error and to a terminal."""

import os
import pty
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.cli import output
from kg.client import progress
from tests.support.command import PEOPLE, Kg
from tests.support.processes import killed_at_end


def test_a_reader_that_has_seen_enough_is_no_fault(made: Path) -> None:
    command = (
        f"{sys.executable} -m kg export -f nquads --all --data {made} | head -1; exit ${{PIPESTATUS[0]}}"
    )
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (len(run.stdout.splitlines()), run.stderr) == (1, "")


def test_a_terminal_gets_a_table_and_colour_only_where_it_is_wanted(made: Path) -> None:
    command = [sys.executable, "-m", "kg", "query", "-e", PEOPLE, "--data", str(made)]
    for no_color in (None, "1"):
        environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        environment.update({"NO_COLOR": no_color} if no_color else {}, TERM="xterm", COLUMNS="80")
        shown = on_terminal(command, environment)
        assert "Claudia Sheinbaum" in re.sub("\x1b\\[[0-9;]*m", "", shown)
        assert ("\x1b[3" in shown or "\x1b[1;3" in shown) is False or no_color is None


def test_long_work_is_told_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0)
    for on_terminal, told in ((True, "Counting ...\n"), (False, "")):
        monkeypatch.setattr(sys.stderr, "isatty", lambda answer=on_terminal: answer)
        with output.working("Counting"):
            for thread in threading.enumerate():
                if isinstance(thread, threading.Timer):
                    thread.join()
        assert capsys.readouterr().err == told


def test_an_example_in_the_help_is_a_line_that_can_be_copied(kg: Kg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = [line.strip() for line in kg("add", "-h").out.splitlines()]
    assert "kg add new.ttl --source https://example.org/article --by 'Ana Ruiz'" in lines


def on_terminal(command: Sequence[str], environment: dict[str, str]) -> str:
    """Run a command on a terminal of its own and give what it shows."""
    ours, theirs = pty.openpty()
    run = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment)
    with killed_at_end(run) as process:
        os.close(theirs)
        process.wait(120)
    with open(ours, "rb", buffering=0) as terminal:
        return terminal.read(1 << 16).decode()
