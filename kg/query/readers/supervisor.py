"""Supervisor of the fork servers: starts them, replaces a dead one, and retires the previous one."""

import asyncio
import logging
from collections.abc import Callable

from kg.query.readers.forkserver import CopySource, ForkServerOptions
from kg.query.readers.processes import ForkServerLost, ForkServerProcess, ReaderProcess

SECONDS_UNTIL_RETRY = 0.5
"""Seconds after which a failed start of a fork server is tried again."""

_log = logging.getLogger(__name__)


class ForkServerSupervisor:
    """The current fork server, and earlier ones, which live until their last reader has ended.

    ``on_restart`` is called when a fork server without a copy has replaced a dead one. If a copy
    ``is_expected``, a fork server without one is temporary, and preloads nothing.
    """

    def __init__(
        self, options: ForkServerOptions, on_restart: Callable[[], None], *, is_expected: bool
    ) -> None:
        self._options = options
        self._is_expected = is_expected
        self._on_restart = on_restart
        self._servers: list[ForkServerProcess] = []
        self._restarting = asyncio.Lock()

    @property
    def current(self) -> ForkServerProcess:
        """The fork server that forks readers now."""
        return self._servers[-1]

    async def start(self, copy: CopySource | None = None) -> None:
        """Start a fork server, perhaps with a copy of the graph, and fork the readers from it from now on.

        Raises ForkServerLost if the copy exceeds its budget.
        """
        preload = () if self._is_expected and copy is None else self._options.preload
        server = await ForkServerProcess.start(self._options._replace(copy=copy, preload=preload))
        for earlier in self._servers:
            earlier.retire()
        self._servers = [*(each for each in self._servers if not each.is_lost), server]

    async def fork(self) -> ReaderProcess:
        """Fork a reader. If the fork server has died, start another; retry until that succeeds."""
        while True:
            server = self.current
            try:
                return await server.fork()
            except ForkServerLost:
                await self.replace(server)

    async def replace(self, lost: ForkServerProcess) -> None:
        """Start a fork server in place of a dead one; if that fails, wait a moment and return."""
        async with self._restarting:
            if self.current is not lost:
                return
            try:
                await self.start()
            except OSError as fault:  # the system can start no process, or killed it at once
                _log.error("No readers can be started: %s", fault)
                await asyncio.sleep(SECONDS_UNTIL_RETRY)
            else:
                self._on_restart()

    async def close(self) -> None:
        """End all fork servers and their readers."""
        await asyncio.gather(*(server.close() for server in self._servers))
