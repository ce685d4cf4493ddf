"""The commands review: a drafter proposes through a server, a curator decides there or in the directory."""

import json
from pathlib import Path

import pytest

import kg
from kg.changes import Provenance
from kg.errors import JSON, Damaged, Forbidden
from kg.formats import RDF_FORMATS
from kg.store.proposals import FOLDER, Bounds, Proposals, State
from tests.support.command import BAD, Kg, written
from tests.support.live_server import begin, kill

BOUNDS = Bounds(1000, 1000)
VERDICT: dict[str, JSON] = {"conforms": True, "violations": [], "graphs": [], "known": False}


def propose(data: Path, text: str, drafter: str = "Bea") -> str:
    by = Provenance(drafter, "a letter", "Told in it.")
    return Proposals(data).add(text.encode(), RDF_FORMATS["turtle"], by, VERDICT, BOUNDS).id


def listed(command: Kg, *arguments: str) -> list[dict[str, str]]:
    return list(json.loads(command("review", "list", *arguments, "--format", "json").out))


def test_who_has_the_directory_accepts_and_the_log_names_both(command: Kg, data: Path) -> None:
    name = propose(data, "<urn:a> <urn:p> 'proposed' .")
    assert [(row["id"], row["drafter"]) for row in listed(command)] == [(name, "Bea")]
    shown = command("review", "show", name[:6])
    assert shown.out == "<urn:a> <urn:p> 'proposed' .\n"
    assert "by Bea, from a letter: Told in it." in shown.err
    assert "0 errors, 0 warnings: accepted." in shown.err
    accepted = command("review", "accept", name[:6], "--by", "Ana", "--reason", "Read the letter.")
    assert accepted.code == 0
    assert "Added in version" in accepted.err
    assert "\tAna, drafted by Bea\t" in command("log", "-n", "1").out
    for person in ("Ana", "Bea"):
        (commit,) = json.loads(command("log", "--by", person, "--format", "json").out)
        assert (commit["agent"], commit["drafter"], commit["reason"]) == ("Ana", "Bea", "Read the letter.")
    assert "by Ana, drafted by Bea" in command("why", "<urn:a> <urn:p> 'proposed'").out
    assert "by Ana, drafted by Bea" in command("show", accepted.out.strip()).out
    assert listed(command) == []
    (row,) = listed(command, "--state", "accepted")
    assert (row["decided by"], row["because"]) == ("Ana", "Read the letter.")
    assert command("verify").code == 0


def test_a_rejection_gives_a_reason_and_decides_once(command: Kg, data: Path) -> None:
    name = propose(data, "<urn:a> <urn:p> 'proposed' .")
    assert command("review", "reject", name).code == 2
    assert command("review", "reject", name, "--reason", "No.", "--by", "Ana").code == 0
    assert "Rejected by Ana: No." in command("review", "show", name).err
    assert command("review", "accept", name).code == 3
    assert command("review", "show", "nothing").code == 2
    assert command("review", "list", "--state", "lost").code == 2


def test_what_a_drafter_writes_feigns_no_verdict(command: Kg, data: Path) -> None:
    by = Provenance("Bea", "a letter", "Fine.\n0 errors, 0 warnings: accepted.\x9b2J")
    Proposals(data).add(BAD.encode(), RDF_FORMATS["turtle"], by, VERDICT, BOUNDS)
    lines = command("review", "show", Proposals(data).all()[0].id).err.splitlines()
    assert "Fine. 0 errors" in lines[0]
    assert lines[-1].endswith("not accepted.")
    assert not any("\x9b" in line for line in lines)


def test_facts_that_do_not_conform_wait_on(command: Kg, data: Path) -> None:
    name = propose(data, BAD)
    assert "not accepted" in command("review", "show", name).err
    refused = command("review", "accept", name)
    assert refused.code == 1
    assert f"{name} stays open." in refused.err
    assert [row["id"] for row in listed(command)] == [name]


def test_proposals_are_in_a_backup_and_readable_by_their_owner_alone(
    command: Kg, data: Path, tmp_path: Path
) -> None:
    name = propose(data, "<urn:a> <urn:p> 'proposed' .")
    command("backup", tmp_path / "backup")
    command("restore", tmp_path / "backup", "--data", tmp_path / "restored")
    assert command("review", "show", name, "--data", tmp_path / "restored").code == 0
    for folder in (data / FOLDER, tmp_path / "restored" / FOLDER):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_document_that_was_changed_on_disk_is_not_accepted(command: Kg, data: Path) -> None:
    name = propose(data, "<urn:a> <urn:p> 'proposed' .")
    (data / FOLDER / f"{name}.ttl").write_text("<urn:a> <urn:p> 'other' .")
    with kg.open(data) as graph, pytest.raises(Damaged):
        graph.accept(name)
    assert "was changed after it was sent" in command("verify", data).out


def test_of_a_long_verdict_some_violations_are_kept_and_the_others_counted(tmp_path: Path) -> None:
    errors: list[JSON] = [{"severity": "error"} for _ in range(30)]
    verdict: dict[str, JSON] = {
        **VERDICT,
        "conforms": False,
        "violations": [*errors, {"severity": "warning"}],
    }
    proposals, by = Proposals(tmp_path), Provenance("Bea")
    waiting = proposals.add(b"<urn:a> <urn:p> 1 .", RDF_FORMATS["turtle"], by, verdict, BOUNDS)
    for number, omitted, told in (
        (20, {"errors": 10, "warnings": 1}, waiting),
        (3, {"errors": 27, "warnings": 1}, proposals.decide(waiting.id, State.REJECTED, "Ana", "No.")),
    ):
        kept = told.verdict["violations"]
        assert isinstance(kept, list)
        assert (len(kept), told.verdict["omitted"]) == (number, omitted)


def test_the_notes_of_the_last_decisions_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.store.proposals.MOST_DECIDED", 3)
    proposals = Proposals(tmp_path)
    first = propose(tmp_path, "<urn:a> <urn:p> 'first' .", "Cleo")
    proposals.decide(first, State.REJECTED, "Ana", "No.")
    for number in range(4):
        name = propose(tmp_path, f"<urn:a> <urn:p> {number} .")
        proposals.decide(name, State.REJECTED, "Ana", "No.")
    assert len(proposals.all("Bea")) == 3
    assert proposals.find(first).state == State.REJECTED


def test_what_a_server_that_is_killed_had_taken_from_a_drafter_waits_on(
    command: Kg, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = command("token", "add", "Bea", "--role", "draft").out.strip()
    file = written(tmp_path / "facts.ttl", "<urn:a> <urn:p> 'proposed' .")
    process, url = begin(data, readers=1)
    try:
        monkeypatch.setenv("KG_TOKEN", token)
        sent = command("add", file, "--endpoint", url)
        assert sent.code == 0
        name = sent.out.strip()
        assert f"It waits for a curator: kg review show {name}." in sent.err
        with kg.open(url, token=token) as mine:
            second = mine.add(data="<urn:b> <urn:p> 'proposed' .").proposal
            assert second
            mine.withdraw_proposal(second)
            assert [each["state"] for each in mine.proposals(None)] == ["waiting", "withdrawn"]
            with pytest.raises(Forbidden):
                mine.accept(name)
    finally:
        kill(process)
    assert [row["id"] for row in listed(command)] == [name]
    assert command("review", "accept", name).code == 0
