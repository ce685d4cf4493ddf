"""Answers as tables for a page: cut from the TSV that the engine wrote, which keeps terms whole."""

import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from kg.pages.cells import Cell, Cells
from kg.query import why
from kg.query.evaluation import evaluate
from kg.query.job import QueryJob
from kg.query.names import in_words
from kg.store.store import Contents

MAX_BYTES = 1 << 20
MAX_ROWS = 1000

_TABLE_OR_TURTLE = "text/tab-separated-values, text/turtle;q=0.9"
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r"}


@dataclass(frozen=True)
class Shown:
    """An answer as far as a page shows it: a table, or else text."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    text: str = ""
    is_cut: bool = False
    warnings: tuple[str, ...] = ()
    whys: tuple[str, ...] = ()
    """For each row the query of the address that tells what it rests on; empty for a row without a thing."""


class _Full(Exception):
    """There is more than a page shows."""


class _Output:
    """Takes as much of an answer as a page shows."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> int:
        """Take some bytes; raises _Full at the limit."""
        self.data += data
        if len(self.data) > MAX_BYTES:
            raise _Full
        return len(data)

    def flush(self) -> None:
        """Do nothing: what was taken is here."""


def shown(contents: Contents, job: QueryJob, cells: Cells, hidden: Collection[str] = ()) -> Shown:
    """Answer a query as far as a page shows it; columns may be left out by name. Raises as ``evaluate``."""
    bare = job._replace(accept=_TABLE_OR_TURTLE, named=(), labelling=None)
    evaluated, output = evaluate(contents, bare), _Output()
    with suppress(_Full):
        evaluated.write(output)  # type: ignore[arg-type]  # it needs write() only
    is_cut = len(output.data) > MAX_BYTES
    lines = output.data.decode("utf-8", "ignore").split("\n")
    if is_cut:
        lines = lines[:-1]
    if evaluated.choice.media_type != "text/tab-separated-values" or not lines[0].startswith("?"):
        return Shown(text="\n".join(lines), is_cut=is_cut, warnings=evaluated.warnings)
    header, *body = [line for line in lines if line]
    names = [name.removeprefix("?") for name in header.split("\t")]
    repeated = {f"{name}Label" for name in names}  # a thing is shown by its name already
    kept = [index for index, name in enumerate(names) if name not in repeated.union(hidden)]
    fields = [line.split("\t") for line in body[:MAX_ROWS]]
    whys = tuple(_why([terms[index] for index in kept], job.as_of) for terms in fields)
    rows = tuple(tuple(cell(terms[index], cells) for index in kept) for terms in fields)
    columns = tuple(in_words(names[index]) for index in kept)
    is_cut = is_cut or len(body) > MAX_ROWS
    return Shown(columns, rows, is_cut=is_cut, warnings=evaluated.warnings, whys=whys)


def _why(terms: Iterable[str], as_of: str | None) -> str:
    """Return the query of the address that tells what the things of a row rest on; empty if it has none."""
    facts = why.things_of(term[1:-1] for term in terms if term.startswith("<"))
    moment = [("as-of", as_of)] if as_of else []
    return urlencode([*(("fact", fact) for fact in facts), *moment]) if facts else ""


def cell(text: str, cells: Cells) -> Cell:
    """Read one term of a TSV answer; a thing is shown by its label, a triple as it stands."""
    if text.startswith("<") and not text.startswith("<<"):
        return cells.cell(NamedNode(text[1:-1]))
    if match := _LITERAL.fullmatch(text):
        plain = _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[1]), match[1])
        return cells.literal(plain, match[2], match[3])
    return Cell(text)
