"""CSV writer: a bundle of CSV files, one for each table, with a Frictionless data package.

A text that a spreadsheet would evaluate as a formula gets an apostrophe in front, as OWASP advises: cells
contain other people's words. A list is one text with `` | `` between its parts; a bar within a part that
could be mistaken for a separator gets a backslash. ``kg.importers.bundle`` reverses both.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.exports import archive, data_package, tables
from kg.exports.chunks import CHUNK
from kg.exports.extract import Extract
from kg.exports.tables import ExportTable, TableSet
from kg.query.columnar.lines import quoted

BOM = b"\xef\xbb\xbf"
_FORMULA = r"^'*[=+\-@\t\r\n|%]"
_BAR = r" (\\*)\|"
_ESCAPED_BAR = r" \1\\|"


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the archive in chunks."""
    return written(extract, b"")


def written(extract: Extract, mark: bytes) -> Iterator[bytes]:
    """Yield the archive in chunks; each CSV file begins with a mark."""
    with tables.opened(extract) as found:
        description = data_package.describe(found, extract.edition, ".csv", is_text=True)
        files = ((f"{table.name}.csv", _csv(found, table, mark)) for table in found.tables)
        yield from archive.zipped([(data_package.NAME, [description]), *files])


def text_of(name: str, kind: str) -> str:
    """Return SQL for a column as text that no spreadsheet evaluates; numbers and days stay unchanged."""
    column = f'"{name}"'
    if kind.endswith("[]"):
        escaped = f"regexp_replace(coalesce(part, ''), {quoted(_BAR)}, {quoted(_ESCAPED_BAR)}, 'g')"
        parts = f"list_transform({column}, lambda part: {escaped})"
        column = f"array_to_string({parts}, '{data_package.SEPARATOR}')"
    elif kind != "VARCHAR":
        return column
    return f"CASE WHEN regexp_matches({column}, {quoted(_FORMULA)}) THEN '''' || {column} ELSE {column} END"


def _csv(table_set: TableSet, table: ExportTable, mark: bytes) -> Iterable[bytes]:
    path = table_set.scratch / f"{table.name}.csv"
    columns = ", ".join(f'{text_of(name, kind)} AS "{name}"' for name, kind in table.columns.items())
    table_set.database.execute(
        f"COPY (SELECT {columns} FROM ({table.query})) TO {quoted(str(path))} (FORMAT csv, HEADER)"
    )
    yield mark
    yield from read(path)


def read(path: Path) -> Iterator[bytes]:
    """Yield the chunks of a file, then delete it."""
    with path.open("rb") as file:
        yield from iter(lambda: file.read(CHUNK), b"")
    path.unlink()
