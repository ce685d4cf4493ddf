"""Metrics: what they count, in the form that Prometheus reads."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import iris
from kg.api.metrics import MOST_RULES, OTHER_RULE, Metrics
from kg.settings import Settings
from tests.support.api_server import Client, ask, bearer, metric, serving


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


def test_latency_is_told_by_route_whatever_addresses_are_called(kg: Client) -> None:
    for path in ("/id/ana", "/id/no-such", "/nothing/1", "/nothing/2", "/questions/none"):
        kg.get(path)
    kg.request("HEAD", "/kinds")
    assert metric(kg, 'kg_route_seconds_count{route="/kinds"}') == 1
    ask(kg, "ASK { ?timed ?p ?o }")
    assert metric(kg, 'kg_route_seconds_count{route="/id/{name}"}') == 2
    assert metric(kg, 'kg_route_seconds_count{route="other"}') >= 2
    assert metric(kg, 'kg_route_seconds_count{route="/sparql"}') >= 1
    assert metric(kg, 'kg_route_seconds_bucket{route="/id/{name}",le="+Inf"}') == 2
    assert "/nothing" not in kg.get("/metrics").text


def test_memory_disk_store_and_commits_are_told(kg: Client) -> None:
    for name in (
        'kg_memory_bytes{process="server"}',
        'kg_memory_bytes{process="others"}',
        "kg_disk_free_bytes",
    ):
        assert metric(kg, name) > 1 << 20
    before = {name: metric(kg, name) for name in ("kg_commits_total", "kg_log_bytes")}
    headers = {**bearer("curator"), "Content-Type": "text/turtle"}
    assert kg.post("/facts", content=b"<urn:told> <urn:p> 1 .", headers=headers).status_code == 201
    assert metric(kg, "kg_commits_total") == before["kg_commits_total"] + 1
    log = kg.app.resources.log
    grown = log.path_of(kg.app.resources.contents.version).stat().st_size
    assert metric(kg, "kg_log_bytes") == before["kg_log_bytes"] + grown
    assert metric(kg, "kg_store_bytes") > 0


def test_refusals_are_counted_by_rule(kg: Client) -> None:
    headers = {**bearer("curator"), "Content-Type": "text/turtle"}
    text = f"<{iris.DATA}x> <{iris.TERMS}noSuchTerm> 1 ; <{iris.TERMS}norThis> 2 ."
    assert kg.post("/facts", content=text.encode(), headers=headers).status_code == 422
    assert metric(kg, 'kg_refusals_total{rule="dipsh:unknown-term"}') == 1


def test_the_rules_that_are_told_apart_are_ours_and_bounded() -> None:
    metrics = Metrics()
    metrics.refuse([{"rule": f"{iris.SHAPES}rule-{number}"} for number in range(MOST_RULES + 5)])
    metrics.refuse([{"rule": 'urn:a"b'}, {"rule": f'{iris.SHAPES}a"b'}, {"rule": None}, "x"])
    metrics.refuse(None)
    assert len(metrics.refusals) == MOST_RULES + 1
    assert metrics.refusals[OTHER_RULE] == 5 + 1
