"""Coded partners: coded rows about a pair of actors, counted by coder, apart from edges of the record."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from pyoxigraph import NamedNode

from kg.gate.dates.calendar import Period
from kg.pages.cells import Cell
from kg.pages.profiles.reading import ProfileReader
from kg.pages.stories.periods import ALWAYS, excludes, period_of_span
from kg.terms import DIP, DIPK, SKOS

T = TypeVar("T")

MOST_ROWS = 300
"""Maximum rows read for a page; the saved question counts all."""
MOST_NAMES = 500
"""Maximum resolutions of an actor that are followed."""
_SIDES = {DIPK.RHETORIC: "words", DIPK.CONDUCT: "deeds"}


@dataclass(frozen=True)
class CodedPartner:
    """Rows of one coder about the actor and another, with the numbers of words and of deeds among them."""

    partner: Cell
    by: tuple[Cell, ...]
    rows: int
    words: int
    deeds: int


@dataclass(frozen=True)
class CodedPartners:
    """The partners of an actor, most rows first; ``is_cut`` if there are more rows than ``most``."""

    partners: tuple[CodedPartner, ...] = ()
    is_cut: bool = False
    most: int = MOST_ROWS


def coded_partners(reader: ProfileReader, actor: NamedNode, period: Period = ALWAYS) -> CodedPartners:
    """Count the rows that contain a designation resolved to an actor; read rows of each designation in turn.

    This way, a coder with very many rows does not crowd out another.
    """
    resolutions = reader.pointing_nodes(actor, DIP.RESOLVES_TO, most=MOST_NAMES)
    names = dict.fromkeys(name for each in resolutions.shown for name in _assessed(reader, each))
    rows = list(islice(_in_turn([_rows(reader, name) for name in names]), MOST_ROWS + 1))
    counts = Counter[tuple[NamedNode, tuple[NamedNode, ...], str]]()
    for row, partner in dict.fromkeys(rows[:MOST_ROWS]):
        identity = next(iter(_resolved(reader, partner)), partner)
        if identity != actor and not _is_outside(reader, row, period):
            counts[identity, _coders(reader, row), _side(reader, row)] += 1
    keys = dict.fromkeys((partner, by) for partner, by, _ in counts)
    found = (
        CodedPartner(
            reader.cell(partner),
            tuple(map(reader.cell, by)),
            sum(counts[partner, by, side] for side in ("words", "deeds", "")),
            counts[partner, by, "words"],
            counts[partner, by, "deeds"],
        )
        for partner, by in keys
    )
    ordered = sorted(found, key=lambda each: (-each.rows, each.partner.text))
    return CodedPartners(tuple(ordered), len(rows) > MOST_ROWS or resolutions.is_cut)


def _assessed(reader: ProfileReader, resolution: NamedNode) -> list[NamedNode]:
    """Return the designations that a resolution identifies with an actor.

    An empty list unless its verdict is "same".
    """
    is_same = reader.nodes.has(resolution, DIP.HAS_VERDICT, DIPK.SAME)
    return reader.nodes.nodes(resolution, DIP.ASSESSES) if is_same else []


def _resolved(reader: ProfileReader, name: NamedNode) -> Iterator[NamedNode]:
    for resolution in reader.nodes.subjects(name, DIP.ASSESSES):
        if reader.nodes.has(resolution, DIP.HAS_VERDICT, DIPK.SAME):
            yield from reader.nodes.nodes(resolution, DIP.RESOLVES_TO)


def _rows(reader: ProfileReader, name: NamedNode) -> Iterator[tuple[NamedNode, NamedNode]]:
    """Yield the rows that contain a designation, each with its other designation.

    A row is yielded once for each side.
    """
    for ours, theirs in ((DIP.CODED_ACTOR, DIP.CODED_TARGET), (DIP.CODED_TARGET, DIP.CODED_ACTOR)):
        for row in reader.pointing_nodes(name, ours, most=MOST_ROWS + 1).shown:
            for other in reader.nodes.nodes(row, theirs):
                yield row, other


def _in_turn(sources: Sequence[Iterator[T]]) -> Iterator[T]:
    """Yield one of each source, then the next of each, until all are exhausted."""
    waiting = list(sources)
    while waiting:
        for source in list(waiting):
            try:
                yield next(source)
            except StopIteration:
                waiting.remove(source)


def _is_outside(reader: ProfileReader, row: NamedNode, period: Period) -> bool:
    if period == ALWAYS:
        return False
    spans = [period_of_span(reader.nodes, span) for span in reader.nodes.nodes(row, DIP.OCCURS_AT)]
    return not spans or all(excludes(span, period) for span in spans)


def _coders(reader: ProfileReader, row: NamedNode) -> tuple[NamedNode, ...]:
    runs = reader.nodes.nodes(row, DIP.CODED_IN)
    return tuple(dict.fromkeys(by for run in runs for by in reader.nodes.nodes(run, DIP.ASSESSED_BY)))


def _side(reader: ProfileReader, row: NamedNode) -> str:
    """Return what the code of a row counts as, by itself or a broader code; empty if no scheme says."""
    codes = reader.nodes.nodes(row, DIP.CODED_AS)
    for code in codes:  # grows during iteration
        sides = reader.nodes.nodes(code, DIP.COUNTS_AS)
        if sides:
            return _SIDES.get(sides[0], "")
        codes += [each for each in reader.nodes.nodes(code, SKOS.BROADER) if each not in codes]
    return ""
