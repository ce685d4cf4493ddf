"""The command import."""

from pathlib import Path

from tests.support.command import Kg
from tests.support.event_files import CODING, gdelt, read_quarantine
from tests.support.live_server import live


def test_an_import_tells_what_became_of_each_row_and_is_undone_without_a_trace(
    command: Kg, tmp_path: Path
) -> None:
    file, kept = tmp_path / "20191024.export.CSV", tmp_path / "kept.csv"
    file.write_text(gdelt() + gdelt(id="2", day="20140229") + gdelt(id="3"), encoding="utf-8")
    before = exported(command)
    run = command("import", "gdelt", file, "--quarantine", kept, "--by", "Ana Ruiz")
    assert run.code == 0
    assert "3 rows read; 2 taken" in run.err
    assert "  1 rejected: a value is not a valid date in the form 20191024" in run.err
    assert [line for line, _ in read_quarantine(kept)] == [2]
    graph = run.out.strip()
    held = exported(command)
    assert '"GDELT: unlimited use and redistribution' in held
    assert f"<{graph}>" in held
    assert " already." in command("import", "gdelt", file, "--quarantine", kept).err
    undone = command("undo", graph, "--yes")
    assert undone.code == 0
    assert exported(command) == before


def exported(command: Kg) -> str:
    """Return an export without the lines that say of which version it is."""
    lines = command("export", "-f", "nquads").out.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#"))


def test_a_row_stands_beside_a_happening_while_a_curator_judges_so(command: Kg, tmp_path: Path) -> None:
    before = exported(command)
    file = tmp_path / "a.CSV"
    file.write_text(gdelt(day="20250126", added="20250126143000"), encoding="utf-8")
    graph = command("import", "gdelt", file, "--quarantine", tmp_path / "kept.csv").out.strip()

    def layers() -> list[str]:
        asked = ("codings-and-claims-of-a-happening", "-p", "happening=standoff-january-2025", "-f", "csv")
        lines = command("ask", *asked).out.splitlines()
        return [line.split(",")[0] for line in lines if line.split(",")[0] in ("coding", "row")]

    def judged() -> list[str]:
        asked = ("coded-days-around-a-happening", "-p", "happening=standoff-january-2025", "-f", "csv")
        return [line.rsplit(",", 1)[1] for line in command("ask", *asked).out.splitlines()[1:]]

    assert (layers(), judged()) == ([], ["0"])
    coding = tmp_path / "coding.trig"
    coding.write_text(CODING, encoding="utf-8")
    assert command("add", coding, "--by", "Ana Ruiz").code == 0
    assert (layers(), judged()) == (["coding", "row"], ["1"])
    refused = command("undo", graph, "--yes")
    assert refused.code == 3
    assert "graph-of-the-coding" in refused.err
    gone = command("retract", "dipid:graph-of-the-coding", "--reason", "Another day.", "--by", "Ana Ruiz")
    assert gone.code == 0
    assert (layers(), judged()) == ([], ["0"])
    assert command("undo", graph, "--yes").code == 0
    assert exported(command) == before


def test_an_import_goes_through_the_server_that_holds_the_directory(
    command: Kg, data: Path, tmp_path: Path
) -> None:
    rows = tmp_path / "a.CSV"
    rows.write_text(gdelt() + gdelt(id="2", day="20140229"), encoding="utf-8")
    given = ("import", "gdelt", rows, "--quarantine", tmp_path / "kept.csv")
    with live(data, readers=1):
        first = command(*given)
        assert first.code == 0, first.err
        assert "2 rows read; 1 taken" in first.err
        assert "in version 4" in first.err
        assert " already." in command(*given).err


def test_n_quads_are_written_for_a_load_and_nothing_is_stored(kg: Kg, tmp_path: Path) -> None:
    file, out = tmp_path / "a.CSV", tmp_path / "a.nq"
    file.write_text(gdelt(), encoding="utf-8")
    run = kg("import", "gdelt", file, "-o", out, "--quarantine", tmp_path / "kept.csv")
    assert run.code == 0
    graph = run.out.strip()
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) > 20
    assert [line for line in lines if not line.endswith(f" <{graph}> .")] == []


def test_a_file_that_is_not_there_and_a_set_that_is_unknown_are_refused(kg: Kg, tmp_path: Path) -> None:
    run = kg("import", "gdelt", tmp_path / "nowhere.CSV")
    assert (run.code, "there is no such file" in run.err) == (2, True)
    assert kg("import", "phoenix", tmp_path / "nowhere.CSV").code == 2
