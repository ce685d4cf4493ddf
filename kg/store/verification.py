"""Verification of a data directory or a backup: the whole log, the tables, and the store against its log."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import NamedNode

from kg.errors import Damaged, NotFound, Unavailable
from kg.store import clean_stop, engine, erasure, recovery, table_check, tombstones
from kg.store.content_check import Note, differences
from kg.store.engine_protocols import Engine
from kg.store.log import CommitLog
from kg.store.proposals import Proposals
from kg.store.source_texts import SourceTexts
from kg.store.store import Contents
from kg.store.tokens import Tokens
from kg.store.writer_lock import is_locked


def verify(directory: Path, note: Note) -> Iterator[str]:
    """Yield a sentence for each fault of a data directory or a backup, which is only read.

    Beside a running server the tables are read, but not checked block by block. Raises NotFound for a folder
    that is neither, and NoRoom: checking the tables takes as much disk space as the store.
    """
    log, store = CommitLog(directory / "log"), directory / "store"
    if not (log.folder.is_dir() or store.is_dir()):
        raise NotFound(f"{directory} holds neither a graph nor a backup: it has no folder 'log'.")
    faults = [*links(directory), *log_faults(log, note), *_marker_faults(directory, log)]
    yield from faults
    yield from _token_faults(directory)
    yield from SourceTexts(directory).faults()
    yield from Proposals(directory).faults()
    yield from _tombstone_faults(directory, log)
    if not store.is_dir():
        yield f"{store} is missing; the next start rebuilds it from the log."
    elif not faults:
        yield from _store_faults(directory, log, note)


def summary(directory: Path) -> str:
    """Return a sentence on what was verified without a fault."""
    limits = (
        " (its server runs, so the blocks of the tables were not checked)" if is_locked(directory) else ""
    )
    return f"no fault up to version {CommitLog(directory / 'log').last}{limits}"


def require_sound(directory: Path, shown_path: Path, note: Note) -> None:
    """Raise Damaged if a directory has any fault; the message names the folder ``shown_path``."""
    if faults := [*verify(directory, note)]:
        more = (
            f" {len(faults) - 1} more faults: kg verify {shown_path} lists them." if len(faults) > 1 else ""
        )
        raise Damaged(f"{shown_path} is damaged. {faults[0].replace(str(directory), str(shown_path))}{more}")


def links(directory: Path) -> Iterator[str]:
    """Yield a sentence for each symbolic link in a directory; the program never makes one."""
    for folder, folders, files in os.walk(directory):
        for path in (Path(folder) / name for name in sorted((*folders, *files))):
            if path.is_symlink():
                yield f"{path} is a symbolic link."


def log_faults(log: CommitLog, note: Note) -> Iterator[str]:
    """Yield a sentence for each missing commit and each damaged record."""
    settled = log.settled
    for missing in sorted(set(range(1, max(settled, default=0))) - set(settled)):
        yield f"{log.path_of(missing)} is missing."
    last = datetime.min.replace(tzinfo=UTC)
    for version in settled:
        note(f"checking the record of commit {version} of {settled[-1]}")
        if fault := log.fault_of(version):
            yield f"{log.path_of(version)} {fault}."
        elif (time := log.commit(version).time) < last:
            yield f"{log.path_of(version)} has the time {time.isoformat()}, before that of its predecessor."
        else:
            last = time


def _marker_faults(directory: Path, log: CommitLog) -> Iterator[str]:
    stop = clean_stop.read(directory)
    if stop and (last := max(log.settled, default=0)) < stop.version:
        yield f"{log.folder} ends at commit {last}, and held {stop.version} at the last stop."


def _token_faults(directory: Path) -> Iterator[str]:
    try:
        Tokens.read(directory)
    except Unavailable as fault:
        yield fault.detail


def _tombstone_faults(directory: Path, log: CommitLog) -> Iterator[str]:
    """Yield a sentence for each record erased without a tombstone, and each that holds a purged graph."""
    try:
        stones = {stone.graph: stone for stone in tombstones.read(directory)}
    except Damaged as fault:
        yield fault.detail
        return
    for version in log.settled:
        with suppress(Damaged, ValueError, AttributeError):  # such a record is a fault of its own
            for graph in log.erased(version):
                if graph not in stones:
                    yield f"{log.path_of(version)} lacks what it held of <{graph}>, which has no tombstone."
    for stone in stones.values():
        if stone.version not in log.settled:
            yield f"The log lacks commit {stone.version}, by which <{stone.graph}> was purged."
        for version in (version for version in log.settled if version < stone.version):
            if erasure.is_held(log, version, NamedNode(stone.graph)):
                yield f"{log.path_of(version)} holds quads of <{stone.graph}>, which was purged."


def _store_faults(directory: Path, log: CommitLog, note: Note) -> Iterator[str]:
    try:
        with _opened(directory, note) as opened:
            version = recovery.version_in(opened, log.last)
            with suppress(Damaged):  # a record that the log lacks
                while recovery.has_version(opened, version + 1) and log.commit(version + 1):
                    version += 1
            if recovery.has_version(opened, version + 1):
                yield f"{directory / 'store'} holds commit {version + 1}, which the log lacks."
            yield from differences(Contents(opened, version), log, note)
    except Damaged as fault:
        yield fault.detail
    except (OSError, RuntimeError) as fault:
        error = table_check.unreadable(directory / "store", fault)
        if not isinstance(error, Damaged):
            raise error from None
        yield error.detail


@contextmanager
def _opened(directory: Path, note: Note) -> Iterator[Engine]:
    """Open a checked copy of the store, or, beside a writer, the store itself."""
    if is_locked(directory):
        note("reading beside the running server; the blocks of its tables are not checked")
        yield engine.open_beside_writer(directory / "store")
        return
    note("checking the tables")
    with table_check.checked_copy(directory / "store") as copy:
        yield engine.open_to_read(copy)
