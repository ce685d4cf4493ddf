"""A program of a user: it runs, and a strict type checker knows the types of all that it calls."""

from pathlib import Path
from typing import assert_type

import polars
import pytest
import rdflib

import kg
from kg.client.saved_questions import QuestionCall
from kg.client.things import DescribedThing
from kg.client.values import Value
from kg.query.search.search import Hit


def test_a_typed_program_runs(tmp_path: Path) -> None:
    with kg.open(tmp_path / "data", create=True) as graph:
        assert_type(graph, kg.Graph)
        answer = graph.query("SELECT (1 AS ?n) {}")
        assert_type(answer, kg.Result)
        assert_type(answer.rows(), list[dict[str, Value]])
        assert_type(answer.polars(), polars.DataFrame)
        assert_type(graph.questions()["hedged-reports"], QuestionCall)
        assert_type(graph.questions().hedged_reports(), kg.Result)
        assert_type(graph.thing("dipid:hat"), DescribedThing)
        assert_type(graph.search("hat"), list[Hit])
        assert_type(graph.rdflib("dipid:graph-gestures"), rdflib.Dataset)
        verdict = graph.validate(data="<urn:a> <urn:p> 1 .")
        assert_type(verdict, kg.Verdict)
        assert_type(verdict.rdflib(), rdflib.Graph)
        assert_type(verdict.violations, list[kg.client.verdict.Members])
        assert verdict
    with pytest.raises(kg.errors.KGError, match="closed") as closed:
        graph.query("ASK {}")
    assert_type(closed.value.detail, str)
