"""CSV reader: encoding, separator, lines of cells."""

import csv
import io
import re
from collections.abc import Iterator

from kg.importers.table.bilingual import Bilingual
from kg.importers.table.faults import TableLine, unreadable
from kg.importers.table.table import LONGEST_CELL, Sheet

SEPARATORS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r'"?sep=([,;|\t])"?[,;|\t]*+(?:\r\n?|\n|\Z)', re.IGNORECASE)
"""A first line with which spreadsheet programs declare the separator."""
_BYTE_ORDER_MARK = "\ufeff"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def sheet(data: bytes) -> Sheet:
    """Return the lines of a UTF-8 table; raises Unreadable, with the line, here or while they are read."""
    return Sheet(_lines(_text(data)))


def _text(data: bytes) -> str:
    """Decode a table; raises Unreadable if it is not UTF-8 text."""
    if data.startswith(_UTF_16):
        raise unreadable(
            Bilingual(
                "This text is in UTF-16; save the table as CSV in UTF-8.",
                "Este texto está en UTF-16; guarde la tabla como CSV en UTF-8.",
            )
        )
    if (place := data.find(b"\0")) >= 0:
        line = data.count(b"\n", 0, place) + 1
        raise unreadable(
            Bilingual(
                f"Line {line} contains a NUL byte, which no text may contain; remove it.",
                f"En la línea {line} hay un byte NUL, que ningún texto contiene; quítelo.",
            ),
            line,
        )
    try:
        return data.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise unreadable(
            Bilingual(
                f"In line {line}: this is not UTF-8; save it as CSV in UTF-8.",
                f"En la línea {line}: esto no es UTF-8; guárdela como CSV en UTF-8.",
            ),
            line,
        ) from None


def _lines(text: str) -> Iterator[tuple[TableLine, list[str]]]:
    """Yield the rows, each with its first line number; raises Unreadable for broken quoting."""
    match = _SEPARATOR_LINE.match(text)
    before = 1 if match else 0
    body = text[match.end() :] if match else text
    separator = match[1] if match else _separator(text)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
    begins = before + 1
    try:
        for cells in reader:
            if cells:
                yield TableLine(begins), cells
            begins = before + reader.line_num + 1
    except csv.Error as fault:
        reason = _reason(fault)
        sentence = Bilingual(f"In line {begins}: {reason.en}.", f"En la línea {begins}: {reason.es}.")
        raise unreadable(sentence, begins) from None


def _separator(text: str) -> str:
    """Return the separator: the candidate that occurs most often in the header."""
    header = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"', "", header)
    return max(SEPARATORS, key=unquoted.count)


def _reason(fault: csv.Error) -> Bilingual:
    message = str(fault)
    if "field larger" in message:
        return Bilingual(
            f"a cell is longer than {LONGEST_CELL:,} characters; shorten it",
            f"una celda pasa de {LONGEST_CELL:,} caracteres; acórtela",
        )
    if "unexpected end" in message:
        return Bilingual(
            "an opening quotation mark is not closed; close it, or double it inside a text",
            "unas comillas abren una celda y no se cierran; ciérrelas, o escríbalas dobles dentro de"
            " un texto",
        )
    return Bilingual(
        'after a closing quotation mark the cell must end; write a quotation mark within a cell twice ("")',
        'tras las comillas de cierre acaba la celda; dentro de una celda escriba las comillas dobles ("")',
    )
