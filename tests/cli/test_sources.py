"""The commands source add, list and remove: a text is kept, told of by its hash, and never printed."""

import json
from hashlib import sha256
from pathlib import Path

import kg
from tests.support.command import Kg

TEXT = "Norland closed the border.\nThe envoy left at dawn, unrepentant.\n"
DIGEST = sha256(TEXT.encode()).hexdigest()
TABLE = f"""record,id,label,kind,publisher,text_hash,passage,source,hedge,basis,speaker,paraphrase
source,the-text,A text,article,presence-news,{DIGEST},,,,,,
statement,a-remark,A remark,remark,,,WORDS,the-text,plain,attributed,gustavo-petro,he was glad
"""


def table(path: Path, words: str) -> Path:
    path.write_text(TABLE.replace("WORDS", words), encoding="utf-8")
    return path


def test_a_text_is_kept_listed_backed_up_and_removed(command: Kg, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes(TEXT.replace("\n", "\r\n").encode())
    added = command("source", "add", file, "--by", "Ana")
    assert (added.code, added.out) == (0, f"{DIGEST}\n")
    assert "no source in the graph" in added.err
    assert "Kept before" in command("source", "add", file).err
    (row,) = json.loads(command("source", "list", "--format", "json").out)
    assert (row["hash"], row["length"], row["by"]) == (DIGEST, str(len(TEXT)), "Ana")
    command("backup", tmp_path / "backup")
    command("restore", tmp_path / "backup", "--data", tmp_path / "restored")
    assert DIGEST in command("source", "list", "--data", tmp_path / "restored").out
    assert command("verify", tmp_path / "restored").code == 0
    (tmp_path / "restored" / "sources" / f"{DIGEST}.txt").write_text("other")
    assert "is damaged" in command("verify", tmp_path / "restored").out
    assert command("source", "remove", DIGEST[:8]).code == 0
    assert list((data / "sources").iterdir()) == []
    assert command("source", "remove", DIGEST).code == 2


def test_a_row_of_a_table_needs_no_offset_and_a_wrong_passage_is_told_in_its_words(
    command: Kg, tmp_path: Path
) -> None:
    command("source", "add", "-", stdin=TEXT)
    wrong = command("validate", table(tmp_path / "wrong.csv", "The envoy left at noon"))
    assert wrong.code == 1
    assert "line 3, column passage, “The envoy left at noon”: " in wrong.out
    assert "“The envoy left at dawn”" in wrong.out
    assert "unrepentant" not in wrong.out
    fine = table(tmp_path / "fine.csv", "The envoy left at dawn")
    assert command("add", fine).code == 0
    start = TEXT.index("The envoy")
    assert command("query", "-e", f"ASK {{ ?p dip:startOffset {start} ; dip:endOffset ?e }}").out == "true\n"
    assert "dipid:the-text" in command("source", "list").out
    assert "unrepentant" not in command("export", "--format", "nquads").out
    assert command("source", "remove", "dipid:the-text").code == 0


def test_a_text_in_which_passages_of_the_graph_do_not_stand_is_kept_and_said(
    command: Kg, data: Path, tmp_path: Path
) -> None:
    facts = TABLE.replace("WORDS,the-text", "nowhere at all,the-text").replace(
        "passage,source", "passage,passage_start,source"
    )
    (tmp_path / "f.csv").write_text(facts.replace(",,,,,,\n", ",,,,,,,\n").replace("all,the", "all,3,the"))
    assert command("add", tmp_path / "f.csv").code == 0
    with kg.open(data) as graph:
        told = graph.add_source(data=TEXT, by="Ana")
        assert (told["passages"], len(told["violations"])) == (1, 1)
        assert [each["hash"] for each in graph.sources()] == [DIGEST]
        graph.remove_source("dipid:the-text")
    run = command("source", "add", "-", stdin=TEXT)
    assert run.code == 1
    assert "1 passages quote it, 1 of them not found at their place." in run.err
