"""Snapshots of earlier versions, made on demand.

A version is a number, ``v17`` or ``17``, or a time, which means the last commit not later than it. A snapshot
is a hard-linked copy of the nearest available version, with the commits between the two undone or applied
together. Some snapshots are kept; a reader locks its snapshot, so that no cleanup removes it. Queries on the
current version have no extra cost.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import mkdtemp
from time import time as now

from kg.changes import version_number
from kg.errors import BadInput, NotFound
from kg.store import copies
from kg.store.differences import Difference
from kg.store.log import CommitLog
from kg.store.store import Contents, open_snapshot

KEPT = 4
"""Number of snapshots that are kept for reuse; each takes the disk space of its difference."""

_PLUS_DECODED = re.compile(r" (\d\d:?\d\d)\Z")
_LONGEST_TIME = 64
_PARTIAL = ".partial-"


def version_of(log: CommitLog, text: str, newest: int) -> int:
    """Return the version for ``v17``, ``17`` or a time (ISO 8601).

    A time without a zone is UTC, a day means its end, a future time the newest version. Raises BadInput for
    other text, NotFound for a version that does not exist or a time before the first version.
    """
    if (version := version_number(text)) is not None:
        require_version(version, newest)
        return version
    return _last_not_later(log, _moment(text), newest)


def require_version(version: int, newest: int) -> None:
    """Raise NotFound for a number that is not a version."""
    if not 1 <= version <= newest:
        raise NotFound(
            f"There is no version v{version}; there are v1 to v{newest}. A time is written 2026-11-22."
        )


@dataclass(frozen=True)
class Past:
    """A snapshot of an earlier version and the lock that keeps it; call ``release`` after use."""

    path: Path
    version: int
    lock: int

    def release(self) -> None:
        """Release the lock, so that the snapshot can be removed; call it once."""
        os.close(self.lock)


class Snapshots:
    """The snapshots of a data directory, shared by all processes that read it."""

    def __init__(self, directory: Path) -> None:
        self.log = CommitLog(directory / "log")
        self._folder = directory / "asof"

    def hold(self, contents: Contents, version: int) -> Past:
        """Return a locked snapshot of a version up to that of ``contents``; the caller calls ``release``."""
        while True:
            path = self._path(version)
            if not path.exists():
                self._make(contents, version)
            with suppress(FileNotFoundError):  # another process may remove it
                lock = _locked(path, fcntl.LOCK_SH)
                with suppress(OSError):  # a read-only disk
                    os.utime(path)
                self._tidy()
                return Past(path, version, lock)

    @contextmanager
    def opened(self, contents: Contents, version: int) -> Iterator[Contents]:
        """Open a version to read; for the current version yield ``contents`` itself."""
        if version == contents.version:
            yield contents
            return
        past = self.hold(contents, version)
        try:
            yield open_snapshot(past.path, version)
        finally:
            past.release()

    def _path(self, version: int) -> Path:
        return self._folder / f"v{version}"

    def _make(self, contents: Contents, version: int) -> None:
        """Make a snapshot under a temporary name, then rename it: it exists complete or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = Path(mkdtemp(prefix=_PARTIAL, dir=self._folder))
        try:
            with self.opened(contents, self._nearest(contents, version)) as at_hand:
                start = at_hand.snapshot(partial / "store")
            with Difference(self.log, start, version) as difference:
                copies.amend(partial / "store", difference.parts())
            with suppress(OSError):  # another process was faster
                (partial / "store").rename(self._path(version))
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def _nearest(self, contents: Contents, version: int) -> int:
        versions = (int(path.name.removeprefix("v")) for path in self._folder.glob("v[0-9]*"))
        return min((contents.version, *versions), key=lambda candidate: abs(candidate - version))

    def _tidy(self) -> None:
        """Remove all but the ``KEPT`` most recently used snapshots, and partial ones that are an hour old."""
        snapshots = sorted(self._folder.glob("v*"), key=_last_use, reverse=True)
        partial = [path for path in self._folder.glob(f"{_PARTIAL}*") if _last_use(path) < now() - 3600]
        for path in (*snapshots[KEPT:], *partial):
            with suppress(OSError):  # in use, or gone already
                lock = _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
                os.close(lock)


def _locked(path: Path, how: int) -> int:
    """Lock a folder; raises FileNotFoundError if it is gone, BlockingIOError if it is in use."""
    lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, how)
        if os.fstat(lock).st_ino != path.stat().st_ino:
            raise FileNotFoundError(path)
    except OSError:
        os.close(lock)
        raise
    return lock


def _last_use(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _last_not_later(log: CommitLog, moment: datetime, newest: int) -> int:
    """Return the last commit not later than a time, by binary search: commit times never decrease."""
    low, high = 0, newest
    while low < high:
        middle = (low + high + 1) // 2
        if log.commit(middle).time <= moment:
            low = middle
        else:
            high = middle - 1
    if low == 0:
        began = log.commit(1).time.isoformat(timespec="seconds")
        raise NotFound(f"There was no graph yet at {moment.isoformat()}; it begins at {began}.")
    return low


def _moment(text: str) -> datetime:
    time_text = text.strip() if len(text) <= _LONGEST_TIME else ""
    if "T" in time_text:
        time_text = _PLUS_DECODED.sub(r"+\1", time_text)  # a plus sign that was not escaped in a URL
    try:
        if len(time_text) == len("2026-11-22"):
            return datetime.combine(date.fromisoformat(time_text), time.max, UTC)
        moment = datetime.fromisoformat(time_text)
    except ValueError:
        raise BadInput(
            "A version is written v17 or 17, a time 2026-11-22T12:30:00Z or 2026-11-22,"
            f" not {text[:_LONGEST_TIME]!r}."
        ) from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
