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
    """The root: something is wrong, said in one sentence that names what, where and what to do."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Fault of this program"

    def __init__(self, detail: str, **extra: JSON) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra: dict[str, JSON] = {key: value for key, value in extra.items() if value is not None}

    def in_language(self, language: str) -> str:
        """Say what is wrong in a language, where a member ``sentence`` has it; else in English."""
        sentence = self.extra.get("sentence")
        said = sentence.get(language) if isinstance(sentence, Mapping) else None
        return said if isinstance(said, str) else self.detail

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers that belong to this fault."""
        return {}

    def to_problem(self) -> dict[str, JSON]:
        """Give the members of a problem document; those of RFC 9457 win over extra ones."""
        return {
            **self.extra,
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }


class BadInput(KGError):
    """A request or an argument that cannot be meant."""

    status = 400
    title = "Bad input"


class NotInGraph(BadInput):
    """A thing that a parameter names and nothing in the graph does."""

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
    """No token, or one that is not known."""

    status = 401
    title = "Token missing or unknown"

    @property
    def headers(self) -> dict[str, str]:
        """The challenge that RFC 9110 asks for."""
        return {"WWW-Authenticate": 'Bearer realm="kg"'}


class Forbidden(KGError):
    """A known token whose role does not reach this far."""

    status = 403
    title = "Outside the token's role"


class ForeignOrigin(Forbidden):
    """A write that a page of another site asks for."""

    title = "Write from another site"


class NotFound(KGError):
    """No such question, graph, term, thing or address."""

    status = 404
    title = "Not found"


class MethodNotAllowed(KGError):
    """The address exists, the method does not."""

    status = 405
    title = "Method not allowed"

    def __init__(self, detail: str, *, allowed: Sequence[str] = (), **extra: JSON) -> None:
        super().__init__(detail, allowed=list(allowed), **extra)
        self.allowed = tuple(allowed)

    @property
    def headers(self) -> dict[str, str]:
        """The methods there are."""
        return {"Allow": ", ".join(self.allowed)}


class NotAcceptable(KGError):
    """None of the media types asked for is on offer."""

    status = 406
    title = "Not acceptable"

    def __init__(self, detail: str, *, offered: Sequence[str] = (), **extra: JSON) -> None:
        super().__init__(detail, offered=list(offered), **extra)


class TooSlow(KGError):
    """A request that takes too long to arrive."""

    status = 408
    title = "Too slow"


class Conflict(KGError):
    """What is asked clashes with what is there: an immutable graph, a second writer's change."""

    status = 409
    title = "Conflict"


class Gone(KGError):
    """A graph that was purged; ``extra`` carries its tombstone."""

    status = 410
    title = "Purged"


class Withdrawn(Gone):
    """A thing of which nothing is said any more, because it was retracted or superseded.

    ``extra`` carries the commit, its reason, and the version that still has it.
    """

    title = "Withdrawn"


class PreconditionFailed(KGError):
    """What is there is not what If-Match or If-None-Match asks for."""

    status = 412
    title = "Precondition failed"


class TooLarge(KGError):
    """A body, a query or a nesting beyond its limit."""

    status = 413
    title = "Too large"


class AddressTooLong(KGError):
    """A request line beyond its limit, which a long query makes; a body holds it."""

    status = 414
    title = "Address too long"


class UnsupportedFormat(KGError):
    """A media type or file suffix that is not read here."""

    status = 415
    title = "Unsupported format"

    def __init__(self, detail: str, *, supported: Sequence[str] = (), **extra: JSON) -> None:
        super().__init__(detail, supported=list(supported), **extra)
        self.supported = tuple(supported)


class UnsupportedCoding(UnsupportedFormat):
    """A body in a content coding that is not read here."""

    title = "Unsupported coding"

    @property
    def headers(self) -> dict[str, str]:
        """The codings that are read, as RFC 9110, 15.5.16 asks."""
        return {"Accept-Encoding": ", ".join(map(str, self.supported))}


class Invalid(KGError):
    """Facts that do not conform; ``extra`` carries the members of the validation report."""

    status = 422
    title = "Facts do not conform"


class TooManyRequests(KGError):
    """More than a client's share."""

    status = 429
    title = "Too many requests"

    def __init__(self, detail: str, *, retry_after: int = 1, **extra: JSON) -> None:
        super().__init__(detail, **extra)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """Seconds after which to try again."""
        return {"Retry-After": str(self.retry_after)}


class HeadTooLarge(KGError):
    """A request whose line and headers are beyond their limit."""

    status = 431
    title = "Headers too large"


class UnknownCoding(KGError):
    """A body in a transfer coding that is not read here."""

    status = 501
    title = "Transfer coding not known"


class FetchFailed(KGError):
    """Another server did not give what it was asked for, or may not be asked."""

    status = 502
    title = "Another server failed"


class NoRoom(KGError):
    """A full disk, a quota that is used up, or a file that may not grow."""

    status = 507
    title = "No room left"


class Unavailable(KGError):
    """Not ready, held by another process, or read-only."""

    status = 503
    title = "Unavailable"


class Damaged(Unavailable):
    """A data directory that lacks a part of its log or store, or holds a part that was changed."""

    title = "Data directory damaged"


class QueryKilled(Unavailable):
    """A query that ran into a limit of time or memory and was ended."""

    title = "Query ended at a limit"


class TooManyConnections(Unavailable):
    """More connections than the server, or one client, may have open."""

    title = "Too many connections"

    @property
    def headers(self) -> dict[str, str]:
        """Seconds after which to try again."""
        return {"Retry-After": "1"}


class JudgementEnded(Unavailable):
    """A change that was not judged within its limits of time and memory."""

    title = "Judgement ended at a limit"
