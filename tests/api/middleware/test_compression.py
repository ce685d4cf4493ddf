"""Content codings: the one that the client likes, where it is worth it."""

import sys
from collections.abc import Iterator

import pytest
from starlette.datastructures import Headers

from kg.api.middleware import compression
from tests.support.api_server import Client, ask, serving

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


def test_a_long_answer_is_coded_piece_by_piece(kg: Client) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 3000"
    plain = ask(kg, query)
    assert zstd.decompress(ask(kg, query, accept_encoding="zstd").content) == plain.content
    assert ask(kg, query, accept_encoding="gzip").content == plain.content
