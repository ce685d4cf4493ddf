"""Plain queries, answered on the connection: for them, the framework takes longer than the reader process.

A query is plain if its request is ``GET /sparql?query=...`` with common headers only. The same functions
answer it as on the framework path. If they find a fault, or an answer in several pieces, the request takes
the framework path, which sends what was found.
"""

import re
from asyncio import CancelledError
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from time import perf_counter

from starlette.datastructures import Headers

from kg.api import answer_cache, answering, codings, parameters, sparql_protocol
from kg.api.answer_cache import CachedAnswer, RequestBytes
from kg.api.answering import Begun, Sending
from kg.api.clients import share_of
from kg.api.fast.byte_cache import written
from kg.api.fast.request_head import is_host
from kg.api.middleware.access_log import AccessLog, Line
from kg.api.middleware.limits import Limits
from kg.api.resources import Resources
from kg.api.routes import sparql
from kg.errors import KGError, NotAcceptable
from kg.query.job import QueryJob
from kg.query.readers.answer import StreamedAnswer
from kg.query.screening import is_relative, measure

_PATH = "/sparql"
_PLAIN = re.compile(
    rb"""GET\ /sparql\?query=([!"$%'-:<-~]+)\ HTTP/1\.1\r\n
    ((?:(?:(?i:host|accept|accept-encoding|accept-language|user-agent):[\t -~]*
         |(?i:connection:\ ?keep-alive))\r\n)+)
    \r\n""",
    re.VERBOSE,
)
_LONGEST_HEAD = 1024


@dataclass(frozen=True)
class Query:
    """A plain query: its request bytes, job and content coding, and a function from version to ETag."""

    request: bytes
    job: QueryJob
    coding: str
    tags: Callable[[int], str | None]


class Plain:
    """Answers plain queries. ``resources`` returns the resources once the server has started."""

    def __init__(self, resources: Callable[[], Resources], limits: Limits, log: AccessLog) -> None:
        self._resources = resources
        self._limits = limits
        self._log = log

    def read(self, request: bytes) -> Query | None:
        """Parse a whole request; None if it is not plain, or if its query is faulty or has relative IRIs."""
        match = _PLAIN.fullmatch(request)
        if match is None or len(match[2]) > _LONGEST_HEAD or (preferences := _wanted(match[2])) is None:
            return None
        accept, coding = preferences
        limit = self._resources().settings.max_query_bytes
        try:
            text = parameters.unquoted(match[1], "The address")
            measure(text, limit)
        except KGError:
            return None
        if is_relative(text):
            return None
        job = QueryJob(text, accept, max_bytes=limit)
        return Query(request, job, coding, answer_cache.tags_of(job, coding))

    async def answer(
        self, query: Query, client: str | None, more: Iterable[tuple[bytes, bytes]]
    ) -> bytes | Begun:
        """Return the whole response, with ``more`` headers (the date), or what the framework must send."""
        began = perf_counter()
        try:
            with self._limits.entered(client):
                found = await self._found(query, share_of(client))
        except CancelledError:
            self._log_request(query, client, 503, 0, began)
            raise
        except Exception as fault:  # any fault is reported by the framework path
            return Begun(began, fault)
        if isinstance(found, StreamedAnswer):
            return Begun(began, found)
        number = self._log_request(query, client, 200, len(found.body), began)
        return written(found, number, more)

    def _log_request(
        self, query: Query, client: str | None, status: int, byte_count: int, began: float
    ) -> str:
        """Count a request and log it; return its id."""
        number, seconds = self._log.new_id(), perf_counter() - began
        whole = status == HTTPStatus.OK
        line = Line(
            number, client, "GET", _PATH, status, byte_count, seconds, whole, _PATH, query=query.job.text
        )
        self._log.write(line)
        return number

    async def _found(self, query: Query, client: str) -> CachedAnswer | StreamedAnswer:
        """Return the answer from the cache or from a reader; if it is in one piece, ready to send."""
        resources = self._resources()
        version = resources.contents.version
        tag = query.tags(version)
        if (cached := answering.find(resources, tag)) and tag:
            resources.answers.keep(tag, cached, RequestBytes(query.request, _PATH, version))
            return cached
        found = await answering.fresh(resources, query.job, client)
        if not found.is_whole:
            return found
        if found.version != version:  # there was a commit in between
            tag = query.tags(found.version)
        request_bytes = RequestBytes(query.request, _PATH, found.version)
        return answering.whole(resources, Sending(found, tag, query.coding), found.first, request_bytes)


@lru_cache(1024)  # programs send the same headers with each request
def _wanted(head: bytes) -> tuple[str | None, str] | None:
    """Return the Accept header and the content coding of a request.

    None for a page, for an Accept header that allows no format of ours, and unless there is exactly one host.
    """
    lines = (line.partition(b":") for line in head.split(b"\r\n")[:-1])
    headers = Headers(raw=[(name.lower(), value.strip(b"\t ")) for name, _, value in lines])
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not is_host(hosts[0].encode("latin-1")):
        return None
    accept = sparql_protocol.accept(headers)
    try:
        return None if sparql.is_for_people(accept) else (accept, codings.chosen(headers))
    except NotAcceptable:
        return None
