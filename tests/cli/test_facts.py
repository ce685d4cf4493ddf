"""The commands validate and add."""

import json
import re
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from kg import iris
from tests.support.command import BAD, GOOD, Kg, written


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
    assert (again.code, again.err, again.out.strip()) == (0, "The graph holds these facts already.\n", graph)


def test_facts_that_do_not_conform_are_refused_and_leave_no_trace(kg: Kg, data: Path, tmp_path: Path) -> None:
    before = kg("export", "-f", "nquads", "--all", "--data", data).out
    run = kg("add", written(tmp_path / "bad.ttl", BAD), "--data", data)
    assert (run.code, run.out) == (1, "")
    assert "dip:Persn is not a term of this ontology; the nearest is dip:Person" in run.err
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


def test_text_that_does_not_parse_is_refused_with_its_place(kg: Kg, tmp_path: Path) -> None:
    run = kg("validate", written(tmp_path / "torn.ttl", GOOD + "<http://example.org/a> nonsense"))
    assert (run.code, run.out) == (2, "")
    assert "ine 2" in run.err
    several = kg("validate", written(tmp_path / "good.ttl", GOOD), tmp_path / "torn.ttl")
    assert (several.code, "torn.ttl: " in several.err) == (2, True)
