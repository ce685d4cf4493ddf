"""Answers as tables on a page: cut from the engine's output lines, which keep terms complete."""

import re
import time
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

from kg.changes import Object, Subject
from kg.pages.cells import Cell, Cells
from kg.query import why
from kg.query.evaluation import evaluate
from kg.query.job import QueryJob
from kg.query.names import in_words
from kg.store.store import Contents

ROWS = 100
"""Default rows of one page."""
MOST_ROWS = 1000
MOST_BYTES = 1 << 20
"""Maximum bytes of the rows of one page."""
MOST_COUNTED = 100_000
"""Maximum rows counted."""

_TSV, _NTRIPLES = "text/tab-separated-values", "application/n-triples"
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?')
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r"}
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = frozenset(f"{_XSD}{name}" for name in ("integer", "decimal", "double", "float"))
_TIMES = frozenset(f"{_XSD}{name}" for name in ("date", "dateTime", "gYear", "gYearMonth"))
_OF_TRIPLES = ("subject", "predicate", "object")


@dataclass(frozen=True)
class Window:
    """The rows of an answer that a page shows: page number, from 1, and rows per page."""

    page: int = 1
    size: int = ROWS

    @property
    def first(self) -> int:
        """The number of rows before the page."""
        return (self.page - 1) * self.size


@dataclass(frozen=True)
class AnswerColumn:
    """A column: its variable, its heading, and its kind: things, numbers, times or text."""

    variable: str
    heading: str
    kind: str


