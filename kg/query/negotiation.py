"""Content negotiation (RFC 9110, section 12): which format, or language, a client prefers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from kg.errors import NotAcceptable
from kg.formats import HTML, Format, content_type

F = TypeVar("F", bound=Format)

_RANGE = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*((?:;[^;]*)*)")
_ANY = re.compile(r"\A\s*+\*\s*+(?=;|\Z)")
"""How Java's HttpURLConnection writes ``*/*``."""
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?|\.\d{1,3})\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Choice(Generic[F]):
    """The chosen format, and the media type to send: the alias if the client asked for it."""

    format: F
    media_type: str

    @property
    def content_type(self) -> str:
        """The Content-Type to send."""
        return content_type(self.media_type)


def choose(accept: str | None, offers: Iterable[F]) -> Choice[F]:
    """Return the offer that an Accept header prefers; among equals, the first.

    A browser that is not offered HTML gets the first offer: it asks for XML only because of XHTML, and
    RDF/XML is the least readable format. Raises NotAcceptable with the list of offers.

    >>> from kg.formats import RDF_FORMATS
    >>> choose("text/html, text/turtle;q=0.5, */*;q=0.1", RDF_FORMATS.values()).format.name
    'turtle'
    >>> choose("text/html, application/xml;q=0.9, */*;q=0.8", RDF_FORMATS.values()).format.name
    'turtle'
    """
    formats = tuple(offers)
    if accept is None or not accept.strip():
        return Choice(formats[0], formats[0].media_type)
    if len(accept) > _LONGEST_REMEMBERED:
        return _chosen(accept, formats)
    return _chosen_before(accept, formats)


def _chosen(accept: str, formats: tuple[F, ...]) -> Choice[F]:
    ranges = _ranges(accept)
    if HTML not in formats and likes_html_best(accept) and _quality("*/*", ranges, is_alias=False):
        return Choice(formats[0], formats[0].media_type)
    best = _best(ranges, ((offer, (*offer.media_types, *offer.sent_as)) for offer in formats))
    if best is not None:
        return best
    replacing = _best(ranges, ((offer, offer.replaces) for offer in formats))
    if replacing is None:
        offered = [offer.media_type for offer in formats]
        raise NotAcceptable(
            f"None of the requested media types is available; request {', '.join(offered)}.", offered=offered
        )
    return Choice(replacing.format, replacing.format.media_type)


def _best(ranges: Sequence["_Range"], offers: Iterable[tuple[F, Iterable[str]]]) -> Choice[F] | None:
    """Return the best media type with its offer; among equals, the first."""
    best, highest = None, 0.0
    for offer, media_types in offers:
        for media_type in media_types:
            quality = _quality(media_type, ranges, is_alias=media_type != offer.media_type)
            if quality > highest:
                best, highest = Choice(offer, media_type), quality
    return best


_LONGEST_REMEMBERED = 256
_chosen_before = lru_cache(1024)(_chosen)  # programs send the same header with each request


def likes_html_best(accept: str) -> bool:
    """Return whether an Accept header prefers HTML to everything else, as those of browsers do.

    >>> likes_html_best("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    True
    >>> likes_html_best("text/turtle, text/html;q=0.9"), likes_html_best("*/*")
    (False, False)
    """
    best = max(_ranges(accept), key=lambda entry: entry.quality, default=None)  # the first among equals
    return best is not None and best.quality > 0 and f"{best.type}/{best.subtype}" in HTML.media_types


def is_particular(accept: str | None) -> bool:
    """Return True if an Accept header names a type, not only ``*/*``.

    >>> is_particular("text/csv"), is_particular("*/*"), is_particular(None)
    (True, False, False)
    """
    return any(entry.type != "*" for entry in _ranges(accept or ""))


def choose_language(accept: str | None, offers: Sequence[str] = ("en", "es")) -> str:
    """Return the language that an Accept-Language header prefers; the first offer if it accepts none.

    >>> choose_language("fr, es-CO;q=0.9, en;q=0.5")
    'es'
    """
    best, highest = offers[0], 0.0
    for entry in (accept or "").split(","):
        tag, _, parameters = entry.strip().partition(";")
        quality = _QUALITY.search(f";{parameters}") if parameters else None
        liked = float(quality[1]) if quality else 0.0 if parameters else 1.0
        if (language := tag.partition("-")[0].lower()) in offers and liked > highest:
            best, highest = language, liked
    return best


def fitting(media_types: Sequence[str], offers: Iterable[F]) -> Choice[F] | None:
    """Return the first offer whose proper media type is among those named."""
    for offer in offers:
        if offer.media_type in media_types:
            return Choice(offer, offer.media_type)
    return None


@dataclass(frozen=True)
class _Range:
    """One entry of an Accept header."""

    type: str
    subtype: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """Return how closely the entry means a media type: 0 not at all, 3 by its own name."""
        kind, _, subkind = media_type.partition("/")
        if self.type == "*":
            return 1 if self.subtype == "*" else 0
        if self.type != kind:
            return 0
        return 3 if self.subtype == subkind else 2 if self.subtype == "*" else 0


def _ranges(accept: str) -> list[_Range]:
    found = []
    for entry in accept.split(","):
        if match := _RANGE.fullmatch(_ANY.sub("*/*", entry.rstrip(), count=1)):
            quality = _QUALITY.search(match[3])
            found.append(_Range(match[1].lower(), match[2].lower(), float(quality[1]) if quality else 1.0))
    return found


def _quality(media_type: str, ranges: Sequence[_Range], *, is_alias: bool) -> float:
    """Return the quality of the closest range; an alias counts only if the range names it."""
    closest = max(ranges, key=lambda entry: entry.specificity(media_type), default=None)
    specificity = closest.specificity(media_type) if closest else 0
    if closest is None or specificity == 0 or (is_alias and specificity < 3):
        return 0.0
    return closest.quality
