"""Which way leads to a graph: opened here, or through a server."""

import json
import os
import socket
from pathlib import Path

import pytest

import kg
from kg.client.local import Local
from kg.client.reach import reach, reach_server
from kg.client.remote import Remote
from kg.errors import BadInput, MissingToken, NotFound, Unavailable
from kg.store.writer_lock import locked
from tests.support.stub_server import Stub


def test_a_directory_that_no_server_holds_is_opened_here(tmp_path: Path) -> None:
    access = reach(tmp_path)
    assert isinstance(access, Local)
    assert access.directory == tmp_path


def test_a_directory_that_a_server_holds_is_reached_through_it_with_its_key(
    tmp_path: Path, stub: Stub
) -> None:
    note = {"url": stub.url, "pid": os.getpid(), "started": "2026-11-22T12:00:00Z"}
    (tmp_path / "server.json").write_text(json.dumps(note), encoding="utf-8")
    (tmp_path / "server.key").write_text("the key\n", encoding="utf-8")
    with locked(tmp_path):
        access = reach(tmp_path, "a token")
    assert isinstance(access, Remote)
    access.query("ASK {}", "*/*").read()
    assert stub.heard[0].headers["authorization"] == "Bearer the key"


def test_an_address_is_reached_with_the_token_that_is_given(stub: Stub) -> None:
    reach_server(stub.url, "a token").query("ASK {}", "*/*").read()
    assert stub.heard[0].headers["authorization"] == "Bearer a token"
    with pytest.raises(BadInput, match="not the address"):
        reach_server("nowhere")


@pytest.mark.parametrize("name", ["nowhere", "localhost:7878"])
def test_a_directory_without_a_graph_is_refused_at_once_and_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for place in (name, Path(name)):
        with pytest.raises(NotFound, match=rf"no graph in {name}.*kg init --data {name}.*create=True"):
            kg.open(place)
    assert not list(tmp_path.iterdir())


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text("", encoding="utf-8")
    for create in (False, True):
        with pytest.raises(BadInput, match="is a file"):
            kg.open(file, create=create)


def test_a_directory_is_made_once_if_that_is_asked_for(data: Path) -> None:
    with kg.open(data, create=True) as graph:
        assert graph.query("ASK { ?person a dip:Person }")
    with kg.open(str(data)) as graph:
        assert len(graph.commits()) == 3


def test_a_server_that_does_not_answer_is_told_at_once_with_how_to_start_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers there
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(Unavailable, match=r"does not answer.*kg serve"):
            kg.open(address)


@pytest.mark.parametrize(
    ("status", "media_type", "body"),
    [
        (404, "application/problem+json", b'{"detail": "No such page."}'),
        (405, "text/html", b"no"),
        (200, "text/html", b"<html></html>"),
        (200, "application/sparql-results+json", b'{"head": {}, "boolean": false}'),
        (200, "application/sparql-results+json", b'{"head": '),
        (200, "application/n-triples", b"<urn:a> <urn:b> <urn:c> ."),
    ],
)
def test_a_server_without_a_graph_is_told_at_once(
    stub: Stub, status: int, media_type: str, body: bytes
) -> None:
    stub.status, stub.body, stub.headers = status, body, {"Content-Type": media_type}
    with pytest.raises(NotFound, match="not as a graph"):
        kg.open(stub.url)


def test_a_refusal_of_the_token_is_told_as_it_is(stub: Stub) -> None:
    stub.status, stub.body = 401, b'{"detail": "This token is not known."}'
    with pytest.raises(MissingToken, match="not known"):
        kg.open(stub.url, token="wrong")
