"""Table writer: converts facts to rows, for editing, and returns the triples that no row can state.

Each thing with one of our classes becomes a row. Its related things, if they have the IRIs that a table
generates, are part of that row; a related thing that the row cannot state completely gets its own row.
Triples about things that other facts describe become rows that add to them. The rows are then parsed: every
triple that is missing from the result is unsaid.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pyoxigraph import NamedNode, Quad, Triple

from kg.facts.computed import completed
from kg.importers.table import entries, parts, row_faults
from kg.importers.table.additions import additions
from kg.importers.table.facts_by_subject import Facts
from kg.importers.table.faults import TableLine
from kg.importers.table.records import COLUMNS
from kg.importers.table.rows_of_facts import Cells, RowsOfFacts
from kg.importers.table.table import RECORD_COLUMN, TableRow
from kg.terms import DIP, RDF


@dataclass(frozen=True)
class WrittenTable:
    """A CSV table, the triples that it does not state, and the number of further triples that it states."""

    text: str
    unsaid: tuple[Triple, ...]
    more: int = 0


def untyped(quads: Iterable[Quad]) -> frozenset[NamedNode]:
    """Return the things that facts add to without describing them, because other submissions do."""
    return _undescribed(Facts(Triple(quad.subject, quad.predicate, quad.object) for quad in quads))


def _undescribed(facts: Facts) -> frozenset[NamedNode]:
    return frozenset(node for node in facts if not facts.all(node, RDF.TYPE))


def written(
    quads: Iterable[Quad], classes: Mapping[NamedNode, NamedNode] = MappingProxyType({})
) -> WrittenTable:
    """Write facts as a table; triples that no row states are in ``unsaid``.

    ``classes`` has the classes of the things that facts add to; without a class, the row's record is one with
    the columns.
    """
    facts = Facts(Triple(quad.subject, quad.predicate, quad.object) for quad in completed(quads))
    apart: frozenset[NamedNode] = frozenset()
    while True:
        rows = RowsOfFacts(facts, apart)
        kept_rows, triples = _parsed(rows.rows)
        different = triples ^ facts.triples
        misplaced = rows.stated_of_last_class({triple.subject for triple in different})
        if not misplaced:
            break
        apart |= misplaced
    kept_rows, triples = _parsed(
        [*kept_rows, *additions(facts.triples - triples, _undescribed(facts), classes)]
    )
    unsaid = sorted((each for each in facts.triples - triples if each.predicate != DIP.SUPERSEDES), key=str)
    return WrittenTable(_text(kept_rows), tuple(unsaid), len(triples - facts.triples))


def _parsed(rows: Sequence[Cells]) -> tuple[list[Cells], frozenset[Triple]]:
    """Parse rows, without those that have faults and those that depend on them; return rows and triples."""
    kept_rows = list(rows)
    while True:
        found, faults = entries.read(
            TableRow(TableLine(place), dict(row)) for place, row in enumerate(kept_rows)
        )
        bad = {fault.line.number for fault in (*faults, *row_faults.of_rows(found))}
        if not bad:
            break
        kept_rows = [row for place, row in enumerate(kept_rows) if place not in bad]
    triples = (triple for entry in found for triple in parts.triples(entry))
    quads = completed(Quad(each.subject, each.predicate, each.object) for each in triples)
    return kept_rows, frozenset(Triple(quad.subject, quad.predicate, quad.object) for quad in quads)


def _text(rows: Iterable[Mapping[str, str]]) -> str:
    rows = list(rows)
    used = {name for row in rows for name in row}
    buffer = io.StringIO()
    header = [name for name in COLUMNS if name in used] or [RECORD_COLUMN]
    writer = csv.DictWriter(buffer, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
