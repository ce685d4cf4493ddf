"""Arrow writer: a bundle of Arrow IPC files (Feather), one for each table, with a data package.

Requires the extra ``arrow``, which installs pyarrow.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.errors import NotAcceptable
from kg.exports import archive, csv_bundle, data_package, tables
from kg.exports.edition import Edition
from kg.exports.extract import Extract
from kg.exports.tables import ExportTable, TableSet

if TYPE_CHECKING:
    import pyarrow

_ROWS_AT_ONCE = 50_000


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the archive in chunks; raises NotAcceptable if pyarrow is not installed."""
    try:
        import pyarrow  # noqa: F401  # told before the first chunk
    except ImportError:
        raise NotAcceptable(
            "Arrow needs pyarrow: install regional-diplomacy[arrow], or ask for parquet."
        ) from None
    return _archive(extract)


def _archive(extract: Extract) -> Iterator[bytes]:
    with tables.opened(extract) as found:
        description = data_package.describe(found, extract.edition, ".arrow", is_text=False)
        files = ((f"{table.name}.arrow", _arrow(found, table, extract.edition)) for table in found.tables)
        yield from archive.zipped([(data_package.NAME, [description]), *files])


def _arrow(table_set: TableSet, table: ExportTable, edition: Edition | None) -> Iterable[bytes]:
    import pyarrow

    path = table_set.scratch / f"{table.name}.arrow"
    reader: pyarrow.RecordBatchReader = table_set.database.sql(table.query).to_arrow_reader(_ROWS_AT_ONCE)
    schema = reader.schema.with_metadata(dict(edition.members()) if edition else {})
    with pyarrow.OSFile(str(path), "wb") as file, pyarrow.ipc.new_file(file, schema) as output:
        for batch in reader:
            columns = [_settled(column) for column in batch.columns]
            output.write_batch(pyarrow.RecordBatch.from_arrays(columns, schema=schema))
    return csv_bundle.read(path)


def _settled(column: "pyarrow.Array") -> "pyarrow.Array":
    """Replace missing values' bytes by zeros, because DuckDB leaves arbitrary ones."""
    import pyarrow
    from pyarrow import compute

    if column.null_count == 0 or not pyarrow.types.is_primitive(column.type):
        return column
    filled = compute.fill_null(column, pyarrow.scalar(0, pyarrow.int32()).cast(column.type))
    present = compute.is_valid(column).buffers()[1]
    return pyarrow.Array.from_buffers(
        column.type, len(column), [present, filled.buffers()[1]], column.null_count
    )
