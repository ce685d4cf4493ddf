"""The errors of this package.

::

    KGError                       500  ours; the only one whose detail is not shown to a client
    ├── BadInput                  400  a request or an argument that cannot be meant
    │   ├── NotInGraph            400  a thing that nothing in the graph names: nearest
    │   └── Unreadable            400  text that does not parse: line, column
    ├── MissingToken              401
    ├── Forbidden                 403
    │   └── ForeignOrigin         403  a write that a page of another site asks for
    ├── NotFound                  404
    ├── MethodNotAllowed          405  allowed
    ├── NotAcceptable             406  offered
    ├── TooSlow                   408
    ├── Conflict                  409
    ├── Gone                      410  a graph that was purged
    │   └── Withdrawn             410  a thing of which all was retracted or superseded: commit, reason, as_of
    ├── PreconditionFailed        412
    ├── TooLarge                  413
    ├── AddressTooLong            414
    ├── UnsupportedFormat         415  supported
    │   └── UnsupportedCoding     415  a body in a content coding that is not read here
    ├── Invalid                   422  the validation report
    ├── TooManyRequests           429
    ├── HeadTooLarge              431
    ├── UnknownCoding             501  a body in a transfer coding that is not read here
    ├── FetchFailed               502  another server, that SERVICE or LOAD asks
    ├── NoRoom                    507  a full disk, or a file that may not grow
    └── Unavailable               503  not ready, or held by another process
        ├── Damaged               503  a data directory that lacks a part, or holds a changed one
        ├── QueryKilled           503  a query that ran into a limit
        ├── JudgementEnded        503  a change that was not judged within its limits
        └── TooManyConnections    503  more connections than the server or one client may have

Each becomes ``application/problem+json`` (RFC 9457) on the wire and one sentence on the command line.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, TypeAlias

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"


class KGError(Exception):
    """Root of all errors: one sentence that says what is wrong, where, and what to do."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal error"

    def __init__(self, detail: str, **extra: JSON) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra: dict[str, JSON] = {key: value for key, value in extra.items() if value is not None}

    def in_language(self, language: str) -> str:
        """Return the sentence in a language, from the member ``sentence`` if it has it; else in English."""
        sentence = self.extra.get("sentence")
        text = sentence.get(language) if isinstance(sentence, Mapping) else None
        return text if isinstance(text, str) else self.detail

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers of the response."""
        return {}

    def to_problem(self) -> dict[str, JSON]:
        """Return the members of a problem document; members of RFC 9457 override extra ones."""
        return {
            **self.extra,
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }


class BadInput(KGError):
    """An invalid request or argument."""

    status = 400
    title = "Bad input"


class NotInGraph(BadInput):
    """A parameter names a thing that nothing in the graph names."""

    title = "Not in the graph"


class Unreadable(BadInput):
    """Text that does not parse.

    >>> Unreadable("A full stop is missing.", line=3, column=7).to_problem()["line"]
    3
    """

    title = "Unreadable"

    def __init__(
        self, detail: str, *, line: int | None = None, column: int | None = None, **extra: JSON
    ) -> None:
        super().__init__(detail, line=line, column=column, **extra)
        self.line = line
        self.column = column


class MissingToken(KGError):
    """No token, or an unknown one."""

    status = 401
    title = "Token missing or unknown"

    @property
    def headers(self) -> dict[str, str]:
        """The challenge that RFC 9110 requires."""
        return {"WWW-Authenticate": 'Bearer realm="kg"'}


class Forbidden(KGError):
    """A known token whose role does not permit the request."""

    status = 403
    title = "Outside the token's role"


class ForeignOrigin(Forbidden):
    """A write requested by a page of another site."""

    title = "Write from another site"


class NotFound(KGError):
    """No such question, graph, term, thing or address."""

    status = 404
    title = "Not found"


class MethodNotAllowed(KGError):
    """The address exists, but not with this method."""

    status = 405
    title = "Method not allowed"

    def __init__(self, detail: str, *, allowed: Sequence[str] = (), **extra: JSON) -> None:
        super().__init__(detail, allowed=list(allowed), **extra)
        self.allowed = tuple(allowed)

    @property
    def headers(self) -> dict[str, str]:
        """The allowed methods."""
        return {"Allow": ", ".join(self.allowed)}


class NotAcceptable(KGError):
    """None of the requested media types is offered."""

    status = 406
    title = "Not acceptable"

    def __init__(self, detail: str, *, offered: Sequence[str] = (), **extra: JSON) -> None:
        super().__init__(detail, offered=list(offered), **extra)


class TooSlow(KGError):
    """A request that takes too long to arrive."""

    status = 408
    title = "Too slow"


class Conflict(KGError):
    """The request conflicts with the current state: an immutable graph, another writer's change."""

    status = 409
    title = "Conflict"


