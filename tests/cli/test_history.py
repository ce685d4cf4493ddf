"""The command line looks back and takes back: log, show, diff, why, retract, undo, and --as-of everywhere."""

import json
import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg import iris, ontology
from kg.changes import Delta, Provenance
from kg.store.store import Store
from tests.cli.test_cli import Kg, data, kg, made, written

__all__ = ["data", "kg", "made"]  # fixtures

FACT = "<urn:a> <urn:p> 'one' ."
OTHER = "<urn:a> <urn:p> 'two' ."
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }"


@pytest.fixture
def here(kg: Kg, data: Path, monkeypatch: pytest.MonkeyPatch) -> Kg:
    """The command, on a data directory that it may write to."""
    monkeypatch.setenv("KG_DATA", str(data))
    return kg


def added(here: Kg, tmp_path: Path, text: str, *options: str) -> str:
    """Add facts; name their graph."""
    run = here("add", written(tmp_path / "facts.ttl", text), "--by", "Ana", *options)
    assert run.code == 0, run.err
    return run.out.strip()


def count(here: Kg, *options: str) -> str:
    return here("query", "-e", COUNT, *options).out.split()[1]


def test_the_log_tells_the_newest_commit_first(here: Kg, tmp_path: Path) -> None:
    graph = added(here, tmp_path, FACT, "--source", "a letter", "--reason", "To see.")
    lines = here("log").out.splitlines()
    assert lines[0].startswith("version\ttime\tby\tdid")
    assert re.fullmatch(
        rf"v3\t[-\d:T]+Z\tAna\twrote {iris.compact(graph)}\t1\t0\ta letter\tTo see\.\t", lines[1]
    )
    assert len(here("log", "-n", "1").out.splitlines()) == 2
    told = json.loads(here("log", "--format", "json", "--graph", graph).out)
    assert [(commit["version"], commit["graphs"]) for commit in told] == [(3, [graph])]


def test_facts_are_withdrawn_and_shown_all_the_same(here: Kg, tmp_path: Path) -> None:
    graph = added(here, tmp_path, FACT)
    run = here("retract", graph, "--reason", "It was\nwrong.", "--by", "Bo")
    assert (run.code, run.out, run.err) == (0, f"{graph}\n", "Withdrawn in version 4.\n")
    assert count(here) == "0"
    shown = here("show", graph).out
    assert "by Bo: It was wrong.\n" in shown
    assert f"withdrew {iris.compact(graph)}" in shown
    (quad,) = parse(shown.encode(), format=RdfFormat.TRIG)
    assert (quad.subject.value, quad.graph_name.value) == ("urn:a", graph)
    assert here("add", "-", stdin=shown).code == 0
    assert count(here) == "1"


def test_a_retraction_is_refused_with_the_list_of_what_rests_on_it(here: Kg) -> None:
    run = here("retract", "dipid:graph-article", "--reason", "No more.")
    assert (run.code, run.out) == (3, "")
    assert "[dipsh:stranded-reference]" in run.err
    assert "kg: dipid:graph-article cannot go alone" in run.err


def test_of_a_refused_retraction_some_faults_are_shown_and_the_rest_is_counted(here: Kg) -> None:
    *faults, rest, sentence = here("retract", "dipid:graph-article", "--reason", "No more.").err.splitlines()
    assert len(faults) == 5
    assert all(fault.endswith("[dipsh:stranded-reference]") for fault in faults)
    assert re.fullmatch(r"\.\.\. and \d+ more of this kind\.", rest)
    assert "(--cascade)" in sentence


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("retract", "dipid:nothing", "--reason", "x"), 2, "no graph dipid:nothing"),
        (("retract", "dipid:graph-gestures", "--reason", " "), 2, "needs a reason"),
        (("retract", "no iri", "--reason", "x"), 2, "no IRI"),
        (("undo", "v1"), 3, "added no facts"),
        (("undo", "v99"), 2, "v1 to v2"),
        (("show", "v99"), 2, "v1 to v2"),
        (("show", "dipid:nothing"), 2, "is and was no graph dipid:nothing"),
        (("diff", "v1", "v99"), 2, "v1 to v2"),
        (("why", "dipid:nothing"), 2, "Nothing in the graph says"),
        (("why", "dipid:statement-s4 dip:madeBy dipid:donald-trump"), 2, "Nothing in the graph says"),
        (("why", "dipid:a dip:b"), 2, "A triple reads"),
        (("query", "-e", COUNT, "--as-of", "v99"), 2, "v1 to v2"),
        (("query", "-e", COUNT, "--as-of", "soon"), 2, "v17"),
    ],
)
def test_what_cannot_be_meant_is_said(kg: Kg, arguments: tuple[str, ...], code: int, said: str) -> None:
    run = kg(*arguments)
    assert (run.code, run.out) == (code, "")
    assert said in run.err


