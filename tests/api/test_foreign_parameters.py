"""Parameters of other servers: what means something here, and what is passed over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.api.foreign_parameters import passed_over
from kg.client.http import strings_in
from kg.errors import BadInput
from kg.settings import Settings
from tests.support.api_server import Client, ask, bearer, serving
from tests.support.problems import fault

KNOWN = ("query", "default-graph-uri", "named-graph-uri", "as-of", "format", "timeout")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        *(("5", 5), ("2.5", 2.5), ("999", 999), ("1000", 1), ("30000", 30)),
        *(("30s", 30), ("1500s", 1500), ("500ms", 0.5), ("500 ms", 0.5), ("0", None), ("0.000", None)),
    ],
)
def test_a_timeout_is_seconds_or_from_1000_on_milliseconds(value: str, seconds: float | None) -> None:
    taken = passed_over([("timeout", value)], KNOWN)
    assert (taken.parameters, taken.seconds, taken.warnings) == ([], seconds, ())


@pytest.mark.parametrize("value", ["", "-1", "soon", "1e3", "5 min", "\u0665", "nan"])
def test_a_timeout_that_is_no_time_is_passed_over(value: str) -> None:
    taken = passed_over([("timeout", value)], KNOWN)
    assert taken.seconds is None
    assert "not a duration" in taken.warnings[0]


def test_of_several_timeouts_the_shortest_holds() -> None:
    assert passed_over([("timeout", "5"), ("timeout", "2000"), ("timeout", "0")], KNOWN).seconds == 2


def test_what_is_not_known_is_passed_over_with_one_warning_each() -> None:
    given = [
        ("infer", "true"),
        ("query", "ASK {}"),
        ("maxrows", ""),
        ("infer", "false"),
        ("named-graph-uri", ""),
    ]
    taken = passed_over(given, KNOWN)
    assert taken.parameters == [("query", "ASK {}")]
    assert [warning.split("'")[1] for warning in taken.warnings] == ["infer", "maxrows", "named-graph-uri"]


@pytest.mark.parametrize("name", ["as_of", "asOf", "defaultGraphUri", "named_graph_uri", "Query", "$x"])
def test_a_parameter_without_which_the_answer_would_be_another_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="parameter"):
        passed_over([(name, "x")], KNOWN)


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("foreign")) as asking:
        yield asking


def test_a_query_is_answered_beside_them_by_get_and_by_post(kg: Client) -> None:
    given = {"infer": "true", "debug": "on", "maxrows": "", "query": "ASK {}", "timeout": "30000"}
    for answer in (kg.get("/sparql", params=given), kg.post("/sparql", data=given)):
        assert answer.json()["boolean"] is True
        assert len(strings_in(answer.headers["kg-warning"])) == 3


def test_warnings_are_not_kept_for_a_request_without_cause(kg: Client) -> None:
    query = "SELECT ?o { ?s rdfs:label ?o }"
    first = kg.get("/sparql", params={"query": query, "infer": "true"})
    plain = [ask(kg, query) for _ in range(2)]
    again = kg.get("/sparql", params={"query": query, "infer": "true"})
    assert first.headers["kg-warning"] == again.headers["kg-warning"]
    assert not any("kg-warning" in answer.headers for answer in plain)
    assert first.headers["etag"] == again.headers["etag"] != plain[0].headers["etag"]


def test_many_warnings_are_counted_and_what_they_quote_is_plain_ascii(kg: Client) -> None:
    given = {"query": "ASK {}", **{f'{number}"\\\n\u00e9': "1" for number in range(20)}}
    warnings = strings_in(kg.get("/sparql", params=given).headers["kg-warning"])
    assert len(warnings) == 9
    assert "12 more" in warnings[-1]
    assert warnings[0].startswith("The parameter '0\"\\ \\xe9' is unknown")


def test_other_routes_refuse_what_they_do_not_know(kg: Client) -> None:
    for path in ("/graphs?default&infer=true", "/export?timeout=5", "/questions?debug=on"):
        fault(kg.get(path), 400)
    headers = {**bearer("curator"), "Content-Type": "application/sparql-update"}
    fault(kg.post("/update?timeout=5", content="DROP SILENT GRAPH <urn:x>", headers=headers), 400)


def test_a_timeout_ends_a_query_sooner_than_the_limit(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", readers=1, query_seconds=600)
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"
    with serving(tmp_path, settings) as kg:
        told = fault(kg.get("/sparql", params={"query": slow, "timeout": "300ms"}), 503)
        assert "0.3 seconds" in told["detail"]
        page = kg.get("/sparql", params={"query": slow, "timeout": "0.2"}, headers={"Accept": "text/html"})
        assert page.status_code == 503
