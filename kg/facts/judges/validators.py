"""Validators: reader processes that report whether facts would be accepted; they never write.

They hold the gate. Each validation reads a durable snapshot, has its own limits, and ends when its client
leaves. It never delays a writer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from kg.facts import submissions
from kg.facts.judges.jobs import Offer
from kg.facts.judges.release_gate import release_gate
from kg.gate import reports
from kg.query.job import ReadJob
from kg.query.readers.answer import StreamedAnswer
from kg.query.readers.pool import ReaderPool
from kg.settings import Settings
from kg.store.store import Contents

PRELOADED = ("kg.facts.judges.release_gate:release_gate", "kg.facts.judges.validators")


class Validators:
    """A small pool of readers with the gate, started on first use; an async context manager."""

    def __init__(self, store: Contents, settings: Settings, folder: Path) -> None:
        own = replace(
            settings,
            readers=max(1, settings.validators),
            query_seconds=settings.validate_seconds,
            query_memory=settings.judge_memory,
            memory_budget=0,
        )
        self._pool = ReaderPool(store, own, folder, PRELOADED, extra=0)
        self._directory = settings.data
        self._starting = asyncio.Lock()
        self._is_started = False
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Validators:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def start(self) -> None:
        """Start the processes, unless they are running."""
        async with self._starting:
            if not self._is_started:
                await self._stack.enter_async_context(self._pool)
                self._is_started = True

    async def answer(
        self, offer: Offer, form: str, media_type: str, language: str, client: str = ""
    ) -> StreamedAnswer:
        """Validate facts and return the report as ``json``, ``text`` or ``turtle``.

        Raises as parsing and checking do, QueryKilled at a limit, and Unavailable if all processes are busy.
        """
        await self.start()
        job = partial(_report, offer, self._directory, form, language)
        return await self._pool.answer(ReadJob(media_type, job), client)


def _report(offer: Offer, directory: Path, form: str, language: str, contents: Contents) -> Iterable[bytes]:
    submission = offer.parsed(directory, contents)
    yield reports.written(submissions.check(contents, release_gate(), submission), form, language)
