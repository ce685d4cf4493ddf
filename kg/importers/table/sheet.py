"""The empty table for curators, with an example row of each record, and the explanation of its columns."""

import csv
import io
from collections.abc import Iterator, Mapping

from kg.errors import NotFound
from kg.importers.table import term_columns
from kg.importers.table.columns import Record
from kg.importers.table.examples import EXAMPLES
from kg.importers.table.faults import nearest
from kg.importers.table.records import COLUMNS, RECORDS
from kg.importers.table.table import RECORD_COLUMN
from kg.importers.table.values import Class, Kind, released
from kg.iris import compact


def text(record: str | None = None, *, has_examples: bool = True) -> str:
    """Write the table: the columns of one record, or of all, and rows to be replaced by one's own.

    Raises NotFound for a record that there is not.
    """
    chosen = _chosen(record)
    header = COLUMNS if record is None else (RECORD_COLUMN, *(each.name for each in RECORDS[record].columns))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header, restval="", lineterminator="\n")
    writer.writeheader()
    for each in chosen if has_examples else ():
        for example in EXAMPLES[each.name]:
            writer.writerow({RECORD_COLUMN: each.name, **example})
    return buffer.getvalue()


def explanation(record: str | None = None) -> str:
    """Say what each column is for and which property it becomes, and what each kind is, record by record."""
    return "\n".join("\n".join(_explained(each)) for each in _chosen(record))


def columns_table(record: Record) -> str:
    """Write the columns of a record as a table in Markdown; needed ones are marked."""
    rows = ["| column | what for | holds | needed |", "| --- | --- | --- | --- |"]
    for column in record.columns:
        needed = "yes" if column.is_required else ""
        rows.append(f"| `{column.name}` | {column.meaning} | {column.hint} | {needed} |")
    return "\n".join(rows) + "\n"


def _explained(record: Record) -> Iterator[str]:
    yield f"{record.name}: {record.meaning}\n"
    width = max(len(column.name) for column in record.columns)
    for column in record.columns:
        mark = "*" if column.is_required else " "
        becomes = ", ".join(compact(term.value) for term in term_columns.becomes(record, column.name))
        said = f"{column.meaning} ({column.hint}){f' -> {becomes}' if becomes else ''}".replace("`", "")
        yield f"  {mark} {column.name.ljust(width)}  {said}"
    yield "\n  * is needed in every row.\n"
    for name, kinds in _lists(record).items():
        yield f"  {name}:"
        yield from (
            f"    {kind}: {released().explained.get(kind, '')}".rstrip(": ") for kind in sorted(kinds)
        )
        yield ""


def _lists(record: Record) -> Mapping[str, frozenset[str]]:
    """Give the lists of kinds, and the classes, that the columns of a record draw on."""
    found: dict[str, frozenset[str]] = {}
    for column in record.columns:
        if isinstance(column.reads, Kind):
            found |= {name: released().kinds[name] for name in column.reads.lists}
        elif isinstance(column.reads, Class):
            found[column.name] = column.reads.known
    return found


def _chosen(record: str | None) -> list[Record]:
    if record is None:
        return list(RECORDS.values())
    if record not in RECORDS:
        raise NotFound(f"There is no record {record!r} in the template; {nearest(record, RECORDS)}.")
    return [RECORDS[record]]
