"""Room on the disk: whether there is enough of it to write, and whether a fault tells that it is lacking."""

import errno
import os
import shutil
from pathlib import Path

from kg.errors import NoRoom

RESERVE = 1 << 26
"""Bytes that a commit leaves free: an engine that cannot write its tables takes no more writes at all."""

_LACKING = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def require(folder: Path) -> None:
    """Raise NoRoom where the reserve is all that is left, or less."""
    if (free := shutil.disk_usage(folder).free) < RESERVE:
        raise NoRoom(
            f"Nothing was stored: {free >> 20} MB are left on the disk of the data directory, and"
            f" {RESERVE >> 20} MB are kept free; make room and send it again."
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
