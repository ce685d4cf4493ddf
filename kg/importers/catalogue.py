"""The formats that facts are read from: every format of RDF, and the curators' table.

Packages below this one read any table through ``TableFormat.read``, so they need not import an importer.
"""

from collections.abc import Mapping

from kg.formats import RDF_FORMATS, FactsFormat, TableFacts, TableFormat


def _read_table(data: bytes, limit: int) -> TableFacts:
    from kg.importers import table  # most commands read no table

    return table.read(data, limit)


TABLE = TableFormat("csv", ("text/csv", "text/tab-separated-values"), (".csv", ".tsv"), _read_table)

FACTS_FORMATS: Mapping[str, FactsFormat] = {**RDF_FORMATS, TABLE.name: TABLE}
