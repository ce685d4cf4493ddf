"""The curators' table: each row is a statement, event, gesture or stance, and becomes facts.

``ontology/curation.md`` tells curators how to fill it in. One table is one submission, in one graph named by
its content; the same table gives the same triples.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyoxigraph import NamedNode, Quad, Triple

from kg.errors import TooLarge, Unreadable
from kg.formats import TableFacts, TableFault, TablePlace
from kg.importers.table import csv_text, entries, parts, table, term_columns, workbook
from kg.importers.table.entries import Entry
from kg.importers.table.faults import Fault, TableLine, refusal
from kg.importers.table.records import COLUMNS, RECORDS
from kg.importers.table.sheet import explanation, text
from kg.importers.table.table import Sheet
from kg.iris import DATA
from kg.terms import RDF

__all__ = ["explanation", "read", "read_sound", "read_workbook", "text"]

_OTHERWISE = "give it an id of its own, or leave one of the two rows out"


def read(data: bytes, limit: int) -> TableFacts:
    """Read a table: comma, semicolon or tab between cells, in UTF-8.

    Raises TooLarge, or Unreadable with all faults: the line, column and value of each, and what to do.
    """
    return read_sound(data, limit).whole()


def read_workbook(data: bytes, limit: int) -> TableFacts:
    """Read a workbook (XLSX), sheet by sheet; raises as ``read``, the sheet named too."""
    return read_sound(data, limit, is_workbook=True).whole()


def read_sound(data: bytes, limit: int, *, is_workbook: bool = False) -> TableFacts:
    """Read the rows that have no fault, so that the gate can judge them before all faults are told at once.

    Raises as ``read`` where the table as such cannot be read, or no such row is left.
    """
    _check_size(data, limit)
    if is_workbook:
        return _read(workbook.sheets(data, limit))
    if data.startswith((workbook.BEGIN, workbook.OLDER_BEGIN)):
        raise Unreadable(
            "This is a spreadsheet file; send it as XLSX (.xlsx), or save it as CSV in UTF-8 and send that."
        )
    return _read([csv_text.sheet(data)])


def _check_size(data: bytes, limit: int) -> None:
    if len(data) > limit:
        raise TooLarge(f"This is a table of {len(data):,} bytes, and {limit:,} are taken at once; split it.")


def _read(sheets: Iterable[Sheet]) -> TableFacts:
    found, faults = entries.read(table.rows(sheets, COLUMNS, RECORDS))
    if not found and not faults:
        raise Unreadable("The table has no rows of facts below its header; fill one in for each fact.")
    sound = entries.sound(found, faults)
    told = [(entry, tuple(parts.triples(entry))) for entry in sound]
    twice = list(_described_twice(told))
    facts = _facts(told)
    if faults and not twice and facts.quads:
        return replace(facts, refused=lambda judged: refusal([*faults, *map(_of_gate, judged)]))
    if faults or twice:
        raise refusal([*faults, *twice])
    return facts


def _of_gate(fault: TableFault) -> Fault:
    line = TableLine(fault.place.line or 0, fault.place.sheet_number, fault.place.sheet)
    return Fault(line, fault.column, fault.value, fault.wrong)


def _facts(told: Iterable[tuple[Entry, Iterable[Triple]]]) -> TableFacts:
    quads: dict[Quad, None] = {}
    places: dict[str, TablePlace] = {}
    for entry, triples in told:
        for triple in triples:
            quads[Quad(triple.subject, triple.predicate, triple.object)] = None
            if isinstance(triple.subject, NamedNode) and triple.subject.value not in places:
                words = term_columns.words(entry, triple.subject, triples)
                places[triple.subject.value] = TablePlace(
                    entry.line.number, entry.line.sheet, words, entry.line.sheet_number
                )
    return TableFacts(tuple(quads), places)


def _described_twice(told: Iterable[tuple[Entry, Iterable[Triple]]]) -> Iterator[Fault]:
    """Find rows that describe what another row describes; objects and inscriptions may be shared."""
    first: dict[str, TableLine] = {}
    for entry, triples in told:
        for triple in triples:
            if triple.predicate != RDF.TYPE or triple.object in parts.SHARED:
                continue
            name = str(triple.subject)[1:-1].removeprefix(DATA)
            line = first.setdefault(name, entry.line)
            if line != entry.line:
                column = "act_id" if name == entry.act else "id"
                yield Fault(entry.line, column, name, f"{line} describes this already; {_OTHERWISE}")