@dataclass(frozen=True)
class Shown:
    """The shown part of an answer: a table, or else text.

    ``count`` is the number of its rows; if ``has_more``, the number of those that were counted.
    """

    columns: tuple[AnswerColumn, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    text: str = ""
    warnings: tuple[str, ...] = ()
    whys: tuple[str, ...] = ()
    """For each row, the query string of the page with its grounds; empty for a row without a thing."""
    window: Window = field(default_factory=Window)
    count: int = 0
    has_more: bool = False
    is_cut: bool = False
    """True if the page has fewer rows than requested, because they are long."""
    is_graph: bool = False
    seconds: float = 0.0
    """The evaluation time."""

    @property
    def pages(self) -> int:
        """The number of pages that the counted rows fill."""
        return max(1, -(-self.count // self.window.size))


class _Full(Exception):
    """Raised when the maximum of counted rows is reached."""


class _LineWindow:
    """A file object that counts lines and keeps those of a window."""

    def __init__(self, window: Window, headers: int) -> None:
        self.first_lines: list[bytes] = []
        self.kept: list[bytes] = []
        self.count = -headers
        self.is_cut = False
        self._headers = headers
        self._window = window
        self._bytes = 0
        self._rest = b""

    def write(self, data: bytes) -> int:
        """Add bytes; raises _Full after the last counted row."""
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > MOST_BYTES:
            raise _Full
        for line in lines:
            self._take(line)
        if self.count > MOST_COUNTED:
            raise _Full
        return len(data)

    def flush(self) -> None:
        """Do nothing: there is no buffer to flush."""

    def end(self) -> None:
        """Add a last line without a line end."""
        if self._rest:
            self._take(self._rest)

    def _take(self, line: bytes) -> None:
        if self.count < 0:
            self.first_lines.append(line)
        elif 0 <= self.count - self._window.first < self._window.size and not self.is_cut:
            self._bytes += len(line)
            self.is_cut = self._bytes > MOST_BYTES
            self.kept += [] if self.is_cut else [line]
        self.count += 1


def shown(
    contents: Contents,
    job: QueryJob,
    cells: Cells,
    hidden: Collection[str] = (),
    window: Window = Window(),
) -> Shown:
    """Evaluate a query and return the shown part without ``hidden`` columns; raises as ``evaluate``."""
    since = time.perf_counter()
    bare = job._replace(accept=f"{_TSV}, {_NTRIPLES};q=0.9", named=(), labelling=None)
    evaluated = evaluate(contents, bare)
    is_graph = evaluated.choice.media_type == _NTRIPLES
    lines, has_more = _LineWindow(window, 0 if is_graph else 1), True
    with suppress(_Full):
        evaluated.write(lines)  # type: ignore[arg-type]  # it only needs write()
        lines.end()
        has_more = False
    seconds = time.perf_counter() - since
    empty = Shown(warnings=evaluated.warnings, window=window, is_graph=is_graph, seconds=seconds)
    if not is_graph and not lines.first_lines[0].startswith(b"?"):
        return replace(empty, text=lines.first_lines[0].decode())
    if is_graph:
        names, terms = list(_OF_TRIPLES), [_triple(line) for line in lines.kept]
    else:
        names = [name.removeprefix("?") for name in lines.first_lines[0].decode().split("\t")]
        terms = [[_term(text) for text in line.decode().split("\t")] for line in lines.kept]
    repeated = {f"{name}Label" for name in names}  # a thing already appears by its name
    indexes = [index for index, name in enumerate(names) if name not in repeated.union(hidden)]
    visible_rows = [[row[index] for index in indexes] for row in terms]
    return replace(
        empty,
        columns=tuple(
            _column(names[index], [row[place] for row in visible_rows]) for place, index in enumerate(indexes)
        ),
        rows=tuple(tuple(_cell(term, cells) for term in row) for row in visible_rows),
        whys=tuple(_why(row, job.as_of) for row in visible_rows),
        count=min(lines.count, MOST_COUNTED),
        has_more=has_more,
        is_cut=lines.is_cut,
    )


@dataclass(frozen=True)
class _Value:
    """A literal of an answer, or a term shown as it is written."""

    text: str
    language: str | None = None
    datatype: str | None = None
    is_number: bool = False


_Term = Subject | Object | _Value | None


def _term(text: str) -> _Term:
    """Parse one term of a TSV answer; None for an empty one."""
    if not text:
        return None
    if text.startswith("<") and not text.startswith("<<"):
        return NamedNode(text[1:-1])
    if match := _LITERAL.fullmatch(text):
        plain = _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[1]), match[1])
        return _Value(plain, match[2], match[3], match[3] in _NUMBERS)
    return _Value(text, is_number=bool(_NUMBER.fullmatch(text)))


def _triple(line: bytes) -> list[_Term]:
    triple = next(iter(parse(line, RdfFormat.N_TRIPLES)))
    return [triple.subject, triple.predicate, triple.object]


def _cell(term: _Term, cells: Cells) -> Cell:
    """Return the cell of a term: a thing by its label, a triple unchanged."""
    if term is None:
        return Cell("")
    if not isinstance(term, _Value):
        return cells.cell(term)
    if term.language or term.datatype:
        return cells.literal(term.text, term.language, term.datatype)
    return Cell(term.text)


def _column(variable: str, terms: Sequence[_Term]) -> AnswerColumn:
    kinds = {_kind(term) for term in terms if term is not None}
    return AnswerColumn(variable, in_words(variable), kinds.pop() if len(kinds) == 1 else "text")


def _kind(term: _Term) -> str:
    if isinstance(term, NamedNode | BlankNode):
        return "thing"
    datatype = getattr(term, "datatype", None)
    datatype = getattr(datatype, "value", datatype)
    if getattr(term, "is_number", False) or datatype in _NUMBERS:
        return "number"
    return "time" if datatype in _TIMES else "text"


def _why(terms: Iterable[_Term], as_of: str | None) -> str:
    """Return the query string of the page with the grounds of a row's things; empty if it has none."""
    facts = why.things_of(term.value for term in terms if isinstance(term, NamedNode))
    moment = [("as-of", as_of)] if as_of else []
    return urlencode([*(("fact", fact) for fact in facts), *moment]) if facts else ""
