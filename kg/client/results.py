"""The answer of a query as Python objects: rows of terms, data frames, an rdflib graph, a notebook's table.

Nothing here is a dependency: pandas and polars are imported when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from html import escape
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from kg.changes import Object
from kg.errors import Unavailable
from kg.formats import RDF_FORMATS, RESULT_FORMATS
from kg.iris import compact
from kg.terms import XSD

if TYPE_CHECKING:
    import rdflib

Value: TypeAlias = "str | int | float | bool | date | datetime | None"
Row: TypeAlias = dict[str, Object | None]

ACCEPT = f"{RESULT_FORMATS['json'].media_type}, {RDF_FORMATS['ntriples'].media_type};q=0.9"
"""The Accept header for an answer that Result can parse: both formats keep every term exact."""

LONGEST_TABLE = 100
"""Rows that a notebook shows."""

_READERS: dict[str, Callable[[str], Value]] = {
    XSD.INTEGER.value: int,
    XSD.DECIMAL.value: float,
    XSD.DOUBLE.value: float,
    XSD.FLOAT.value: float,
    XSD.BOOLEAN.value: {"true": True, "1": True, "false": False, "0": False}.__getitem__,
    XSD.DATE.value: date.fromisoformat,
    XSD.DATE_TIME.value: datetime.fromisoformat,
}


class Result:
    """The result of a query: rows for SELECT, triples for CONSTRUCT and DESCRIBE, true or false for ASK.

    ``warnings`` are sentences that came with it.
    """

    def __init__(self, media_type: str, data: bytes, warnings: tuple[str, ...] = ()) -> None:
        self.warnings = warnings
        self.truth: bool | None = None
        self.variables: tuple[str, ...] = ()
        self._rows: list[tuple[Object | None, ...]] = []
        self._media_type, self._data = media_type, data
        if self.is_graph:
            self.variables = ("subject", "predicate", "object")
            quads = parse(data, RdfFormat.N_TRIPLES)
            self._rows = [(quad.subject, quad.predicate, quad.object) for quad in quads]
        else:
            self._read_table(parse_query_results(data, format=QueryResultsFormat.JSON))

    def _read_table(self, answer: QueryBoolean | QuerySolutions) -> None:
        if isinstance(answer, QueryBoolean):
            self.truth = bool(answer)
            return
        self.variables = tuple(variable.value for variable in answer.variables)
        self._rows = [tuple(row) for row in answer]

    @property
    def is_graph(self) -> bool:
        """True for the answer of a CONSTRUCT or DESCRIBE."""
        return self._media_type == RDF_FORMATS["ntriples"].media_type

    def rows(self) -> list[Row]:
        """Return each row as a dictionary of RDF terms; an unbound variable is None."""
        return [dict(zip(self.variables, row, strict=True)) for row in self._rows]

    def columns(self) -> dict[str, list[Value]]:
        """Give each column as plain Python values: numbers, days, truth values, all else as text.

        An IRI is its full text. A column whose values are of several types is text throughout.
        """
        return {
            name: _column([row[place] for row in self._rows]) for place, name in enumerate(self.variables)
        }

    def df(self) -> Any:
        """Give a pandas data frame; raises Unavailable where pandas is not installed."""
        return _optional("pandas").DataFrame(self.columns(), columns=list(self.variables))

    def polars(self) -> Any:
        """Give a polars data frame; raises Unavailable where polars is not installed."""
        return _optional("polars").DataFrame(self.columns(), schema=list(self.variables))

    def rdflib(self) -> rdflib.Graph | rdflib.query.Result:
        """Give rdflib's own result; for triples, an rdflib graph."""
        import rdflib.query

        if self.is_graph:
            return rdflib.Graph().parse(data=self._data, format="nt")
        return rdflib.query.Result.parse(BytesIO(self._data), format="json")

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows())

    def __bool__(self) -> bool:
        """The answer of an ASK; else whether there are rows."""
        return bool(self._rows) if self.truth is None else self.truth

    def __repr__(self) -> str:
        if self.truth is not None:
            return f"Result({str(self.truth).lower()})"
        return f"Result({len(self)} rows of {', '.join(self.variables)})"

    def _repr_html_(self) -> str:
        if self.truth is not None:
            return f"<p>{str(self.truth).lower()}</p>"
        head = "".join(f"<th>{escape(name)}</th>" for name in self.variables)
        body = "".join(
            "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>"
            for row in self._rows[:LONGEST_TABLE]
        )
        more = len(self) - LONGEST_TABLE
        rest = f"<p>and {more} more rows</p>" if more > 0 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"


def shown(term: Object) -> str:
    """Write a term for people: an IRI by its prefix, a literal as its bare text."""
    if isinstance(term, NamedNode):
        return compact(term.value).strip("<>")
    return term.value if isinstance(term, Literal) else str(term)


def _column(terms: list[Object | None]) -> list[Value]:
    values = [None if term is None else _value(term) for term in terms]
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) > 1:
        return [None if term is None else _text(term) for term in terms]
    return values


def _value(term: Object) -> Value:
    if isinstance(term, Literal) and (reader := _READERS.get(term.datatype.value)):
        try:
            return reader(term.value)
        except (ValueError, KeyError):
            return term.value  # an ill-typed literal, or a year beyond Python's calendar
    return _text(term)


def _text(term: Object) -> str:
    return str(term) if isinstance(term, Triple) else term.value


def _cell(term: Object | None) -> str:
    if term is None:
        return ""
    if isinstance(term, NamedNode) and term.value.startswith(("http://", "https://")):
        return f'<a href="{escape(term.value)}">{escape(shown(term))}</a>'
    language = f' lang="{escape(term.language)}"' if isinstance(term, Literal) and term.language else ""
    return f"<span{language}>{escape(shown(term))}</span>"


def _optional(name: str) -> Any:  # a library that may be missing has no types to check against
    try:
        return import_module(name)
    except ImportError:
        raise Unavailable(f"{name} is not installed here: pip install {name}.") from None
