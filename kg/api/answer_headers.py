"""The headers of answers, as the framework's way and the short way past it both send them."""

from collections.abc import Mapping

RawHeaders = tuple[tuple[bytes, bytes], ...]

_ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept, Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}
_READABLE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Allow, ETag, Location, Retry-After, X-Graph-Purged, X-Graph-Version, "
    "X-Request-Id",
}


def raw(headers: Mapping[str, str]) -> RawHeaders:
    """Encode headers as they are sent."""
    return tuple((name.lower().encode(), value.encode("latin-1")) for name, value in headers.items())


def head(headers: RawHeaders) -> bytes:
    """Write the lines of headers."""
    return b"".join([b"%b: %b\r\n" % pair for pair in headers])


CLOSED = raw(_ALWAYS)
"""The headers of every response."""
OPEN = raw(_ALWAYS | _READABLE)
"""The headers of every response that pages of other sites may read. There are no cookies: anyone may."""


def versioned(version: int, tag: str | None) -> dict[str, str]:
    """Give the headers of an answer of a version of the graph; without a tag it is never stored."""
    return {"X-Graph-Version": str(version), **(tagged(tag) if tag else {"Cache-Control": "no-store"})}


def tagged(tag: str) -> dict[str, str]:
    """Give the headers of an answer with an ETag: a client that stores it asks before it uses it again."""
    return {"ETag": tag, "Cache-Control": "no-cache"}


def whole(headers: Mapping[str, str], content_type: str, length: int) -> RawHeaders:
    """Give all headers of an answer in one piece that pages of other sites may read."""
    return raw({**headers, "Content-Length": str(length), "Content-Type": content_type}) + OPEN
