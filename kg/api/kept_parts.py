"""Cached parts of pages: a reader makes each part once for a version of the graph."""

import asyncio
from collections.abc import Hashable
from contextlib import suppress
from time import monotonic
from typing import NamedTuple

from kg.errors import KGError
from kg.query.job import ReadJob
from kg.query.readers.pool import ReaderPool

SECONDS_WAITED = 0.5
"""If making a part takes more seconds, pages show the outdated part until the new one is ready."""


class KeptPart(NamedTuple):
    """A part of a page, the version that it shows, and the seconds that it took to make."""

    version: int
    text: str
    seconds: float


class KeptParts:
    """The cached parts by key; there are few keys."""

    def __init__(self) -> None:
        self._parts: dict[Hashable, KeptPart] = {}
        self._making: dict[Hashable, asyncio.Task[KeptPart]] = {}

    async def get(self, key: Hashable, version: int, readers: ReaderPool, job: ReadJob) -> KeptPart:
        """Return a part for the current version; while a slow part is being made, return the outdated one."""
        part = self._parts.get(key)
        if part is not None and part.version >= version:
            return part
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.ensure_future(self._make(key, readers, job))
            making.add_done_callback(lambda _: self._making.pop(key, None))
        if part is not None and part.seconds > SECONDS_WAITED:
            making.add_done_callback(_observed)
            return part
        return await asyncio.shield(making)

    async def end(self) -> None:
        """Cancel the parts that are being made."""
        for making in [*self._making.values()]:
            making.cancel()
            with suppress(asyncio.CancelledError, KGError):
                await making

    async def _make(self, key: Hashable, readers: ReaderPool, job: ReadJob) -> KeptPart:
        start = monotonic()
        answer = await readers.answer(job)
        text = (await answer.read()).decode()
        part = KeptPart(answer.version, text, monotonic() - start)
        self._parts[key] = part
        return part


def _observed(making: "asyncio.Task[KeptPart]") -> None:
    """Retrieve an exception that no caller awaits; the next request makes the part again."""
    if not making.cancelled():
        making.exception()
