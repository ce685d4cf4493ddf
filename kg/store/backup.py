"""Backup and restore of a whole data directory: store, log and token hashes."""

import shutil
from pathlib import Path

from kg.errors import Conflict, NotFound
from kg.store.engine import beside_writer
from kg.store.log import CommitLog, sync_folder
from kg.store.read_only import open_read_only


def backup(directory: Path, target: Path) -> int:
    """Copy a data directory (store, log, token hashes) to a fresh one; say up to which version.

    May run beside a writer: the log is copied after the store, and whatever it is ahead is replayed.
    """
    if target.exists() and any(target.iterdir()):
        raise Conflict(f"{target} is not empty: name a directory that does not exist yet.")
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    beside_writer(lambda: _copy_store(directory, partial / "store"))
    _copy_beside_store(directory, partial)
    _put_in_place(partial, target)
    return CommitLog(target / "log").last


def restore(source: Path, directory: Path) -> int:
    """Make a data directory from a backup; say up to which version it goes."""
    if not (source / "log").is_dir():
        raise NotFound(f"{source} holds no backup: it has no folder 'log'.")
    if directory.exists() and any(directory.iterdir()):
        raise Conflict(f"{directory} is not empty: move it away first.")
    partial = directory.with_name(f".{directory.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(source / "store", partial / "store")
    _copy_beside_store(source, partial)
    _put_in_place(partial, directory)
    return CommitLog(directory / "log").last


def _copy_store(directory: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    open_read_only(directory).snapshot(target)


def _copy_beside_store(source: Path, target: Path) -> None:
    CommitLog(source / "log").copy(target / "log")
    if (source / "tokens.json").exists():
        shutil.copy2(source / "tokens.json", target)


def _put_in_place(partial: Path, target: Path) -> None:
    if target.exists():
        target.rmdir()
    partial.rename(target)
    sync_folder(target.parent)