class Gone(KGError):
    """A graph that was purged; ``extra`` carries its tombstone."""

    status = 410
    title = "Purged"


class Withdrawn(Gone):
    """A thing whose facts were all retracted or superseded.

    ``extra`` holds the commit, its reason, and the last version with the facts.
    """

    title = "Withdrawn"


class PreconditionFailed(KGError):
    """The current state does not meet If-Match or If-None-Match."""

    status = 412
    title = "Precondition failed"


class TooLarge(KGError):
    """A body, a query or a nesting beyond its limit."""

    status = 413
    title = "Too large"


class AddressTooLong(KGError):
    """A request line beyond its limit, as a long query makes it; send such a query in the body."""

    status = 414
    title = "Address too long"


class UnsupportedFormat(KGError):
    """A media type or file suffix that cannot be read."""

    status = 415
    title = "Unsupported format"

    def __init__(self, detail: str, *, supported: Sequence[str] = (), **extra: JSON) -> None:
        super().__init__(detail, supported=list(supported), **extra)
        self.supported = tuple(supported)


class UnsupportedCoding(UnsupportedFormat):
    """A body in an unsupported content coding."""

    title = "Unsupported coding"

    @property
    def headers(self) -> dict[str, str]:
        """The supported codings, as RFC 9110, 15.5.16 requires."""
        return {"Accept-Encoding": ", ".join(map(str, self.supported))}


class Invalid(KGError):
    """Facts that do not conform; ``extra`` carries the members of the validation report."""

    status = 422
    title = "Facts do not conform"


class TooManyRequests(KGError):
    """More requests than one client may make."""

    status = 429
    title = "Too many requests"

    def __init__(self, detail: str, *, retry_after: int = 1, **extra: JSON) -> None:
        super().__init__(detail, **extra)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """Seconds until the client may retry."""
        return {"Retry-After": str(self.retry_after)}


class HeadTooLarge(KGError):
    """A request whose line and headers exceed their limit."""

    status = 431
    title = "Headers too large"


class UnknownCoding(KGError):
    """A body in an unsupported transfer coding."""

    status = 501
    title = "Transfer coding not known"


class FetchFailed(KGError):
    """Another server did not answer as requested, or may not be contacted."""

    status = 502
    title = "Another server failed"


class NoRoom(KGError):
    """A full disk, an exhausted quota, or a file that has reached its maximum size."""

    status = 507
    title = "No room left"


class Unavailable(KGError):
    """Not ready, held by another process, or read-only."""

    status = 503
    title = "Unavailable"


class Damaged(Unavailable):
    """A data directory whose log or store has a missing or altered part."""

    title = "Data directory damaged"


class QueryKilled(Unavailable):
    """A query that exceeded a limit of time or memory and was ended."""

    title = "Query ended at a limit"


class TooManyConnections(Unavailable):
    """More open connections than the server, or one client, may have."""

    title = "Too many connections"

    @property
    def headers(self) -> dict[str, str]:
        """Seconds until the client may retry."""
        return {"Retry-After": "1"}


class JudgementEnded(Unavailable):
    """A change whose validation exceeded its limits of time or memory."""

    title = "Judgement ended at a limit"
