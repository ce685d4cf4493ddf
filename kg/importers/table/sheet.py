"""The curators' empty table, with example rows of each record, and the explanation of its columns."""

import csv
import io
from collections.abc import Iterator, Mapping

from kg.errors import NotFound
from kg.importers.table import term_columns
from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import GROUNDS, Column, Record
from kg.importers.table.examples import EXAMPLES
from kg.importers.table.faults import nearest
from kg.importers.table.needed_for import NEEDED_FOR
from kg.importers.table.records import COLUMNS, RECORDS
from kg.importers.table.release_words import released
from kg.importers.table.table import RECORD_COLUMN
from kg.importers.table.values import Class, Kind
from kg.iris import compact

_NEEDED = Bilingual("yes", "sí")
_NEEDED_OR_REPORTED = Bilingual(
    "yes, or a row of record `report` that names it", "sí, o una fila `report` que lo nombre"
)
_MARKS = {None: " ", _NEEDED: "*", _NEEDED_OR_REPORTED: "+"}
_BY_KIND = "o"
_NEEDED_FOR = Bilingual("needed for", "necesario para")
_LEGEND = Bilingual(
    "* is required in every row, + in every row that no row of record report names, o for the listed kinds.",
    "* es necesario en cada fila, + en cada fila que no nombre ninguna fila de report, o para los tipos"
    " que se nombran.",
)


def text(record: str | None = None, *, has_examples: bool = True) -> str:
    """Return the table: the columns of one record, or of all, and example rows to replace.

    Raises NotFound for an unknown record.
    """
    rows = [
        {RECORD_COLUMN: each.name, **example} for each in _chosen(record) for example in EXAMPLES[each.name]
    ]
    example_rows = rows if has_examples else []
    own = COLUMNS if record is None else tuple(column.name for column in RECORDS[record].columns)
    used = {name for row in example_rows for name in row}
    header = dict.fromkeys((RECORD_COLUMN, *own, *(name for name in COLUMNS if name in used)))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(example_rows)
    return buffer.getvalue()


def explanation(record: str | None = None, language: str = "en") -> str:
    """Return an explanation of each column, its property, and each kind, by record."""
    return "\n".join("\n".join(_explained(each, language)) for each in _chosen(record))


def needed(record: Record, column: Column) -> Bilingual | None:
    """Return whether a column is required, or for which kinds; None if it is optional."""
    if not column.is_required:
        return NEEDED_FOR.get((record.name, column.name))
    return _NEEDED_OR_REPORTED if record.is_reported and column.name in GROUNDS else _NEEDED


def _explained(record: Record, language: str) -> Iterator[str]:
    yield f"{record.name}: {record.meaning.in_language(language)}\n"
    width = max(len(column.name) for column in record.columns)
    for column in record.columns:
        mark = _MARKS.get(needed(record, column), _BY_KIND)
        becomes = ", ".join(compact(term.value) for term in term_columns.becomes(record, column.name))
        meaning, hint = column.meaning.in_language(language), column.hint.in_language(language)
        entry = f"{meaning} ({hint}){f' -> {becomes}' if becomes else ''}"
        yield f"  {mark} {column.name.ljust(width)}  {entry}{_for_kinds(record, column, language)}".replace(
            "`", ""
        )
    yield f"\n  {_LEGEND.in_language(language)}\n"
    for name, kinds in lists(record).items():
        yield f"  {name}:"
        yield from (f"    {kind}: {_what(kind, language)}".rstrip(": ") for kind in sorted(kinds))
        yield ""


def _for_kinds(record: Record, column: Column, language: str) -> str:
    kinds = NEEDED_FOR.get((record.name, column.name))
    return f"; {_NEEDED_FOR.in_language(language)}: {kinds.in_language(language)}" if kinds else ""


def _what(kind: str, language: str) -> str:
    explained = released().explained.get(kind)
    return explained.in_language(language) if explained else ""


def lists(record: Record) -> Mapping[str, frozenset[str]]:
    """Return the lists of kinds, and the classes, that the columns of a record use."""
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
        near = nearest(record, RECORDS)
        sentence = {
            "en": f"There is no record {record!r} in the template; {near.en}.",
            "es": f"No hay un registro {record!r} en la plantilla; {near.es}.",
        }
        raise NotFound(sentence["en"], sentence=sentence)
    return [RECORDS[record]]
