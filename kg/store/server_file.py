"""The server that runs on a data directory now, so that other commands can go through it."""

import fcntl
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and the key that makes its owner's commands welcome."""

    url: str
    key: str | None = None


def find_server(directory: Path) -> Server | None:
    """Find the server that holds a data directory now; what a killed one left behind does not count."""
    try:
        told = json.loads((directory / "server.json").read_text(encoding="utf-8"))
        if not _is_held(directory / "lock", int(told["pid"])):
            return None
    except (OSError, ValueError, TypeError, KeyError):
        return None
    try:
        key = (directory / "server.key").read_text(encoding="utf-8").strip()
    except OSError:
        key = None  # another user's server: its public routes are open all the same
    return Server(told["url"], key)


def _is_held(lock: Path, pid: int) -> bool:
    """Say whether that process holds the lock of a data directory at this moment."""
    with lock.open(encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip() == str(pid)
        return False
