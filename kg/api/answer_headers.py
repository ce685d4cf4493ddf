"""Headers of answers, shared by the framework path and the fast path."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from kg.formats import JSON_DOCUMENT, RDF_FORMATS, RESULT_FORMATS

RawHeaders = tuple[tuple[bytes, bytes], ...]

WARNING = "KG-Warning"
UNDERSTOOD = "KG-Understood"
MOST_WARNINGS = 8
"""Maximum number of warnings in one header."""
LONGEST_WARNING = 300
"""Maximum characters of a warning."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
"""The Content-Security-Policy of every response; the workbench adds a nonce for the styles of its editor."""

_ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept, Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}
_READABLE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Allow, Content-Disposition, ETag, KG-Understood, KG-Warning, Location, "
    "Retry-After, X-Graph-Purged, X-Graph-Version, X-Request-Id",
}


class Block:
    """Headers as pairs, and as the lines that are sent."""

    def __init__(self, headers: RawHeaders) -> None:
        self.headers = headers
        self.lines = head(headers)


def raw(headers: Mapping[str, str]) -> RawHeaders:
    """Return headers as encoded pairs."""
    return tuple([(_encoded(name), value.encode("latin-1")) for name, value in headers.items()])


@lru_cache(256)
def _encoded(name: str) -> bytes:
    return name.lower().encode()


def head(headers: RawHeaders) -> bytes:
    """Return the header lines."""
    return b"".join([b"%b: %b\r\n" % pair for pair in headers])


VARY_BY_LANGUAGE = {"Vary": "Accept, Accept-Encoding, Accept-Language, Cookie"}
CLOSED = raw(_ALWAYS)
"""The headers of every response."""
OPEN = raw(_ALWAYS | _READABLE)
"""The headers of every response that pages of other sites may read: the only cookie holds a language."""


NONE = Block(())


def versioned(version: int, tag: str | None) -> dict[str, str]:
    """Return the headers of an answer from a version of the graph; without an ETag it is never stored."""
    return {"X-Graph-Version": str(version), **(tagged(tag) if tag else {"Cache-Control": "no-store"})}


def file_named(stem: str, media_type: str) -> dict[str, str]:
    """Return the header that names an answer as a file; none for a page.

    >>> file_named("hat", "text/csv")
    {'Content-Disposition': 'inline; filename="hat.csv"'}
    """
    suffix = _SUFFIXES.get(media_type)
    return {"Content-Disposition": f'inline; filename="{stem}{suffix}"'} if suffix else {}


_SUFFIXES = {
    **{each.media_type: each.suffixes[0] for each in (JSON_DOCUMENT, *RDF_FORMATS.values())},
    **{each.media_type: f".{each.name}" for each in RESULT_FORMATS.values()},
}


def tagged(tag: str) -> dict[str, str]:
    """Return the headers of an answer with an ETag: a client that stores it revalidates it before use."""
    return {"ETag": tag, "Cache-Control": "no-cache"}


def warned(warnings: Sequence[str]) -> dict[str, str]:
    """Return the header that carries warnings: a list of strings (RFC 9651, 3.1), within limits.

    >>> warned(["It has no b.", "Passed over."])
    {'KG-Warning': '"It has no b.", "Passed over."'}
    """
    if not warnings:
        return {}
    entries = [_string(text) for text in warnings[:MOST_WARNINGS]]
    if excess := len(warnings) - MOST_WARNINGS:
        entries += [_string(f"There are {excess} more warnings.")] if excess > 0 else []
    return {WARNING: ", ".join(entries)}


def understood(sentences: Sequence[str]) -> dict[str, str]:
    """Return the header that says how values were read: a list of strings (RFC 9651), within limits."""
    return {UNDERSTOOD: ", ".join(map(_string, sentences[:MOST_WARNINGS]))} if sentences else {}


def _string(text: str) -> str:
    """Return a text as a string of structured fields, which hold printable ASCII only."""
    cut = text if len(text) <= LONGEST_WARNING else f"{text[:LONGEST_WARNING]}..."
    ascii_only = cut.encode("ascii", "backslashreplace").decode()
    printable = _CONTROL.sub(" ", ascii_only).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{printable}"'


@lru_cache(64)
def shared(content_type: str) -> Block:
    """Return the headers of all answers of a type in one piece that pages of other sites may read."""
    return Block(raw({"Content-Type": content_type}) + OPEN)
