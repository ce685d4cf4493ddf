"""The access log: a line and an id for each request."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.api.middleware.access_log import MOST_HASHED, SECONDS_SLOW, Line
from kg.errors import BadInput
from kg.settings import Settings
from tests.support.api_server import Client, ask, bearer, client, serving


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("caching")) as asking:
        yield asking


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


def members(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """The last line."""
    told = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert isinstance(told, dict)
    return told


def test_a_query_that_fails_is_told_by_its_hash_and_first_line(
    kg: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "\n  SELECT ?x \n WHERE { secret"
    assert ask(kg, text).status_code == 400
    by_get = members(capsys)
    assert by_get["first_line"] == "SELECT ?x"
    kg.post("/sparql", data={"query": text})
    assert members(capsys)["query"] == by_get["query"]
    ask(kg, text + "s")
    assert members(capsys)["query"] != by_get["query"]
    ask(kg, "ASK { ?logged ?p ?o }")
    assert "query" not in members(capsys)
    kg.post(
        "/update",
        content=b"INSERT {",
        headers={**bearer("curator"), "Content-Type": "application/sparql-update"},
    )
    assert members(capsys)["first_line"] == "INSERT {"


def test_a_slow_query_is_told_and_a_long_one_by_its_beginning() -> None:
    def line(seconds: float, text: str, *, whole: bool = True) -> Line:
        return Line("1", None, "GET", "/sparql", 200, 0, seconds, whole, query=text)

    assert line(SECONDS_SLOW / 2, "ASK {}").notable_query is None
    assert line(SECONDS_SLOW, "ASK {}").notable_query == line(0, "ASK {}", whole=False).notable_query != None  # noqa: E711
    long = "x" * MOST_HASHED
    told, longer = line(9, long + "a").notable_query, line(9, long + "aa").notable_query
    assert told is not None
    assert longer is not None
    assert (told[0] == longer[0], len(told[1])) == (False, 200)


def test_a_write_names_the_bearer_of_its_token(kg: Client, capsys: pytest.CaptureFixture[str]) -> None:
    headers = {"Content-Type": "text/turtle"}
    for token, name in (("curator", "Curator"), ("reader", "Reader"), ("nobody", None), ("", None)):
        given = {**headers, **(bearer(token) if token else {})}
        kg.post("/facts", content=b"<urn:logged> <urn:p> 1 .", headers=given)
        assert members(capsys).get("bearer") == name
    kg.get("/health", headers=bearer("curator"))
    assert "bearer" not in members(capsys)
