"""The commit log: one file per commit, outside the store, durable before the store changes.

A record is one line of JSON (the commit and the number of its quads), then a line ``D <quad>`` for each quad
removed and ``A <quad>`` for each added, in N-Quads. It appears under its number whole or not at all. The
quads are those that really went and came, what the provenance graph tells of the commit among them: to apply
a record is to replay its commit, to apply its inverse is to undo it.
"""

import json
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kg.errors import KGError
from kg.quads import Commit, Delta

_SUFFIX = ".commit"


class CommitLog:
    """The records of one data directory, numbered from 1 without a gap."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def last(self) -> int:
        """The number of the last commit; 0 where there is none. Of many names few are looked at."""
        beyond = 1
        while self._path(beyond).exists():
            beyond *= 2
        return bisect_left(range(beyond), True, lo=1, key=lambda number: not self._path(number).exists()) - 1

    def append(self, commit: Commit, delta: Delta) -> None:
        """Write a record; when this returns it survives a killed process and a power cut.

        Where it raises, as OSError for a full disk, nothing of the record is left.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / "partial"
        try:
            with partial.open("wb") as file:
                file.write(_header(commit, delta))
                file.writelines(b"D " + line + b"\n" for line in _lines(delta.removed))
                file.writelines(b"A " + line + b"\n" for line in _lines(delta.added))
                file.flush()
                os.fsync(file.fileno())
            partial.rename(self._path(commit.version))
            sync_folder(self.folder)
        except BaseException:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
                self._path(commit.version).unlink(missing_ok=True)
            raise

    def withdraw(self, version: int) -> None:
        """Take back the last record, durably: its commit was refused after all."""
        self._path(version).unlink()
        sync_folder(self.folder)

    def commit(self, version: int) -> Commit:
        """Read what a record says of its commit, not the quads."""
        with self._path(version).open("rb") as file:
            return _commit(json.loads(file.readline()))

    def read(self, version: int) -> tuple[Commit, Delta]:
        """Read a whole record."""
        header, *lines = self._path(version).read_bytes().split(b"\n")
        told = json.loads(header)
        delta = Delta(
            added=_quads(line[2:] for line in lines if line.startswith(b"A ")),
            removed=_quads(line[2:] for line in lines if line.startswith(b"D ")),
        )
        if [len(delta.added), len(delta.removed)] != told["quads"]:
            raise KGError(f"The record of commit {version} in {self.folder} is damaged: restore a backup.")
        return _commit(told), delta

    def _path(self, version: int) -> Path:
        return self.folder / f"{version:08}{_SUFFIX}"


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _header(commit: Commit, delta: Delta) -> bytes:
    told = asdict(commit) | {"time": commit.time.isoformat()}
    told["quads"] = [len(delta.added), len(delta.removed)]
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _commit(told: dict[str, object]) -> Commit:
    fields: dict[str, Any] = {key: value for key, value in told.items() if key != "quads"}
    fields["time"] = datetime.fromisoformat(fields["time"])
    for key in ("graphs", "warnings", "withdrawn"):
        fields[key] = tuple(fields[key])
    fields["superseding"] = tuple((new, old) for new, old in fields["superseding"])
    return Commit(**fields)


def _lines(quads: Iterable[Quad]) -> Iterator[bytes]:
    text = serialize(quads, format=RdfFormat.N_QUADS)
    return (line for line in (text or b"").split(b"\n") if line)


def _quads(lines: Iterable[bytes]) -> tuple[Quad, ...]:
    return tuple(parse(b"\n".join(lines), format=RdfFormat.N_QUADS))
