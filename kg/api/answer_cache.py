"""Answer cache: resends an answer without a reader while the version and the query are unchanged."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from fastapi import Response

from kg.api import answer_headers, etags
from kg.api.answer_headers import Block, RawHeaders
from kg.errors import NotAcceptable
from kg.formats import RDF_FORMATS, RESULT_FORMATS, Format
from kg.query import screening
from kg.query.job import QueryJob
from kg.query.negotiation import choose
from kg.scanner import Token

_OVERHEAD = 1024
"""Approximate overhead of a cached answer or request, in bytes."""
_MOST_REQUESTS = 32
"""Maximum number of requests remembered for one answer."""
_SHARE = 8
"""An answer larger than the budget divided by this number is not cached."""
_MOST_GATHERED = 1 << 24
"""Maximum bytes that are buffered at a time for answers that are cached once they are sent."""
_OFFERS: tuple[tuple[Format, ...], ...] = (tuple(RESULT_FORMATS.values()), tuple(RDF_FORMATS.values()))
_VARYING = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE", "SERVICE"})
_MAY_VARY = ("NOW", "RAND", "UUID", "BNODE", "SERVICE", "CONSTRUCT", "\\")
"""Keywords of queries whose answers may differ each time.

A backslash is one of them, because an escape may hide a keyword.
"""


class RequestBytes(NamedTuple):
    """A whole request, its path, and the newest version of the graph when it was answered."""

    data: bytes
    path: str
    version: int


class CachedAnswer:
    """An answer in one piece: the body, and all headers but the request's id and the date.

    ``headers`` are those of this answer alone. ``head`` holds the status line and all header lines, ``size``
    is the approximate size in memory, in bytes.
    """

    def __init__(self, body: bytes, headers: RawHeaders, shared: Block | None = None) -> None:
        self.body = body
        self._headers = headers
        self._shared = shared or answer_headers.NONE
        self.head = b"HTTP/1.1 200 OK\r\n" + answer_headers.head(headers) + self._shared.lines
        self.size = len(body) + len(self.head) + _OVERHEAD

    def response(self) -> Response:
        """Return a response that sends the answer."""
        response = Response(self.body)
        response.raw_headers = [*self._headers, *self._shared.headers]
        return response


class Gathering:
    """Buffer for one answer that is sent in chunks, to cache it at the end; ``close`` frees the buffer."""

    def __init__(self, cache: "AnswerCache") -> None:
        self._cache = cache
        self._body: bytearray | None = bytearray()

    def add(self, chunk: bytes) -> None:
        """Add a chunk. If this answer, or all buffered answers together, are too large, drop this one."""
        if self._body is None:
            return
        if self._cache.has_room(len(self._body), len(chunk)):
            self._body += chunk
            self._cache.gathered += len(chunk)
        else:
            self.close()

    @property
    def body(self) -> bytes | None:
        """The whole body; None if it was too large."""
        return None if self._body is None else bytes(self._body)

    def close(self) -> None:
        """Free the buffer."""
        if self._body is not None:
            self._cache.gathered -= len(self._body)
            self._body = None


class AnswerCache:
    """Answers by ETag, and ETags by request bytes; the least recently used answer is evicted first.

    ``budget`` is the maximum size of both, in bytes. If ``finds_requests`` is false, requests are not
    remembered.
    """

    def __init__(self, budget: int, *, finds_requests: bool = True) -> None:
        self._budget = budget
        self._finds_requests = finds_requests
        self._held = 0
        self.gathered = 0
        """Bytes buffered for answers that are being sent."""
        self._answers: OrderedDict[str, CachedAnswer] = OrderedDict()
        self._tags: dict[bytes, tuple[str, RequestBytes]] = {}
        self._requests: defaultdict[str, list[RequestBytes]] = defaultdict(list)

    @property
    def largest(self) -> int:
        """Maximum bytes of an answer that is cached."""
        return self._budget // _SHARE

    @property
    def held(self) -> int:
        """Bytes in use."""
        return self._held

    def has_room(self, gathered: int, more: int) -> bool:
        """Return whether a buffer of ``gathered`` bytes may grow by ``more`` bytes."""
        return gathered + more <= self.largest and self.gathered + more <= _MOST_GATHERED

    def get(self, tag: str) -> CachedAnswer | None:
        """Return the answer with an ETag, if it is cached."""
        if tag in self._answers:
            self._answers.move_to_end(tag)
        return self._answers.get(tag)

    def find(self, request: bytes, version: int) -> tuple[str, CachedAnswer] | None:
        """Return the path and the answer of a repeated request, if the answer is from this version."""
        entry = self._tags.get(request)
        if entry is None:
            return None
        tag, found = entry
        if found.version != version:
            self._requests[tag].remove(found)
            self._forget(found)
            return None
        self._answers.move_to_end(tag)
        return found.path, self._answers[tag]

    def keep(self, tag: str, answer: CachedAnswer, request: RequestBytes | None = None) -> None:
        """Cache an answer, if it is small enough, and remember the request that it answers."""
        if len(answer.body) > self.largest:
            return
        if tag not in self._answers:
            self._answers[tag] = answer
            self._held += answer.size
        if request is not None:
            self._remember(request, tag)
        while self._held > self._budget:
            self._leave()

    def _remember(self, request: RequestBytes, tag: str) -> None:
        if not self._finds_requests or request.data in self._tags:
            return
        requests = self._requests[tag]
        if len(requests) == _MOST_REQUESTS:
            self._forget(requests.pop(0))
        requests.append(request)
        self._tags[request.data] = (tag, request)
        self._held += len(request.data) + _OVERHEAD

    def _forget(self, request: RequestBytes) -> None:
        del self._tags[request.data]
        self._held -= len(request.data) + _OVERHEAD

    def _leave(self) -> None:
        """Evict the least recently used answer and its requests."""
        tag, oldest = self._answers.popitem(last=False)
        self._held -= oldest.size
        for request in self._requests.pop(tag, ()):
            self._forget(request)


_PLAIN = ((), (), None, (), (), QueryJob("").stem)


def tags_of(job: QueryJob, coding: str, *purged: str) -> Callable[[int], str | None]:
    """Return a function from the version to the ETag of a query's answer; None if the answer varies.

    ``purged`` names the graphs that were purged since the version that the job asks about.
    """
    if len(job.text) > _LONGEST_TAGGED or varies(job.text):
        return lambda _: None
    bindings = sorted((name.value, str(term)) for name, term in job.bindings.items())
    formats = (
        _remembered(job.accept) if len(job.accept or "") <= _LONGEST_REMEMBERED else _formats(job.accept)
    )
    dataset = (job.default_graphs, job.named_graphs, job.as_of, job.base, *purged)
    rest = (job.named, job.warnings, job.labelling, job.required, job.understood, job.stem)
    extra_parts = rest if rest != _PLAIN else ()
    return lambda version: etags.tag(version, job.text, dataset, bindings, formats, coding, *extra_parts)


_LONGEST_TAGGED = 1 << 16
"""Maximum characters of a query whose answer has an ETag; hashing more takes too long on the event loop."""
_LONGEST_READ = 8192
"""Maximum characters of a query that is scanned on the event loop; a longer one counts as varying."""


def varies(text: str) -> bool:
    """Return whether answers may differ on one version: by functions, other endpoints or new blank nodes.

    >>> varies("SELECT (NOW() AS ?now) {}"), varies("CONSTRUCT { [] ?p ?o } WHERE { ?s ?p ?o }")
    (True, True)
    >>> varies("ASK { [] ?p 'NOW()' }")
    False
    """
    shouted = text.upper()
    if not any(sign in shouted for sign in _MAY_VARY):
        return False
    if len(text) > _LONGEST_READ:
        return True
    # Interpret escapes both as the engine and as SPARQL does: a string literal in one may be a function call
    # in the other.
    return _is_varying(screening.tokens(text)) or (
        "\\" in text and _is_varying(screening.placed_tokens(text))
    )


def _is_varying(tokens: Iterable[Token]) -> bool:
    in_template = False
    for token in tokens:
        word = token.text.upper() if token.kind == "word" else ""
        if word in _VARYING or (in_template and (token.kind == "blank" or token.text in ("[", "("))):
            return True
        in_template = (in_template or word == "CONSTRUCT") and token.text != "}"
    return False


def _formats(accept: str | None) -> tuple[str | None, ...]:
    """Return the media types that an Accept header selects for rows and for RDF; None if it accepts none."""
    return tuple(_chosen(accept, offers) for offers in _OFFERS)


_LONGEST_REMEMBERED = 256
_remembered = lru_cache(1024)(_formats)  # programs send the same header with each request


def _chosen(accept: str | None, offers: Iterable[Format]) -> str | None:
    try:
        return choose(accept, offers).media_type
    except NotAcceptable:
        return None
