"""The records of the table: which columns each has, and what its kinds cannot do without."""

from collections.abc import Mapping

from kg.importers.table.columns import Record
from kg.importers.table.records import actors, assessments, claims, happenings, kinds, sources, statements
from kg.importers.table.table import RECORD_COLUMN

RECORDS: Mapping[str, Record] = {
    record.name: record
    for record in (
        sources.SOURCE,
        *actors.RECORDS,
        *kinds.RECORDS,
        *statements.RECORDS,
        *claims.RECORDS,
        *happenings.RECORDS,
        *assessments.RECORDS,
        *sources.SHARED_BY_ROWS,
    )
}

COLUMNS: tuple[str, ...] = (
    RECORD_COLUMN,
    *dict.fromkeys(column.name for record in RECORDS.values() for column in record.columns),
)
"""Every column there is, in the order in which a table of all records has them."""
