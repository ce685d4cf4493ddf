"""Clean-stop marker: the state of log and tables when the writer closed them, so that the next start is fast.

A start checks only the records that the marker does not list, or all of them if one has changed since. Table
files are never changed after they are written; a table that has changed since the stop is checked block by
block. The marker is not flushed: without it, a start checks everything.
"""

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from kg.store.log import CommitLog

FILE_NAME = "stopped.json"


class CleanStop(NamedTuple):
    """The last version, a digest of the records' names, sizes and times, and the state of each table file."""

    version: int
    records: str
    tables: dict[str, list[int]]

    @classmethod
    def of(cls, directory: Path, version: int) -> "CleanStop":
        """Describe the records up to a version, and the tables, as they are now."""
        return cls(version, _records(CommitLog(directory / "log"), version), _tables(directory / "store"))

    def has_records_of(self, log: CommitLog) -> bool:
        """Return whether the records that the marker lists are unchanged; the log must have no gap."""
        return _records(log, self.version) == self.records

    def changed_tables(self, directory: Path) -> list[str]:
        """Return the names of table files that still exist but have changed since the stop."""
        now = _tables(directory / "store")
        return sorted(name for name in self.tables.keys() & now.keys() if now[name] != self.tables[name])


def mark(directory: Path) -> None:
    """Write the marker of a data directory that no process has open."""
    partial = directory / f".{FILE_NAME}.partial"
    partial.write_text(
        json.dumps(CleanStop.of(directory, CommitLog(directory / "log").last)), encoding="utf-8"
    )
    partial.rename(directory / FILE_NAME)


def read(directory: Path) -> CleanStop | None:
    """Return the marker, or None if it is missing or incomplete."""
    with suppress(OSError, ValueError, TypeError):
        version, records, tables = json.loads((directory / FILE_NAME).read_text(encoding="utf-8"))
        return CleanStop(int(version), str(records), dict(tables))
    return None


def _records(log: CommitLog, upto: int) -> str:
    digest = sha256()
    for version in range(1, upto + 1):
        for path in log.paths_of(version):
            status = path.stat()
            digest.update(f"{version} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _tables(store: Path) -> dict[str, list[int]]:
    if not store.is_dir():
        return {}
    with os.scandir(store) as entries:
        files = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".sst")]
    return {name: [status.st_size, status.st_mtime_ns] for name, status in files}
