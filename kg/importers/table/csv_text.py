"""Reads a table out of text: encoding, separator, lines of cells."""

import csv
import io
import re
from collections.abc import Iterator

from kg.errors import Unreadable
from kg.importers.table.faults import TableLine
from kg.importers.table.table import LONGEST_CELL, Sheet

SEPARATORS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r'"?sep=([,;|\t])"?[,;|\t]*+(?:\r\n?|\n|\Z)', re.IGNORECASE)
"""A first line by which spreadsheet programs tell each other the separator."""
_BYTE_ORDER_MARK = "\ufeff"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def sheet(data: bytes) -> Sheet:
    """Return the lines of a table in UTF-8; raises Unreadable, with the line, here or as they are read."""
    return Sheet(_lines(_text(data)))


def _text(data: bytes) -> str:
    """Decode a table; raises Unreadable for what is no text in UTF-8."""
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


def _lines(text: str) -> Iterator[tuple[TableLine, list[str]]]:
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
                yield TableLine(begins), cells
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
        return f"a cell is longer than {LONGEST_CELL:,} characters; shorten it"
    if "unexpected end" in said:
        return "a quotation mark opens a cell and is never closed; close it, or write it twice within a text"
    return 'after a closing quotation mark the cell must end; write a quotation mark within a cell twice ("")'
