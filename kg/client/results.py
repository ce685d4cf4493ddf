"""Query results as Python objects: rows, data frames, an rdflib graph, a notebook's table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from kg.changes import Object
from kg.client import values
from kg.client.values import Value
from kg.formats import RDF_FORMATS, RESULT_FORMATS
from kg.iris import compact
from kg.query.results.labelled import label_of

if TYPE_CHECKING:
    import pandas
    import polars
    import rdflib

Row: TypeAlias = dict[str, Value]
Terms: TypeAlias = dict[str, Object | None]

ACCEPT = f"{RESULT_FORMATS['json'].media_type}, {RDF_FORMATS['ntriples'].media_type};q=0.9"
"""The Accept header for results that Result can parse: both formats keep every term exact."""


class Result:
    """The result of a query: rows for SELECT, triples for CONSTRUCT and DESCRIBE, true or false for ASK.

    ``warnings`` are sentences from the server, and ``understood`` say how values of parameters were read;
    ``address`` is the server's root URL, if any; ``ask_again`` repeats the query with labels.
    """

    def __init__(
        self,
        media_type: str,
        data: bytes,
        warnings: tuple[str, ...] = (),
        understood: tuple[str, ...] = (),
        *,
        address: str | None = None,
        ask_again: Callable[[], Result] | None = None,
    ) -> None:
        self.warnings = warnings
        self.understood = understood
        self.address = address
        self.ask_again = ask_again
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
        """True for the result of a CONSTRUCT or DESCRIBE."""
        return self._media_type == RDF_FORMATS["ntriples"].media_type

    def rows(self) -> list[Row]:
        """Return each row as a dictionary of Python values; an unbound variable is None.

        Numbers, days, times and truth values are native, an IRI is its full text, everything else is text.
        """
        return [dict(zip(self.variables, map(values.value, row), strict=True)) for row in self._rows]

    def terms(self) -> list[Terms]:
        """Return each row as a dictionary of RDF terms (pyoxigraph), unchanged."""
        return [dict(zip(self.variables, row, strict=True)) for row in self._rows]

    def columns(self) -> dict[str, list[Value]]:
        """Return each column as Python values of one type; a column of mixed types is all text."""
        return {
            name: values.column([row[place] for row in self._rows])
            for place, name in enumerate(self.variables)
        }

    def labelled(self) -> Result:
        """Return the result with labels beside its IRIs; if it has none, the query runs again."""
        has_labels = any(label_of(name) in self.variables for name in self.variables)
        return self if has_labels or self.ask_again is None else self.ask_again()

    def df(self, *, labels: bool = False) -> pandas.DataFrame:
        """Return a pandas data frame, with the types listed in ``kg.client.frames``.

        ``labels`` adds those of ``labelled``. Raises Unavailable if pandas is not installed.
        """
        from kg.client.frames import pandas_frame

        return pandas_frame((self.labelled() if labels else self).columns())

    def polars(self, *, labels: bool = False) -> polars.DataFrame:
        """Return a polars data frame, like ``df``; raises Unavailable if polars is not installed."""
        from kg.client.frames import polars_frame

        return polars_frame((self.labelled() if labels else self).columns())

    def rdflib(self) -> rdflib.Graph | rdflib.query.Result:
        """Return rdflib's own result; for triples, an rdflib graph."""
        import rdflib.query

        if self.is_graph:
            return rdflib.Graph().parse(data=self._data, format="nt")
        return rdflib.query.Result.parse(BytesIO(self._data), format="json")

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows())

    def __bool__(self) -> bool:
        """The answer of an ASK; otherwise True if there are rows."""
        return bool(self._rows) if self.truth is None else self.truth

    def __repr__(self) -> str:
        if self.truth is not None:
            return f"Result({str(self.truth).lower()})"
        return f"Result({len(self)} rows of {', '.join(self.variables)})"

    def _repr_html_(self) -> str:
        from kg.client.notebook import LONGEST_TABLE, cell, table

        if self.truth is not None:
            return f"<p>{str(self.truth).lower()}</p>"
        rows = ([cell(term, self.address) for term in row] for row in self._rows[:LONGEST_TABLE])
        return table(self.variables, rows, len(self) - LONGEST_TABLE)


def shown(term: Object) -> str:
    """Return a term as people read it: an IRI with its prefix, a literal as bare text."""
    if isinstance(term, NamedNode):
        return compact(term.value).strip("<>")
    return term.value if isinstance(term, Literal) else str(term)
