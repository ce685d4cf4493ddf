"""ETags and conditional requests (RFC 9110, section 13)."""

from hashlib import sha256

from fastapi import Request, Response

from kg.api.answer_headers import tagged
from kg.facts.preconditions import tags_in


def tag(*parts: object) -> str:
    """Return the entity tag for all values that determine an answer; it is the same in each process.

    The tag is weak: without ORDER BY, rows may come in another order the next time.
    """
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


def is_known(request: Request, current: str) -> bool:
    """Return True if the client has the current answer: If-None-Match names its tag."""
    if request.method not in ("GET", "HEAD", "QUERY"):
        return False
    header = ",".join(request.headers.getlist("if-none-match"))
    return _bare(current) in {_bare(found) for found in tags_in(header)}


def unchanged(current: str) -> Response:
    """Answer 304: the client has the current answer."""
    return Response(status_code=304, headers=tagged(current))


def _bare(text: str) -> str:
    return text.removeprefix("W/")
