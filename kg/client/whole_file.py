"""Atomic file writes: each file is written under a temporary name, then renamed."""

import glob
import os
from collections.abc import Iterable
from pathlib import Path

from kg.errors import BadInput

_PARTIAL = ".partial"


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file whole or not at all; raises BadInput if it cannot be written.

    Also removes temporary files that killed processes left.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}{_PARTIAL}")
    _remove_left(path)
    try:
        with partial.open("wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        partial.unlink(missing_ok=True)


def _remove_left(path: Path) -> None:
    """Remove temporary files of processes that have ended."""
    for partial_file in path.parent.glob(f".{glob.escape(path.name)}.*{_PARTIAL}"):
        number = partial_file.name.removesuffix(_PARTIAL).rpartition(".")[2]
        if number.isdecimal() and not _is_alive(int(number)):
            partial_file.unlink(missing_ok=True)


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # another user's process
        return True
    return True
