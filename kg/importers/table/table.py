"""Reads a table out of bytes: encoding, separator, header, rows. What its cells mean is not known here."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from kg.errors import TooLarge, Unreadable
from kg.importers.table.faults import Fault, nearest, refusal

MAX_ROWS = 5_000
SEPARATORS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r'"?sep=([,;|\t])"?[,;|\t]*+(?:\r\n?|\n|\Z)', re.IGNORECASE)
"""A first line by which spreadsheet programs tell each other the separator."""
REMARK = "#"
"""A row whose first cell begins so is a remark."""

_LONGEST_CELL = 1 << 17  # what the csv module takes, unless a program sets it otherwise
_BYTE_ORDER_MARK = "\ufeff"
_SPREADSHEET = b"PK\x03\x04"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class TableRow:
    """One row: the line on which it begins, and its filled cells by column, as they were written."""

    line: int
    cells: dict[str, str]


def rows(data: bytes, columns: Collection[str], limit: int) -> list[TableRow]:
    """Read the rows of a table whose header names some of the columns.

    Raises TooLarge, or Unreadable with the line and, where the table can be gone on with, all its faults.
    """
    if len(data) > limit:
        raise TooLarge(f"This is a table of {len(data):,} bytes, and {limit:,} are taken at once; split it.")
    lines = _lines(_text(data))
    first = next(lines, None)
    if first is None:
        raise Unreadable("The table is empty; its first line names the columns (kg template prints them).")
    header = _header(first[1])
    body = list(_body(lines))
    faults = [*_of_header(first[0], header, columns, body), *_of_rows(len(header), body)]
    if faults:
        raise refusal(faults)
    return [TableRow(line, _filled(header, cells)) for line, cells in body if any(map(str.strip, cells))]


def _text(data: bytes) -> str:
    """Decode a table; raises Unreadable for what is no text in UTF-8."""
    if data.startswith(_SPREADSHEET):
        raise Unreadable("This is a spreadsheet file; save it as CSV in UTF-8, and send that.")
    if data.startswith(_UTF_16):
        raise Unreadable("This text is in UTF-16; save the table as CSV in UTF-8.")
    if (place := data.find(b"\0")) >= 0:
        line = data.count(b"\n", 0, place) + 1
        raise Unreadable(f"In line {line} stands a NUL byte, which no text holds; remove it.", line=line)
    try:
        return data.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise Unreadable(f"In line {line}: this is not UTF-8; save it as CSV in UTF-8.", line=line) from None


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the line on which each begins; raises Unreadable where the quoting is broken."""
    told = _SEPARATOR_LINE.match(text)
    before = 1 if told else 0
    body = text[told.end() :] if told else text
    separator = told[1] if told else _separator(text)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
    begins = before + 1
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = before + reader.line_num + 1
    except csv.Error as fault:
        raise Unreadable(f"In line {begins}: {_reason(fault)}.", line=begins) from None


def _separator(text: str) -> str:
    """Find what separates cells: of the three the one that stands most often in the header."""
    header = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"', "", header)
    return max(SEPARATORS, key=unquoted.count)


def _reason(fault: csv.Error) -> str:
    said = str(fault)
    if "field larger" in said:
        return f"a cell is longer than {_LONGEST_CELL:,} characters; shorten it"
    if "unexpected end" in said:
        return "a quotation mark opens a cell and is never closed; close it, or write it twice within a text"
    return 'after a closing quotation mark the cell must end; write a quotation mark within a cell twice ("")'


def _header(cells: Sequence[str]) -> list[str]:
    return [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in cells]


def _body(lines: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are no remarks; raises TooLarge for too many."""
    for number, (line, cells) in enumerate(lines):
        if number == MAX_ROWS:
            raise TooLarge(f"The table has more than {MAX_ROWS:,} rows; split it.", line=line)
        if not cells[0].lstrip().startswith(REMARK):
            yield line, cells


def _of_header(
    line: int, header: Sequence[str], columns: Collection[str], body: Sequence[tuple[int, list[str]]]
) -> Iterator[Fault]:
    if "record" not in header:
        yield Fault(
            line, "record", "", "this column is missing; it says what each row is, for instance statement"
        )
    for place, name in enumerate(header):
        if name and name in header[:place]:
            yield Fault(line, name, "", "this column stands twice in the header; keep one")
        elif name and name not in columns:
            yield Fault(line, name, "", f"there is no such column; {_nearest_column(name, columns)}")
        elif not name and any(len(cells) > place and cells[place].strip() for _, cells in body):
            yield Fault(
                line, "", "", f"column number {place + 1} holds values and has no name; name it in the header"
            )


def _nearest_column(name: str, columns: Collection[str]) -> str:
    said = nearest(name, columns)
    return said if said.startswith("the nearest") else "kg template prints those there are"


def _of_rows(width: int, body: Sequence[tuple[int, list[str]]]) -> Iterator[Fault]:
    for line, cells in body:
        if len(cells) != width:
            yield Fault(
                line,
                "",
                "",
                f"this row has {len(cells)} cells and the header {width}; put a text that holds the separator"
                " in quotation marks, and leave no cell out",
            )


def _filled(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(header, cells, strict=True) if name and cell.strip()}
