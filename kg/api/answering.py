"""Answers to queries on their way to a client: unchanged, kept from before, or fresh from a reader."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from fastapi import Request, Response

from kg.api import answer_cache, answer_headers, etags
from kg.api.answer_cache import CachedAnswer, RequestBytes
from kg.api.fast.byte_cache import repeatable
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


class Sending(NamedTuple):
    """An answer of a reader on its way out: with its ETag, if it has one, and its coding."""

    found: StreamedAnswer
    tag: str | None
    coding: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers that do not depend on the body."""
        return answer_headers.versioned(self.found.version, self.tag)


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
    if begun is None and tag and (cached := find(here, tag)):
        here.answers.keep(tag, cached, repeatable(request.scope, newest))
        return cached.response()
    found = begun.taken() if begun else await unless_gone(request, fresh(here, job))
    sending = Sending(found, tags(found.version), coding)  # a commit may have come between
    asked = repeatable(request.scope, newest if job.as_of else found.version)
    if found.is_whole:
        return whole(here, sending, found.first, asked).response()
    return _streamed(here, sending, asked)


def find(here: Resources, tag: str | None) -> CachedAnswer | None:
    """Find an answer in the cache, and count whether it was there."""
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


def whole(here: Resources, sending: Sending, body: bytes, asked: RequestBytes | None) -> CachedAnswer:
    """Give an answer in one piece as it is sent; if it has a tag, keep it, found by the request too."""
    coded, coding = compression.coded(body, sending.coding)
    headers = answer_headers.whole(sending.headers | coding, sending.found.content_type, len(coded))
    answer = CachedAnswer(coded, headers)
    if sending.tag:
        here.answers.keep(sending.tag, answer, asked)
    return answer


def _version(here: Resources, job: QueryJob, newest: int) -> int:
    """Give the version that is asked now."""
    return version_of(here.log, job.as_of, newest) if job.as_of else newest


def _streamed(here: Resources, sending: Sending, asked: RequestBytes | None) -> Response:
    found = sending.found
    chunks = counted(here, found)
    if sending.tag:
        chunks = _keeping(here, sending, chunks, asked)
    return Streamed(chunks, found.close, sending.headers, found.content_type)


async def _keeping(
    here: Resources, sending: Sending, chunks: AsyncIterator[bytes], asked: RequestBytes | None
) -> AsyncIterator[bytes]:
    """Pass chunks on; if they end without a fault and are small enough, keep the answer."""
    gathered = bytearray()
    is_small = True
    async for chunk in chunks:
        is_small = is_small and len(gathered) + len(chunk) <= here.answers.largest
        if is_small:
            gathered += chunk
        yield chunk
    if is_small:
        whole(here, sending, bytes(gathered), asked)


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
