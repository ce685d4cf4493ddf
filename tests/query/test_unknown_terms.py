"""A query that names what does not exist is answered with a warning that names what may be meant."""

from pathlib import Path

import pytest

from kg import ontology
from kg.iris import KINDS, TERMS
from kg.query.unknown_terms import warnings
from kg.scratch import filled
from tests.support.api_server import serving

STORE = filled(quad for quads in ontology.load().graphs.values() for quad in quads)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "ASK { ?s dip:madBy ?o }",
            "dip:madBy does not exist, so it matches nothing; dip:madeBy may be meant.",
        ),
        (
            "ASK { ?s a dip:gesture }",
            "dip:gesture does not exist, so it matches nothing; dip:Gesture may be",
        ),
        (f"ASK {{ ?s <{TERMS}speakr> ?o }}", "dip:speakr does not exist"),
        (f"PREFIX : <{TERMS}> ASK {{ ?s :speakr ?o }}", "dip:speakr does not exist"),
        (f"PREFIX kinds: <{KINDS}> ASK {{ ?s ?p kinds:zzzzqqqq }}", "dipk:zzzzqqqq does not exist"),
        ("ASK { ?s ?p dipk:qqqqzzzz. }", "the terms that exist"),
    ],
)
def test_a_name_that_does_not_exist_is_warned_of(text: str, said: str) -> None:
    (sentence,) = warnings(STORE, text)
    assert said in sentence


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s dip:madeBy ?o ; a dip:Gesture }",
        "ASK { dipid:nobody ?p 'dip:madBy' } # dip:madBy",
        "PREFIX dip: <urn:other:> ASK { ?s dip:madBy ?o }",
        f"ASK {{ ?s ?p <{TERMS}> }}",
        "PREFIX dip: <https://w3id.org/regional-diplomacy/terms#> ASK { ?s dip:madeBy ?o . }",
    ],
)
def test_nothing_is_said_of_what_exists_or_is_not_ours(text: str) -> None:
    assert warnings(STORE, text) == ()


def test_the_warning_comes_with_the_answer(tmp_path: Path) -> None:
    with serving(tmp_path) as kg:
        answer = kg.get("/sparql", params={"query": "ASK { ?s dip:zzzzz ?o }"})
        assert answer.status_code == 200
        assert answer.headers["kg-warning"].startswith('"dip:zzzzz does not exist, so it matches nothing; ')
        assert "kg-warning" not in kg.get("/sparql", params={"query": "ASK { ?s a ?o }"}).headers
