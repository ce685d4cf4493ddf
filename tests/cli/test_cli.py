"""The command line as a whole: exit codes, help, the version, completion."""

import os
import re
import subprocess
import sys

import pytest

from tests.support.command import PEOPLE, Kg


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["query", "-e", "SELECT nonsense"], 2, "does not parse"),
        (["query"], 2, "Give one query"),
        (["query", "nowhere.rq"], 2, "nowhere.rq cannot be read: No such file or directory"),
        (["query", "-e", PEOPLE, "-f", "yaml"], 2, "no format 'yaml'"),
        (["query", "-e", PEOPLE, "-f", "turtle"], 2, "None of the requested media types is available"),
        (["query", "-e", "ASK {}", "--endpoint", "ftp://example.org/"], 2, "is not the address of a server"),
        (["query", "-e", "ASK {}", "--endpoint", "http://127.0.0.1:1/"], 3, "does not answer"),
        (["ask", "zzz"], 2, "no question named 'zzz'"),
        (["ask", "offices-of-a-person", "-p", "actor"], 2, "is written name=value"),
        (["ask", "offices-of-a-person", "-p", "actor=a", "-p", "actor=b"], 2, "given twice"),
        (["export", "--graph", "dipid:nothing"], 2, "no graph dipid:nothing"),
        (["export", "--graph", "dipid:x", "--all"], 2, "not both"),
        (["export", "-o", "facts.docx"], 2, "facts.docx: the suffix does not name a format"),
        (["export", "-o", "/nowhere/facts.ttl"], 2, "/nowhere/facts.ttl cannot be written"),
        (["validate", "facts.docx"], 2, "cannot be read"),
        (["add", "nowhere.ttl"], 2, "cannot be read"),
        (["restore", "nowhere"], 2, "holds no backup"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_a_code(
    kg: Kg, arguments: list[str], code: int, said: str
) -> None:
    run = kg(*arguments)
    assert (run.code, run.out) == (code, "")
    assert re.fullmatch(r"kg: .+\.\n", run.err)
    assert said in run.err


@pytest.mark.parametrize("arguments", [["--nonsense"], ["nonsense"], ["query", "--nonsense"], ["validate"]])
def test_wrong_usage_is_code_two_with_a_hint(kg: Kg, arguments: list[str]) -> None:
    run = kg(*arguments)
    assert (run.code, run.out) == (2, "")
    assert "-h' for help." in run.err


def test_every_command_has_help_with_a_first_line(kg: Kg) -> None:
    listing = kg("-h").out.split("Commands:")[1].split("Exit codes:")[0]
    names = re.findall(r"^  (\w+) ", listing, re.M)
    assert {"serve", "query", "ask", "validate", "add", "export", "check", "stats"} < set(names)
    assert "..." not in listing
    for name in names:
        assert kg(name, "--help").out.startswith(f"Usage: kg {name} ")


def test_the_version_is_told(kg: Kg) -> None:
    assert re.fullmatch(r"kg \d+\.\d+\.\d+\n", kg("--version").out)


def test_a_shell_completes_commands_and_questions() -> None:
    environment = {**os.environ, "_KG_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "kg ask offices-of"}
    run = subprocess.run([sys.executable, "-m", "kg"], env=environment, capture_output=True, text=True)
    assert "offices-of-a-person" in run.stdout
