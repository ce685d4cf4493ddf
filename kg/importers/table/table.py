"""Rows of a table, from text or workbook: header, widths, remarks. It does not interpret the cells."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.errors import TooLarge
from kg.importers.table.bilingual import Bilingual
from kg.importers.table.faults import Fault, TableLine, closest, nearest, unreadable

MAX_ROWS = 5_000
REMARK = "#"
"""A row whose first cell, or a sheet whose name, begins with this is a remark."""
RECORD_COLUMN = "record"
LONGEST_CELL = 1 << 17  # the csv module's default limit


@dataclass(frozen=True)
class TableRow:
    """One row: its first line, and its filled cells by column, unchanged."""

    line: TableLine
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """Lines of cells, the first of which is the header; a sheet of a workbook has a name."""

    lines: Iterable[tuple[TableLine, list[str]]]
    name: str = ""
    faults: Sequence[Fault] = ()
    """Faults of single cells, found while they were read."""


@dataclass(frozen=True)
class Rows:
    """The rows of a table that could be recognized, and the faults of the others or of a header.

    ``corrected`` are faults of a header whose meaning is clear: the rows are read with the corrected header.
    """

    rows: Sequence[TableRow]
    faults: Sequence[Fault]
    corrected: Sequence[Fault]


@dataclass(frozen=True)
class _Grid:
    """A sheet: its header, its rows, and the record that its name declares."""

    begin: TableLine
    header: Sequence[str]
    body: Sequence[tuple[TableLine, list[str]]]
    record: str | None

    def rows(self) -> Iterator[TableRow]:
        """Yield the filled cells of rows that are as wide as the header."""
        for line, cells in self.body:
            cells_by_column = zip(self.header, cells, strict=False) if len(cells) == len(self.header) else ()
            filled = {name: cell for name, cell in cells_by_column if name and cell.strip()}
            if filled:
                yield TableRow(line, {RECORD_COLUMN: self.record, **filled} if self.record else filled)


def rows(sheets: Iterable[Sheet], columns: Collection[str], records: Collection[str]) -> Rows:
    """Read the rows of sheets whose headers name some of the columns.

    A sheet without a column ``record`` must be named after a record. Raises TooLarge, or Unreadable with the
    line and, if no row can be read, all faults.
    """
    found: list[TableRow] = []
    faults: list[Fault] = []
    corrected: list[Fault] = []
    number = 0
    is_empty = True
    for sheet in sheets:
        faults += sheet.faults
        grid = _grid(sheet, number, records)
        if grid is None:
            continue
        is_empty = False
        number += len(grid.body)
        faults += [*_of_header(grid, columns), *_of_widths(grid)]
        if RECORD_COLUMN not in grid.header and grid.record is None:
            faults.append(Fault(grid.begin, RECORD_COLUMN, "", _no_record(sheet.name, records)))
            continue
        grid, misspelt = _corrected(grid, columns)
        corrected += misspelt
        found += grid.rows()
    if is_empty:
        raise unreadable(
            Bilingual(
                "The table is empty; its first line names the columns (kg template prints them).",
                "La tabla está vacía; su primera línea nombra las columnas (kg template las escribe).",
            )
        )
    return Rows(found, faults, corrected)


def _grid(sheet: Sheet, before: int, records: Collection[str]) -> _Grid | None:
    """Read a sheet, after ``before`` rows of other sheets; None if it is empty."""
    lines = iter(sheet.lines)
    first = next(lines, None)
    if first is None:
        return None
    header = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in first[1]]
    body = list(_body(lines, before))
    if sheet.name:  # workbooks omit empty cells at the end of a row
        width = max((len(header), *(len(cells) for _, cells in body)))
        header = _widened(header, width)
        body = [(line, _widened(cells, width)) for line, cells in body]
    name = sheet.name.strip().lower()
    record_name = name if name in records else name.removesuffix("s")
    is_of_one = RECORD_COLUMN not in header and record_name in records
    return _Grid(first[0], header, body, record_name if is_of_one else None)


def _widened(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _body(lines: Iterator[tuple[TableLine, list[str]]], before: int) -> Iterator[tuple[TableLine, list[str]]]:
    """Yield the rows that are not remarks; raises TooLarge if there are too many."""
    for number, (line, cells) in enumerate(lines, before):
        if number >= MAX_ROWS:
            raise TooLarge(
                f"The table has more than {MAX_ROWS:,} rows; split it.",
                **line.members(),
                sentence={
                    "en": f"The table has more than {MAX_ROWS:,} rows; split it.",
                    "es": f"La tabla tiene más de {MAX_ROWS:,} filas; divídala.",
                },
            )
        if not cells[0].lstrip().startswith(REMARK):
            yield line, cells


def _of_header(grid: _Grid, columns: Collection[str]) -> Iterator[Fault]:
    """Yield the faults that make the meaning of a column unclear."""
    line, header = grid.begin, grid.header
    for place, name in enumerate(header):
        if name and name in header[:place]:
            wrong = Bilingual(
                "this column occurs twice in the header; keep one",
                "esta columna está dos veces en el encabezado; deje una",
            )
            yield Fault(line, name, "", wrong)
        elif name and name not in columns and _meant(name, grid, columns) is None:
            yield Fault(line, name, "", _no_column(name, columns))
        elif not name and any(len(cells) > place and cells[place].strip() for _, cells in grid.body):
            wrong = Bilingual(
                f"column number {place + 1} holds values and has no name; name it in the header",
                f"la columna número {place + 1} tiene valores y no tiene nombre; nómbrela en el encabezado",
            )
            yield Fault(line, "", "", wrong)


def _corrected(grid: _Grid, columns: Collection[str]) -> tuple[_Grid, list[Fault]]:
    """Replace misspelt column names by the nearest ones that the header lacks."""
    corrections = {name: _meant(name, grid, columns) for name in grid.header if name and name not in columns}
    faults = [
        Fault(grid.begin, name, "", _no_column(name, columns)) for name, near in corrections.items() if near
    ]
    header = [(corrections[name] or "") if name in corrections else name for name in grid.header]
    return replace(grid, header=header), faults


def _meant(name: str, grid: _Grid, columns: Collection[str]) -> str | None:
    """Return the column that a misspelt name means; None if that is unclear."""
    near = closest(name, columns)
    is_taken = near in grid.header or sum(closest(each, columns) == near for each in grid.header) > 1
    return None if is_taken else near


def _no_column(name: str, columns: Collection[str]) -> Bilingual:
    if closest(name, columns) is None:
        return Bilingual(
            "there is no such column; kg template prints the columns that exist",
            "no existe esa columna; kg template escribe las que hay",
        )
    near = nearest(name, columns)
    return Bilingual(f"there is no such column; {near.en}", f"no existe esa columna; {near.es}")


def _no_record(sheet: str, records: Collection[str]) -> Bilingual:
    if not sheet:
        return Bilingual(
            "this column is missing; it says what each row is, for instance statement",
            "falta esta columna; dice qué es cada fila, por ejemplo statement",
        )
    near = nearest(sheet.strip().lower(), records)
    return Bilingual(
        "this column is missing, and the sheet is not named after a record; name the sheet after one"
        f" ({near.en}), or put {REMARK} before its name if it holds no facts",
        "falta esta columna, y la hoja no lleva el nombre de un registro; póngale el de uno"
        f" ({near.es}), o {REMARK} delante del nombre si no contiene hechos",
    )


def _of_widths(grid: _Grid) -> Iterator[Fault]:
    width = len(grid.header)
    for line, cells in grid.body:
        if len(cells) != width:
            wrong = Bilingual(
                f"this row has {len(cells)} cells and the header {width}; put text that contains the"
                " separator in quotation marks, and do not omit cells",
                f"esta fila tiene {len(cells)} celdas y el encabezado {width}; ponga entre comillas"
                " el texto que"
                " contenga el separador y no omita ninguna celda",
            )
            yield Fault(line, "", "", wrong)
