"""A server that a process starts for itself, and that ends with it, however it ends."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import kg
from kg.client.own_server import server_of
from kg.errors import MissingToken, Unavailable
from kg.store.writer_lock import locked
from tests.support.command import FACT
from tests.support.processes import killed_at_end

HOLDER = """
import sys
from pathlib import Path
from kg.client.own_server import server_of
with server_of(Path(sys.argv[1]), read_only=True) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("own") / "data"
    kg.open(directory, create=True).close()
    return directory


def answers(url: str) -> bool:
    try:
        socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=5).close()
    except OSError:
        return False
    return True


def test_a_server_of_ones_own_takes_facts_with_its_key_and_ends(made: Path) -> None:
    with server_of(made, read_only=False) as server, kg.open(server.url, token=server.key) as graph:
        assert graph.query("ASK {}")
        assert graph.add(data=FACT).version == 4
        with kg.open(server.url) as stranger, pytest.raises(MissingToken):
            stranger.add(data=FACT)
    assert not answers(server.url)


def test_the_server_that_holds_the_directory_is_taken(tmp_path: Path) -> None:
    note = {"url": "http://127.0.0.1:1/", "pid": os.getpid(), "started": "2026-11-22T12:00:00Z"}
    (tmp_path / "server.json").write_text(json.dumps(note), encoding="utf-8")
    with locked(tmp_path), server_of(tmp_path, read_only=True) as server:
        assert server.url == note["url"]


def test_a_server_that_only_reads_refuses_facts_and_ends_if_its_process_is_killed(made: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(made)]
    begun = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with killed_at_end(begun) as holder:
        assert holder.stdout is not None
        url = holder.stdout.readline().strip()
        with pytest.raises(MissingToken):
            kg.open(url, token="any")
        with kg.open(url) as graph, pytest.raises((MissingToken, Unavailable)):
            graph.add(data=FACT)
        holder.kill()
    until = time.monotonic() + 120
    while answers(url) and time.monotonic() < until:
        time.sleep(0.05)
    assert not answers(url)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("no store", encoding="utf-8")
    with pytest.raises(Unavailable, match=r"did not start: .*store"), server_of(tmp_path, read_only=False):
        pytest.fail("it started")
