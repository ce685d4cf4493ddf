"""The commands query, ask and stats."""

import json
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from kg import iris
from tests.support.command import PEOPLE, Kg, written


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


@pytest.mark.parametrize(("query", "said"), [("ASK {}", "true\n"), ("ASK { FILTER(false) }", "false\n")])
@pytest.mark.parametrize("format_name", [None, "table", "tsv"])
def test_a_truth_value_is_a_word(kg: Kg, query: str, said: str, format_name: str | None) -> None:
    assert kg("query", "-e", query, *(["-f", format_name] if format_name else [])).out == said


def test_statistics_count_layers_classes_and_graphs(kg: Kg) -> None:
    rows = [line.split("\t") for line in kg("stats").out.splitlines()]
    assert rows[0] == ["of", "name", "count"]
    assert {row[1] for row in rows if row[0] == "layer"} == {"source", "statement", "happening", "assessment"}
    assert ["class", "dip:Person"] in [row[:2] for row in rows]
    assert ["graph", f"<{iris.TERMS_GRAPH}>"] in [row[:2] for row in rows]
    assert len(json.loads(kg("stats", "-f", "json").out)) == len(rows) - 1


def test_relative_iris_are_relative_to_the_endpoint_unless_base_says_otherwise(
    kg: Kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "SELECT (<a> AS ?a) (<> AS ?b) {}"
    run = kg("query", "-e", text, "--format", "csv")
    assert run.out.split() == ["a,b", "http://127.0.0.1:7878/a,http://127.0.0.1:7878/sparql"]
    monkeypatch.setenv("KG_BASE", "https://example.org/kg/")
    assert kg("query", "-e", text, "--format", "csv").out.split()[1].startswith("https://example.org/kg/a,")
    based = kg("query", "-e", f"BASE <urn:x:/y/> {text}", "--format", "csv")
    assert based.out.split()[1] == "urn:x:/y/a,urn:x:/y/"


def test_a_warning_goes_to_standard_error(kg: Kg) -> None:
    query = "SELECT ?n { BIND(1 AS ?n) SERVICE SILENT <http://example.invalid/> { ?s ?p ?o } }"
    run = kg("query", "-e", query, "--format", "csv")
    assert (run.code, run.out.split()) == (0, ["n", "1"])
    assert run.err.startswith("Warning: SERVICE SILENT <http://example.invalid/> ")
