"""Commit log: one file per commit, outside the store, durable before the commit is acknowledged.

A record is one line of JSON (the commit and its number of quads), then a line ``D <quad>`` for each removed
quad and ``A <quad>`` for each added one, in N-Quads, then a line ``E`` with the hash of everything before it.
The quads are the effective changes, including the commit's provenance: applying a record replays its commit,
applying its inverse undoes it.

A record is first written as pending (``00000017.pending``); if the process is killed, it remains, complete or
incomplete. After a flush it is settled: it is renamed to ``00000017.commit`` and is complete and durable.

The quads that a load adds, or that its undoing removes, are in a bulk file beside the record
(``00000017.added.zst``, see ``bulk_file``), which the record's first line lists.
"""

import json
import os
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from shutil import copy2
from typing import IO, Any

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kg.changes import ChangeSet, Commit, Delta
from kg.errors import Damaged
from kg.store import bulk_file
from kg.store.bulk_file import BulkSide
from kg.store.quad_file import QuadFile

_SETTLED = ".commit"
_PENDING = ".pending"
END = b"E "
_TAIL = len("\nE \n") + 64
"""Length in bytes of the last line of a record, including the line ends before and after it."""
_RECORD = re.compile(r"([0-9]{8,})(\.commit|\.pending)")
_BULK = re.compile(r"([0-9]{8,})\.(?:added|removed)\.zst")
ADDED, REMOVED = "added", "removed"
_MARKS = {ADDED: b"A ", REMOVED: b"D "}
_NOT_OF_COMMIT = ("quads", "erased", "bulk")


