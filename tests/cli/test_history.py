"""The commands that look back: log, show, diff, why, and --as-of everywhere."""

import json
import re
from pathlib import Path

import pytest

from kg import iris
from tests.support.api_server import PREFIXES
from tests.support.command import COUNT, FACT, OTHER, Kg, added, count
from tests.support.restated import submission


def test_the_log_tells_the_newest_commit_first(command: Kg, tmp_path: Path) -> None:
    graph = added(command, tmp_path, FACT, "--source", "a letter", "--reason", "To see.")
    lines = command("log").out.splitlines()
    assert lines[0].startswith("version\ttime\tby\tdid")
    assert re.fullmatch(
        rf"v4\t[-\d:T]+Z\tAna\twrote {iris.compact(graph)}\t1\t0\ta letter\tTo see\.\t", lines[1]
    )
    assert len(command("log", "-n", "1").out.splitlines()) == 2
    told = json.loads(command("log", "--format", "json", "--graph", graph).out)
    assert [(commit["version"], commit["graphs"]) for commit in told] == [(4, [graph])]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("retract", "dipid:nothing", "--reason", "x"), 2, "no graph dipid:nothing"),
        (("retract", "dipid:graph-gestures", "--reason", " "), 2, "needs a reason"),
        (("retract", "no iri", "--reason", "x"), 2, "names nothing in the graph"),
        (("undo", "v1", "--yes"), 3, "added no facts"),
        (("undo", "v99"), 2, "v1 to v3"),
        (("show", "v99"), 2, "v1 to v3"),
        (("show", "dipid:nothing"), 2, "is no graph dipid:nothing in any version"),
        (("diff", "v1", "v99"), 2, "v1 to v3"),
        (("why", "dipid:nothing"), 2, "The graph does not state"),
        (("why", "dipid:statement-s4 dip:madeBy dipid:donald-trump"), 2, "The graph does not state"),
        (("why", "dipid:a dip:b"), 2, "A triple is written"),
        (("why", "_:b dip:b dip:c"), 2, "names nothing in the graph"),
        (("why", "Nobody At All"), 2, "This names nothing in the graph: 'Nobody At All'"),
        (("query", "-e", COUNT, "--as-of", "v99"), 2, "v1 to v3"),
        (("query", "-e", COUNT, "--as-of", "soon"), 2, "v17"),
    ],
)
def test_what_cannot_be_meant_is_said(kg: Kg, arguments: tuple[str, ...], code: int, said: str) -> None:
    run = kg(*arguments)
    assert (run.code, run.out) == (code, "")
    assert said in run.err


def test_the_difference_between_versions_is_quads_that_came_and_went(command: Kg, tmp_path: Path) -> None:
    graph = added(command, tmp_path, FACT)
    new = added(command, tmp_path, OTHER, "--supersedes", graph)
    came = command("diff", "v3", "v4", "--format", "nquads").out
    assert came == f'+ <urn:a> <urn:p> "one" <{graph}> .\n'
    lines = command("diff", "4", "5", "--format", "nquads").out.splitlines()
    assert lines[0] == f'- <urn:a> <urn:p> "one" <{graph}> .'
    assert {line[0] for line in lines[1:]} == {"+"}
    assert command("diff", "v5", "v5", "--format", "nquads").out == ""
    assert f"<{new}>" in command("diff", "v4", "v5", "--all", "--format", "nquads").out


def test_answers_can_be_had_as_they_were(command: Kg, tmp_path: Path) -> None:
    graph = added(command, tmp_path, FACT)
    command("retract", graph, "--reason", "Wrong.")
    assert [count(command), count(command, "--as-of", "v4"), count(command, "--as-of", "v3")] == [
        "0",
        "1",
        "0",
    ]
    assert graph in command("export", "--as-of", "v4", "--format", "nquads", "--graph", graph).out
    assert len(command("ask", "submissions-and-their-sources").out.splitlines()) > 1
    assert len(command("ask", "submissions-and-their-sources", "--as-of", "v1").out.splitlines()) == 1


