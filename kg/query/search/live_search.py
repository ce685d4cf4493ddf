"""Search in a server: threads that read the index, and the keeper process that updates it after each commit.

No commit waits for this. The keeper learns of a new version within a second; a search that finds the index
outdated requests an update at once, and waits a moment for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import local
from typing import TypeVar

from kg.errors import Damaged, Unavailable
from kg.query.kept_copy import KeptCopy
from kg.query.search import tables
from kg.query.search.building import chunks
from kg.query.search.index import SearchIndex
from kg.query.search.looking_up import IndexEntry, look_up
from kg.query.search.resolving import Resolution, resolve
from kg.query.search.search import SearchAnswer, SearchQuery, search

T = TypeVar("T")

THREADS = 2
LOOKED_UP_AT_ONCE = 100
"""Things that a thread looks up in one turn."""
MOST_WAITING = 256
"""Maximum searches that may wait for a thread."""
SECONDS_TO_CATCH_UP = 1.0
"""Seconds that a search waits for an outdated index."""
SECONDS_TO_BUILD = 4.0
"""Seconds that a search waits if there is no index yet."""


class LiveSearch:
    """Answers searches of a data directory; ``newest`` returns its version. Use it in an ``async with``."""

    def __init__(self, directory: Path, newest: Callable[[], int]) -> None:
        self._directory = directory
        self._newest = newest
        self._copy = KeptCopy("kg.query.search.upkeep", directory, newest)
        self._threads = ThreadPoolExecutor(THREADS, "search")
        self._of_thread = local()
        self._indexes: list[SearchIndex] = []
        self._waiting = 0

    async def __aenter__(self) -> LiveSearch:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._copy.end()
        await asyncio.to_thread(self._threads.shutdown)
        for index in self._indexes:
            index.close()

    def start(self) -> None:
        """Start the keeper, unless it runs."""
        self._copy.start()

    @property
    def version(self) -> int:
        """The version of the index that the keeper last reported; 0 before its first report."""
        return self._copy.reached

    @property
    def is_behind(self) -> bool:
        """Whether the index lacks commits."""
        return self.version < self._newest()

    @property
    def has_index(self) -> bool:
        """Whether there is an index, of any version."""
        return tables.path_in(self._directory).exists()

    async def ask(self, query: SearchQuery) -> SearchAnswer:
        """Answer a search; raises Unavailable while there is no index, QueryKilled if it takes too long."""
        return await self.read(lambda index: search(index, query))

    async def resolve(self, name: str, classes: Collection[str] = (), lang: str = "en") -> Resolution:
        """Resolve a name; raises BadInput, and as ``ask`` does."""
        return await self.read(lambda index: resolve(index, name, classes, lang))

    async def look_up(self, iris: Iterable[str], lang: str = "en") -> dict[str, IndexEntry]:
        """Look things up by their IRIs, in batches, so that other searches can run in between."""
        entries: dict[str, IndexEntry] = {}
        for some in chunks(dict.fromkeys(iris), LOOKED_UP_AT_ONCE):
            entries |= await self.read(partial(_look_up, some, lang))
        return entries

    async def read(self, work: Callable[[SearchIndex], T]) -> T:
        """Do work on the index in a thread, after a limited wait for its update."""
        await self._copy.catch_up(SECONDS_TO_CATCH_UP if self.version else SECONDS_TO_BUILD)
        if self._waiting >= MOST_WAITING:
            raise Unavailable("Too many searches are waiting; try again in a second.")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._on_thread, work)
        except Damaged:
            self._copy.suspect()
            raise
        finally:
            self._waiting -= 1

    def _on_thread(self, work: Callable[[SearchIndex], T]) -> T:
        index = getattr(self._of_thread, "index", None)
        if index is None:
            index = self._of_thread.index = SearchIndex(self._directory)
            self._indexes.append(index)
        if not index.path.exists():
            raise Unavailable(
                f"There is no search index yet: {self._copy.fault or self._copy.state}; try again."
            )
        return work(index)


def _look_up(iris: list[str], lang: str, index: SearchIndex) -> dict[str, IndexEntry]:
    return look_up(index, iris, lang)