class CommitLog:
    """The records of one data directory, numbered from 1 without a gap."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def last(self) -> int:
        """The number of the last settled commit, 0 if there is none; found by binary search."""
        beyond = 1
        while self._settled(beyond).exists():
            beyond *= 2
        numbers = range(beyond)
        return bisect_left(numbers, True, lo=1, key=lambda number: not self._settled(number).exists()) - 1

    @property
    def pending(self) -> list[int]:
        """The numbers of the pending records, in order."""
        return self._numbers(_PENDING)

    @property
    def settled(self) -> list[int]:
        """The numbers of the settled records, in order."""
        return self._numbers(_SETTLED)

    def require_no_gap(self) -> None:
        """Raise Damaged if a record is missing before the last one."""
        settled = self.settled
        missing = sorted(set(range(1, max(settled, default=0))) - set(settled))
        if missing:
            some = ", ".join(map(str, missing[:3])) + (" and others" if len(missing) > 3 else "")
            raise Damaged(
                f"The log in {self.folder} lacks commits before its last, {settled[-1]}: {some};"
                " restore a backup."
            )

    def append(self, commit: Commit, *parts: ChangeSet, bulk: Mapping[str, Path] | None = None) -> None:
        """Write a pending record; if it raises (OSError for a full disk), no part of the record is left.

        The parts of the delta have no quad in common; parts in files are copied in chunks. ``bulk`` maps
        ``ADDED`` and ``REMOVED`` to bulk files with further quads, which are moved beside the record.
        """
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            _sync(self.folder.parent)
        try:
            sides = {side: self._moved(path, commit.version, side) for side, path in (bulk or {}).items()}
            with self._pending(commit.version).open("wb") as file:
                hashed = sha256()
                for piece in _record(commit, parts, sides):
                    hashed.update(piece)
                    file.write(piece)
                file.write(END + hashed.hexdigest().encode() + b"\n")
        except BaseException:
            with suppress(OSError):
                self._unlink(commit.version)
            raise

    def _moved(self, path: Path, version: int, side: str) -> BulkSide:
        """Move a durable bulk file to its place beside a record; return its entry for the record."""
        quads_file = BulkSide(sum(map(len, bulk_file.read(path))), bulk_file.hash_of(path))
        path.rename(self.bulk_path(version, side))
        return quads_file

    def secure(self, version: int) -> None:
        """Make a pending record durable before the store applies any step of it."""
        _sync(self._pending(version))
        _sync(self.folder)

    def settle(self, versions: Sequence[int]) -> None:
        """Make pending records durable and rename them to settled ones, in order; one flush covers all names.

        If it raises OSError, all given records must be withdrawn: a failed flush is not retried, because its
        data may be lost.
        """
        for version in versions:
            _sync(self._pending(version))
        for version in versions:
            self._pending(version).rename(self._settled(version))
        _sync(self.folder)

    def withdraw(self, versions: Iterable[int]) -> None:
        """Remove the last records, settled or not, durably; their commits are rolled back."""
        for version in sorted(versions, reverse=True):
            self._unlink(version)
        _sync(self.folder)

    def _unlink(self, version: int) -> None:
        """Remove a record, then its bulk files: without the record they have no effect."""
        for path in (self._settled(version), self._pending(version), *self._bulk_paths(version)):
            path.unlink(missing_ok=True)

    def discard_pending(self) -> None:
        """Remove the pending records, which were never acknowledged. Settled records stay."""
        for version in self.pending:
            self._pending(version).unlink()
        self.discard_bulk_beyond()
        self.sync()

    def discard_bulk_beyond(self) -> None:
        """Remove the bulk files that belong to no record."""
        for name in os.listdir(self.folder) if self.folder.exists() else ():
            if (match := _BULK.fullmatch(name)) and not self._settled(int(match[1])).exists():
                (self.folder / name).unlink()

    def sync(self) -> None:
        """Flush the renames of a killed process, which it may not have flushed."""
        if self.folder.exists():
            _sync(self.folder)

    def is_whole(self, version: int) -> bool:
        """Return whether a pending record is complete and its hash matches."""
        lines, _, end = self._pending(version).read_bytes().rpartition(END)
        return end.strip() == sha256(lines).hexdigest().encode()

    def size(self, version: int) -> int:
        """Return the number of quads in a record and its bulk files, from its first line; 0 if unreadable."""
        with suppress(ValueError, KeyError, OSError), self.open_record(version) as file:
            header = json.loads(file.readline())
            return int(sum(header["quads"]) + sum(side.quads for side in _bulk_of(header).values()))
        return 0

    def bulk(self, version: int) -> Mapping[str, BulkSide]:
        """Return a record's entries for bulk files, by ``ADDED`` and ``REMOVED``; most records have none."""
        with self.open_record(version) as file:
            try:
                return _bulk_of(json.loads(file.readline()))
            except (ValueError, TypeError, AttributeError):
                raise self._damaged(version) from None

    def bulk_path(self, version: int, side: str) -> Path:
        """Return the path of a record's bulk file, which may not exist."""
        return self.folder / f"{version:08}.{side}.zst"

    def lines(self, version: int, side: str = ADDED) -> Iterator[list[bytes]]:
        """Yield batches of the lines of N-Quads that a commit added or removed.

        A commit may be larger than memory, so the hash is not checked. Raises Damaged.
        """
        mark = _MARKS[side]
        with self.open_record(version) as file:
            bulk = _bulk_of(json.loads(file.readline()))
            while lines := file.readlines(bulk_file.LINES):
                if found := [line[2:] for line in lines if line.startswith(mark)]:
                    yield found
        if side in bulk:
            yield from bulk_file.read(self.bulk_path(version, side))

    def path_of(self, version: int) -> Path:
        """Return the path of a settled record."""
        return self._settled(version)

    def paths_of(self, version: int) -> list[Path]:
        """Return the paths of a settled record and of its bulk files."""
        return [self._settled(version), *self._bulk_paths(version)]

    def copy(self, folder: Path) -> None:
        """Copy the settled records and their bulk files to a folder that does not exist."""
        folder.mkdir(parents=True)
        for version in range(1, self.last + 1):
            for path in self.paths_of(version):
                copy2(path, folder)

    def fault_of(self, version: int) -> str | None:
        """Return a phrase for the first fault of a record (hash, counts, number), or None.

        The record is read line by line.
        """
        hashed, counts, header, end = sha256(), {b"A ": 0, b"D ": 0}, b"", b""
        with self.open_record(version) as file:
            for line in file:
                if end:
                    return "has text after its end"
                if line.startswith(END) and header:
                    end = line
                    continue
                hashed.update(line)
                if not header:
                    header = line
                elif line[:2] in counts:
                    counts[line[:2]] += 1
                else:
                    return "has a line that is not a quad"
        if end and end[len(END) :].strip() != hashed.hexdigest().encode():
            return "was changed: its hash differs"
        if not end and self._has_hash(version - 1 if version > 1 else 2):
            return "is cut off: its hash is missing"  # records of early versions have no hash
        return self._fault_of_header(version, header, counts)

    def _fault_of_header(self, version: int, header: bytes, counts: Mapping[bytes, int]) -> str | None:
        try:
            members = json.loads(header)
            _commit(members)
            bulk = _bulk_of(members)
        except (ValueError, TypeError, KeyError, AttributeError):
            return "does not begin with a commit"
        if [counts[b"A "], counts[b"D "]] != members["quads"]:
            return "is cut off or changed: it states another number of quads"
        if members["version"] != version:
            return f"is the record of commit {members['version']}"
        return self._fault_of_bulk(version, bulk)

    def _fault_of_bulk(self, version: int, bulk: Mapping[str, BulkSide]) -> str | None:
        for side, recorded in bulk.items():
            path = self.bulk_path(version, side)
            if not path.exists():
                return f"has lost its quads: {path.name} is missing"
            if bulk_file.hash_of(path) != recorded.sha256:
                return f"has changed quads: the hash of {path.name} differs"
        return None

    def _has_hash(self, version: int) -> bool:
        with suppress(Damaged), self.open_record(version) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            return file.read().startswith(b"\n" + END)
        return False

    def erased(self, version: int) -> tuple[str, ...]:
        """Return the graphs whose purge removed quads or warnings from a record."""
        with self.open_record(version) as file:
            return tuple(json.loads(file.readline()).get("erased", ()))

    def commit(self, version: int) -> Commit:
        """Return a record's commit without its quads; raises Damaged."""
        with self.open_record(version) as file:
            try:
                return _commit(json.loads(file.readline()))
            except (ValueError, TypeError, KeyError, AttributeError):
                raise self._damaged(version) from None

    def read(self, version: int) -> tuple[Commit, Delta]:
        """Return a record's commit and delta, including bulk files; raises Damaged if a hash differs."""
        commit, delta = self.read_record(version)
        return commit, self._with_bulk(version, delta)

    def read_record(self, version: int) -> tuple[Commit, Delta]:
        """Return a record's commit and delta without bulk files; raises Damaged."""
        with self.open_record(version) as file:
            record = file.read()
        lines, mark, end = record.rpartition(b"\n" + END)
        if mark and end.strip() != sha256(lines + b"\n").hexdigest().encode():
            raise self._damaged(version)
        try:
            header, *quads = (lines if mark else record).split(b"\n")
            members = json.loads(header)
            delta = Delta(
                added=_quads(line[2:] for line in quads if line.startswith(b"A ")),
                removed=_quads(line[2:] for line in quads if line.startswith(b"D ")),
            )
            if [len(delta.added), len(delta.removed)] == members["quads"]:
                return _commit(members), delta
        except (ValueError, TypeError, KeyError, AttributeError, SyntaxError):
            pass
        raise self._damaged(version)

    def _with_bulk(self, version: int, delta: Delta) -> Delta:
        if not (bulk := self.bulk(version)):
            return delta
        if self._fault_of_bulk(version, bulk):
            raise self._damaged(version)
        sides = {
            side: _quads(chain.from_iterable(bulk_file.read(self.bulk_path(version, side))), b"")
            for side in bulk
        }
        return Delta(delta.added + sides.get(ADDED, ()), delta.removed + sides.get(REMOVED, ()))

    def _damaged(self, version: int) -> Damaged:
        return Damaged(f"The record of commit {version} in {self.folder} is damaged: restore a backup.")

    def open_record(self, version: int) -> IO[bytes]:
        """Open a record, settled or pending, even during its renaming; raises Damaged if it is missing."""
        for path in (self._settled(version), self._pending(version)):
            with suppress(FileNotFoundError):
                return path.open("rb")
        try:
            return self._settled(version).open("rb")
        except FileNotFoundError:
            raise Damaged(f"The log in {self.folder} lacks commit {version}: restore a backup.") from None

    def _bulk_paths(self, version: int) -> list[Path]:
        """Return the paths of a record's bulk files that exist."""
        return [path for side in _MARKS if (path := self.bulk_path(version, side)).exists()]

    def _settled(self, version: int) -> Path:
        return self.folder / f"{version:08}{_SETTLED}"

    def _pending(self, version: int) -> Path:
        return self.folder / f"{version:08}{_PENDING}"

    def _numbers(self, suffix: str) -> list[int]:
        if not self.folder.exists():
            return []
        names = map(_RECORD.fullmatch, os.listdir(self.folder))
        return sorted(int(name[1]) for name in names if name and name[2] == suffix)


