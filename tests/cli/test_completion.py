"""Completion in shells, as bash asks for it: by environment variables."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.exports.catalogue import EXPORT_FORMATS


def completed(line: str, data: Path) -> list[str]:
    """Return what a shell offers for the last word of a line; nothing may be said beside it."""
    words = line.split(" ")
    environment = {
        **os.environ,
        "_KG_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "KG_DATA": str(data),
    }
    program = "from kg.cli import app; app(prog_name='kg')"
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert run.stderr == ""
    return run.stdout.split()


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("kg ask happenings-in", ["happenings-in-a-period"]),
        ("kg ask happenings-in-a-period -p ", ["since=", "until="]),
        ("kg query --format c", ["csv"]),
        ("kg query --labels o", ["on", "only", "off"]),
        ("kg export --format ", list(EXPORT_FORMATS)),
        ("kg export --graph graph-ge", ["graph-gestures"]),
        ("kg show graph-ge", ["graph-gestures"]),
        ("kg template state", ["statement"]),
    ],
)
def test_words_are_completed(made: Path, line: str, some: list[str]) -> None:
    assert completed(line, made) == some


@pytest.mark.parametrize("line", ["kg export --graph ", "kg ask nonsense -p "])
def test_without_a_graph_or_a_question_nothing_is_completed_and_nothing_made(
    tmp_path: Path, line: str
) -> None:
    assert completed(line, tmp_path / "data") == []
    assert list(tmp_path.iterdir()) == []