def test_the_statements_of_the_seed_come_after_its_article(kg: Kg) -> None:
    asked = "ASK { dipid:standoff-january-2025 a dip:Event . dipid:statement-s1 a dip:Statement }"
    assert [kg("query", "-e", asked, "--as-of", version).out for version in ("v2", "v3")] == [
        "false\n",
        "true\n",
    ]
    came = kg("diff", "v2", "v3", "--format", "nquads").out.splitlines()
    assert {line[0] for line in came} == {"+"}
    told = kg("diff", "v2", "v3").out.splitlines()
    assert told[0] == f"{len(came)} triples came and nothing went."
    assert any(line.startswith("+ S1: Trump says that two flights") for line in told)
    assert any(line.startswith(f"+ <{iris.DATA}statement-s1> ") for line in came)


def test_a_graph_is_named_by_its_title_too(kg: Kg) -> None:
    title = "Actors and offices as the article names them"
    assert kg("show", title).out == kg("show", "dipid:graph-actors").out != ""
    assert kg("log", "--graph", title).out == kg("log", "--graph", "graph-actors").out
    exports = [kg("export", "--graph", graph, "-f", "nquads").out for graph in (title, "dipid:graph-actors")]
    assert exports[0] == exports[1] != ""
    run = kg("export", "--graph", "Nothing Such", "-f", "nquads")
    assert (run.code, run.out) == (2, "")
    assert "names nothing in the graph: 'Nothing Such'" in run.err


def test_why_tells_graph_commit_report_and_words(kg: Kg) -> None:
    for asked in (
        "dipid:tenure-petro",
        "tenure-petro",
        "dipid:tenure-petro dip:heldBy dipid:gustavo-petro .",
    ):
        rows = kg("why", asked).out.splitlines()
        assert rows[0] == "rests on\twhich\tdetails"
        assert rows[1].startswith("graph\tdipid:graph-actors\tv2, ")
        assert rows[2].startswith("report\tdipid:report-tenure-petro\tdipid:presence-news-article (")
        assert "“In January 2025, Colombian President Gustavo Petro”" in "".join(rows)


def test_why_tells_of_each_graph_its_own_reports(command: Kg, tmp_path: Path) -> None:
    file = tmp_path / "again.trig"
    file.write_bytes(submission())
    command("add", file, "--by", "Ana")
    for name in (
        "alteration-of-the-hat",
        "claim-petro-war-crimes",
        "threatened-tariffs",
        "account-presence-news",
    ):
        rows = [line.split("\t") for line in command("why", f"dipid:{name}").out.splitlines()[1:]]
        graphs = [which for rests_on, which, _ in rows if rests_on == "graph"]
        assert graphs[-1] == "dipid:graph-told-again"
        assert len(graphs) == 2
        place = [which for _, which, _ in rows].index(graphs[-1])
        before, after = rows[1:place], rows[place + 1 :]
        assert before
        assert after
        assert not any(which.endswith("-again") for _, which, _ in before)
        assert all(which.endswith("-again") for _, which, _ in after)
    (triple,) = command(
        "why", "dipid:alteration-of-the-hat dip:performedBy dipid:someone-else"
    ).out.splitlines()[2:]
    assert triple.startswith("report\tdipid:report-alteration-again\t")


def test_why_tells_of_a_graph_that_only_reports_a_thing(command: Kg, tmp_path: Path) -> None:
    report = """dipid:one-more a dip:Report ; dip:reports dipid:statement-s8 ;
        dip:foundIn dipid:page-newsexpressngr ; dip:hedgedAs dipk:plain ; dip:basedOn dipk:attributed ."""
    graph = iris.compact(added(command, tmp_path, f"{PREFIXES}\n{report}"))
    lines = command("why", "dipid:statement-s8").out.splitlines()
    assert lines[-2].startswith(f"graph\t{graph}\t")
    assert lines[-1].startswith("report\tdipid:one-more\t")
    assert graph not in command("why", "dipid:statement-s8 a dip:Statement").out


def test_why_tells_what_was_not_read_itself(kg: Kg) -> None:
    (_, _, report) = kg("why", "dipid:statement-s8").out.splitlines()
    assert "dipid:page-newsexpressngr, not read but seen in dipid:statements-table-2025 (" in report
