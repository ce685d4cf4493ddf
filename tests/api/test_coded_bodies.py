"""Bodies that clients send coded, at each route that takes one."""

import gzip
import sys
from collections.abc import Callable, Iterator

import httpx
import pytest

from kg.settings import Settings
from tests.support.api_server import Client, bearer, serving
from tests.support.problems import fault

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FORM = "application/x-www-form-urlencoded"
CODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": zstd.compress,
    "x-gzip": gzip.compress,
}
BODIES = [
    ("POST", "/sparql", "application/sparql-query", b"ASK {}"),
    ("QUERY", "/sparql", "application/sparql-query", b"ASK {}"),
    ("POST", "/sparql", FORM, b"query=ASK%7B%7D"),
    ("POST", "/update", "application/sparql-update", b"INSERT DATA { <urn:a> <urn:b> 1 }"),
    ("POST", "/update", FORM, b"update=INSERT+DATA+%7B+%3Curn%3Aa%3E+%3Curn%3Ab%3E+2+%7D"),
    ("PUT", "/graphs?graph=urn:g", "text/turtle", b"<urn:a> <urn:b> 3 ."),
    ("POST", "/graphs", "text/turtle", b"<urn:a> <urn:b> 4 ."),
    ("POST", "/facts", "text/turtle", b"<urn:a> <urn:b> 5 ."),
    ("POST", "/validate", "text/turtle", b"<urn:a> <urn:b> 6 ."),
]


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("coded")
    settings = Settings(
        data=folder / "data", readers=1, judges=1, max_body_bytes=100_000, max_update_bytes=100_000
    )
    with serving(folder, settings) as asking:
        yield asking


def sent(kg: Client, method: str, path: str, media_type: str, body: bytes, coding: str) -> httpx.Response:
    headers = {**bearer("curator"), "Content-Type": media_type, "Content-Encoding": coding}
    return kg.request(method, path, content=body, headers=headers)


@pytest.mark.parametrize("coding", CODERS)
@pytest.mark.parametrize(("method", "path", "media_type", "body"), BODIES)
def test_a_coded_body_is_read(
    kg: Client, method: str, path: str, media_type: str, body: bytes, coding: str
) -> None:
    answer = sent(kg, method, path, media_type, CODERS[coding](body), coding)
    assert answer.status_code in (200, 201, 204), answer.text


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize(("method", "path", "media_type", "body"), BODIES)
def test_one_that_expands_too_far_is_refused(
    kg: Client, method: str, path: str, media_type: str, body: bytes, coding: str
) -> None:
    bomb = CODERS[coding](body + b" " * 2_000_000)
    assert len(bomb) < 10_000
    told = fault(sent(kg, method, path, media_type, bomb, coding), 413)
    assert "bytes" in told["detail"]


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize(("method", "path", "media_type", "body"), BODIES)
def test_one_that_is_cut_is_refused_and_changes_nothing(
    kg: Client, method: str, path: str, media_type: str, body: bytes, coding: str
) -> None:
    for length in (0, 3, -1):
        told = fault(sent(kg, method, path, media_type, CODERS[coding](body)[:length], coding), 400)
        assert "truncated" in told["detail"] or "not in the coding" in told["detail"]


def test_what_goes_to_a_judge_is_not_decoded_in_the_server(
    kg: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(*_: object) -> bytes:
        raise AssertionError

    monkeypatch.setattr("kg.facts.bodies.decoded", decode)
    monkeypatch.setattr("kg.facts.decoding.decoded", decode)
    for method, path, media_type, body in BODIES[5:]:
        assert sent(kg, method, path, media_type, gzip.compress(body), "gzip").status_code in (200, 201, 204)


@pytest.mark.parametrize("coding", ["br", "gzip, zstd", "gzip,gzip", "deflate", "no such"])
def test_other_codings_are_refused_with_those_that_are_read(kg: Client, coding: str) -> None:
    for method, path, media_type, body in BODIES:
        answer = sent(kg, method, path, media_type, body, coding)
        fault(answer, 415)
        assert answer.headers["accept-encoding"] == "identity, gzip, zstd"


def test_a_plain_body_may_say_so(kg: Client) -> None:
    for coding in ("identity", "Identity", " "):
        assert sent(kg, *BODIES[0], coding).status_code == 200
