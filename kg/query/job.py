"""Jobs: queries and other work on the graph, which a reader process or the command line evaluates."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from kg.errors import BadInput
from kg.store.store import Contents

ServiceAnswers: TypeAlias = tuple[bytes | None, ...]
"""The answers of the endpoints, in the order of the SERVICE clauses; None if a SERVICE SILENT failed."""


LABEL_MODES = ("on", "only", "off")


class Labelling(NamedTuple):
    """How the IRIs in the rows of an answer are labelled.

    ``mode`` is ``on`` (a column of labels beside each column of IRIs), ``only`` (labels in place of IRIs) or
    ``off``. ``columns`` are those that get labels; None stands for all that hold an IRI. ``hidden`` columns
    are left out.
    """

    mode: str = "off"
    language: str = "en"
    columns: tuple[str, ...] | None = None
    hidden: tuple[str, ...] = ()

    @property
    def changes_rows(self) -> bool:
        """False if rows stay as the engine returns them."""
        return self.mode != "off" or bool(self.hidden)


UNLABELLED = Labelling()
"""Rows as the engine returns them."""
LABELLED = Labelling("on")
"""A column of labels beside each column of IRIs, in English if there is a choice."""


def read_language(text: str) -> str:
    """Return a language tag in lower case; raises BadInput for an invalid one.

    >>> read_language("es-CO")
    'es-co'
    """
    if not re.fullmatch(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8}", text):
        raise BadInput(f"A language tag is written en or es-CO, not {text[:64]!r}.")
    return text.lower()


class TableQuery(NamedTuple):
    """The SQL of a question, for the tables of the columnar projection: the same answer, faster.

    ``directory`` is the data directory, ``iris`` are the columns that hold IRIs. If the projection holds
    another version than the one asked about, the store evaluates the query.
    """

    sql: str
    directory: str
    iris: tuple[str, ...] = ()


class QueryJob(NamedTuple):
    """A query with everything that determines its answer.

    ``accept`` is an Accept header; a media type alone is one. Without default or named graphs, and without
    FROM in the text, the default graph is the merge of all graphs. ``as_of`` is an earlier version (``v17``,
    or a time). ``services`` holds the answers of the endpoints of the query's SERVICE clauses, and
    ``seconds_spent`` the seconds that these took. Relative IRIs are relative to ``base``. ``named`` holds the
    media types of the formats that the address names: if one fits the result, it takes precedence over
    ``accept``. ``seconds`` is the client's time limit. ``warnings``, and how values were read
    (``understood``), are sent beside the answer. ``labelling`` says how rows are labelled. ``required`` pairs
    each required IRI with the error message for a graph that does not name it. ``stem`` is the file name of
    the answer, without suffix. ``tables`` is the same query for the columnar projection.
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
    labelling: Labelling | None = None
    required: tuple[tuple[str, str], ...] = ()
    understood: tuple[str, ...] = ()
    stem: str = "answer"
    tables: TableQuery | None = None


@dataclass(frozen=True)
class ReadJob:
    """Work on the graph other than a query: a page, an export. ``make`` yields the bytes of the answer.

    A reader process unpickles and calls ``make``, so it must be a function of a module, or a
    ``functools.partial`` of one. If ``is_long`` is true, the time limit is ``KG_ANSWER_SECONDS``; ``seconds``
    is the client's time limit.
    """

    media_type: str
    make: Callable[[Contents], Iterable[bytes]]
    as_of: str | None = None
    is_long: bool = False
    seconds: float | None = None


Job: TypeAlias = QueryJob | ReadJob
