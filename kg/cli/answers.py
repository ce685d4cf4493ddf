"""Shows answers: as a table on a terminal, otherwise in the format asked for or a plain one."""

import csv
import io
import json
import os
from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from kg.changes import Object
from kg.cli import output
from kg.client.access import Access, Answer, result_of
from kg.errors import BadInput, KGError
from kg.formats import RDF_FORMATS, RESULT_FORMATS, from_name
from kg.terms import DCTERMS, DIP, RDFS, SKOS

_JSON, _TSV = RESULT_FORMATS["json"].media_type, RESULT_FORMATS["tsv"].media_type
_TURTLE = RDF_FORMATS["turtle"].media_type
_FOR_PEOPLE = f"{_JSON}, {_TURTLE};q=0.9"
_FOR_PROGRAMS = f"{_TSV}, {_TURTLE};q=0.9, {_JSON};q=0.8"
_NAMES = "|".join(map(str, (RDFS.LABEL, SKOS.PREF_LABEL, DCTERMS.TITLE, DIP.DATE_AS_WRITTEN)))
_MOST_NAMED = 500
"""IRIs of a table whose labels are looked up."""


def accept(format_name: str | None) -> str:
    """Return the Accept header for an answer that can be shown in a format."""
    if _is_table(format_name):
        return _FOR_PEOPLE
    if format_name is None:
        return _FOR_PROGRAMS
    return from_name(format_name, {**RESULT_FORMATS, **RDF_FORMATS}).media_type


def show(access: Access, answer: Answer, format_name: str | None) -> None:
    """Show the answer of a query, and its warnings."""
    for warning in answer.warnings:
        output.talk(f"Warning: {warning}")
    if answer.media_type != _JSON or format_name not in (None, "table"):
        output.send(answer.write)
        return
    from kg.client.results import shown

    with output.working("Reading the answer"):
        result = result_of(answer)
    if result.truth is not None:
        output.line(str(result.truth).lower())
        return
    terms = [list(row.values()) for row in result.terms()]
    rows = [[shown(term) if term else "" for term in row] for row in terms]
    iris = {term.value: shown(term) for row in terms for term in row if isinstance(term, NamedNode)}
    output.table(
        result.variables, rows, {iris[iri]: label for iri, label in _labels(access, list(iris)).items()}
    )


def show_rows(columns: Sequence[str], rows: Sequence[Sequence[str]], format_name: str | None) -> None:
    """Show rows that are not the answer of a query."""
    if _is_table(format_name):
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
        raise BadInput(f"There is no format {format_name!r} for this; there is table, tsv, csv, json.")


def _is_table(format_name: str | None) -> bool:
    return format_name == "table" or (format_name is None and output.on_terminal())


def _tabbed(row: Sequence[str]) -> str:
    return "\t".join(" ".join(cell.split()) for cell in row)


def _labels(access: Access, iris: Sequence[str]) -> dict[str, str]:
    """Look up the labels of IRIs, in the reader's language if there is one."""
    from kg.client.results import ACCEPT

    values = " ".join(f"<{iri}>" for iri in iris[:_MOST_NAMED])
    if not values:
        return {}
    text = f"SELECT ?iri ?label WHERE {{ VALUES ?iri {{ {values} }} ?iri {_NAMES} ?label }} ORDER BY ?label"
    try:
        rows = result_of(access.query(text, ACCEPT)).terms()
    except KGError:
        return {}  # a table without names is still a table
    found: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: _preference(row["label"])):
        if isinstance(row["iri"], NamedNode) and isinstance(row["label"], Literal):
            found.setdefault(row["iri"].value, row["label"].value)
    return found


def _preference(label: Object | None) -> int:
    """Rank a label's language: the reader's, English, none, any other."""
    reader = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "en")[:2].lower()
    language = ((label.language or "") if isinstance(label, Literal) else "")[:2]
    return [reader, "en", "", language].index(language)
