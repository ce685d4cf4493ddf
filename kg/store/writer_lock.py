"""Lock of the one process that writes a data directory."""

import fcntl
import os
from pathlib import Path
from typing import IO

from kg.errors import Unavailable


def locked(directory: Path) -> IO[str]:
    """Return the locked file; the lock ends when the file is closed or the process ends.

    If another process holds the lock, raises Unavailable with that process's id.
    """
    file = (directory / "lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise Unavailable(
            f"{directory} is being written by process {holder}; use that server, or stop it."
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def is_locked(directory: Path) -> bool:
    """Return whether a process holds the lock of a data directory now."""
    try:
        with (directory / "lock").open(encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
