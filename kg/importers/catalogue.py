"""Catalogue of input formats: RDF, the curators' table as text or workbook, bundles of tables.

Lower packages read any table through ``TableFormat.read``, so they need not import an importer.
"""

from collections.abc import Mapping

from kg.formats import RDF_FORMATS, FactsFormat, TableFacts, TableFormat


def _read_table(data: bytes, limit: int) -> TableFacts:
    from kg.importers import bundle, table  # most commands do not read tables

    bundle.refuse_single_table(data)
    return table.read_sound(data, limit)


def _read_workbook(data: bytes, limit: int) -> TableFacts:
    from kg.importers import bundle, table

    bundle.refuse_workbook(data)
    return table.read_sound(data, limit, is_workbook=True)


def _read_bundle(data: bytes, limit: int) -> TableFacts:
    from kg.importers import bundle

    return bundle.read(data, limit)


TABLE = TableFormat("csv", ("text/csv", "text/tab-separated-values"), (".csv", ".tsv"), _read_table)

WORKBOOK = TableFormat(
    "xlsx",
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    (".xlsx",),
    _read_workbook,
)

BUNDLE = TableFormat("bundle", ("application/zip",), (".zip",), _read_bundle)

FACTS_FORMATS: Mapping[str, FactsFormat] = {
    **RDF_FORMATS,
    **{each.name: each for each in (TABLE, WORKBOOK, BUNDLE)},
}
