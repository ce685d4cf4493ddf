"""Rows of drafts: the table that they make, and the line of each in it."""

import csv
import io
from collections.abc import Sequence

from kg.importers.drafts.draft import Cells
from kg.importers.table.records import COLUMNS
from kg.importers.table.table import RECORD_COLUMN


def table(rows: Sequence[Cells]) -> tuple[str, list[int]]:
    """Return rows as the curators' table, and the line on which each begins."""
    used = {name for row in rows for name in row}
    header = [name for name in COLUMNS if name in used] or [RECORD_COLUMN]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header, restval="", lineterminator="\n")
    writer.writeheader()
    lines = []
    line = 2
    for row in rows:
        lines.append(line)
        writer.writerow(row)
        line = buffer.getvalue().count("\n") + 1
    return buffer.getvalue(), lines
