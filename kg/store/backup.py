"""Backup and restore of a data directory: store, log, token hashes, and the files kept beside them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import BadInput, Conflict, Damaged, NotFound
from kg.store import (
    clean_stop,
    disk_space,
    format_marker,
    private_files,
    proposals,
    source_texts,
    table_check,
    tombstones,
    verification,
)
from kg.store.engine import beside_writer
from kg.store.log import CommitLog, sync_folder
from kg.store.read_only import open_read_only
from kg.store.store import Store


def backup(directory: Path, target: Path) -> int:
    """Copy a data directory to a fresh one; return the last version in the copy.

    A writer may be running: the log is copied after the store, and opening the copy replays the commits that
    its store lacks. Every record and every block of the copy is checked. Raises Conflict if the target is not
    empty, and Damaged; in both cases no copy is left.
    """
    return _backup(directory, target, lambda path: beside_writer(lambda: _copy_store(directory, path)))


def backup_of(store: Store, target: Path) -> int:
    """Copy the data directory of an open store, as ``backup`` does; do not call it inside ``writing``."""
    return _backup(store.directory, target, store.snapshot)


def _backup(directory: Path, target: Path, copy_store: Callable[[Path], object]) -> int:
    _require_fresh(target, "name a directory that does not exist yet")
    partial = target.with_name(f".{target.name}.partial")
    with disk_space.disk_errors(target), _made(partial):
        partial.mkdir(parents=True)
        with table_check.table_errors(directory / "store"):
            copy_store(partial / "store")
        table_check.check(partial / "store", directory / "store")
        _unlink_from_others(partial / "store")
        _copy_beside_store(directory, partial)
        for fault in verification.log_faults(CommitLog(partial / "log"), lambda _: None):
            raise Damaged(f"{fault.replace(str(partial), str(directory))} Restore a backup.")
        clean_stop.mark(partial)
        _put_in_place(partial, target)
    return CommitLog(target / "log").last


def restore(source: Path, directory: Path) -> int:
    """Create a data directory from a backup; return its last version.

    The copy is verified. Raises NotFound, Conflict, Unavailable for a backup of another format, and Damaged;
    after an error no data directory is left.
    """
    if not (source / "log").is_dir():
        raise NotFound(f"{source} holds no backup: it has no folder 'log'.")
    format_marker.require(source)
    for link in verification.links(source):
        raise Damaged(f"{link} It is not followed: a backup contains none.")
    _require_fresh(directory, "move it away first")
    partial = directory.with_name(f".{directory.name}.partial")
    with disk_space.disk_errors(directory), _made(partial):
        partial.mkdir(parents=True)
        if (source / "store").is_dir():
            shutil.copytree(source / "store", partial / "store", symlinks=True)
        _copy_beside_store(source, partial)
        verification.require_sound(partial, source, lambda _: None)
        clean_stop.mark(partial)
        _put_in_place(partial, directory)
    return CommitLog(directory / "log").last


def _require_fresh(place: Path, advice: str) -> None:
    """Raise Conflict if a directory is not empty, BadInput if it is a file."""
    if place.exists() and not place.is_dir():
        raise BadInput(f"{place} is a file: {advice}.")
    if place.exists() and any(place.iterdir()):
        raise Conflict(f"{place} is not empty: {advice}.")


def _copy_store(directory: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    open_read_only(directory).snapshot(target)


def _unlink_from_others(store: Path) -> None:
    """Replace hard-linked tables by copies, so that damage to the data directory spares a backup."""
    for table in store.glob("*.sst"):
        if table.stat().st_nlink > 1:
            own = table.with_suffix(".own")
            shutil.copy2(table, own)
            own.rename(table)


def _copy_beside_store(source: Path, target: Path) -> None:
    CommitLog(source / "log").copy(target / "log")
    for name in ("tokens.json", tombstones.FILE_NAME, format_marker.FILE_NAME):
        if (source / name).exists():
            shutil.copy2(source / name, target)
    for name in (source_texts.FOLDER, proposals.FOLDER):
        private_files.copy_folder(source / name, target / name)


@contextmanager
def _made(partial: Path) -> Iterator[None]:
    """Provide a clean path for a temporary folder; on exit, remove what was not moved into place."""
    shutil.rmtree(partial, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _put_in_place(partial: Path, target: Path) -> None:
    if target.exists():
        target.rmdir()
    partial.rename(target)
    sync_folder(target.parent)
