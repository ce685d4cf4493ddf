"""Backup and restore of a whole data directory: store, log and token hashes."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import Conflict, Damaged, NotFound
from kg.store import clean_stop, disk_space, table_check, verification
from kg.store.engine import beside_writer
from kg.store.log import CommitLog, sync_folder
from kg.store.read_only import open_read_only


def backup(directory: Path, target: Path) -> int:
    """Copy a data directory (store, log, token hashes) to a fresh one; say up to which version.

    May run beside a writer: the log is copied after the store, and whatever it is ahead is replayed. Every
    record and every block of the copy is checked; raises Damaged, and then there is no copy.
    """
    if target.exists() and any(target.iterdir()):
        raise Conflict(f"{target} is not empty: name a directory that does not exist yet.")
    partial = target.with_name(f".{target.name}.partial")
    with disk_space.faults_told(target), _made(partial):
        partial.mkdir(parents=True)
        beside_writer(lambda: _copy_store(directory, partial / "store"))
        table_check.check(partial / "store", directory / "store")
        _unlink_from_others(partial / "store")
        _copy_beside_store(directory, partial)
        for fault in verification.log_faults(CommitLog(partial / "log"), lambda _: None):
            raise Damaged(f"{fault.replace(str(partial), str(directory))} Restore a backup.")
        clean_stop.mark(partial)
        _put_in_place(partial, target)
    return CommitLog(target / "log").last


def restore(source: Path, directory: Path) -> int:
    """Make a data directory from a backup; say up to which version it goes.

    The copy is verified; raises Damaged, and then there is no data directory, NotFound or Conflict.
    """
    if not (source / "log").is_dir():
        raise NotFound(f"{source} holds no backup: it has no folder 'log'.")
    for link in verification.links(source):
        raise Damaged(f"{link} It is not followed: no backup holds one.")
    if directory.exists() and any(directory.iterdir()):
        raise Conflict(f"{directory} is not empty: move it away first.")
    partial = directory.with_name(f".{directory.name}.partial")
    with disk_space.faults_told(directory), _made(partial):
        partial.mkdir(parents=True)
        if (source / "store").is_dir():
            shutil.copytree(source / "store", partial / "store", symlinks=True)
        _copy_beside_store(source, partial)
        verification.require_sound(partial, source, lambda _: None)
        clean_stop.mark(partial)
        _put_in_place(partial, directory)
    return CommitLog(directory / "log").last


def _copy_store(directory: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    open_read_only(directory).snapshot(target)


def _unlink_from_others(store: Path) -> None:
    """Give a store files of its own: damage to those of the data directory must not reach a backup."""
    for table in store.glob("*.sst"):
        if table.stat().st_nlink > 1:
            own = table.with_suffix(".own")
            shutil.copy2(table, own)
            own.rename(table)


def _copy_beside_store(source: Path, target: Path) -> None:
    CommitLog(source / "log").copy(target / "log")
    if (source / "tokens.json").exists():
        shutil.copy2(source / "tokens.json", target)


@contextmanager
def _made(partial: Path) -> Iterator[None]:
    """Have a folder made that is moved to its place, or nothing of it stays."""
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
