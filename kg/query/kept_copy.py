"""A copy of the graph beside the store, as the server sees it: a keeper process updates it after each commit.

No commit waits for this. The keeper learns of a new version within a second; a caller that finds the copy
outdated requests an update at once, and may wait a moment for it.
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
    """Keeps one copy of a data directory up to date; ``upkeep`` names its module, ``newest`` the version."""

    def __init__(self, upkeep: str, directory: Path, newest: Callable[[], int]) -> None:
        self.reached = 0
        """The version of the copy that the keeper last reported; 0 before its first report."""
        self.state = "it is being built"
        self.fault: str | None = None
        self._upkeep = upkeep
        self._directory = directory
        self._newest = newest
        self._moved = asyncio.Event()
        """Set when the keeper reports; replaced by a new event each time."""
        self._wanted = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._is_suspect = True
        """Whether the whole copy must be verified before it is used: at start, and after a failure."""

    def start(self) -> None:
        """Start the keeper, unless it runs."""
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep())

    async def end(self) -> None:
        """End the keeper; the next one rolls back an unfinished change."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    def suspect(self) -> None:
        """Have the whole copy verified, because a read of it failed."""
        self._is_suspect, self.reached = True, 0
        self._wanted.set()

    async def catch_up(self, seconds: float) -> None:
        """Wait until the keeper reaches the newest version, for at most ``seconds``."""
        self.start()
        newest = self._newest()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.reached < newest and self.fault is None:
                    self._wanted.set()
                    await self._moved.wait()

    async def _keep(self) -> None:
        """Have the copy updated to each new version; if the keeper dies, start it again."""
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
            self._report(fault="its process ended")
            await asyncio.sleep(SECONDS_UNTIL_RETRY)

    async def _direct(self, process: Process) -> None:
        """Send the keeper each new version; return when it has died."""
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
        """Read the keeper's reports until its answer ends; return False if it has died."""
        assert process.stdout is not None
        while line := await process.stdout.readline():
            report = json.loads(line)
            if "note" in report:
                self.state = f"it is being built ({report['note']})"
                continue
            self._report(version=report.get("version"), fault=report.get("fault"))
            return True
        return False

    def _report(self, version: int | None = None, fault: str | None = None) -> None:
        """Record the state of the copy, and wake the waiting callers."""
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
