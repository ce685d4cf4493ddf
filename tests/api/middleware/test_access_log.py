"""The access log: a line and an id for each request."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.errors import BadInput
from kg.settings import Settings
from tests.support.api_server import Client, client, serving


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
