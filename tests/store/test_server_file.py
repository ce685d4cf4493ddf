"""Which server holds a data directory."""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.store.server_file import Server, find_server


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    """A data directory whose lock this process holds, as a server does."""
    with (tmp_path / "lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield tmp_path


def tell_of_server(directory: Path, pid: int) -> None:
    told = {"url": "http://127.0.0.1:7878/", "pid": pid, "started": "2026-11-22T12:00:00Z"}
    (directory / "server.json").write_text(json.dumps(told), encoding="utf-8")


def test_a_running_server_is_found_with_its_key(held: Path) -> None:
    tell_of_server(held, os.getpid())
    assert find_server(held) == Server("http://127.0.0.1:7878/", None)
    (held / "server.key").write_text("key\n", encoding="utf-8")
    assert find_server(held) == Server("http://127.0.0.1:7878/", "key")


def test_what_a_killed_server_left_behind_is_no_server(held: Path, tmp_path: Path) -> None:
    tell_of_server(held, os.getpid() + 1)  # the lock is another's: a command that writes just now
    assert find_server(held) is None
    unheld = tmp_path / "unheld"
    unheld.mkdir()
    tell_of_server(unheld, os.getpid())  # this process lives, but holds nothing
    (unheld / "lock").write_text(f"{os.getpid()}\n", encoding="ascii")
    assert find_server(unheld) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"url": 1, "pid": "x"}'])
def test_a_torn_note_of_a_server_is_no_server(held: Path, text: str) -> None:
    (held / "server.json").write_text(text, encoding="utf-8")
    assert find_server(held) is None


def test_a_directory_that_does_not_exist_has_no_server(tmp_path: Path) -> None:
    assert find_server(tmp_path / "nowhere") is None
