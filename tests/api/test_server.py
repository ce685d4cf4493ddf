"""A real server on a free port: its announcement, its key for the owner, its end."""

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import IncompleteRead
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from pyoxigraph import RdfFormat, parse

from kg import api, ontology
from kg.errors import BadInput, Unavailable
from kg.settings import Settings
from kg.store.tokens import Tokens
from tests.support.stores import open_store

TOO_MUCH = "sparql?" + urlencode({"query": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "format": "csv"})
PROGRAM = """
import sys
from pathlib import Path
from kg import api
from kg.settings import Settings
api.serve(Settings(data=Path(sys.argv[1]), port=0, readers=1, query_seconds=1, token=sys.argv[2]))
"""


@contextmanager
def server(data: Path, token: str = "") -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start a server and give its process and what it said until it served."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data), token], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if line.startswith("Serving") and (token or (data / "tokens.json").exists()):
            break
    try:
        yield process, said
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_a_server_announces_itself_serves_and_ends_cleanly(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with server(data) as (process, said):
        told = json.loads((data / "server.json").read_text("utf-8"))
        assert told["pid"] == process.pid
        assert told["url"] in said[-1]
        assert (data / "server.key").stat().st_mode & 0o077 == 0
        with urllib.request.urlopen(told["url"] + "sparql") as response:
            assert list(parse(response.read(), format=RdfFormat.TURTLE))
        key = (data / "server.key").read_text("utf-8")
        headers = {"Content-Type": "text/turtle", "Authorization": f"Bearer {key}"}
        request = urllib.request.Request(told["url"] + "facts", b"<urn:a> <urn:b", headers)
        with pytest.raises(HTTPError) as refusal:
            urllib.request.urlopen(request)
        with refusal.value as response:
            assert response.status == 400  # unreadable, but welcome: not 401
        with urllib.request.urlopen(told["url"] + TOO_MUCH) as response, pytest.raises(IncompleteRead):
            response.read()
        with pytest.raises(Unavailable, match=str(process.pid)):
            open_store(data)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
        assert process.stderr is not None
        rest = process.stderr.read()
    assert "shown only this once" in rest
    token = rest.partition("only this once: ")[2].split()[0]
    assert token not in (data / "tokens.json").read_text("utf-8")
    assert not (data / "server.json").exists()
    assert not (data / "server.key").exists()


def test_a_port_that_is_taken_is_refused_in_one_sentence(tmp_path: Path) -> None:
    from kg import api

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Unavailable, match="--port"):
            api.serve(Settings(data=tmp_path / "data", port=taken.getsockname()[1]))


def test_a_question_of_ones_own_that_cannot_be_read_is_refused_before_anything_is_made(
    tmp_path: Path,
) -> None:
    with pytest.raises(BadInput, match="KG_QUESTIONS names"):
        api.serve(Settings(data=tmp_path / "data", questions=str(tmp_path / "none")))
    assert not (tmp_path / "data").exists()


def test_a_server_killed_before_it_shows_its_first_token_has_kept_none(tmp_path: Path) -> None:
    from kg.api import server

    with open_store(tmp_path / "data", ontology.load(tmp_path / "none")) as store:
        _, shown = server._tokens(Settings(data=tmp_path / "data"), store)
    assert shown
    assert not Tokens.read(tmp_path / "data")


def told_by_serve(data: Path, *arguments: str) -> tuple[int, str]:
    """Run ``kg serve`` where it cannot serve; give its exit code and what it says."""
    command = [sys.executable, "-m", "kg", "serve", "--data", str(data), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--port", "99999"), 2, "There is no port 99999"),
        (("--host", "ä..example"), 2, "not an address of this machine"),
        (("--host", "192.0.2.1", "--port", "0"), 3, "192.0.2.1:0 cannot be used: "),
        (("--host", "nowhere.invalid", "--port", "0"), 3, "choose another with --host"),
    ],
    ids=["port", "host", "address of another machine", "unknown host"],
)
def test_an_address_that_cannot_be_served_is_told_in_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    with open_store(tmp_path / "data", ontology.load(tmp_path / "none")):
        pass
    status, said = told_by_serve(tmp_path / "data", *arguments)
    assert status == code, said
    assert words in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1


def test_a_privileged_port_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.api import server

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    class Socket(socket.socket):
        bind = refused

    monkeypatch.setattr(socket, "socket", Socket)
    with pytest.raises(
        Unavailable, match=r"127\.0\.0\.1:80 cannot be used: Permission denied; choose another"
    ):
        server._listening(Settings(data=tmp_path, port=80))


def test_an_address_that_is_bound_and_not_listened_on_yet_is_taken(tmp_path: Path) -> None:
    from kg.api import server

    with (
        server._listening(Settings(data=tmp_path, port=0)) as first,
        pytest.raises(Unavailable, match="cannot be used"),
    ):
        server._listening(Settings(data=tmp_path, port=first.getsockname()[1]))
