"""Rows of a table, whether text or workbook: header, widths, remarks. What cells mean is not known here."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.errors import TooLarge, Unreadable
from kg.importers.table.faults import Fault, TableLine, nearest, refusal

MAX_ROWS = 5_000
REMARK = "#"
"""A row whose first cell begins so is a remark, and so is a sheet with such a name."""
RECORD_COLUMN = "record"
LONGEST_CELL = 1 << 17  # what the csv module takes, unless a program sets it otherwise


@dataclass(frozen=True)
class TableRow:
    """One row: the line on which it begins, and its filled cells by column, as they were written."""

    line: TableLine
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """Lines of cells, the first of which names the columns; a sheet of a workbook has a name."""

    lines: Iterable[tuple[TableLine, list[str]]]
    name: str = ""
    faults: Sequence[Fault] = ()
    """What was wrong with single cells as they were read."""


@dataclass(frozen=True)
class _Grid:
    """A sheet that was read: its header, its rows, and the record that its name says they are."""

    begin: TableLine
    header: Sequence[str]
    body: Sequence[tuple[TableLine, list[str]]]
    record: str | None

    def rows(self) -> Iterator[TableRow]:
        """Yield what is filled."""
        for line, cells in self.body:
            filled = {
                name: cell for name, cell in zip(self.header, cells, strict=True) if name and cell.strip()
            }
            if filled:
                yield TableRow(line, {RECORD_COLUMN: self.record, **filled} if self.record else filled)


def rows(sheets: Iterable[Sheet], columns: Collection[str], records: Collection[str]) -> list[TableRow]:
    """Read the rows of sheets whose headers name some of the columns.

    A sheet without a column ``record`` has the name of a record. Raises TooLarge, or Unreadable with the line
    and, where the table can be gone on with, all its faults.
    """
    faults: list[Fault] = []
    grids: list[_Grid] = []
    for sheet in sheets:
        faults += sheet.faults
        grid = _grid(sheet, sum(len(each.body) for each in grids), records)
        if grid is not None:
            grids.append(grid)
            faults += [*_of_header(grid, columns, sheet.name, records), *_of_widths(grid)]
    if not grids:
        raise Unreadable("The table is empty; its first line names the columns (kg template prints them).")
    if faults:
        raise refusal(faults)
    return [row for grid in grids for row in grid.rows()]


def _grid(sheet: Sheet, before: int, records: Collection[str]) -> _Grid | None:
    """Read a sheet after so many rows of others; None where it is empty."""
    lines = iter(sheet.lines)
    first = next(lines, None)
    if first is None:
        return None
    header = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in first[1]]
    body = list(_body(lines, before))
    if sheet.name:  # a workbook keeps no empty cells at the end of a row
        width = max((len(header), *(len(cells) for _, cells in body)))
        header = _widened(header, width)
        body = [(line, _widened(cells, width)) for line, cells in body]
    name = sheet.name.strip().lower()
    is_of_one = RECORD_COLUMN not in header and name in records
    return _Grid(first[0], header, body, name if is_of_one else None)


def _widened(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _body(lines: Iterator[tuple[TableLine, list[str]]], before: int) -> Iterator[tuple[TableLine, list[str]]]:
    """Yield the rows that are no remarks; raises TooLarge for too many."""
    for number, (line, cells) in enumerate(lines, before):
        if number == MAX_ROWS:
            raise TooLarge(f"The table has more than {MAX_ROWS:,} rows; split it.", **line.members())
        if not cells[0].lstrip().startswith(REMARK):
            yield line, cells


def _of_header(
    grid: _Grid, columns: Collection[str], sheet: str, records: Collection[str]
) -> Iterator[Fault]:
    line, header = grid.begin, grid.header
    if RECORD_COLUMN not in header and grid.record is None:
        yield Fault(line, RECORD_COLUMN, "", _no_record(sheet, records))
    for place, name in enumerate(header):
        if name and name in header[:place]:
            yield Fault(line, name, "", "this column stands twice in the header; keep one")
        elif name and name not in columns:
            yield Fault(line, name, "", f"there is no such column; {_nearest_column(name, columns)}")
        elif not name and any(len(cells) > place and cells[place].strip() for _, cells in grid.body):
            yield Fault(
                line, "", "", f"column number {place + 1} holds values and has no name; name it in the header"
            )


def _no_record(sheet: str, records: Collection[str]) -> str:
    if not sheet:
        return "this column is missing; it says what each row is, for instance statement"
    return (
        "this column is missing, and the sheet is not named after a record; name the sheet after one"
        f" ({nearest(sheet.strip().lower(), records)}), or put {REMARK} before its name if it holds no facts"
    )


def _nearest_column(name: str, columns: Collection[str]) -> str:
    said = nearest(name, columns)
    return said if said.startswith("the nearest") else "kg template prints those there are"


def _of_widths(grid: _Grid) -> Iterator[Fault]:
    width = len(grid.header)
    for line, cells in grid.body:
        if len(cells) != width:
            yield Fault(
                line,
                "",
                "",
                f"this row has {len(cells)} cells and the header {width}; put a text that holds the separator"
                " in quotation marks, and leave no cell out",
            )
