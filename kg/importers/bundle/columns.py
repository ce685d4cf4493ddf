"""Columns of a bundle's tables: those with facts, and those that repeat facts of other rows."""

from kg.query.columnar.record_sql import EVIDENCE, LABEL, LANGUAGE, TIME
from kg.query.columnar.tables import ColumnForm, RecordTable

RECORD, CLASS, GRAPH = "record", "class", "graph"
_REPEATED = ("label", "layer", "claimant", *EVIDENCE)
"""Columns that repeat facts of other rows."""


def names(table: RecordTable) -> list[str]:
    """Return the columns of a table."""
    found = [RECORD, CLASS, GRAPH]
    for column in table.all_columns:
        found.append(column.name)
        if column.form is ColumnForm.IRIS:
            found.append(column.name + LABEL)
        elif column.form.has_language:
            found.append(column.name + LANGUAGE)
    return list(dict.fromkeys([*found, *_REPEATED, *(TIME if table.has_time else ())]))
