"""Answers to queries: 304 if the client has the answer, else from the cache, else from a reader."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from fastapi import Request, Response

from kg.api import answer_cache, answer_headers, codings, etags
from kg.api.answer_cache import CachedAnswer, Gathering, RequestBytes
from kg.api.clients import key_of
from kg.api.fast.byte_cache import repeatable
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
    """The outcome of the fast path (an answer or a fault) and its start time; the framework path sends it."""

    since: float
    found: StreamedAnswer | Exception

    def taken(self) -> StreamedAnswer:
        """Return the answer, or raise the fault."""
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    def release(self) -> None:
        """Release the reader if it still holds an answer."""
        if isinstance(self.found, StreamedAnswer):
            self.found.close()


class Sending(NamedTuple):
    """A reader's answer to be sent, with its ETag, if it has one, and its content coding."""

    found: StreamedAnswer
    tag: str | None
    coding: str
    more: Mapping[str, str] = MappingProxyType({})
    """Headers that name the graphs purged since the version, and that say how values were read."""
    stem: str = QueryJob("").stem

    @property
    def headers(self) -> dict[str, str]:
        """The headers that do not depend on the body."""
        warned = answer_headers.warned(self.found.warnings)
        disposition = answer_headers.file_named(self.stem, self.found.media_type)
        return {
            **answer_headers.versioned(self.found.version, self.tag),
            **disposition,
            **self.more,
            **warned,
        }


class Made(NamedTuple):
    """A complete document from a reader, and the version of the graph that it shows."""

    version: int
    body: bytes


async def answer(request: Request, resources: Resources, job: QueryJob) -> Response:
    """Send the answer to a query; if the job names an earlier version, from that version."""
    coding = codings.chosen(request.headers)
    newest = resources.contents.version
    if job.as_of:
        resources.require_kept((*job.default_graphs, *job.named_graphs), job.as_of)
    purged = resources.purged_since(job.as_of)
    tags = answer_cache.tags_of(job, coding, *purged.values())
    tag = tags(_version(resources, job, newest))
    if tag and etags.is_known(request, tag):
        return etags.unchanged(tag)
    begun_answer: Begun | None = request.scope.get(BEGUN)
    if begun_answer is None and tag and (cached := find(resources, tag)):
        resources.answers.keep(tag, cached, repeatable(request.scope, newest))
        return cached.response()
    found = (
        begun_answer.taken()
        if begun_answer
        else await unless_gone(request, fresh(resources, job, client_of(request, resources)))
    )
    tag = tags(found.version)  # a commit may have come between
    more = {**purged, **answer_headers.understood(job.understood)}
    sending = Sending(found, tag, coding, more, job.stem)
    request_bytes = repeatable(request.scope, newest if job.as_of else found.version)
    if found.is_whole:
        return whole(resources, sending, found.first, request_bytes).response()
    return _streamed(resources, sending, request_bytes)


def find(resources: Resources, tag: str | None) -> CachedAnswer | None:
    """Return the cached answer, if there is one, and count the hit or the miss."""
    found = resources.answers.get(tag) if tag else None
    resources.metrics.kept["hit" if found else "miss"] += 1
    return found


async def made(request: Request, resources: Resources, job: ReadJob) -> Made:
    """Have a reader make a complete document; if the client disconnects, cancel the work."""

    async def read() -> Made:
        found = await fresh(resources, job, client_of(request, resources))
        return Made(found.version, await found.read())

    return await unless_gone(request, read())


async def sent(
    request: Request, resources: Resources, job: ReadJob, headers: Mapping[str, str], status: int = 200
) -> Response:
    """Send a reader's document, in one piece if it is short."""
    found = await unless_gone(request, fresh(resources, job, client_of(request, resources)))
    if found.is_whole:
        return Response(found.first, status, headers, found.content_type)
    return Streamed(counted(resources, found), found.close, headers, found.content_type, status)


