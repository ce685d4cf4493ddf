"""The curators' table: each row is a record, such as a statement or an event, and becomes facts.

``ontology/curation.md`` tells curators how to fill it in. One table is one submission, in one graph named by
its content; the same table gives the same triples.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from pyoxigraph import NamedNode, Quad, Triple

from kg.errors import TooLarge
from kg.formats import TableFacts, TableFault, TablePlace
from kg.importers.table import csv_text, entries, parts, row_faults, table, term_columns, workbook
from kg.importers.table.bilingual import Bilingual
from kg.importers.table.certain_findings import CertainFindings
from kg.importers.table.entries import Entry
from kg.importers.table.faults import Fault, TableLine, refusal, unreadable
from kg.importers.table.records import COLUMNS, RECORDS
from kg.importers.table.sheet import explanation, text
from kg.importers.table.table import Sheet
from kg.iris import DATA
from kg.terms import RDF

__all__ = ["explanation", "read", "read_sound", "read_workbook", "text"]


def read(data: bytes, limit: int) -> TableFacts:
    """Read a table in UTF-8, with cells separated by commas, semicolons or tabs.

    Raises TooLarge, or Unreadable with all faults: the line, column and value of each, and what to do.
    """
    return read_sound(data, limit).whole()


def read_workbook(data: bytes, limit: int) -> TableFacts:
    """Read a workbook (XLSX), sheet by sheet; raises as ``read``, with the sheet."""
    return read_sound(data, limit, is_workbook=True).whole()


def read_sound(data: bytes, limit: int, *, is_workbook: bool = False) -> TableFacts:
    """Read rows, including those with faults as far as possible, so that the gate's findings join the faults.

    Raises as ``read`` if the table as a whole, or every row, is unreadable.
    """
    _check_size(data, limit)
    if is_workbook:
        return _read(workbook.sheets(data, limit))
    if data.startswith((workbook.BEGIN, workbook.OLDER_BEGIN)):
        raise unreadable(_SPREADSHEET)
    return _read([csv_text.sheet(data)])


def _check_size(data: bytes, limit: int) -> None:
    if len(data) > limit:
        sentence = {
            "en": f"The table has {len(data):,} bytes, the limit is {limit:,} at once; split it.",
            "es": f"Esta tabla tiene {len(data):,} bytes, y se aceptan {limit:,} de una vez; divídala.",
        }
        raise TooLarge(sentence["en"], sentence=sentence)


_SPREADSHEET = Bilingual(
    "This is a spreadsheet file; send it as XLSX (.xlsx), or save it as CSV in UTF-8 and send that.",
    "Esto es un archivo de hoja de cálculo; envíelo como XLSX (.xlsx), o guárdelo como CSV en UTF-8"
    " y envíe eso.",
)
_NO_ROWS = Bilingual(
    "The table has no rows of facts below its header; fill one in for each fact.",
    "La tabla no tiene filas de hechos bajo el encabezado; rellene una por cada hecho.",
)


def _read(sheets: Iterable[Sheet]) -> TableFacts:
    grid = table.rows(sheets, COLUMNS, RECORDS)
    found, of_cells = entries.read(grid.rows)
    faults = _each_cell_once([*grid.faults, *of_cells, *row_faults.of_rows(found)])
    if not found and not faults:
        raise unreadable(_NO_ROWS)
    triples_by_entry = [(entry, tuple(parts.triples(entry))) for entry in found]
    if twice := list(_described_twice(triples_by_entry)):
        lines = {fault.line for fault in twice}
        triples_by_entry = [
            (entry, triples) for entry, triples in triples_by_entry if entry.line not in lines
        ]
        faults += twice
    facts = _facts(triples_by_entry)
    certain = CertainFindings(found, faults)
    faults += grid.corrected
    if faults and facts.quads:
        return replace(facts, refused=lambda judged: refusal([*faults, *_of_gate(judged, certain)]))
    if faults:
        raise refusal(faults)
    return facts


def _each_cell_once(faults: Sequence[Fault]) -> list[Fault]:
    """Omit the fault that a cell is missing if its content has already been reported as unreadable."""
    first: dict[tuple[TableLine, str], Fault] = {}
    for fault in faults:
        first.setdefault((fault.line, fault.column), fault)
    return [
        fault
        for fault in faults
        if not fault.column or first[fault.line, fault.column] == fault or fault.value
    ]


def _of_gate(findings: Iterable[TableFault], certain: CertainFindings) -> Iterator[Fault]:
    for found in filter(certain.holds, findings):
        line = TableLine(found.place.line or 0, found.place.sheet_number, found.place.sheet)
        yield Fault(line, found.column, found.value, Bilingual(found.wrong["en"], found.wrong["es"]))


_Told: TypeAlias = Sequence[tuple[Entry, Sequence[Triple]]]
"""Rows, each with its triples."""


def _facts(triples_by_entry: _Told) -> TableFacts:
    quads = dict.fromkeys(
        Quad(triple.subject, triple.predicate, triple.object)
        for _, triples in triples_by_entry
        for triple in triples
    )
    return TableFacts(
        tuple(quads), {**_places(triples_by_entry), **_places(triples_by_entry, is_described=True)}
    )


def _places(triples_by_entry: _Told, *, is_described: bool = False) -> dict[str, TablePlace]:
    """Return, for each thing, the first row with a triple about it, or the first that describes it."""
    places: dict[str, TablePlace] = {}
    for entry, triples in triples_by_entry:
        for triple in triples:
            node = triple.subject
            if (
                isinstance(node, NamedNode)
                and node.value not in places
                and (triple.predicate == RDF.TYPE or not is_described)
            ):
                line, words = entry.line, term_columns.words(entry, node, triples)
                places[node.value] = TablePlace(line.number, line.sheet, words, line.sheet_number)
    return places


def _described_twice(triples_by_entry: _Told) -> Iterator[Fault]:
    """Yield faults for rows that describe the same thing; several may describe an object or inscription."""
    first: dict[str, TableLine] = {}
    for entry, triples in triples_by_entry:
        for triple in triples:
            if triple.predicate != RDF.TYPE or triple.object in parts.SHARED:
                continue
            name = str(triple.subject)[1:-1].removeprefix(DATA)
            line = first.setdefault(name, entry.line)
            if line != entry.line:
                column = "act_id" if name == entry.act else "id"
                before = line.told()
                wrong = Bilingual(
                    f"{before.en} describes this already; give it an id of its own, or leave one of"
                    " the two rows"
                    " out",
                    f"la {before.es} ya describe esto; dele un id propio o quite una de las dos filas",
                )
                yield Fault(entry.line, column, name, wrong)
                break