def sync_folder(folder: Path) -> None:
    """Make the names of files in a folder durable."""
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _record(commit: Commit, parts: Sequence[ChangeSet], bulk: Mapping[str, BulkSide]) -> Iterator[bytes]:
    added, removed = [part.added for part in parts], [part.removed for part in parts]
    yield _header(commit, sum(map(len, added)), sum(map(len, removed)), bulk)
    for mark, collections in ((b"D ", removed), (b"A ", added)):
        for quads in collections:
            yield from quads.chunks(mark) if isinstance(quads, QuadFile) else _marked(quads, mark)


def _header(commit: Commit, added: int, removed: int, bulk: Mapping[str, BulkSide]) -> bytes:
    members = asdict(commit) | {"time": commit.time.isoformat()}
    if commit.drafter is None:
        del members["drafter"]  # the form of records before drafters existed
    members["quads"] = [added, removed]
    if bulk:
        members["bulk"] = bulk
    return json.dumps(members, ensure_ascii=False).encode() + b"\n"


def _commit(members: dict[str, object]) -> Commit:
    fields: dict[str, Any] = {key: value for key, value in members.items() if key not in _NOT_OF_COMMIT}
    fields["time"] = datetime.fromisoformat(fields["time"])
    for key in ("graphs", "warnings", "withdrawn"):
        fields[key] = tuple(fields[key])
    fields["superseding"] = tuple((new, old) for new, old in fields["superseding"])
    return Commit(**fields)


def _bulk_of(header: Mapping[str, Any]) -> dict[str, BulkSide]:
    return {side: BulkSide(*entry) for side, entry in header.get("bulk", {}).items()}


def _marked(quads: Iterable[Quad], mark: bytes) -> Iterator[bytes]:
    text = serialize(quads, format=RdfFormat.N_QUADS)
    return (mark + line + b"\n" for line in (text or b"").split(b"\n") if line)


def _quads(lines: Iterable[bytes], between: bytes = b"\n") -> tuple[Quad, ...]:
    return tuple(parse(between.join(lines), format=RdfFormat.N_QUADS))
