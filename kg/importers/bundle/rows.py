"""Rows of a bundle's table, from CSV or Parquet: the filled cells of each, by column."""

import re
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from kg.errors import Unreadable
from kg.importers.bundle import columns
from kg.importers.bundle.archive import Member
from kg.importers.table import csv_text
from kg.importers.table.bilingual import Bilingual
from kg.importers.table.faults import Fault, TableLine, nearest, unreadable
from kg.query.columnar.tables import TABLES

Cell: TypeAlias = str | Sequence[str]
"""A text, as in CSV, or a list of texts."""
_Lines: TypeAlias = Generator[tuple[int, Sequence[Cell]], None, None]
"""The lines of a table with their numbers, header first."""

_ROWS_AT_ONCE = 1000
_GUARDED = re.compile(r"'+[=+\-@\t\r\n|%]")
"""A text to which an export added an apostrophe (``kg.exports.csv_bundle``)."""


@dataclass(frozen=True)
class BundleRow:
    """A row: its place, and its filled cells by column."""

    line: TableLine
    cells: Mapping[str, Cell]


def of(member: Member, number: int, faults: list[Fault]) -> Iterator[BundleRow]:
    """Yield the rows of a table, whose place is ``number``; appends a fault for each unknown column.

    Raises Unreadable for a file that is not a table.
    """
    lines = _of_parquet(member) if member.is_parquet else _of_csv(member)
    try:
        first, header = next(lines, (1, []))
        names = [str(name).strip() for name in header]
        begin = TableLine(first, number, member.name)
        faults += _of_header(member, begin, names)
        for line, cells in lines:
            place = TableLine(line, number, member.name)
            if len(cells) != len(names):
                faults.append(Fault(place, "", "", _of_width(len(cells), len(names))))
            elif filled := {name: cell for name, cell in zip(names, cells, strict=True) if cell}:
                yield BundleRow(place, filled)
    except Unreadable as fault:
        sentence = Bilingual(*(f"{member.name}: {fault.in_language(language)}" for language in ("en", "es")))
        raise unreadable(sentence) from None


def is_filled(member: Member) -> bool:
    """Return True if a table has a row below its header; raises Unreadable for a file that is not a table."""
    lines = _of_parquet(member) if member.is_parquet else _of_csv(member)
    with closing(lines):
        return len(list(islice(lines, 2))) > 1


def _of_csv(member: Member) -> _Lines:
    for line, cells in csv_text.sheet(member.data).lines:
        yield line.number, [unguarded(cell) for cell in cells]


def unguarded(cell: str) -> str:
    """Return a text without the apostrophe that keeps spreadsheets from evaluating it."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell


def _of_parquet(member: Member) -> _Lines:
    """Yield header and rows; the first row below the header has number 2."""
    import duckdb  # most commands do not read Parquet

    from kg.exports.address_space import room_to_build
    from kg.query.columnar import connection
    from kg.query.columnar.lines import quoted

    with room_to_build(), tempfile.TemporaryDirectory(prefix="kg-bundle-") as folder:
        path = Path(folder) / "table.parquet"
        path.write_bytes(member.data)
        try:
            with connection.to_ask() as database:
                result = database.execute(f"SELECT * FROM read_parquet({quoted(str(path))})")
                yield 1, [name for name, *_ in result.description]
                number = 1
                while found := result.fetchmany(_ROWS_AT_ONCE):
                    for row in found:
                        number += 1
                        yield number, [_cell(value) for value in row]
        except duckdb.Error:
            raise unreadable(
                Bilingual(
                    "this is not a Parquet file, or it is damaged; export it again",
                    "esto no es un archivo Parquet, o está dañado; expórtelo de nuevo",
                )
            ) from None


def _cell(value: object) -> Cell:
    match value:
        case None:
            return ""
        case str():
            return value
        case float():
            return "" if value != value else repr(value)  # pandas writes NaN for a missing value
        case date():
            return value.isoformat()
        case list() | tuple():
            return [_text(part) for part in value]
    return str(value)


def _text(part: object) -> str:
    return "" if part is None else str(part)


def _of_header(member: Member, begin: TableLine, names: Sequence[str]) -> Iterator[Fault]:
    column_names = columns.names(TABLES[member.table])
    for place, name in enumerate(names):
        if name in names[:place]:
            wrong = Bilingual(
                "this column occurs twice in the header; keep one",
                "esta columna está dos veces en el encabezado; deje una",
            )
            yield Fault(begin, name, "", wrong)
        elif name not in column_names:
            near = nearest(name, column_names)
            wrong = Bilingual(
                f"there is no such column in this table; {near.en}",
                f"no existe esa columna en esta tabla; {near.es}",
            )
            yield Fault(begin, name, "", wrong)
    if columns.RECORD not in names:
        missing = Bilingual(
            "this column is missing; it holds the IRI of the thing that each row describes",
            "falta esta columna; contiene el IRI de lo que trata cada fila",
        )
        yield Fault(begin, columns.RECORD, "", missing)


def _of_width(cells: int, columns: int) -> Bilingual:
    return Bilingual(
        f"this row has {cells} cells and the header {columns}; put text that contains the separator"
        " in quotation marks, and do not omit cells",
        f"esta fila tiene {cells} celdas y el encabezado {columns}; ponga entre comillas el texto que"
        " contenga el separador y no omita ninguna celda",
    )
