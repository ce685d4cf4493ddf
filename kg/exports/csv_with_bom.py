"""CSV writer for spreadsheets: the bundle of CSV files, each with a byte order mark, which marks UTF-8."""

from collections.abc import Iterator

from kg.exports import csv_bundle
from kg.exports.extract import Extract


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the archive in chunks."""
    return csv_bundle.written(extract, csv_bundle.BOM)
