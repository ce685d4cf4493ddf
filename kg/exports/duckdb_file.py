"""DuckDB writer: a database with the tables, comments on each column, and a table ``about`` with metadata."""

from collections.abc import Iterator

from kg.exports import csv_bundle, tables
from kg.exports.extract import Extract
from kg.exports.tables import ExportTable, TableSet
from kg.query.columnar.lines import quoted


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the database in chunks."""
    with tables.opened(extract) as found:
        path = found.scratch / "regional-diplomacy.duckdb"
        found.database.execute(f"ATTACH {quoted(str(path))} AS export (STORAGE_VERSION 'v1.0.0')")
        found.database.execute("SET force_compression = 'dictionary'")  # others are not reproducible
        for table in found.tables:
            _copy(found, table)
        found.database.execute("CREATE TABLE export.about (name VARCHAR, value VARCHAR)")
        members = extract.edition.members() if extract.edition else {}
        for pair in (*members.items(), *(("rights of " + title, rights) for title, rights in found.rights)):
            found.database.execute("INSERT INTO export.about VALUES (?, ?)", pair)
        found.database.execute("DETACH export")
        yield from csv_bundle.read(path)


def _copy(table_set: TableSet, table: ExportTable) -> None:
    table_set.database.execute(f"CREATE TABLE export.{table.name} AS {table.query}")
    table_set.database.execute(f"COMMENT ON TABLE export.{table.name} IS {quoted(table.about)}")
    for name, meaning in table.meanings.items():
        table_set.database.execute(f'COMMENT ON COLUMN export.{table.name}."{name}" IS {quoted(meaning)}')
