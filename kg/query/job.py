"""Jobs: the queries and the other work on the graph that a reader process, or the command line, evaluates."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from kg.store.store import Contents

ServiceAnswers: TypeAlias = tuple[bytes | None, ...]
"""The answers of the endpoints, in the order of the SERVICE clauses; None where SERVICE SILENT failed."""


class QueryJob(NamedTuple):
    """A query with everything that determines its answer.

    ``accept`` is an Accept header; a media type alone is one. Without default or named graphs, and without
    FROM in the text, the default graph is the union of all graphs. ``as_of`` names an earlier version
    (``v17``, or a time). ``services`` holds the answers of the endpoints that the query's SERVICE clauses
    name, and ``seconds_spent`` the time that those took. Relative IRIs are relative to ``base``. ``named``
    are the media types of formats that the client names in the address: where one fits the result, it is
    chosen, whatever ``accept`` says. The client allows so many ``seconds``, and gets the ``warnings`` beside
    the answer.
    """

    text: str
    accept: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: Mapping[Variable, NamedNode | BlankNode | Literal | Triple] = {}
    max_bytes: int = 1 << 20
    as_of: str | None = None
    all_named: bool = False
    services: ServiceAnswers = ()
    seconds_spent: float = 0.0
    base: str | None = None
    named: tuple[str, ...] = ()
    seconds: float | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadJob:
    """Work on the graph other than a query: a page, an export. ``make`` yields the bytes of the answer.

    A reader process unpickles and calls ``make``, so it is a function of a module, or a
    ``functools.partial`` of one. If ``is_long`` is true, the time limit is ``KG_ANSWER_SECONDS``; ``seconds``
    is the time that the client allows.
    """

    media_type: str
    make: Callable[[Contents], Iterable[bytes]]
    as_of: str | None = None
    is_long: bool = False
    seconds: float | None = None


Job: TypeAlias = QueryJob | ReadJob
