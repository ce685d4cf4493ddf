"""Answers to queries on their way to a client: unchanged, kept from before, or fresh from a reader."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeVar

from fastapi import Request, Response

from kg.api import caching, codings, validators
from kg.api.caching import Kept
from kg.api.repeats import KEPT
from kg.api.resources import Resources
from kg.api.streaming import Streamed
from kg.asof import version_of
from kg.errors import QueryKilled, Unavailable
from kg.evaluation import QueryJob
from kg.log import CommitLog
from kg.work import Answer

T = TypeVar("T")

SECONDS_UNWATCHED = 0.1


async def answer(request: Request, here: Resources, job: QueryJob) -> Response:
    """Send an answer, of an earlier version where the job asks for one."""
    coding = codings.chosen(request.headers)
    newest = here.contents.version
    tags = caching.tags_of(job, coding)
    tag = tags(_version(here, job, newest))
    if tag and validators.is_known(request, tag):
        return validators.unchanged(tag)
    if kept := here.answers.get(tag) if tag else None:
        here.metrics.kept["hit"] += 1
        request.scope[KEPT] = newest
        return kept.response()
    here.metrics.kept["miss"] += 1
    with here.metrics.answering():
        found = await unless_gone(request, here.readers.answer(job))
    return _sent(here, found, tags(found.version), coding)  # a commit may have come between


def _version(here: Resources, job: QueryJob, newest: int) -> int:
    """Give the version that is asked now."""
    return version_of(CommitLog(here.settings.data / "log"), job.as_of, newest) if job.as_of else newest


def _sent(here: Resources, found: Answer, tag: str | None, coding: str) -> Response:
    validity = validators.told(tag) if tag else {"Cache-Control": "no-store"}
    plain = Kept(b"", {"X-Graph-Version": str(found.version), **validity}, found.content_type)
    if found.is_whole:
        body, headers = codings.coded(found.first, coding)
        kept = Kept(body, {**plain.headers, **headers}, plain.media_type)
        if tag:
            here.answers.keep(tag, kept)
        return kept.response()
    chunks = _counted(here, found)
    if tag:
        chunks = here.answers.keeping(tag, plain, coding, chunks)
    return Streamed(chunks, found.close, plain.headers, plain.media_type)


async def _counted(here: Resources, found: Answer) -> AsyncIterator[bytes]:
    """Pass chunks on, and count the answer as open until it has ended."""
    here.metrics.open += 1
    try:
        async for chunk in found.chunks():
            yield chunk
    except QueryKilled:
        here.metrics.queries["killed"] += 1
        raise
    finally:
        here.metrics.open -= 1


async def unless_gone(request: Request, work: Awaitable[T]) -> T:
    """Wait for work, but drop it when the client goes away: nobody would read the answer."""
    working = asyncio.current_task()
    assert working is not None
    watch = _Watch(request, working)
    try:
        return await work
    except asyncio.CancelledError:
        if not watch.saw_it_go:
            raise
        working.uncancel()
        raise Unavailable("The client went away.") from None
    finally:
        watch.end()


class _Watch:
    """Cancels a task when the client goes away. Most answers are there before it is worth it to watch."""

    def __init__(self, request: Request, working: "asyncio.Task[Any]") -> None:
        self.saw_it_go = False
        self._request = request
        self._working = working
        self._watching: asyncio.Task[None] | None = None
        self._beginning = asyncio.get_running_loop().call_later(SECONDS_UNWATCHED, self._begin)

    def end(self) -> None:
        """Stop watching."""
        self._beginning.cancel()
        if self._watching is not None:
            self._watching.cancel()

    def _begin(self) -> None:
        self._watching = asyncio.ensure_future(self._watch())

    async def _watch(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self.saw_it_go = True
        self._working.cancel()