async def tagged(
    request: Request,
    resources: Resources,
    job: ReadJob,
    *key: object,
    headers: Callable[[int], Mapping[str, str]] = lambda _: {},
) -> Response:
    """Send a reader's document with an ETag; answer 304 if the client has the current one.

    ``key`` holds everything that determines the document besides the version, the media type and the content
    coding; ``headers`` returns further headers for a version.
    """
    coding, newest = codings.chosen(request.headers), resources.contents.version
    purged = resources.purged_since(job.as_of)

    def tag(version: int) -> str:
        return etags.tag(version, job.media_type, job.as_of, coding, *purged.values(), *key)

    if etags.is_known(
        request, current_tag := tag(version_of(resources.log, job.as_of, newest) if job.as_of else newest)
    ):
        return etags.unchanged(current_tag)
    found = await unless_gone(request, fresh(resources, job, client_of(request, resources)))
    more = {**answer_headers.versioned(found.version, tag(found.version)), **purged, **headers(found.version)}
    if found.is_whole:
        return Response(found.first, 200, more, found.content_type)
    return Streamed(counted(resources, found), found.close, more, found.content_type)


def client_of(request: Request, resources: Resources) -> str:
    """Return the client that a request counts for when readers are shared."""
    return key_of(request.scope, resources.tokens)


async def fresh(
    resources: Resources, job: Job, client: str, snapshot: Snapshot | Past | None = None
) -> StreamedAnswer:
    """Have a reader answer a client, from ``snapshot`` if the caller holds one; count the outcome."""
    with resources.metrics.answering():
        if snapshot is not None:
            return await resources.readers.answer_from(snapshot, job, client)
        return await resources.readers.answer(job, client)


def whole(
    resources: Resources, sending: Sending, body: bytes, request_bytes: RequestBytes | None
) -> CachedAnswer:
    """Return an answer in one piece, ready to send; if it has an ETag, cache it with its request."""
    coded, coding = codings.coded(body, sending.coding)
    answer = _answer_of(sending, coded, coding)
    if sending.tag:
        resources.answers.keep(sending.tag, answer, request_bytes)
    return answer


def _answer_of(sending: Sending, coded: bytes, coding: Mapping[str, str]) -> CachedAnswer:
    headers = {**sending.headers, **coding, "Content-Length": str(len(coded))}
    return CachedAnswer(coded, answer_headers.raw(headers), answer_headers.shared(sending.found.content_type))


def _version(resources: Resources, job: QueryJob, newest: int) -> int:
    """Return the version that the job asks about."""
    return version_of(resources.log, job.as_of, newest) if job.as_of else newest


def _streamed(resources: Resources, sending: Sending, request_bytes: RequestBytes | None) -> Response:
    found = sending.found
    chunks, coding = codings.coded_chunks(counted(resources, found), sending.coding)
    if sending.tag:
        chunks = _keeping(resources, sending, chunks, coding, request_bytes)
    return Streamed(chunks, found.close, sending.headers | coding, found.content_type)


async def _keeping(
    resources: Resources,
    sending: Sending,
    chunks: AsyncIterator[bytes],
    coding: Mapping[str, str],
    request_bytes: RequestBytes | None,
) -> AsyncIterator[bytes]:
    """Pass compressed chunks on; if they end without a fault and are small enough, cache the answer."""
    gathering = Gathering(resources.answers)
    try:
        async for chunk in chunks:
            gathering.add(chunk)
            yield chunk
        if sending.tag and (body := gathering.body) is not None:
            resources.answers.keep(sending.tag, _answer_of(sending, body, coding), request_bytes)
    finally:
        gathering.close()


async def counted(resources: Resources, answer: StreamedAnswer) -> AsyncIterator[bytes]:
    """Pass chunks on, and count the answer as open until they end."""
    resources.metrics.open += 1
    try:
        async for chunk in answer.chunks():
            yield chunk
    except QueryKilled:
        resources.metrics.queries["killed"] += 1
        raise
    finally:
        resources.metrics.open -= 1


async def unless_gone(request: Request, work: Awaitable[T]) -> T:
    """Wait for work; if the client disconnects, cancel the work and raise Unavailable."""
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
    """Cancels a task if the client disconnects. It starts late: most answers are ready before that."""

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
