"""Workbooks that tests make."""

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

Cells = Sequence[Sequence[object]]


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def book_of(sheets: Mapping[str, Cells]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def cells_of(*rows: Mapping[str, object], but: tuple[str, ...] = ()) -> Cells:
    header = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in but]
    return [header, *([row.get(name) for name in header] for row in rows)]
