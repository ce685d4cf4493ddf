"""Excel workbook writer, for people: a sheet for each table, and sheets that explain them.

Headers are frozen, days are dates, URLs are links. XlsxWriter keeps one row at a time in memory, writes the
same bytes for the same rows, and writes a text that begins with ``=`` as a text.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kg.exports import csv_bundle, data_package, tables
from kg.exports.extract import Extract
from kg.exports.tables import ExportTable, TableSet

MOST_ROWS = 1_048_575
"""Maximum rows of a sheet below its header; further rows go to another sheet."""
MOST_LINKS = 65_000
"""Maximum links in a sheet in Excel."""
LONGEST_TEXT = 32_767
LONGEST_LINK = 2_079
_ROWS_AT_ONCE = 1_000
_LINKED = ("http://", "https://")
_EPOCH = datetime(1980, 1, 1)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the workbook in chunks."""
    with tables.opened(extract) as found:
        path = found.scratch / "regional-diplomacy.xlsx"
        with Workbook(str(path), {**_OPTIONS, "tmpdir": str(found.scratch)}) as book:
            members = dict(extract.edition.members()) if extract.edition else {}
            book.set_properties({"title": members.get("title", ""), "created": _EPOCH})
            writer = _SheetWriter(book)
            writer.explain(found, members)
            for table in found.tables:
                writer.add(found, table)
        yield from csv_bundle.read(path)


class _SheetWriter:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._bold: Format = book.add_format({"bold": True})
        self._link: Format = book.add_format({"font_color": "blue", "underline": 1})

    def explain(self, table_set: TableSet, members: dict[str, str]) -> None:
        """Write the sheets that describe the workbook and each column."""
        about = self._sheet("about", ("", ""), (14, 110))
        rows = [*members.items(), *(("rights", f"{title}: {rights}") for title, rights in table_set.rights)]
        for number, row in enumerate(rows, 1):
            self._write(about, number, row)
        columns = self._sheet("columns", ("table", "column", "meaning"), (22, 26, 110))
        number = 0
        for table in table_set.tables:
            for meaning in (("", table.about), *table.meanings.items()):
                number += 1
                self._write(columns, number, (table.name, *meaning))

    def add(self, table_set: TableSet, table: ExportTable) -> None:
        """Write a table, in several sheets if it has too many rows for one."""
        result = table_set.database.execute(table.query)
        part, row_number, sheet = 1, 0, self._sheet(table.name, tuple(table.columns), ())
        links = MOST_LINKS
        while rows := result.fetchmany(_ROWS_AT_ONCE):
            for row in rows:
                if row_number == MOST_ROWS:
                    part, row_number, links = part + 1, 0, MOST_LINKS
                    sheet = self._sheet(f"{table.name[:27]} {part}", tuple(table.columns), ())
                row_number += 1
                links -= self._write(sheet, row_number, row, may_link=links > len(row))

    def _sheet(self, name: str, columns: Sequence[str], widths: Sequence[int]) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(columns):
            width = widths[number] if widths else max(12, min(len(column) + 2, 30))
            sheet.set_column(number, number, width)
            sheet.write_string(0, number, column, self._bold)
        return sheet

    def _write(self, sheet: Worksheet, number: int, row: Sequence[object], *, may_link: bool = True) -> int:
        """Write a row; return the number of its links."""
        links = 0
        for place, value in enumerate(row):
            match value:
                case None:
                    continue
                case bool():
                    sheet.write_boolean(number, place, value)
                case int() | float() | Decimal():
                    sheet.write_number(number, place, value)
                case date():
                    sheet.write_datetime(number, place, value)
                case _:
                    links += self._write_text(sheet, number, place, value, may_link=may_link)
        return links

    def _write_text(
        self, sheet: Worksheet, number: int, place: int, value: object, *, may_link: bool
    ) -> bool:
        parts = value if isinstance(value, list) else [value]
        text = data_package.SEPARATOR.join(str(part or "") for part in parts)
        if may_link and text.startswith(_LINKED) and " " not in text and len(text) <= LONGEST_LINK:
            sheet.write_url(number, place, text, self._link)
            return True
        sheet.write_string(number, place, text[:LONGEST_TEXT])
        return False
