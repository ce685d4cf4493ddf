"""Output of answers: as a table on a terminal, otherwise in the requested format or a plain one."""

import csv
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg.cli import output
from kg.client.access import Answer, result_of
from kg.errors import BadInput
from kg.formats import RDF_FORMATS, RESULT_FORMATS, from_name
from kg.query.results.labelled import SUFFIX, label_of

if TYPE_CHECKING:
    from kg.client.results import Result

_JSON, _TSV = RESULT_FORMATS["json"].media_type, RESULT_FORMATS["tsv"].media_type
_TURTLE = RDF_FORMATS["turtle"].media_type
_FOR_PEOPLE = f"{_JSON}, {_TURTLE};q=0.9"
_FOR_PROGRAMS = f"{_TSV}, {_TURTLE};q=0.9, {_JSON};q=0.8"


def accept(format_name: str | None) -> str:
    """Return the Accept header for an answer to be shown in a format."""
    if is_table(format_name):
        return _FOR_PEOPLE
    if format_name is None:
        return _FOR_PROGRAMS
    return from_name(format_name, {**RESULT_FORMATS, **RDF_FORMATS}).media_type


def show(answer: Answer, format_name: str | None) -> None:
    """Show the answer of a query and its warnings."""
    for sentence in answer.understood:
        output.print_message(sentence)
    for warning in answer.warnings:
        output.print_message(f"Warning: {warning}")
    if answer.media_type != _JSON or format_name not in (None, "table"):
        output.send(answer.write)
        return
    from kg.client.results import shown

    with output.working("Reading the answer"):
        result = result_of(answer)
    if result.truth is not None:
        output.line(str(result.truth).lower())
        return
    columns = [name for name in result.variables if _labelled(name) not in result.variables]
    rows = [[shown(term) if (term := row[name]) else "" for name in columns] for row in result.terms()]
    output.table(columns, rows, _names(result))


def show_rows(columns: Sequence[str], rows: Sequence[Sequence[str]], format_name: str | None) -> None:
    """Show rows that are not a query's answer."""
    if is_table(format_name):
        output.table(columns, rows)
    elif format_name == "json":
        output.line(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False))
    elif format_name == "csv":
        table = io.StringIO()
        csv.writer(table, lineterminator="\n").writerows([columns, *rows])
        output.send(lambda file: file.writelines([table.getvalue().encode()]))
    elif format_name in (None, "tsv"):
        output.send(lambda file: file.writelines(f"{_tabbed(row)}\n".encode() for row in [columns, *rows]))
    else:
        raise BadInput(f"The format {format_name!r} is not available for this; use table, tsv, csv or json.")


def is_table(format_name: str | None) -> bool:
    """Return True if an answer is shown as a table on a terminal."""
    return format_name == "table" or (format_name is None and output.on_terminal())


def _labelled(column: str) -> str | None:
    """Return the column to which a label column belongs; None for another column."""
    return column.removesuffix(SUFFIX) if column.endswith(SUFFIX) else None


def _names(result: "Result") -> dict[str, str]:
    """Return the label of each IRI, by the text with which a table shows the IRI."""
    from kg.client.results import shown

    pairs = [(name, label_of(name)) for name in result.variables if label_of(name) in result.variables]
    return {
        shown(term): label.value
        for row in result.terms()
        for name, beside in pairs
        if isinstance(term := row[name], NamedNode) and isinstance(label := row[beside], Literal)
    }


def _tabbed(row: Sequence[str]) -> str:
    return "\t".join(" ".join(cell.split()) for cell in row)
