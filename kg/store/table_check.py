"""Check of a store's tables, block by block: finds damage before a reader reads the damaged block."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from kg.errors import Damaged
from kg.store import disk_space, engine

_SIGNS = ("Corruption: ", "IO error: ")
"""Texts in the engine's faults that mean a disk fault."""
PREFIX = ".checked-"
"""Prefix of the name of a temporary copy's folder."""


def check_copy(path: Path) -> None:
    """Check the tables of a store that no process has open; raises as ``checked_copy``."""
    with checked_copy(path):
        pass


@contextmanager
def checked_copy(path: Path) -> Iterator[Path]:
    """Make a hard-linked copy of a store that no process has open, check its tables and yield its path.

    Raises Damaged, or NoRoom: the check temporarily takes as much disk space as the store.
    """
    with _folder_beside(path) as folder:
        engine.link_files(path, folder / "store")
        check(folder / "store", path)
        yield folder / "store"


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    """Make a temporary folder on the same disk, or elsewhere if that disk is not writable."""
    try:
        folder = Path(mkdtemp(prefix=PREFIX, dir=path.parent))
    except OSError:
        folder = Path(mkdtemp(prefix=PREFIX))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check(path: Path, shown_path: Path | None = None) -> None:
    """Check the tables of a store that no process has open by rewriting them; raises Damaged or NoRoom.

    Errors name the path ``shown_path``.
    """
    try:
        opened = engine.open_to_amend(path)
        opened.rewrite()
        opened.close()
    except (OSError, RuntimeError) as fault:
        raise unreadable(shown_path or path, fault) from None


def unreadable(path: Path | None, fault: Exception) -> Exception:
    """Return the error for a store that cannot be opened or read: NoRoom or Damaged."""
    if disk_space.is_lacking(fault if isinstance(fault, OSError) else OSError(str(fault))):
        return disk_space.lacking()
    reason = str(fault).splitlines()[0][:200] if str(fault) else type(fault).__name__
    return Damaged(
        f"The store {path or 'of the data directory'} cannot be read ({reason}): restore a backup, or, if kg"
        " verify finds no fault in the log, move the store away, and the next start rebuilds it."
    )


@contextmanager
def table_errors(path: Path | None) -> Iterator[None]:
    """Turn faults of the engine that mean damaged tables into Damaged or NoRoom; others propagate.

    Unlike an output error, a read error of the engine has no errno.
    """
    try:
        yield
    except (OSError, RuntimeError) as fault:
        if not is_damage(fault):
            raise
        raise unreadable(path, fault) from None


def is_damage(fault: Exception) -> bool:
    """Return whether a fault of the engine means damaged or missing tables.

    >>> is_damage(RuntimeError("Corruption: block checksum mismatch")), is_damage(RuntimeError("no such"))
    (True, False)
    """
    if isinstance(fault, OSError) and (fault.errno is not None or disk_space.is_lacking(fault)):
        return False
    return any(sign in str(fault) for sign in _SIGNS)
