"""Server file: the server that runs on a data directory, so that other commands can send their work to it."""

import fcntl
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """A running server: its URL, and the key that authorises its owner's commands."""

    url: str
    key: str | None = None


def find_server(directory: Path) -> Server | None:
    """Return the server that holds a data directory now, or None; ignores the file of a killed server."""
    try:
        members = json.loads((directory / "server.json").read_text(encoding="utf-8"))
        if not _is_held(directory / "lock", int(members["pid"])):
            return None
    except (OSError, ValueError, TypeError, KeyError):
        return None
    try:
        key = (directory / "server.key").read_text(encoding="utf-8").strip()
    except OSError:
        key = None  # another user's server: only its public routes are open
    return Server(members["url"], key)


def _is_held(lock: Path, pid: int) -> bool:
    """Return whether this process holds the lock of the data directory now."""
    with lock.open(encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip() == str(pid)
        return False
