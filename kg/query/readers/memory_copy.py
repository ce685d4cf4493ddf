"""In-memory copy of the graph: a fork server holds it, commits advance it, and its readers share it.

If the graph exceeds the budget, no copy is built and the readers open snapshots on disk.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path

from kg.query.readers.background import BackgroundTasks
from kg.query.readers.forkserver import CopySource
from kg.query.readers.processes import ForkServerLost, ForkServerProcess
from kg.query.readers.snapshots import SnapshotShelf
from kg.query.readers.supervisor import ForkServerSupervisor
from kg.store.compaction import BYTES_EACH
from kg.store.log import CommitLog
from kg.store.store import Contents

LARGEST_STEP = 5_000
"""Maximum changed facts that are applied to the copy; if more changed, it is rebuilt from disk."""

_log = logging.getLogger(__name__)


@dataclass
class CopyWear:
    """The bytes of a copy when it was built, and the facts removed since, which still slow down scans."""

    size: int = 0
    removed: int = 0

    @property
    def is_heavy(self) -> bool:
        """True if the removed facts slow scans down so much that a rebuild is worth its cost."""
        return self.removed > LARGEST_STEP and self.removed * BYTES_EACH > self.size


class MemoryCopy:
    """Builds the copy, advances it to the newest version, and rebuilds it when that is cheaper.

    ``fits`` is false once the graph has exceeded the budget (in bytes). ``on_built`` is called after a
    build, ``on_lost`` if the copy could not be made.
    """

    def __init__(
        self,
        store: Contents,
        snapshots: SnapshotShelf,
        supervisor: ForkServerSupervisor,
        budget: int,
        on_built: Callable[[], None],
        on_lost: Callable[[], Coroutine[None, None, None]],
    ) -> None:
        self.fits = budget > 0
        self._store = store
        self._snapshots = snapshots
        self._supervisor = supervisor
        self._budget = budget
        self._on_built = on_built
        self._on_lost = on_lost
        self._wear = CopyWear()
        self._advancing = asyncio.Lock()
        self._building: asyncio.Task[None] | None = None
        self._background = BackgroundTasks()

    @property
    def note(self) -> str | None:
        """A message if the graph has grown beyond the budget; else None."""
        if self.fits or not self._budget:
            return None
        return (
            "The graph is read from disk, so queries take longer: the in-memory copy exceeds "
            f"{self._budget >> 20} MB (KG_MEMORY_BUDGET), or could not be made."
        )

    @property
    def version(self) -> int:
        """The version of the copy; 0 if there is none."""
        return self._supervisor.current.version

    def build(self) -> None:
        """Start building a copy, unless one is being built or the graph does not fit."""
        if self.fits and not self._is_building:
            self._building = self._background.start(self._build())

    async def reaches(self, version: int, until: float) -> bool:
        """Advance the copy to the newest version; return False if it does not reach ``version``.

        Raises TimeoutError at ``until``, a time of the event loop.
        """
        server = self._supervisor.current
        if 0 < server.version < version:
            async with asyncio.timeout_at(until), self._advancing:
                if server.version < version and not self._is_building:
                    await self._advance(server)
        return server.version >= version

    async def close(self) -> None:
        """Stop building."""
        await self._background.cancel()

    @property
    def _is_building(self) -> bool:
        return self._building is not None and not self._building.done()

    async def _advance(self, server: ForkServerProcess) -> None:
        newest = self._store.version
        changed, removed = _step(self._snapshots.log, server.version, newest)
        if changed > LARGEST_STEP:
            self.build()
            return
        try:
            await server.advance(newest)
        except ForkServerLost:
            self._background.start(self._supervisor.replace(server))
            return
        self._wear.removed += removed
        if self._wear.is_heavy:
            self.build()

    async def _build(self) -> None:
        snapshot = await self._snapshots.hold()
        try:
            self._wear = CopyWear(_size(snapshot.path))
            self.fits = self._wear.size < self._budget
            if self.fits:
                await self._supervisor.start(CopySource(str(snapshot.path), snapshot.version, self._budget))
        except ForkServerLost:
            self.fits = False
            self._background.start(self._on_lost())
        finally:
            self._snapshots.leave(snapshot)
        if self.fits:
            self._on_built()
        else:
            _log.warning("%s", self.note)


def _step(log: CommitLog, version: int, newest: int) -> tuple[int, int]:
    """Return how many facts changed since a version, and how many of these were removed."""
    commits = [log.commit(number) for number in range(version + 1, newest + 1)]
    removed = sum(commit.removed for commit in commits)
    return removed + sum(commit.added for commit in commits), removed


def _size(snapshot: Path) -> int:
    return sum(file.stat().st_size for file in snapshot.iterdir())
