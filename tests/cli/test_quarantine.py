"""The command quarantine: refused documents are listed, shown, sent again or dropped."""

import json
from pathlib import Path

import pytest

from tests.support.command import BAD, Kg, written


def names(command: Kg) -> list[str]:
    return [row["id"] for row in json.loads(command("quarantine", "--format", "json").out)]


@pytest.mark.parametrize("text", [BAD, "this is no Turtle"])
def test_what_is_refused_is_kept_on_request(command: Kg, data: Path, tmp_path: Path, text: str) -> None:
    file = written(tmp_path / "bad.ttl", text)
    assert "quarantine" not in command("add", file).err
    assert names(command) == []
    run = command("add", file, "--quarantine", "--by", "Ana", "--source", "a letter")
    assert run.code in (1, 2)
    (name,) = names(command)
    assert {path.stat().st_mode & 0o777 for path in (data / "quarantine").iterdir()} == {0o600}
    assert f"kg quarantine show {name}" in run.err
    shown = command("quarantine", "show", name[:6])
    assert shown.out == text.rstrip("\n") + "\n"
    assert ("Persn" in shown.err) == (text == BAD)
    again = command("quarantine", "resubmit", name)
    assert again.code == run.code
    assert names(command) == [name]
    assert command("quarantine", "drop", name).err == f"Dropped {name}.\n"
    assert names(command) == []


def test_what_conforms_by_now_is_added_as_it_was_sent(command: Kg, data: Path, tmp_path: Path) -> None:
    command("add", written(tmp_path / "facts.ttl", BAD), "--quarantine", "--by", "Ana")
    (name,) = names(command)
    written(data / "quarantine" / f"{name}.ttl", "<urn:a> <urn:p> 1 .")
    run = command("quarantine", "resubmit", name)
    assert (run.code, run.err) == (0, "Added in version 4.\n")
    assert "\tAna\t" in command("log", "-n", "1").out
    assert names(command) == []


def test_a_document_kept_under_two_formats_is_one_document(command: Kg, data: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "bad.ttl", "no RDF at all")
    command("add", file, "--quarantine")
    command("add", file, "--input-format", "trig", "--quarantine")
    (name,) = names(command)
    assert command("quarantine", "show", name).out == "no RDF at all\n"
    command("quarantine", "drop", name)
    assert list((data / "quarantine").iterdir()) == []


def test_what_is_not_there_is_said(command: Kg) -> None:
    assert command("quarantine", "show", "nothing").code == 2
    assert command("quarantine", "drop").code == 2
