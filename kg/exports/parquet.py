"""Parquet writer: a bundle of Parquet files, one for each table, with a data package."""

from collections.abc import Iterable, Iterator

from kg.exports import archive, csv_bundle, data_package, tables
from kg.exports.edition import Edition
from kg.exports.extract import Extract
from kg.exports.tables import ExportTable, TableSet
from kg.query.columnar.lines import quoted


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the archive in chunks."""
    with tables.opened(extract) as found:
        description = data_package.describe(found, extract.edition, ".parquet", is_text=False)
        files = ((f"{table.name}.parquet", _parquet(found, table, extract.edition)) for table in found.tables)
        yield from archive.zipped([(data_package.NAME, [description]), *files])


def _parquet(table_set: TableSet, table: ExportTable, edition: Edition | None) -> Iterable[bytes]:
    path = table_set.scratch / f"{table.name}.parquet"
    members = edition.members() if edition else {}
    metadata = ", ".join(f"{name}: {quoted(value)}" for name, value in members.items())
    options = f"FORMAT parquet, COMPRESSION zstd{f', KV_METADATA {{{metadata}}}' if metadata else ''}"
    table_set.database.execute(f"COPY ({table.query}) TO {quoted(str(path))} ({options})")
    return csv_bundle.read(path)
