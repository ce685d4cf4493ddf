"""A copy of the graph beside the store, as the server sees it: a keeper process brings it up to each commit.

Nothing here is on the way of a commit. The keeper hears of a new version within a second; a caller that finds
the copy behind asks for it at once, and may wait a moment for it.
"""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kg.query.keeper import CHECK

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_UNTIL_RETRY = 5.0
SECONDS_TO_END = 2.0
_LONGEST_LINE = 1 << 16

_log = logging.getLogger(__name__)


class KeptCopy:
    """Has one copy of a data directory kept up: ``upkeep`` names the module, ``newest`` gives the version."""

    def __init__(self, upkeep: str, directory: Path, newest: Callable[[], int]) -> None:
        self.reached = 0
        """The version that the keeper has brought the copy to; 0 before it has told one."""
        self.state = "it is being built"
        self.fault: str | None = None
        self._upkeep = upkeep
        self._directory = directory
        self._newest = newest
        self._moved = asyncio.Event()
        """Set when the keeper has told something; replaced by a fresh one each time."""
        self._wanted = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._is_suspect = True
        """Whether the copy is to be read as a whole before it is used: at a start, and once it failed."""

    def start(self) -> None:
        """Start the keeper, unless it runs."""
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep())

    async def end(self) -> None:
        """End the keeper; a change that it has begun is undone by the next."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    def suspect(self) -> None:
        """Have the copy read as a whole, as one that failed."""
        self._is_suspect, self.reached = True, 0
        self._wanted.set()

    async def catch_up(self, seconds: float) -> None:
        """Wait for the keeper to reach the newest version, for at most so many seconds."""
        self.start()
        newest = self._newest()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.reached < newest and self.fault is None:
                    self._wanted.set()
                    await self._moved.wait()

    async def _keep(self) -> None:
        """Have the copy brought up to each new version; start the keeper again if it dies."""
        while True:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", "from kg.query.keeper import main; main()"),
                *(self._upkeep, str(self._directory)),
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
            if self._newest() > self.reached:
                process.stdin.write(f"{CHECK if self._is_suspect else ''}\n".encode())
                self._is_suspect = False
                if not await self._heard(process):
                    return
                if self.fault is not None:
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
                self.state = f"it is being built ({told['note']})"
                continue
            self._report(version=told.get("version"), fault=told.get("fault"))
            return True
        return False

    def _report(self, version: int | None = None, fault: str | None = None) -> None:
        """Tell those who wait what has become of the copy."""
        if fault is not None and fault != self.fault:
            _log.warning("%s: %s", self._upkeep, fault)
        self.fault = fault
        self.reached = version or self.reached
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS_TO_END):
            await process.wait()
