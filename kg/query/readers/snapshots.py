"""Snapshots on disk that readers open: of the current version, and of earlier versions on request.

Each has a use count or a lock, so that no snapshot is removed while a reader has it open.
"""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from kg.store.log import CommitLog
from kg.store.snapshots import Past, Snapshots, version_of
from kg.store.store import Contents


@dataclass
class Snapshot:
    """A copy of the current version on disk, and its use count."""

    path: Path
    version: int
    users: int = 0


Held = TypeVar("Held", Snapshot, Past)


class SnapshotShelf:
    """Makes snapshots in a folder, one at a time, lends them, and removes outdated ones.

    The parent of the folder is the data directory.
    """

    def __init__(self, store: Contents, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._earlier = Snapshots(folder.parent)
        self._current: Snapshot | None = None
        self._current_lock = asyncio.Lock()
        self._earlier_lock = asyncio.Lock()
        self._unfinished: set[asyncio.Future[Any]] = set()

    @property
    def log(self) -> CommitLog:
        """The commit log of the data directory."""
        return self._earlier.log

    def clear(self) -> None:
        """Remove all snapshots of the current version, including those that a killed server left."""
        shutil.rmtree(self._folder, ignore_errors=True)

    async def close(self) -> None:
        """Wait for the threads that still make snapshots, then remove all snapshots."""
        await asyncio.gather(*self._unfinished, return_exceptions=True)
        self.clear()

    async def hold(self, as_of: str | None = None) -> Snapshot | Past:
        """Return the snapshot of the current or an earlier version; the caller must ``leave`` it.

        Raises what ``kg.store.snapshots.version_of`` raises.
        """
        newest = self._store.version
        if as_of and (version := version_of(self.log, as_of, newest)) < newest:
            return await self._hold_earlier(version)
        if self._current is not None and self._current.version == newest:
            self._current.users += 1
            return self._current
        return await self._finish(asyncio.ensure_future(self._hold_current()))

    def leave(self, snapshot: Snapshot | Past | None) -> None:
        """End one use of a snapshot; if it is outdated and unused, remove it."""
        if isinstance(snapshot, Past):
            snapshot.release()
        elif snapshot is not None:
            snapshot.users -= 1
            if snapshot is not self._current:
                _remove_unused(snapshot)

    async def _hold_current(self) -> Snapshot:
        async with self._current_lock:
            if self._current is None or self._current.version != self._store.version:
                path = self._folder / f"v{self._store.version}"
                version = await asyncio.to_thread(self._store.snapshot, path)
                outdated, self._current = self._current, Snapshot(path, version)
                _remove_unused(outdated)
            self._current.users += 1
            return self._current

    async def _hold_earlier(self, version: int) -> Past:
        async with self._earlier_lock:
            making = asyncio.to_thread(self._earlier.hold, self._store, version)
            return await self._finish(asyncio.ensure_future(making))

    async def _finish(self, making: asyncio.Future[Held]) -> Held:
        """Wait for a snapshot; if the caller is cancelled, release the snapshot once it is made.

        A thread makes it and cannot be stopped, so the next caller must not begin at the same path.
        """
        self._unfinished.add(making)
        making.add_done_callback(self._unfinished.discard)
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            making.add_done_callback(self._leave_made)
            raise

    def _leave_made(self, made: asyncio.Future[Held]) -> None:
        if not made.cancelled() and made.exception() is None:
            self.leave(made.result())


def _remove_unused(snapshot: Snapshot | None) -> None:
    if snapshot is not None and snapshot.users == 0:
        shutil.rmtree(snapshot.path, ignore_errors=True)
