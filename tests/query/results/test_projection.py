"""The columns of ``SELECT *`` stand in the order of the query's text."""

import pytest

from kg.errors import Unreadable
from kg.query.evaluation import evaluate
from kg.query.job import QueryJob
from kg.query.results.projection import spelled_out
from kg.scratch import filled
from kg.store.engine import Oxigraph
from kg.store.store import Contents


def columns(text: str) -> list[str]:
    result = evaluate(Contents(Oxigraph(filled()), 1), QueryJob(text)).result
    return [variable.value for variable in result.variables]  # type: ignore[union-attr]  # rows


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT * { ?z ?y ?x }", ["z", "y", "x"]),
        ("select distinct*{?z ?y ?x}", ["z", "y", "x"]),
        ("SELECT REDUCED # ?a *\n * { ?z ?y ?x }", ["z", "y", "x"]),
        ("PREFIX z: <urn:SELECT> SELECT * { $s z:p* ?o }", ["s", "o"]),
        ("SELECT * { ?s ?p ?o FILTER EXISTS { ?s ?a ?b } }", ["s", "p", "o"]),
        ("SELECT * { ?s ?p ?o MINUS { ?s ?a ?b } BIND(1 AS ?c) }", ["s", "p", "o", "c"]),
        ("SELECT * { { SELECT ?q { ?q ?b ?a } } ?z ?y ?x }", ["q", "z", "y", "x"]),
        ("SELECT * { { SELECT * { ?q ?b ?a } } ?z ?y ?x }", ["q", "b", "a", "z", "y", "x"]),
        ("SELECT * { '?a' <urn:?b> ?z } VALUES (?y ?x) { (1 2) }", ["z", "y", "x"]),
        ("SELECT * { }", []),
        ("SELECT ?z ?a { ?a ?z 'SELECT *' }", ["z", "a"]),
        ("SELECT (2 * 3 AS ?z) { }", ["z"]),
        ("SELECT * { ?b rdfs:label ?a } ORDER BY ?a", ["b", "a"]),
    ],
)
def test_columns_stand_as_the_query_names_them(text: str, names: list[str]) -> None:
    assert columns(text) == names


def test_a_variable_with_a_sign_that_the_scanner_does_not_know_is_not_lost() -> None:
    assert sorted(columns("SELECT * { ?b\u00b7 ?a ?c }")) == ["a", "b\u00b7", "c"]


@pytest.mark.parametrize("text", ["ASK { }", "DESCRIBE *", "CONSTRUCT { ?s ?p ?o } WHERE { SELECT * {} }"])
def test_a_query_without_a_star_of_rows_stays_as_it_is(text: str) -> None:
    assert spelled_out(text, text, lambda _: ["a"]) == text


def test_a_query_that_does_not_parse_is_told_by_its_own_text() -> None:
    with pytest.raises(Unreadable, match="line 2, column 1"):
        columns("SELECT * {\n?s ?p }")
