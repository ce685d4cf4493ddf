"""Which way leads to a graph: opened here, or through a server."""

import json
import os
from pathlib import Path

import pytest

from kg.client.local import Local
from kg.client.reach import reach, reach_server
from kg.client.remote import Remote
from kg.errors import BadInput
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
    with pytest.raises(BadInput, match="no address"):
        reach_server("nowhere")
