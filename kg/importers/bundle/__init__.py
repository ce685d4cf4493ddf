"""Bundles of tables, as ``kg export`` writes them: CSV or Parquet files, read back as facts.

A row states the facts of one graph about one record, and returns to that graph; a row without a graph goes to
the graph of the submission. Columns that repeat other rows (labels, dates, sources, words) are ignored.
"""

from pyoxigraph import Quad

from kg.formats import TableFacts, TablePlace
from kg.importers.bundle import archive, facts, rows
from kg.importers.bundle.single_files import refuse_single_table, refuse_workbook
from kg.importers.table.bilingual import Bilingual
from kg.importers.table.faults import Fault, refusal, unreadable
from kg.query.columnar.tables import TABLES

__all__ = ["packed", "read", "refuse_single_table", "refuse_workbook"]

packed = archive.packed

_NO_ROWS = Bilingual(
    "The tables of this bundle have no rows; add at least one.",
    "Las tablas de este paquete no tienen filas; incluya algunos hechos.",
)
_CODED_ROWS = Bilingual(
    "This bundle contains coded rows (coded_occurrences, coded_mentions), which a bundle cannot represent"
    " completely. Export the other graphs (kg export --graph); transfer the coded rows as N-Quads, or import"
    " them again.",
    "Este paquete contiene filas de codificadores (coded_occurrences, coded_mentions), que ningún paquete"
    " devuelve enteras. Exporte los demás grafos (kg export --graph); lleve las filas como N-Quads, o"
    " impórtelas de nuevo.",
)


def read(data: bytes, limit: int) -> TableFacts:
    """Read a zipped bundle of at most ``limit`` bytes.

    Raises TooLarge, or Unreadable with all faults: table, line, column and value of each, and what to do.
    """
    quads: dict[Quad, None] = {}
    places: dict[str, TablePlace] = {}
    faults: list[Fault] = []
    for number, member in enumerate(archive.members(data, limit), 1):
        if member.table in archive.CODED_ROWS:
            if rows.is_filled(member):
                raise unreadable(_CODED_ROWS)
            continue
        table = TABLES[member.table]
        words = facts.words(table)
        for row in rows.of(member, number, faults):
            row_quads = facts.of(table, row, faults)
            quads.update(dict.fromkeys(row_quads))
            place = TablePlace(row.line.number, row.line.sheet, words, row.line.sheet_number)
            if row_quads:
                places.setdefault(str(row_quads[0].subject)[1:-1], place)
    if faults:
        raise refusal(faults)
    if not quads:
        raise unreadable(_NO_ROWS)
    return TableFacts(tuple(quads), places)