def test_undo_withdraws_what_a_commit_added(here: Kg, tmp_path: Path) -> None:
    graph = added(here, tmp_path, FACT)
    new = added(here, tmp_path, OTHER, "--supersedes", graph)
    run = here("undo", "v4")
    assert (run.code, run.out) == (0, f"{new}\n")
    assert f"{iris.compact(graph)}, which v4 replaced, stays withdrawn" in run.err
    assert "Undone: v4." in here("log", "-n", "1").out
    again = added(here, tmp_path, FACT)
    assert here("undo", again).out == f"{again}\n"


def test_undo_of_what_was_written_to_the_default_graph_takes_it_out(here: Kg, data: Path) -> None:
    with Store.open(data, ontology.load()) as store:
        quad = Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("one"))
        version = store.commit(Delta(added=(quad,)), Provenance("Ana")).version
    run = here("undo", f"v{version}")
    assert (run.code, run.out) == (0, "")
    assert f"Withdrawn in version {version + 1}." in run.err
    assert count(here) == "0"
    assert [line.split("\t")[3] for line in here("log", "-n", "2").out.splitlines()[1:]] == [
        "edited the default graph"
    ] * 2


def test_the_difference_between_versions_is_quads_that_came_and_went(here: Kg, tmp_path: Path) -> None:
    graph = added(here, tmp_path, FACT)
    new = added(here, tmp_path, OTHER, "--supersedes", graph)
    came = here("diff", "v2", "v3").out
    assert came == f'+ <urn:a> <urn:p> "one" <{graph}> .\n'
    lines = here("diff", "3", "4").out.splitlines()
    assert lines[0] == f'- <urn:a> <urn:p> "one" <{graph}> .'
    assert {line[0] for line in lines[1:]} == {"+"}
    assert here("diff", "v4", "v4").out == ""
    assert f"<{new}>" in here("diff", "v3", "v4", "--all").out


def test_answers_can_be_had_as_they_were(here: Kg, tmp_path: Path) -> None:
    graph = added(here, tmp_path, FACT)
    here("retract", graph, "--reason", "Wrong.")
    assert [count(here), count(here, "--as-of", "v3"), count(here, "--as-of", "v2")] == ["0", "1", "0"]
    assert graph in here("export", "--as-of", "v3", "--format", "nquads", "--graph", graph).out
    assert len(here("ask", "submissions-and-their-sources").out.splitlines()) > 1
    assert len(here("ask", "submissions-and-their-sources", "--as-of", "v1").out.splitlines()) == 1


def test_why_tells_graph_commit_report_and_words(kg: Kg) -> None:
    for asked in ("dipid:tenure-petro", "dipid:tenure-petro dip:heldBy dipid:gustavo-petro ."):
        rows = kg("why", asked).out.splitlines()
        assert rows[0] == "rests on\twhich\tdetails"
        assert rows[1].startswith("graph\tdipid:graph-actors\tv2, ")
        assert rows[2].startswith("report\tdipid:report-tenure-petro\tdipid:presence-news-article (")
        assert "“In January 2025, Colombian President Gustavo Petro”" in "".join(rows)
