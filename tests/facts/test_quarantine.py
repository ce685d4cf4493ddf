"""What is refused is kept on request, told, mended, sent again or dropped."""

import json
from pathlib import Path

import pytest

from kg.iris import DATA, TERMS
from tests.cli.test_cli import Kg, data, kg, made, written
from tests.support.api_server import bearer, serving

__all__ = ["data", "kg", "made"]  # fixtures

BAD = f"<{DATA}nobody> a <{TERMS}Persn> .\n"


@pytest.fixture
def here(kg: Kg, data: Path, monkeypatch: pytest.MonkeyPatch) -> Kg:
    monkeypatch.setenv("KG_DATA", str(data))
    return kg


def names(here: Kg) -> list[str]:
    return [row["id"] for row in json.loads(here("quarantine", "--format", "json").out)]


@pytest.mark.parametrize("text", [BAD, "this is no Turtle"])
def test_what_is_refused_is_kept_on_request(here: Kg, tmp_path: Path, text: str) -> None:
    file = written(tmp_path / "bad.ttl", text)
    assert "quarantine" not in here("add", file).err
    assert names(here) == []
    run = here("add", file, "--quarantine", "--by", "Ana", "--source", "a letter")
    assert run.code in (1, 2)
    (name,) = names(here)
    assert f"kg quarantine show {name}" in run.err
    shown = here("quarantine", "show", name[:6])
    assert shown.out == text.rstrip("\n") + "\n"
    assert ("Persn" in shown.err) == (text == BAD)
    again = here("quarantine", "resubmit", name)
    assert again.code == run.code
    assert names(here) == [name]
    assert here("quarantine", "drop", name).err == f"Dropped {name}.\n"
    assert names(here) == []


def test_what_conforms_by_now_is_added_as_it_was_sent(here: Kg, data: Path, tmp_path: Path) -> None:
    here("add", written(tmp_path / "facts.ttl", BAD), "--quarantine", "--by", "Ana")
    (name,) = names(here)
    written(data / "quarantine" / f"{name}.ttl", "<urn:a> <urn:p> 1 .")
    run = here("quarantine", "resubmit", name)
    assert (run.code, run.err) == (0, "Added in version 3.\n")
    assert "\tAna\t" in here("log", "-n", "1").out
    assert names(here) == []


def test_a_document_kept_under_two_formats_is_one_document(here: Kg, data: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "bad.ttl", "no RDF at all")
    here("add", file, "--quarantine")
    here("add", file, "--input-format", "trig", "--quarantine")
    (name,) = names(here)
    assert here("quarantine", "show", name).out == "no RDF at all\n"
    here("quarantine", "drop", name)
    assert list((data / "quarantine").iterdir()) == []


def test_what_is_not_there_is_said(here: Kg) -> None:
    assert here("quarantine", "show", "nothing").code == 2
    assert here("quarantine", "drop").code == 2


def test_the_server_keeps_what_it_refuses_on_request(tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        headers = {**bearer("curator"), "Content-Type": "text/turtle"}
        plain = client.post("/facts", content="no Turtle", headers=headers)
        assert "quarantined" not in plain.json()
        kept = client.post("/facts?quarantine=true", content="no Turtle", headers=headers).json()
        assert (tmp_path / "data" / "quarantine" / f"{kept['quarantined']}.ttl").read_text() == "no Turtle"
        assert client.post("/facts?quarantine=yes", content="no", headers=headers).status_code == 400
