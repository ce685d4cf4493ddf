"""Answers to queries on their way to a client: unchanged, kept from before, or fresh from a reader."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from fastapi import Request, Response

from kg.api import answer_cache, etags
from kg.api.answer_cache import Kept
from kg.api.fast.byte_cache import KEPT
from kg.api.middleware import compression
from kg.api.resources import Resources
from kg.api.scope_keys import BEGUN
from kg.api.streaming import Streamed
from kg.errors import QueryKilled, Unavailable
from kg.query.job import Job, QueryJob, ReadJob
from kg.query.readers.answer import StreamedAnswer
from kg.query.readers.snapshots import Snapshot
from kg.store.snapshots import Past, version_of

T = TypeVar("T")

SECONDS_UNWATCHED = 0.1


@dataclass(frozen=True)
class Begun:
    """What a request met before it went the usual way: an answer in pieces, or a fault; and since when."""

    since: float
    found: StreamedAnswer | Exception

    def taken(self) -> StreamedAnswer:
        """Give the answer, or raise the fault."""
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    def let_go(self) -> None:
        """Let the reader go, if nobody did."""
        if isinstance(self.found, StreamedAnswer):
            self.found.close()


class Made(NamedTuple):
    """What a reader made, and of which version."""

    version: int
    body: bytes


async def answer(request: Request, here: Resources, job: QueryJob) -> Response:
    """Send an answer, of an earlier version where the job asks for one."""
    coding = compression.chosen(request.headers)
    newest = here.contents.version
    tags = answer_cache.tags_of(job, coding)
    tag = tags(_version(here, job, newest))
    if tag and etags.is_known(request, tag):
        return etags.unchanged(tag)
    begun: Begun | None = request.scope.get(BEGUN)
    if begun is None and (earlier := kept(here, tag)):
        request.scope[KEPT] = newest
        return earlier.response()
    found = begun.taken() if begun else await unless_gone(request, fresh(here, job))
    return _sent(here, found, tags(found.version), coding)  # a commit may have come between


def kept(here: Resources, tag: str | None) -> Kept | None:
    """Find an answer among those kept, and count whether it was there."""
    found = here.answers.get(tag) if tag else None
    here.metrics.kept["hit" if found else "miss"] += 1
    return found


async def made(request: Request, here: Resources, job: ReadJob) -> Made:
    """Have a reader make something, all of it; dropped where the client goes away."""

    async def read() -> Made:
        found = await fresh(here, job)
        return Made(found.version, await found.read())

    return await unless_gone(request, read())


async def fresh(here: Resources, job: Job, snapshot: Snapshot | Past | None = None) -> StreamedAnswer:
    """Have a reader answer, from a snapshot that is held if one is given; and count what becomes of it."""
    with here.metrics.answering():
        if snapshot is not None:
            return await here.readers.answer_from(snapshot, job)
        return await here.readers.answer(job)


def whole(here: Resources, found: StreamedAnswer, tag: str | None, coding: str) -> Kept:
    """Give an answer in one piece as it is sent; it is kept where it has a tag."""
    body, headers = compression.coded(found.first, coding)
    plain = _plain(found, tag)
    sent = Kept(body, {**plain.headers, **headers}, plain.content_type)
    if tag:
        here.answers.keep(tag, sent)
    return sent


def _version(here: Resources, job: QueryJob, newest: int) -> int:
    """Give the version that is asked now."""
    return version_of(here.log, job.as_of, newest) if job.as_of else newest


def _sent(here: Resources, found: StreamedAnswer, tag: str | None, coding: str) -> Response:
    if found.is_whole:
        return whole(here, found, tag, coding).response()
    plain = _plain(found, tag)
    chunks = counted(here, found)
    if tag:
        chunks = here.answers.keeping(tag, plain, coding, chunks)
    return Streamed(chunks, found.close, plain.headers, plain.content_type)


def _plain(found: StreamedAnswer, tag: str | None) -> Kept:
    """Give what an answer is sent with, but for its body."""
    validity = etags.told(tag) if tag else {"Cache-Control": "no-store"}
    return Kept(b"", {"X-Graph-Version": str(found.version), **validity}, found.content_type)


async def counted(here: Resources, found: StreamedAnswer) -> AsyncIterator[bytes]:
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
