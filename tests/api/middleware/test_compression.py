"""Content codings: the one that the client likes, where it is worth it."""

import sys
from collections.abc import Iterator

import pytest

from kg.api import codings
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


@pytest.mark.parametrize("path", ["/sparql", "/terms", "/static/style.css", "/export"])
def test_answers_are_coded_where_it_is_worth_it(kg: Client, path: str) -> None:
    asked = {"params": {"query": LONG}} if path == "/sparql" else {}
    plain = kg.get(path, headers={"Accept-Encoding": "identity"}, **asked)
    assert "content-encoding" not in plain.headers
    if path == "/static/style.css" or len(plain.content) > codings.SMALLEST:
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
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?b ?c ?d ?e ?f LIMIT 3000"
    plain = ask(kg, query)
    assert zstd.decompress(ask(kg, query, accept_encoding="zstd").content) == plain.content
    assert ask(kg, query, accept_encoding="gzip").content == plain.content
