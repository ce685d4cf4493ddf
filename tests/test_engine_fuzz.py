"""No text that passes a screen ends the engine; ``KG_FUZZ=10000`` tries more texts than a test run does."""

import os
import subprocess
import sys

import pytest

from tests.support import engine_fuzz

TEXTS = {"query": 60, "update": 60, "turtle": 150, "trig": 150, "jsonld": 150}


@pytest.mark.parametrize(("kind", "number"), TEXTS.items())
def test_what_a_screen_lets_through_does_not_end_the_engine(kind: str, number: int) -> None:
    number = int(os.environ.get("KG_FUZZ", number))
    command = [sys.executable, "-m", engine_fuzz.__name__, kind, "seed", str(number)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # our own program
    assert run.returncode == 0, f"text {run.stdout.split()[-1:]} ends the engine: {run.stderr[-500:]}"
    passed = int(run.stdout.split()[-1])
    assert passed or kind in ("turtle", "trig", "jsonld")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("query", "FILTER(" + "STR(" * 12_000 + "1" + ")" * 12_001),
        ("update", "<<<a:a><a:b>" * 12_000 + " 1" + ">>" * 12_000 + " <a:a> 1"),
    ],
)
def test_the_texts_would_end_the_engine_without_a_screen(kind: str, text: str) -> None:
    made = f"ASK {{ {text} }}" if kind == "query" else f"INSERT {{}} WHERE {{ {text} }}"
    program = f"import sys, pyoxigraph; pyoxigraph.Store().{kind}(sys.stdin.read())"
    run = subprocess.run(  # our own program
        [sys.executable, "-c", program], input=made, text=True, check=False, capture_output=True
    )
    assert run.returncode < 0
