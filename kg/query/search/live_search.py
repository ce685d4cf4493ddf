"""Search in a server: threads that read the index, and the keeper process that brings it up to each commit.

Nothing here is on the way of a commit. The keeper hears of a new version within a second; a search that
finds the index behind asks for it at once, and waits a moment for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import local
from typing import TypeVar

from kg.errors import Damaged, Unavailable
from kg.query.search import tables
from kg.query.search.building import chunks
from kg.query.search.index import SearchIndex
from kg.query.search.keeper import CHECK
from kg.query.search.looking_up import IndexEntry, look_up
from kg.query.search.resolving import Resolution, resolve
from kg.query.search.search import SearchAnswer, SearchQuery, search

T = TypeVar("T")

THREADS = 2
LOOKED_UP_AT_ONCE = 100
"""Things that one turn of a thread looks up."""
MOST_WAITING = 256
"""Searches that may wait for a thread."""
SECONDS_TO_CATCH_UP = 1.0
"""How long a search waits for an index that is behind."""
SECONDS_TO_BUILD = 4.0
"""How long it waits where there is no index yet."""
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_UNTIL_RETRY = 5.0
SECONDS_TO_END = 2.0
_LONGEST_LINE = 1 << 16

_log = logging.getLogger(__name__)


class LiveSearch:
    """Answers searches of a data directory; ``newest`` gives its version. Use it in an ``async with``."""

    def __init__(self, directory: Path, newest: Callable[[], int]) -> None:
        self._directory = directory
        self._newest = newest
        self._reached = 0
        self._state = "it is being built"
        self._fault: str | None = None
        self._moved = asyncio.Event()
        """Set when the keeper has told something; replaced by a fresh one each time."""
        self._wanted = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._is_suspect = True
        """Whether the index is to be read as a whole before it is used: at a start, and once it failed."""
        self._threads = ThreadPoolExecutor(THREADS, "search")
        self._of_thread = local()
        self._indexes: list[SearchIndex] = []
        self._waiting = 0

    async def __aenter__(self) -> LiveSearch:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        await asyncio.to_thread(self._threads.shutdown)
        for index in self._indexes:
            index.close()

    def start(self) -> None:
        """Start the keeper, unless it runs."""
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep())

    @property
    def version(self) -> int:
        """The version that the keeper has brought the index to; 0 before it has told one."""
        return self._reached

    @property
    def is_behind(self) -> bool:
        """Whether commits are not in the index yet."""
        return self._reached < self._newest()

    @property
    def has_index(self) -> bool:
        """Whether there is an index, of whichever version."""
        return tables.path_in(self._directory).exists()

    async def ask(self, query: SearchQuery) -> SearchAnswer:
        """Answer a search; raises Unavailable while there is no index, QueryKilled if it takes too long."""
        return await self.read(lambda index: search(index, query))

    async def resolve(self, name: str, classes: Collection[str] = (), lang: str = "en") -> Resolution:
        """Resolve a name; raises BadInput, and as ``ask`` does."""
        return await self.read(lambda index: resolve(index, name, classes, lang))

    async def look_up(self, iris: Iterable[str], lang: str = "en") -> dict[str, IndexEntry]:
        """Look things up by their IRIs, some at a time, so that other searches come between."""
        entries: dict[str, IndexEntry] = {}
        for some in chunks(dict.fromkeys(iris), LOOKED_UP_AT_ONCE):
            entries |= await self.read(partial(_look_up, some, lang))
        return entries

    async def read(self, work: Callable[[SearchIndex], T]) -> T:
        """Do work on the index in a thread, once it has been brought up to date or some time has gone."""
        await self._catch_up()
        if self._waiting >= MOST_WAITING:
            raise Unavailable("Too many searches are waiting; try again in a second.")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._on_thread, work)
        except Damaged:
            self._is_suspect, self._reached = True, 0
            self._wanted.set()
            raise
        finally:
            self._waiting -= 1

    def _on_thread(self, work: Callable[[SearchIndex], T]) -> T:
        index = getattr(self._of_thread, "index", None)
        if index is None:
            index = self._of_thread.index = SearchIndex(self._directory)
            self._indexes.append(index)
        if not index.path.exists():
            raise Unavailable(f"There is no search index yet: {self._fault or self._state}; try again.")
        return work(index)

    async def _catch_up(self) -> None:
        """Wait for the keeper to reach the newest version, for as long as a search may wait."""
        self.start()
        newest = self._newest()
        patience = SECONDS_TO_CATCH_UP if self._reached else SECONDS_TO_BUILD
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._reached < newest and self._fault is None:
                    self._wanted.set()
                    await self._moved.wait()

    async def _keep(self) -> None:
        """Have the index brought up to each new version; start the keeper again if it dies."""
        while True:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", "from kg.query.search.keeper import main; main()"),
                str(self._directory),
                stdin=PIPE,
                stdout=PIPE,
                limit=_LONGEST_LINE,
            )
            try:
                await self._direct(process)
            finally:
                await _end(process)
            self._report(fault="its keeper ended")
            await asyncio.sleep(SECONDS_UNTIL_RETRY)

    async def _direct(self, process: Process) -> None:
        """Ask the keeper for each new version; return when it has died."""
        assert process.stdin is not None
        while True:
            if self._newest() > self._reached:
                process.stdin.write(f"{CHECK if self._is_suspect else ''}\n".encode())
                self._is_suspect = False
                if not await self._heard(process):
                    return
                if self._fault is not None:
                    await asyncio.sleep(SECONDS_UNTIL_RETRY)
            self._wanted.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS_BETWEEN_LOOKS):
                    await self._wanted.wait()

    async def _heard(self, process: Process) -> bool:
        """Read what the keeper tells until it is done; return False if it has died."""
        assert process.stdout is not None
        while line := await process.stdout.readline():
            told = json.loads(line)
            if "note" in told:
                self._state = f"it is being built ({told['note']})"
                continue
            self._report(version=told.get("version"), fault=told.get("fault"))
            return True
        return False

    def _report(self, version: int | None = None, fault: str | None = None) -> None:
        """Tell those who wait what has become of the index."""
        if fault is not None and fault != self._fault:
            _log.warning("Search: %s", fault)
        self._fault = fault
        self._reached = version or self._reached
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


def _look_up(iris: list[str], lang: str, index: SearchIndex) -> dict[str, IndexEntry]:
    return look_up(index, iris, lang)


async def _end(process: Process) -> None:
    """End the keeper; a change of the index that it has begun is undone by the next."""
    with suppress(ProcessLookupError):
        process.kill()
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS_TO_END):
            await process.wait()
