"""Labels in the rows of an answer: a column beside each column of IRIs, or labels in place of IRIs.

The rows are rewritten as SPARQL TSV, in batches while the client reads, and parsed by the engine, whose
serialiser then writes any format. Only processes that evaluate queries do this, never the server's.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, islice
from typing import IO, TypeAlias, cast

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from kg.changes import Object
from kg.query import names
from kg.query.job import Labelling
from kg.store.store import Contents

ROWS_AT_ONCE = 1000
"""Rows in a batch; if no question says so, the first batch shows which columns hold IRIs."""
MOST_NAMES = 1 << 16
"""Maximum names that are cached within one answer."""
SUFFIX = "_label"
"""Suffix of a column of labels, behind the name of its column of IRIs."""

Row: TypeAlias = tuple[Object | None, ...]
NameOf: TypeAlias = Callable[[NamedNode], Literal | None]


def labelled(result: QuerySolutions, contents: Contents, labelling: Labelling) -> QuerySolutions:
    """Return rows with labels and without the hidden columns; they are evaluated while they are read.

    Raises what the engine raises at the first rows.
    """
    if not result.variables:
        return result
    columns = [variable.value for variable in result.variables]
    return of_rows(columns, map(tuple, result), contents, labelling)


def of_rows(
    columns: Sequence[str], all_rows: Iterable[Row], contents: Contents, labelling: Labelling
) -> QuerySolutions:
    """Return rows of terms as an answer of the engine, labelled like those of ``labelled``."""
    rows = iter(all_rows)
    first = list(islice(rows, ROWS_AT_ONCE))
    name_of = partial(names.name_of, contents, language=labelling.language)
    table = _LabelledRows(columns, _ColumnPlan(columns, labelling, first), name_of)
    source = _Source(table.lines(chain(first, rows)))
    return cast(QuerySolutions, parse_query_results(cast(IO[bytes], source), QueryResultsFormat.TSV))


def label_of(column: str) -> str:
    """Return the name of the column of labels of a column.

    >>> label_of("speaker")
    'speaker_label'
    """
    return column + SUFFIX


class _ColumnPlan:
    """Which columns are kept, and which of them get labels."""

    def __init__(self, columns: Sequence[str], labelling: Labelling, first: Sequence[Row]) -> None:
        self.is_only = labelling.mode == "only"
        places = [place for place, name in enumerate(columns) if name not in labelling.hidden]
        self.kept = places or list(range(len(columns)))  # an answer has one column at least
        column_names = labelling.columns
        if labelling.mode == "off":
            self.named: frozenset[int] = frozenset()
        elif column_names is None:
            self.named = frozenset(place for place in self.kept if _holds_iris(row[place] for row in first))
        else:
            self.named = frozenset(place for place in self.kept if columns[place] in column_names)
        if not self.is_only:  # the query may have such a column already
            self.named = frozenset(place for place in self.named if label_of(columns[place]) not in columns)


class _LabelledRows:
    """Rows that are being written as TSV."""

    def __init__(self, columns: Sequence[str], plan: _ColumnPlan, name_of: NameOf) -> None:
        self._is_only = plan.is_only
        self._name_of = name_of
        plain, writer_with_name = lru_cache(MOST_NAMES)(_cell), lru_cache(MOST_NAMES)(self._with_name)
        self._writers = [(place, writer_with_name if place in plan.named else plain) for place in plan.kept]
        self.header: list[str] = []
        for place in plan.kept:
            self.header.append(columns[place])
            if place in plan.named and not plan.is_only:
                self.header.append(label_of(columns[place]))

    def lines(self, rows: Iterable[Row]) -> Iterator[bytes]:
        """Yield the header and the rows, in batches."""
        yield "\t".join(f"?{name}" for name in self.header).encode() + b"\n"
        rows = iter(rows)
        while some := list(islice(rows, ROWS_AT_ONCE)):
            lines = ["\t".join([write(row[place]) for place, write in self._writers]) for row in some]
            yield ("\n".join(lines) + "\n").encode()

    def _with_name(self, term: Object | None) -> str:
        """Return the cells of a term with its label; they are the same in all columns."""
        name = self._name_of(term) if isinstance(term, NamedNode) else None
        return _cell(name or term) if self._is_only else f"{_cell(term)}\t{_cell(name)}"


class _Source:
    """A file over the pieces that an iterator yields."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes of a piece; no bytes at the end."""
        if not self._piece:
            self._piece = memoryview(next(self._pieces, b""))
        end = len(self._piece) if size < 0 else size
        data, self._piece = self._piece[:end], self._piece[end:]
        return bytes(data)


def _holds_iris(terms: Iterable[Object | None]) -> bool:
    return any(isinstance(term, NamedNode) for term in terms)


def _cell(term: Object | None) -> str:
    """Return a term in TSV: as Turtle, or nothing if it is unbound."""
    if term is None:
        return ""
    if isinstance(term, Triple):
        return f"<<( {_cell(term.subject)} {term.predicate} {_cell(term.object)} )>>"
    return str(term)
