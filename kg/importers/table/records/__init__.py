"""Records of the table: the columns of each, and those that its kinds require."""

from collections.abc import Mapping

from kg.importers.table.columns import Record
from kg.importers.table.records import actors, assessments, claims, happenings, kinds, sources, statements
from kg.importers.table.table import RECORD_COLUMN

_NEVER_ADDED_TO = frozenset(
    {"kind", "claim", "account", "object", "inscription", "quantity", "passage", "time", "report"}
)
"""Records to which other submissions cannot add."""

RECORDS: Mapping[str, Record] = {
    record.name: record if record.name in _NEVER_ADDED_TO else record.may_be_added_to()
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
"""All columns, in the order of a table of all records."""
