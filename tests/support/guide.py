"""The records in the curators' guide, made from the table's own; run as a module, it writes them anew."""

import csv
import io
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from kg.facts.parsing import MAX_BYTES
from kg.importers import table
from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import Column, Record
from kg.importers.table.examples import EXAMPLES
from kg.importers.table.records import COLUMNS, RECORDS
from kg.importers.table.shared_columns import dates, report
from kg.importers.table.sheet import needed
from kg.importers.table.table import RECORD_COLUMN
from kg.turtle import block

GUIDE = Path(__file__).parents[2] / "ontology" / "curation.md"
BEGIN, END = "<!-- begin records -->\n", "<!-- end records -->\n"
TIME, REPORT = dates("it was", "fue"), report()
_ALSO = {
    "time": "[columns for the time](#columns-for-the-time)",
    "report": "[columns for the source](#columns-for-the-source)",
}


def with_records(text: str) -> str:
    """The guide with its records put in."""
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise LookupError("the guide has no place for the records")
    return before + BEGIN + records() + END + after


def records() -> str:
    """Every record: its columns, an example, and the same in Turtle."""
    shared = [
        ("Columns for the time", "When the record of the row took place.", _table(TIME)),
        ("Columns for the source", "Which source supports the record, and in which words.", _table(REPORT)),
    ]
    parts = [f"### {title}\n\n{what}\n\n{columns}\n" for title, what, columns in shared]
    return "".join([*parts, *map(_record, RECORDS.values())])


def _record(record: Record) -> str:
    return (
        f"### `{record.name}`\n\n{record.meaning.en}\n\n{columns_table(record)}\n"
        f"```csv\n{example(record)}```\n\n```turtle\n{in_turtle(record)}```\n\n"
    )


def columns_table(record: Record) -> str:
    """The columns of a record but those that many have, in Markdown; needed ones are marked."""
    names = {column.name for column in record.columns}
    groups = {"time": TIME, "report": REPORT}
    has = [name for name, group in groups.items() if {each.name for each in group} <= names]
    shared = {column.name: column for name in has for column in groups[name]}
    own = [column for column in record.columns if not _is_shared(column, shared)]
    also = " and the ".join(_ALSO[name] for name in has)
    return _table(own, record) + (f"\nAlso the {also}.\n" if has else "")


def _is_shared(column: Column, shared: dict[str, Column]) -> bool:
    same = shared.get(column.name)
    return same is not None and (same in TIME or same == column)


def _table(columns: tuple[Column, ...] | list[Column], record: Record | None = None) -> str:
    rows = ["| column | what for | holds | needed |", "| --- | --- | --- | --- |"]
    for column in columns:
        said = needed(record or RECORDS["event"], column) or Bilingual("", "")
        rows.append(f"| `{column.name}` | {column.meaning.en} | {column.hint.en} | {said.en} |")
    return "\n".join(rows) + "\n"


def example(record: Record) -> str:
    """The first example of a record, with the rows that it needs beside it."""
    first, *others = EXAMPLES[record.name]
    rows = [{RECORD_COLUMN: record.name, **each} for each in (first, *filter(_is_beside, others))]
    used = {name for row in rows for name in row}
    buffer = io.StringIO()
    writer = csv.DictWriter(
        buffer, [name for name in COLUMNS if name in used], restval="", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _is_beside(row: object) -> bool:
    return isinstance(row, dict) and RECORD_COLUMN in row


def in_turtle(record: Record) -> str:
    """What an example says, in Turtle."""
    return "".join(_blocks(record))


def _blocks(record: Record) -> Iterator[str]:
    quads = table.read(example(record).encode(), MAX_BYTES).quads
    places = {quad.subject: number for number, quad in reversed([*enumerate(quads)])}
    for _, described in groupby(sorted(quads, key=lambda quad: places[quad.subject]), lambda q: q.subject):
        yield block(list(described))


if __name__ == "__main__":
    GUIDE.write_text(with_records(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
