"""Answers kept: served again without a reader, as long as the version and the question are the same."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from fastapi import Response

from kg.api import etags
from kg.api.middleware import compression
from kg.errors import NotAcceptable
from kg.formats import RDF_FORMATS, RESULT_FORMATS, Format, choose
from kg.query import screening
from kg.query.job import QueryJob
from kg.query.screening import Token

_OVERHEAD = 1024
"""Bytes that an entry takes beside its body, about."""
_SHARE = 8
"""An answer larger than this part of the budget is not kept."""
_OFFERS: tuple[tuple[Format, ...], ...] = (tuple(RESULT_FORMATS.values()), tuple(RDF_FORMATS.values()))
_VARYING = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE", "SERVICE"})
_MAY_VARY = ("NOW", "RAND", "UUID", "BNODE", "SERVICE", "CONSTRUCT", "\\")
"""What a query has that differs each time; a word may be hidden behind an escape."""


@dataclass(frozen=True)
class Kept:
    """An answer as it was sent."""

    body: bytes
    headers: dict[str, str]
    content_type: str

    def response(self) -> Response:
        """Send it again."""
        return Response(self.body, headers=self.headers, media_type=self.content_type)


class Answers:
    """Answers by their tag, the longest unused leaving first; ``budget`` in bytes."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._held = 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    @property
    def largest(self) -> int:
        """How many bytes an answer may have to be kept."""
        return self._budget // _SHARE

    @property
    def held(self) -> int:
        """Bytes in use."""
        return self._held

    def get(self, tag: str) -> Kept | None:
        """Find an answer."""
        if tag in self._kept:
            self._kept.move_to_end(tag)
        return self._kept.get(tag)

    def keep(self, tag: str, answer: Kept) -> None:
        """Keep an answer, if it is small enough."""
        if len(answer.body) > self.largest or tag in self._kept:
            return
        self._kept[tag] = answer
        self._held += len(answer.body) + _OVERHEAD
        while self._held > self._budget:
            _, oldest = self._kept.popitem(last=False)
            self._held -= len(oldest.body) + _OVERHEAD

    async def keeping(
        self, tag: str, plain: Kept, coding: str, chunks: AsyncIterator[bytes]
    ) -> AsyncIterator[bytes]:
        """Pass chunks on; where they end as they should and are few, keep them."""
        gathered = bytearray()
        is_small = True
        async for chunk in chunks:
            is_small = is_small and len(gathered) + len(chunk) <= self.largest
            if is_small:
                gathered += chunk
            yield chunk
        if is_small:
            body, headers = compression.coded(bytes(gathered), coding)
            self.keep(tag, replace(plain, body=body, headers={**plain.headers, **headers}))


def tags_of(job: QueryJob, coding: str) -> Callable[[int], str | None]:
    """Give what names the answer to a query by the version that is asked; None where it differs each time."""
    if varies(job.text):
        return lambda _: None
    bindings = sorted((name.value, str(term)) for name, term in job.bindings.items())
    formats = (
        _remembered(job.accept) if len(job.accept or "") <= _LONGEST_REMEMBERED else _formats(job.accept)
    )
    dataset = (job.default_graphs, job.named_graphs, job.as_of)
    return lambda version: etags.tag(version, job.text, dataset, bindings, formats, coding)


def varies(text: str) -> bool:
    """Tell if a query answers differently each time: by its functions, other endpoints, new blank nodes.

    >>> varies("SELECT (NOW() AS ?now) {}"), varies("CONSTRUCT { [] ?p ?o } WHERE { ?s ?p ?o }")
    (True, True)
    >>> varies("ASK { [] ?p 'NOW()' }")
    False
    """
    shouted = text.upper()
    if not any(sign in shouted for sign in _MAY_VARY):
        return False
    # As the engine reads escapes, and as SPARQL asks: what one of them takes for content may be a call.
    return _is_varying(screening.tokens(text)) or (
        "\\" in text and _is_varying(screening.placed_tokens(text))
    )


def _is_varying(found: Iterable[Token]) -> bool:
    in_template = False
    for token in found:
        word = token.text.upper() if token.kind == "word" else ""
        if word in _VARYING or (in_template and (token.kind == "blank" or token.text in ("[", "("))):
            return True
        in_template = (in_template or word == "CONSTRUCT") and token.text != "}"
    return False


def _formats(accept: str | None) -> tuple[str | None, ...]:
    """Give the formats of an answer: as rows or a truth value, and as RDF."""
    return tuple(_chosen(accept, offers) for offers in _OFFERS)


_LONGEST_REMEMBERED = 256
_remembered = lru_cache(1024)(_formats)  # programs send the same header with each request


def _chosen(accept: str | None, offers: Iterable[Format]) -> str | None:
    try:
        return choose(accept, offers).media_type
    except NotAcceptable:
        return None
