"""The cache of answers: what is kept, how long, and within which budget."""

import gzip
import sys
from collections.abc import Iterator

import pytest

from kg.api import answer_cache
from kg.api.answer_cache import AnswerCache, CachedAnswer, RequestBytes
from tests.support.api_server import Client, ask, metric, serving

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SELECT = "SELECT ?words WHERE { ?s dip:quotation ?words }"
LONG = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("caching")) as asking:
        yield asking


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


def test_blank_nodes_in_a_pattern_do_not_make_a_query_vary() -> None:
    assert not answer_cache.varies("SELECT * { [] ?p _:x }")
    assert not answer_cache.varies("CONSTRUCT { ?s ?p ?o } WHERE { [] ?p ?o . ?s (?p) ?o }")
    assert answer_cache.varies("CONSTRUCT WHERE { [] ?p ?o }")
