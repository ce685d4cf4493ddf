"""ETags, and the conditions of requests on them (RFC 9110, section 13)."""

import re
from hashlib import sha256

from fastapi import Request, Response

from kg.api.answer_headers import tagged
from kg.errors import PreconditionFailed

_TAG = re.compile(r'(?:W/)?"[^"]*"')


def tag(*parts: object) -> str:
    """Make an entity tag of all that decides an answer; the same in each process.

    It is weak: rows that no ORDER BY arranges may come in another order the next time.
    """
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


def is_known(request: Request, current: str) -> bool:
    """Return True if the client has the current answer: If-None-Match names its tag."""
    if request.method not in ("GET", "HEAD", "QUERY"):
        return False
    given = ",".join(request.headers.getlist("if-none-match"))
    return _bare(current) in {_bare(found) for found in _TAG.findall(given)}


def unchanged(current: str) -> Response:
    """Answer 304: the client has the current answer."""
    return Response(status_code=304, headers=tagged(current))


def require(request: Request, current: frozenset[str]) -> None:
    """Raise PreconditionFailed where a write depends on another state; ``current`` are the tags there.

    ``If-None-Match: *`` asks that nothing be there, ``If-Match: *`` that something be.
    """
    wanted = ",".join(request.headers.getlist("if-match"))
    unwanted = ",".join(request.headers.getlist("if-none-match"))
    if wanted and not (current if wanted.strip() == "*" else current & set(_TAG.findall(wanted))):
        raise PreconditionFailed("The graph is not what If-Match names; read it again, then decide.")
    if unwanted and (current if unwanted.strip() == "*" else current & set(_TAG.findall(unwanted))):
        raise PreconditionFailed("The graph is what If-None-Match excludes.")


def _bare(text: str) -> str:
    return text.removeprefix("W/")
