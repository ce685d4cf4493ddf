"""Validators, codings and kept answers; metrics and the journal of requests."""

import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.datastructures import Headers

from kg.api import answer_cache
from kg.api.answer_cache import AnswerCache, CachedAnswer, RequestBytes
from kg.api.middleware import compression
from kg.errors import BadInput
from kg.settings import Settings
from tests.support.api_server import Client, bearer, client, serving

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SELECT = "SELECT ?words WHERE { ?s dip:quotation ?words }"
LONG = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
TURTLE = {"Content-Type": "text/turtle", **bearer("curator")}


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("caching")) as asking:
        yield asking


def ask(kg: Client, query: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return kg.get("/sparql", params={"query": query}, headers={"Accept-Encoding": "identity", **named})


def metric(kg: Client, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", kg.get("/metrics").text, re.MULTILINE)
    assert found, name
    return float(found[1])


def test_who_has_the_answer_already_is_told_so(kg: Client) -> None:
    first = ask(kg, SELECT)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    for given in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        again = ask(kg, SELECT, if_none_match=given)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["vary"] == "Accept, Accept-Encoding"
    assert ask(kg, SELECT, if_none_match='"other"').status_code == 200
    head = kg.request("HEAD", "/sparql", params={"query": SELECT}, headers={"If-None-Match": tag})
    assert head.status_code == 200  # httpx takes gzip, and that is another representation


def test_a_tag_stands_for_version_query_dataset_format_and_coding(kg: Client) -> None:
    asked = {"query": SELECT}
    tags = [
        ask(kg, SELECT).headers["etag"],
        ask(kg, SELECT + " ").headers["etag"],
        ask(kg, SELECT, accept="text/csv").headers["etag"],
        ask(kg, SELECT, accept_encoding="gzip").headers["etag"],
        ask(kg, SELECT, accept_encoding="zstd").headers["etag"],
        kg.get("/sparql", params={**asked, "default-graph-uri": "urn:g"}).headers["etag"],
        kg.get("/sparql", params={**asked, "named-graph-uri": "urn:g"}).headers["etag"],
    ]
    assert len(set(tags)) == len(tags)
    assert ask(kg, SELECT, accept="*/*;q=0.1").headers["etag"] == tags[0]
    kg.post("/facts", content="<urn:tag> <urn:b> 1 .", headers=TURTLE)
    assert ask(kg, SELECT).headers["etag"] not in tags


@pytest.mark.parametrize(
    "query",
    [
        *("SELECT (NOW() AS ?x) {}", "SELECT (RAND() AS ?x) {}", "SELECT (uuid() AS ?x) {}"),
        *("SELECT (STRUUID() AS ?x) {}", "SELECT (BNODE() AS ?x) {}"),
        "CONSTRUCT { [] a ?type } WHERE { ?s a ?type }",
        "CONSTRUCT { _:x a ?type } WHERE { ?s a ?type }",
    ],
)
def test_what_differs_each_time_is_neither_kept_nor_tagged(kg: Client, query: str) -> None:
    first, second = ask(kg, query), ask(kg, query, if_none_match="*")
    assert (first.status_code, second.status_code) == (200, 200)
    assert "etag" not in first.headers
    assert first.headers["cache-control"] == "no-store"
    assert first.text != second.text


def test_an_answer_is_given_again_without_a_reader(kg: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(kg, SELECT)
    streamed = ask(kg, LONG)

    def fail(*_: object) -> None:
        raise AssertionError("a reader was asked")

    monkeypatch.setattr(kg.app.resources.readers, "answer", fail)
    hits = metric(kg, "kg_cache_hits_total")
    again = ask(kg, SELECT)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert again.headers["x-graph-version"] == first.headers["x-graph-version"]
    assert ask(kg, LONG).content == streamed.content
    assert kg.post("/sparql", data={"query": SELECT}, headers={"Accept-Encoding": "identity"}).content
    assert metric(kg, "kg_cache_hits_total") == hits + 3


def test_a_fault_is_not_kept(kg: Client) -> None:
    assert [ask(kg, "SELECT * {").status_code for _ in range(2)] == [400, 400]


def test_kept_answers_stay_within_their_budget_and_the_longest_unused_leaves_first() -> None:
    answers = AnswerCache(80_000)
    for number in range(20):
        answers.keep(str(number), CachedAnswer(b"x" * 9_000, ()))
        assert answers.get("0") if number < 5 else True
        assert answers.held <= 80_000
    assert [tag for tag in map(str, range(20)) if answers.get(tag)] == [str(each) for each in range(13, 20)]
    assert answers.get("13")
    answers.keep("20", CachedAnswer(b"x" * 9_000, ()))
    assert answers.get("13")
    assert answers.get("14") is None
    answers.keep("large", CachedAnswer(b"x" * 10_001, ()))
    assert answers.get("large") is None
    none = AnswerCache(0)
    none.keep("1", CachedAnswer(b"", ()), asked(b"GET /"))
    assert none.get("1") is None
    assert none.find(b"GET /", 7) is None


def asked(data: bytes) -> RequestBytes:
    return RequestBytes(data, "/sparql", 7)


def test_requests_count_in_the_one_budget_and_leave_with_their_answer() -> None:
    answers, answer = AnswerCache(80_000), CachedAnswer(b"x" * 4_000, ())
    answers.keep("a", answer, asked(b"GET /a" + b" " * 3_000))
    alone = answer.size + 3_000
    assert answers.held > alone
    for number in range(30):
        answers.keep(str(number), answer, asked(b"GET /%d" % number))
        assert answers.held <= 80_000
    assert answers.find(b"GET /a" + b" " * 3_000, 7) is None
    assert answers.find(b"GET /29", 7) == ("/sparql", answer)


def test_an_answer_found_by_a_request_was_used_last() -> None:
    answers, answer = AnswerCache(80_000), CachedAnswer(b"x" * 9_000, ())
    answers.keep("a", answer, asked(b"GET /a"))
    for number in range(30):
        assert answers.find(b"GET /a", 7)
        answers.keep(str(number), answer)
    assert answers.get("a")


def test_an_answer_is_found_by_so_many_requests_and_no_more() -> None:
    answers, answer = AnswerCache(1 << 20), CachedAnswer(b"", ())
    for number in range(33):
        answers.keep("a", answer, asked(b"GET /%d" % number))
    assert answers.find(b"GET /0", 7) is None
    assert all(answers.find(b"GET /%d" % number, 7) for number in range(1, 33))


def test_requests_are_not_remembered_where_each_counts() -> None:
    answers = AnswerCache(1 << 20, finds_requests=False)
    answers.keep("a", CachedAnswer(b"", ()), asked(b"GET /"))
    assert answers.get("a")
    assert answers.find(b"GET /", 7) is None


def test_the_metrics_count_all_of_the_cache(kg: Client) -> None:
    answers = kg.app.resources.answers
    before = metric(kg, "kg_cache_bytes")
    answers.keep("metered", CachedAnswer(b"x" * 100, ()), asked(b"GET /" + b"x" * 200))
    assert metric(kg, "kg_cache_bytes") == answers.held > before + 300


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("deflate, gzip;q=1.0, *;q=0.5", "gzip"),
        ("GZIP ; q=0.3", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "gzip"),
        ("", "identity"),
        ("br", "identity"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0, *", "identity"),
        ("gzip;q=0.4, identity;q=0.8", "identity"),
        ("gzip;q=x", "identity"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("ZSTD;q=0.5, gzip;q=0.5", "zstd"),
        ("zstd;q=0.4, gzip;q=0.5", "gzip"),
        ("zstd;q=0, *", "gzip"),
        ("zstd;q=0.4, identity;q=0.8", "identity"),
        ("zstd;q=0, gzip;q=0", "identity"),
    ],
)
def test_the_coding_is_chosen_as_the_client_likes(accepted: str, coding: str) -> None:
    assert compression.chosen(Headers({"accept-encoding": accepted})) == coding


@pytest.mark.parametrize("path", ["/sparql", "/terms", "/static/style.css", "/export"])
def test_answers_are_coded_where_it_is_worth_it(kg: Client, path: str) -> None:
    asked = {"params": {"query": LONG}} if path == "/sparql" else {}
    plain = kg.get(path, headers={"Accept-Encoding": "identity"}, **asked)
    assert "content-encoding" not in plain.headers
    if path == "/static/style.css" or len(plain.content) > compression.SMALLEST:
        coded = kg.get(path, headers={"Accept-Encoding": "gzip"}, **asked)
        assert coded.headers["content-encoding"] == "gzip"
        assert coded.content == plain.content  # httpx decodes it
        coded = kg.get(path, headers={"Accept-Encoding": "gzip, zstd"}, **asked)
        assert coded.headers["content-encoding"] == "zstd"
        assert "Accept-Encoding" in coded.headers["vary"]
        assert zstd.decompress(coded.content) == plain.content  # and not this


def test_small_answers_are_sent_plain(kg: Client) -> None:
    assert "content-encoding" not in ask(kg, "ASK {}", accept_encoding="gzip").headers


def test_an_answer_is_kept_coded(kg: Client) -> None:
    query = "SELECT * WHERE { ?s ?p ?o }"
    assert ask(kg, query, accept_encoding="gzip").headers["content-encoding"] == "gzip"
    answers = kg.app.resources.answers
    kept = answers.get(ask(kg, query, accept_encoding="gzip").headers["etag"])
    assert kept
    assert gzip.decompress(kept.body) == ask(kg, query).content
    for _ in range(2):
        answer = ask(kg, query, accept_encoding="zstd")
        assert zstd.decompress(answer.content) == ask(kg, query).content
        kept = answers.get(answer.headers["etag"])
        assert kept
        assert kept.body == answer.content


def test_a_long_answer_is_coded_piece_by_piece(kg: Client) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 3000"
    plain = ask(kg, query)
    assert zstd.decompress(ask(kg, query, accept_encoding="zstd").content) == plain.content
    assert ask(kg, query, accept_encoding="gzip").content == plain.content


def test_blank_nodes_in_a_pattern_do_not_make_a_query_vary() -> None:
    assert not answer_cache.varies("SELECT * { [] ?p _:x }")
    assert not answer_cache.varies("CONSTRUCT { ?s ?p ?o } WHERE { [] ?p ?o . ?s (?p) ?o }")
    assert answer_cache.varies("CONSTRUCT WHERE { [] ?p ?o }")


# Metrics and the journal


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


def test_each_request_has_an_id_and_a_line(kg: Client, capsys: pytest.CaptureFixture[str]) -> None:
    told = kg.get("/health").headers["x-request-id"]
    (line,) = capsys.readouterr().err.splitlines()
    members = json.loads(line)
    assert members["request"] == told
    assert (members["method"], members["path"], members["status"]) == ("GET", "/health", 200)
    assert members["whole"] is True
    assert members["bytes"] == len('{"status":"ok"}')


def test_a_client_may_bring_its_own_id_but_nothing_else(
    kg: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kg.get("/health", headers={"X-Request-Id": "mine-1"}).headers["x-request-id"] == "mine-1"
    for bad in ('a"b', "x" * 65, "a b", ""):
        assert kg.get("/health", headers={"X-Request-Id": bad}).headers["x-request-id"] != bad
    kg.get("/no%0Athing%22?secret=1")
    lines = capsys.readouterr().err.splitlines()
    assert json.loads(lines[-1])["path"] == '/no\nthing"'
    assert "secret" not in lines[-1]


def test_the_journal_has_three_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(tmp_path) as kg:
        contents = kg.app.resources.contents
        for form, expected in (("text", r"\S+ \S+ GET /\\nx 404 \d+ bytes [\d.]+ s\n"), ("off", "")):
            with client(Settings(data=tmp_path / "data", readers=1, log=form), contents) as other:
                capsys.readouterr()
                other.get("/%0Ax")
                assert re.fullmatch(expected, capsys.readouterr().err)
        with pytest.raises(BadInput, match="KG_LOG"):
            client(Settings(data=tmp_path / "data", log="xml"), contents)
