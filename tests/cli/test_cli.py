"""The command line: data here, talk there, and an exit code that tells what happened."""

import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from kg import iris, ontology
from kg.cli import main, output

GOOD = '<http://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "A" .\n'
BAD = f"<{iris.DATA}nobody> a <{iris.TERMS}Persn> .\n"
PEOPLE = "SELECT ?person WHERE { ?person a dip:Person } ORDER BY ?person LIMIT 1"


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


Kg = Callable[..., Run]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as the first command makes it."""
    directory = tmp_path_factory.mktemp("made") / "data"
    command = [sys.executable, "-m", "kg", "query", "-e", "ASK {}", "--data", str(directory)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == "true\n"
    assert run.stderr == f"Making the data directory {directory} with the ontology and the seed graph.\n"
    return directory


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """A data directory that a test may write to."""
    return Path(shutil.copytree(made, tmp_path / "data"))


@pytest.fixture
def kg(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], made: Path) -> Kg:
    """Run a command in this process, on a data directory that is only read unless another is named."""

    def run(*arguments: str | Path, stdin: str = "") -> Run:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capfdbinary.readouterr()
        return Run(code, captured.out.decode(), captured.err.decode())

    monkeypatch.setenv("KG_DATA", str(made))
    monkeypatch.setenv("NO_COLOR", "1")
    return run


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


# What is asked


def test_a_query_may_stand_on_the_command_line_in_a_file_or_in_standard_input(kg: Kg, tmp_path: Path) -> None:
    file = written(tmp_path / "people.rq", PEOPLE)
    answers = [kg("query", "-e", PEOPLE), kg("query", file), kg("query", "-", stdin=PEOPLE)]
    assert [(run.code, run.err) for run in answers] == [(0, "")] * 3
    assert {run.out for run in answers} == {f"?person\n<{iris.DATA}claudia-sheinbaum>\n"}


@pytest.mark.parametrize(
    ("name", "begins"),
    [("json", '{"head"'), ("xml", "<?xml"), ("csv", "person\r\nhttps:"), ("tsv", "?person\n<https:")],
)
def test_rows_come_in_the_format_asked_for(kg: Kg, name: str, begins: str) -> None:
    run = kg("query", "-e", PEOPLE, "--format", name)
    assert (run.code, run.out.startswith(begins)) == (0, True)


@pytest.mark.parametrize(
    ("name", "rdf_format"),
    [
        ("turtle", RdfFormat.TURTLE),
        ("ntriples", RdfFormat.N_TRIPLES),
        ("rdfxml", RdfFormat.RDF_XML),
        ("jsonld", RdfFormat.JSON_LD),
        (None, RdfFormat.TURTLE),
    ],
)
def test_triples_come_in_the_format_asked_for_or_in_turtle(
    kg: Kg, name: str | None, rdf_format: RdfFormat
) -> None:
    run = kg("query", "-e", "CONSTRUCT WHERE { ?s a dip:Person }", *(["-f", name] if name else []))
    assert run.code == 0
    assert len(list(parse(run.out, rdf_format))) > 3


def test_a_table_shows_labels_beside_compact_iris(kg: Kg) -> None:
    run = kg("query", "-e", PEOPLE, "--format", "table")
    assert run.out.split() == ["person", "Claudia", "Sheinbaum", "dipid:claudia-sheinbaum"]


WIDE = "SELECT ({}) {{}}".format(") (".join(f"'{letter * 30} end' AS ?{letter}" for letter in "abcdef"))


def test_a_row_that_would_be_crammed_is_a_list_and_loses_nothing(
    kg: Kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    run = kg("query", "-e", WIDE, "--format", "table")
    assert [line.split() for line in run.out.splitlines()] == [[x, x * 30, "end"] for x in "abcdef"]
    monkeypatch.setenv("COLUMNS", "220")
    assert kg("query", "-e", WIDE, "--format", "table").out.split()[:7] == [*"abcdef", "a" * 30]


def test_a_list_leaves_out_what_is_empty_and_keeps_rows_apart(
    kg: Kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    text = f"SELECT ?a ?b ?c {{ VALUES (?a ?b ?c) {{ ('{'x' * 20}' UNDEF '{'y' * 40}') (1 2 3) }} }}"
    run = kg("query", "-e", text, "--format", "table")
    folded = ["a", "x" * 20, "c", "y" * 27, "y" * 13]
    assert run.out.split() == [*folded, "a", "1", "b", "2", "c", "3"]
    assert "\n\n" in run.out


def test_a_table_keeps_control_characters_from_the_terminal(kg: Kg) -> None:
    run = kg("query", "-e", 'SELECT ("a\\u001B[31mred\\u202Eback" AS ?text) {}', "--format", "table")
    assert run.out.split() == ["text", "a\ufffd[31mred\ufffdback"]


@pytest.mark.parametrize(("query", "said"), [("ASK {}", "true\n"), ("ASK { FILTER(false) }", "false\n")])
@pytest.mark.parametrize("format_name", [None, "table", "tsv"])
def test_a_truth_value_is_a_word(kg: Kg, query: str, said: str, format_name: str | None) -> None:
    assert kg("query", "-e", query, *(["-f", format_name] if format_name else [])).out == said


def test_questions_are_listed_with_their_sentences(kg: Kg) -> None:
    lines = kg("ask").out.splitlines()
    assert lines[0] == "name\tquestion"
    assert {line.split("\t")[0] for line in lines[1:]} == {
        file.stem for file in ontology.queries_folder().glob("*.rq")
    }
    assert all(line.endswith("?") for line in lines[1:])


def test_a_question_is_asked_with_its_parameters(kg: Kg) -> None:
    run = kg("ask", "offices-of-a-person", "-p", "person=gustavo-petro")
    assert run.code == 0
    assert f"<{iris.DATA}gustavo-petro>" in run.out


def test_statistics_count_layers_classes_and_graphs(kg: Kg) -> None:
    rows = [line.split("\t") for line in kg("stats").out.splitlines()]
    assert rows[0] == ["of", "name", "count"]
    assert {row[1] for row in rows if row[0] == "layer"} == {"source", "statement", "happening", "assessment"}
    assert ["class", "dip:Person"] in [row[:2] for row in rows]
    assert ["graph", f"<{iris.TERMS_GRAPH}>"] in [row[:2] for row in rows]
    assert len(json.loads(kg("stats", "-f", "json").out)) == len(rows) - 1


def test_an_export_goes_to_standard_output_or_to_a_file_named_for_its_format(kg: Kg, tmp_path: Path) -> None:
    file = tmp_path / "all.nq"
    streamed = kg("export", "--format", "nquads")
    saved = kg("export", "-o", file)
    assert (streamed.code, saved.code, saved.out) == (0, 0, "")
    assert file.read_text(encoding="utf-8") == streamed.out
    assert [path.name for path in tmp_path.iterdir()] == ["all.nq"]


def test_an_export_holds_the_graphs_asked_for(kg: Kg) -> None:
    def graphs(*arguments: str) -> set[str]:
        store = Store()
        store.load(kg("export", "-f", "nquads", *arguments).out, RdfFormat.N_QUADS)
        return {str(graph.value) for graph in store.named_graphs()}

    assert graphs("--graph", "dipid:graph-article") == {iris.DATA + "graph-article"}
    assert graphs("--all") - graphs() == {*iris.RELEASED_GRAPHS, iris.PROVENANCE_GRAPH}


# What is given


def test_facts_are_added_with_who_and_whence_and_found_again(kg: Kg, data: Path, tmp_path: Path) -> None:
    facts = written(tmp_path / "new.ttl", GOOD)
    run = kg("add", facts, "--by", "Ana Ruiz", "--source", "http://example.org/page", "--data", data)
    assert run.code == 0
    assert re.fullmatch(r"Added in version \d+\.\n", run.err)
    graph = run.out.strip()
    assert graph.startswith(iris.DATA + "graph-")
    question = (
        f"ASK {{ GRAPH <{graph}> {{ <http://example.org/a> ?p 'A' }} <{graph}> prov:wasGeneratedBy ?commit ."
        " ?commit prov:used <http://example.org/page> ; prov:wasAssociatedWith/rdfs:label 'Ana Ruiz' }"
    )
    assert kg("query", "-e", question, "--data", data).out == "true\n"
    again = kg("add", facts, "--data", data)
    assert (again.code, again.err, again.out.strip()) == (0, "These facts were there already.\n", graph)


def test_facts_that_do_not_conform_are_refused_and_leave_no_trace(kg: Kg, data: Path, tmp_path: Path) -> None:
    before = kg("export", "-f", "nquads", "--all", "--data", data).out
    run = kg("add", written(tmp_path / "bad.ttl", BAD), "--data", data)
    assert (run.code, run.out) == (1, "")
    assert "dip:Persn is no term of this ontology; the nearest is dip:Person" in run.err
    assert run.err.endswith("Nothing was stored.\n")
    assert kg("export", "-f", "nquads", "--all", "--data", data).out == before


def test_several_files_are_accepted_together_or_not_at_all(kg: Kg, data: Path, tmp_path: Path) -> None:
    good, bad = written(tmp_path / "good.ttl", GOOD), written(tmp_path / "bad.ttl", "\n" + BAD)
    run = kg("add", good, bad, "--data", data)
    assert run.code == 1
    assert f"{bad}:2: error: dipid:nobody" in run.err
    assert kg("query", "-e", "ASK { <http://example.org/a> ?p ?o }", "--data", data).out == "false\n"


def test_validation_tells_what_adding_would_tell(kg: Kg, tmp_path: Path) -> None:
    good, bad = written(tmp_path / "good.ttl", GOOD), written(tmp_path / "bad.ttl", BAD)
    assert (kg("validate", good).code, kg("validate", bad).code) == (0, 1)
    assert kg("validate", good).out == "0 errors, 0 warnings: accepted.\n"
    text = kg("validate", bad).out
    assert re.match(r"error: dipid:nobody \(line 1\).* \[dipsh:unknown-term\]\n", text)
    assert "not accepted" in text
    members = json.loads(kg("validate", bad, "--format", "json").out)
    assert (members["conforms"], members["violations"][0]["line"]) == (False, 1)
    assert "no se aceptan" in kg("validate", bad, "--lang", "es").out
    report = kg("validate", bad, "--format", "ttl").out
    assert any(quad.predicate.value.endswith("#conforms") for quad in parse(report, RdfFormat.TURTLE))


def test_facts_may_come_over_standard_input(kg: Kg) -> None:
    assert kg("validate", "-", stdin=GOOD).code == 0
    assert kg("validate", "-", "--input-format", "ntriples", stdin=GOOD).code == 0


# What is kept


def test_a_backup_is_restored_with_all_it_held(kg: Kg, data: Path, tmp_path: Path) -> None:
    kg("add", "-", "--data", data, stdin=GOOD)
    assert kg("backup", tmp_path / "copy", "--data", data).code == 0
    restored = kg("restore", tmp_path / "copy", "--data", tmp_path / "again")
    assert restored.code == 0
    assert re.fullmatch(rf"{tmp_path / 'again'} now holds version \d+\.\n", restored.err)
    everything = ("export", "-f", "nquads", "--all", "--data")
    assert kg(*everything, tmp_path / "again").out == kg(*everything, data).out


def test_a_backup_of_nothing_and_a_restore_over_something_are_refused(
    kg: Kg, data: Path, tmp_path: Path
) -> None:
    assert kg("backup", tmp_path / "copy", "--data", tmp_path / "none").code == 2
    kg("backup", tmp_path / "copy", "--data", data)
    assert kg("restore", tmp_path / "copy", "--data", data).code == 3


def test_a_sound_graph_passes_every_check(kg: Kg) -> None:
    run = kg("check")
    lines = run.out.splitlines()
    assert (run.code, {line.split(": ")[1] for line in lines}) == (0, {"OK"})
    assert [line.split(":")[0] for line in lines[-4:]] == ["consistency", "satisfiability", "reach", "shapes"]


# Beside a running server


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory that a server holds."""
    data = Path(shutil.copytree(made, tmp_path_factory.mktemp("served") / "data"))
    command = [sys.executable, "-m", "kg", "serve", "--data", str(data), "--port", "0"]
    environment = {**os.environ, "KG_TOKEN": "a token of the server", "KG_READERS": "1"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            assert server.stderr.readline().startswith("Serving version")
            yield data
        finally:
            server.terminate()


@pytest.mark.parametrize(
    "command",
    [
        ["query", "-e", PEOPLE],
        ["query", "-e", "ASK {}"],
        ["query", "-e", PEOPLE, "--format", "table"],
        ["query", "-e", "CONSTRUCT WHERE { ?s a dip:Person }", "--format", "ntriples"],
        ["ask"],
        ["ask", "offices-of-a-person", "-p", "person=gustavo-petro"],
        ["export", "--graph", "dipid:graph-article", "--format", "turtle"],
        ["stats"],
        ["query", "-e", "SELECT nonsense"],
        ["ask", "nonsense"],
        ["export", "--graph", "dipid:nothing"],
    ],
    ids=" ".join,
)
def test_a_command_says_the_same_through_a_server(kg: Kg, served: Path, command: list[str]) -> None:
    alone, beside = kg(*command), kg(*command, "--data", served)
    assert (sorted(alone.out.splitlines()), alone.code, alone.err) == (
        sorted(beside.out.splitlines()),
        beside.code,
        beside.err,
    )


def test_facts_are_judged_and_added_through_a_server(kg: Kg, served: Path) -> None:
    refused = kg("validate", "-", "--data", served, stdin=BAD)
    assert (refused.code, "not accepted" in refused.out) == (1, True)
    assert kg("validate", "-", "--format", "ttl", "--data", served, stdin=BAD).out.startswith("@prefix")
    assert kg("add", "-", "--data", served, stdin=BAD).err.endswith("Nothing was stored.\n")
    added = kg("add", "-", "--by", "Ana Ruiz", "--reason", "a test", "--data", served, stdin=GOOD)
    assert added.code == 0
    assert re.fullmatch(r"Added in version \d+\.\n", added.err)
    question = (
        f"ASK {{ <{added.out.strip()}> prov:wasGeneratedBy [ prov:wasAssociatedWith dipid:agent-ana-ruiz ] }}"
    )
    assert kg("query", "-e", question, "--data", served).out == "true\n"


def test_the_graph_is_checked_and_copied_beside_a_server(kg: Kg, served: Path, tmp_path: Path) -> None:
    assert kg("backup", tmp_path / "copy", "--data", served).code == 0
    assert kg("restore", tmp_path / "copy", "--data", tmp_path / "again").code == 0
    assert kg("stats", "--data", tmp_path / "again").out == kg("stats", "--data", served).out


def test_a_server_is_asked_by_its_address_and_written_to_with_a_token(
    kg: Kg, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = json.loads((served / "server.json").read_text("utf-8"))["url"]
    assert kg("query", "-e", "ASK {}", "--endpoint", address).out == "true\n"
    refused = kg("add", "-", "--endpoint", address, stdin=GOOD)
    assert (refused.code, refused.err) == (
        3,
        "kg: This needs a token: send 'Authorization: Bearer <token>'.\n",
    )
    monkeypatch.setenv("KG_TOKEN", "a token of the server")
    assert kg("add", "-", "--endpoint", address, stdin=GOOD.replace("/a>", "/b>")).code == 0


def test_a_second_server_on_the_same_data_directory_is_refused(served: Path) -> None:
    command = [sys.executable, "-m", "kg", "serve", "--data", str(served), "--port", "0"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 3
    assert re.fullmatch(r"kg: .+\.\n", run.stderr)


# What goes wrong


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["query", "-e", "SELECT nonsense"], 2, "does not parse"),
        (["query"], 2, "Give one query"),
        (["query", "nowhere.rq"], 2, "nowhere.rq cannot be read: No such file or directory"),
        (["query", "-e", PEOPLE, "-f", "yaml"], 2, "no format 'yaml'"),
        (["query", "-e", PEOPLE, "-f", "turtle"], 2, "None of the media types asked for is on offer"),
        (["query", "-e", "ASK {}", "--endpoint", "ftp://example.org/"], 2, "no address of a server"),
        (["query", "-e", "ASK {}", "--endpoint", "http://127.0.0.1:1/"], 3, "does not answer"),
        (["ask", "nonsense"], 2, "no question named 'nonsense'"),
        (["ask", "offices-of-a-person", "-p", "actor"], 2, "reads name=value"),
        (["ask", "offices-of-a-person", "-p", "actor=a", "-p", "actor=b"], 2, "given twice"),
        (["export", "--graph", "dipid:nothing"], 2, "no graph dipid:nothing"),
        (["export", "--graph", "dipid:x", "--all"], 2, "not both"),
        (["export", "-o", "facts.docx"], 2, "facts.docx: the suffix names no format"),
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


def test_text_that_does_not_parse_is_refused_with_its_place(kg: Kg, tmp_path: Path) -> None:
    run = kg("validate", written(tmp_path / "torn.ttl", GOOD + "<http://example.org/a> nonsense"))
    assert (run.code, run.out) == (2, "")
    assert "ine 2" in run.err
    several = kg("validate", written(tmp_path / "good.ttl", GOOD), tmp_path / "torn.ttl")
    assert (several.code, "torn.ttl: " in several.err) == (2, True)


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
    monkeypatch.setattr(output, "PATIENCE", 0)
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


def test_a_shell_completes_commands_and_questions() -> None:
    environment = {**os.environ, "_KG_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "kg ask offices-of"}
    run = subprocess.run([sys.executable, "-m", "kg"], env=environment, capture_output=True, text=True)
    assert "offices-of-a-person" in run.stdout


def on_terminal(command: Sequence[str], environment: dict[str, str]) -> str:
    """Run a command on a terminal of its own and give what it shows."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        process.wait()
    with open(ours, "rb", buffering=0) as terminal:
        return terminal.read(1 << 16).decode()
