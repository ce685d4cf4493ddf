"""Faults of a disk: whether there is room enough to write, and errors that say what is wrong with it."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import NoRoom, Unavailable

RESERVE = 1 << 26
"""Bytes that a commit leaves free: an engine that cannot write its tables takes no more writes at all."""

_LACKING = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def require(folder: Path, reserve: int = RESERVE) -> None:
    """Raise NoRoom where a reserve, in bytes, is all that is left, or less."""
    if (free := shutil.disk_usage(folder).free) < reserve:
        raise NoRoom(
            f"Nothing was stored: {free >> 20} MB are left on the disk of the data directory, and"
            f" {reserve >> 20} MB are kept free; make room and send it again."
        )


def is_lacking(fault: OSError) -> bool:
    """Tell if a fault means that there is no room; the engine's faults have no number, only words.

    >>> is_lacking(OSError(errno.ENOSPC, "")), is_lacking(OSError(f"IO error: {os.strerror(errno.EFBIG)}: x"))
    (True, True)
    """
    if fault.errno is not None:
        return fault.errno in _LACKING
    return any(os.strerror(number) in str(fault) for number in _LACKING)


def lacking() -> NoRoom:
    """Give the error for it."""
    return NoRoom("There is no room left on the disk, so this was not done; make room and try again.")


@contextmanager
def faults_told(place: Path) -> Iterator[None]:
    """Raise NoRoom or Unavailable, with the file and the reason, for what the disk of a place does not do."""
    try:
        yield
    except OSError as fault:
        raise (lacking() if is_lacking(fault) else _refusal(fault, place)) from None


def error_of(fault: Exception) -> NoRoom | Unavailable | None:
    """Return the error for a fault of a disk or a file; None for a fault of the program."""
    if not isinstance(fault, OSError):
        return None
    if is_lacking(fault):
        return lacking()
    is_of_file = fault.filename is not None and fault.errno in _ADVICE
    return _refusal(fault, Path()) if is_of_file else None


_ADVICE = {
    errno.EROFS: "the disk is read-only, so write elsewhere, or read with --read-only",
    errno.EACCES: "give this user the right to it",
    errno.EPERM: "give this user the right to it",
    errno.EEXIST: "a file is where a directory is meant",
    errno.ENOTDIR: "a file is where a directory is meant",
    errno.EISDIR: "a directory is where a file is meant",
}


def _refusal(fault: OSError, place: Path) -> Unavailable:
    """Return the error for a file that is in the way, missing, or may not be read or written."""
    reason = fault.strerror or str(fault)
    hint = _ADVICE.get(fault.errno or 0, "look at the disk, or restore a backup")
    return Unavailable(f"{fault.filename or place} cannot be used ({reason}): {hint}.")
