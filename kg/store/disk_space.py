"""Disk faults: checks free space before a write, and converts OSErrors into errors that explain them."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import NoRoom, Unavailable

RESERVE = 1 << 26
"""Bytes that a commit leaves free: an engine that cannot write its tables accepts no more writes."""

_LACKING = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def require(folder: Path, reserve: int = RESERVE) -> None:
    """Raise NoRoom if fewer than ``reserve`` bytes are free."""
    if (free := shutil.disk_usage(folder).free) < reserve:
        raise NoRoom(
            f"Nothing was stored: {free >> 20} MB are left on the disk of the data directory, and "
            f"{reserve >> 20} MB must stay free; free some space and send it again."
        )


def is_lacking(fault: OSError) -> bool:
    """Return whether an error means that the disk is full; the engine's errors have no errno, only text.

    >>> is_lacking(OSError(errno.ENOSPC, "")), is_lacking(OSError(f"IO error: {os.strerror(errno.EFBIG)}: x"))
    (True, True)
    """
    if fault.errno is not None:
        return fault.errno in _LACKING
    return any(os.strerror(number) in str(fault) for number in _LACKING)


def lacking() -> NoRoom:
    """Return the error for a full disk."""
    return NoRoom("The disk is full, so nothing was stored; free some space and try again.")


@contextmanager
def disk_errors(place: Path) -> Iterator[None]:
    """Turn OSError in the block into NoRoom or Unavailable, with the file (or ``place``) and the reason."""
    try:
        yield
    except OSError as fault:
        raise (lacking() if is_lacking(fault) else _refusal(fault, place)) from None


def error_of(fault: Exception) -> NoRoom | Unavailable | None:
    """Return the error for a fault of a disk or file, or None for a fault of the program."""
    if not isinstance(fault, OSError):
        return None
    if is_lacking(fault):
        return lacking()
    is_of_file = fault.filename is not None and fault.errno in _ADVICE
    return _refusal(fault, Path()) if is_of_file else None


_ADVICE = {
    errno.EROFS: "the disk is read-only, so write elsewhere, or read with --read-only",
    errno.EACCES: "give this user access to it",
    errno.EPERM: "give this user access to it",
    errno.EEXIST: "a file is where a directory is meant",
    errno.ENOTDIR: "a file is where a directory is meant",
    errno.EISDIR: "a directory is where a file is meant",
}


def _refusal(fault: OSError, place: Path) -> Unavailable:
    """Return the error for a file that is missing, blocked, unreadable or not writable."""
    reason = fault.strerror or str(fault)
    hint = _ADVICE.get(fault.errno or 0, "check the disk, or restore a backup")
    return Unavailable(f"{fault.filename or place} cannot be used ({reason}): {hint}.")
