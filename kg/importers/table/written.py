"""Writes facts back as rows of a table, to be mended; what no row says is returned beside them.

Each thing of a class of ours becomes a row. What stands around it under the names that a table gives is told
in that row; where the row would not say it all, it gets a row of its own. What is said of a thing that other
facts describe becomes a row that adds to it. The rows are read again: whatever triple does not come back is
unsaid.
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
    """A table in CSV, the triples that it does not say, and how many it says beyond those it was made of."""

    text: str
    unsaid: tuple[Triple, ...]
    more: int = 0


def untyped(quads: Iterable[Quad]) -> frozenset[NamedNode]:
    """Return the things of which facts say more without describing them: other submissions do."""
    return _undescribed(Facts(Triple(quad.subject, quad.predicate, quad.object) for quad in quads))


def _undescribed(facts: Facts) -> frozenset[NamedNode]:
    return frozenset(node for node in facts if not facts.all(node, RDF.TYPE))


def written(
    quads: Iterable[Quad], classes: Mapping[NamedNode, NamedNode] = MappingProxyType({})
) -> WrittenTable:
    """Write facts as a table; of what no row says, nothing is left out of ``unsaid``.

    ``classes`` gives the class of things that the facts say more of without describing them; without it, the
    record of such a row is one that has the columns.
    """
    facts = Facts(Triple(quad.subject, quad.predicate, quad.object) for quad in completed(quads))
    apart: frozenset[NamedNode] = frozenset()
    while True:
        rows = RowsOfFacts(facts, apart)
        kept, said = _said(rows.rows)
        different = said ^ facts.triples
        misplaced = rows.told_of_last_class({triple.subject for triple in different})
        if not misplaced:
            break
        apart |= misplaced
    kept, said = _said([*kept, *additions(facts.triples - said, _undescribed(facts), classes)])
    unsaid = sorted((each for each in facts.triples - said if each.predicate != DIP.SUPERSEDES), key=str)
    return WrittenTable(_text(kept), tuple(unsaid), len(said - facts.triples))


def _said(rows: Sequence[Cells]) -> tuple[list[Cells], frozenset[Triple]]:
    """Read rows; those that have faults are left out, and so is what rests on them alone."""
    kept = list(rows)
    while True:
        found, faults = entries.read(TableRow(TableLine(place), dict(row)) for place, row in enumerate(kept))
        bad = {fault.line.number for fault in (*faults, *row_faults.of_rows(found))}
        if not bad:
            break
        kept = [row for place, row in enumerate(kept) if place not in bad]
    triples = (triple for entry in found for triple in parts.triples(entry))
    quads = completed(Quad(each.subject, each.predicate, each.object) for each in triples)
    return kept, frozenset(Triple(quad.subject, quad.predicate, quad.object) for quad in quads)


def _text(rows: Iterable[Mapping[str, str]]) -> str:
    rows = list(rows)
    used = {name for row in rows for name in row}
    buffer = io.StringIO()
    header = [name for name in COLUMNS if name in used] or [RECORD_COLUMN]
    writer = csv.DictWriter(buffer, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
