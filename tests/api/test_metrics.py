"""Metrics: what they count, in the form that Prometheus reads."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.settings import Settings
from tests.support.api_server import Client, ask, metric, serving


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("caching")) as asking:
        yield asking


def test_what_happens_is_counted(kg: Client) -> None:
    before = {name: metric(kg, name) for name in ("kg_query_seconds_count", "kg_cache_misses_total")}
    refused = metric(kg, 'kg_queries_total{outcome="refused"}')
    ask(kg, "SELECT ?counted { ?counted ?p ?o }")
    ask(kg, "SELECT counted")
    assert metric(kg, "kg_query_seconds_count") == before["kg_query_seconds_count"] + 2
    assert metric(kg, "kg_cache_misses_total") == before["kg_cache_misses_total"] + 2
    assert metric(kg, 'kg_queries_total{outcome="refused"}') == refused + 1
    assert metric(kg, 'kg_query_seconds_bucket{le="+Inf"}') == metric(kg, "kg_query_seconds_count")
    assert metric(kg, 'kg_requests_total{method="GET",status="400"}') >= 1
    assert metric(kg, 'kg_answers_total{graph="disk"}') + metric(kg, 'kg_answers_total{graph="memory"}') > 0
    assert metric(kg, "kg_open_answers") == metric(kg, "kg_queue") == 0
    assert metric(kg, "kg_graph_version") == kg.get("/ready").json()["version"]
    kg.request("BREW", "/")
    assert 'method="other",status="405"' in kg.get("/metrics").text


def test_metrics_are_in_the_form_that_prometheus_reads(kg: Client) -> None:
    response = kg.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    for line in response.text.splitlines():
        assert re.fullmatch(
            r'# (HELP|TYPE) kg_\w+ .+|kg_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [\d.e+-]+', line
        )


def test_a_killed_query_is_counted(tmp_path: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p . ?q ?r ?s }"
    with serving(tmp_path, Settings(data=tmp_path / "data", readers=1, query_seconds=0.2)) as kg:
        assert ask(kg, endless).status_code == 503
        assert metric(kg, "kg_query_kills_total") == 1
