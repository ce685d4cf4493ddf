"""Coded rows as network edges: counted by pair, root code, coder and month, separate from other edges.

Their endpoints are the coders' designations, not our actors: that a designation stands for an actor is a
judgement, which the node records. Rows are read in bounded memory; the counts grow with the pairs, not the
rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import Object
from kg.exports import traversal
from kg.exports.extract import Extract
from kg.exports.records import Records
from kg.terms import DIP, DIPK, RDF, SKOS


class CodedPair(NamedTuple):
    """Key of an edge: designations, root of the code, run and month."""

    actor: NamedNode
    target: NamedNode
    root: NamedNode
    coder: str
    month: str


@dataclass
class CodedRows:
    """Counts of an edge: occurrences, rows including folded ones, days, sum of the stated intensities."""

    occurrences: int = 0
    rows: int = 0
    first: str = ""
    last: str = ""
    sum: Decimal = Decimal(0)
    rated: int = 0

    @property
    def mean_intensity(self) -> str:
        """The mean of the stated intensities; empty if there are none."""
        return str(round(self.sum / self.rated, 2)) if self.rated else ""


def pairs(extract: Extract, records: Records) -> dict[CodedPair, CodedRows]:
    """Return the counted rows of an extract, sorted by key."""
    typed = extract.quads.quads_for_pattern(None, RDF.TYPE, DIP.CODED_OCCURRENCE)
    if next((quad for quad in typed if quad.graph_name in extract.graphs), None) is None:
        return {}
    found: dict[CodedPair, CodedRows] = {}
    for quads in traversal.union(extract.quads, extract.graphs):
        row = _Row(quads, records)
        if row.is_coded:
            for pair in row.pairs():
                row.count_in(found.setdefault(pair, CodedRows()))
    return dict(sorted(found.items(), key=lambda item: tuple(map(str, item[0]))))


def root_of(records: Records, code: NamedNode) -> NamedNode:
    """Return the broadest code above a code; cycles are not followed."""
    codes = {code}
    while broader := [each for each in records.known(code, SKOS.BROADER) if each not in codes]:
        code = broader[0]
        codes.add(code)
    return code


def side(records: Records, root: NamedNode) -> str:
    """Return whether a code means words or deeds; empty if its scheme does not say."""
    sides = records.known(root, DIP.COUNTS_AS)
    return {DIPK.RHETORIC: "words", DIPK.CONDUCT: "deeds"}.get(sides[0], "") if sides else ""


def resolved(records: Records, designation: NamedNode) -> str:
    """Return the actors for which a designation is judged to stand, separated by semicolons."""
    judgements = records.pointing(DIP.ASSESSES, designation)
    same = [each for each in judgements if records.things(each, DIP.HAS_VERDICT) == [DIPK.SAME]]
    return "; ".join(
        sorted({actor.value for each in same for actor in records.things(each, DIP.RESOLVES_TO)})
    )


class _Row:
    """One occurrence in a coder's rows."""

    def __init__(self, quads: Sequence[Quad], records: Records) -> None:
        self._records = records
        self._said: dict[NamedNode, list[Object]] = {}
        for quad in quads:
            self._said.setdefault(quad.predicate, []).append(quad.object)

    @property
    def is_coded(self) -> bool:
        """True if the subject is a coded occurrence."""
        return DIP.CODED_OCCURRENCE in self._said.get(RDF.TYPE, ())

    def pairs(self) -> Iterator[CodedPair]:
        """Yield the edges to which the row belongs."""
        runs = self._named(DIP.CODED_IN)
        coder = self._records.names(runs[0], DIP.ASSESSED_BY) if runs else ""
        roots = {root_of(self._records, code) for code in self._named(DIP.CODED_AS)}
        ends = product(self._named(DIP.CODED_ACTOR), self._named(DIP.CODED_TARGET))
        for (actor, target), root in product(ends, sorted(roots, key=str)):
            yield CodedPair(actor, target, root, coder, self._day[:7])

    def count_in(self, counted: CodedRows) -> None:
        """Add the row to the counts of an edge."""
        counted.occurrences += 1
        counted.rows += len(self._said.get(DIP.ROW_ID, ()))
        days = sorted(day for day in (counted.first, counted.last, self._day) if day)
        if days:
            counted.first, counted.last = days[0], days[-1]
        for value in self._said.get(DIP.INTENSITY, ()):
            if isinstance(value, Literal):
                counted.sum += Decimal(value.value)
                counted.rated += 1

    @property
    def _day(self) -> str:
        spans = self._named(DIP.OCCURS_AT)
        return self._records.time(spans[0]).date if spans else ""

    def _named(self, predicate: NamedNode) -> list[NamedNode]:
        return [value for value in self._said.get(predicate, ()) if isinstance(value, NamedNode)]
