"""Requests that came before are answered from the cache, for as long as nothing was committed."""

from pathlib import Path

import pytest

from kg.api import answer_headers
from kg.api.answer_cache import AnswerCache, CachedAnswer, RequestBytes
from kg.api.fast.byte_cache import Repeats, repeatable
from kg.api.metrics import Metrics
from kg.api.middleware.access_log import AccessLog, writer
from kg.api.scope_keys import REQUEST
from tests.support import live_server
from tests.support.sockets import exchange, hits, place

ASK = b"GET /sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D HTTP/1.1\r\nHost: kg\r\n\r\n"


def repeats(version: int = 7) -> tuple[Repeats, AnswerCache, Metrics]:
    metrics, answers = Metrics(), AnswerCache(1 << 20)
    return (
        Repeats(AccessLog(writer("off"), metrics.count), metrics, lambda: version, answers),
        answers,
        metrics,
    )


def test_a_request_that_came_before_is_answered_counted_and_given_an_id_of_its_own() -> None:
    repeating, answers, metrics = repeats()
    answer = CachedAnswer(b"yes", answer_headers.raw({"Content-Length": "3"}))
    answers.keep("tag", answer, RequestBytes(ASK, "/sparql", 7))
    first, second = (repeating.answer(ASK, None, [(b"date", b"now")]) for _ in range(2))
    assert first
    assert second
    assert first.startswith(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ndate: now\r\nx-request-id: ")
    assert first.endswith(b"\r\n\r\nyes")
    assert first != second
    assert metrics.kept["hit"] == metrics.requests["GET", 200] == 2
    assert repeating.answer(ASK + b" ", None, ()) is None


def test_an_answer_of_an_older_version_is_not_given_again() -> None:
    repeating, answers, _ = repeats(version=8)
    answers.keep("tag", CachedAnswer(b"", ()), RequestBytes(ASK, "/sparql", 7))
    held = answers.held
    assert repeating.answer(ASK, None, ()) is None
    assert answers.held < held


@pytest.mark.parametrize(
    "scope",
    [
        {REQUEST: None},
        {"headers": [(b"authorization", b"Bearer x")]},
        {"headers": [(b"content-length", b"5")]},
        {"headers": [(b"transfer-encoding", b"chunked")]},
        {"http_version": "1.0"},
    ],
    ids=["not whole", "with a token", "a body to come", "chunks to come", "HTTP/1.0"],
)
def test_a_request_that_is_not_surely_the_same_again_is_not_remembered(scope: dict[str, object]) -> None:
    asked: dict[str, object] = {"path": "/sparql", "headers": [], "http_version": "1.1", REQUEST: ASK}
    assert repeatable(asked, 7) == RequestBytes(ASK, "/sparql", 7)
    assert repeatable({**asked, **scope}, 7) is None


def test_only_a_whole_answer_is_given_again(tmp_path: Path) -> None:
    with live_server.live(tmp_path / "data", readers=1) as (_, url):
        address = place(url)
        ((headers, _),) = exchange(address, ASK)
        known = ASK.replace(b"\r\n\r\n", b"\r\nIf-None-Match: %b\r\n\r\n" % headers["etag"].encode())
        statuses = [headers["status"] for headers, _ in exchange(address, known, known, ASK)]
        assert statuses == ["HTTP/1.1 304 Not Modified"] * 2 + ["HTTP/1.1 200 OK"]
        before = hits(address)
        long = ASK.replace(b"ASK%7B", b"SELECT%20%2A%7B%3Fa%20%3Fb%20%3Fc%20.%20").replace(
            b"%7D", b"%7DLIMIT%202000"
        )
        texts = [body for _, body in exchange(address, long, long, long)]
        assert texts[0] == texts[1] == texts[2]
        assert hits(address) == before + 2
