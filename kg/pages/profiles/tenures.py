"""Offices held, optionally on a day, with the state of knowledge about each, and its sources."""

from dataclasses import dataclass
from enum import Enum

from pyoxigraph import NamedNode

from kg.gate.dates.calendar import Day
from kg.pages.cells import Cell
from kg.pages.profiles.reading import KnownDate, ProfileReader, values
from kg.pages.stories.periods import period_of_span
from kg.pages.stories.sayings import Saying
from kg.terms import DIP

MOST = 100
"""Maximum tenures on a page."""


class OfficeStanding(Enum):
    """Whether an office is known to be held on a day."""

    HELD = "held"
    UNKNOWN = "unknown"
    NOT_YET = "not yet"
    OVER = "over"


@dataclass(frozen=True)
class Tenure:
    """A tenure of an office; ``standing`` is that on the requested day."""

    tenure: Cell
    holder: tuple[Cell, ...]
    office: tuple[Cell, ...]
    starts: tuple[KnownDate, ...]
    attested: tuple[KnownDate, ...]
    ends: tuple[KnownDate, ...]
    standing: OfficeStanding | None
    sayings: tuple[Saying, ...]


def tenures(reader: ProfileReader, actor: NamedNode, day: Day | None) -> list[Tenure]:
    """Return tenures held by an actor, or of its (or its governments') offices; those on the day first."""
    found = reader.select_nodes(
        f"SELECT DISTINCT ?tenure WHERE {{ {{ ?tenure dip:heldBy {actor} ; dip:holdsOffice ?office }} UNION "
        f"{{ VALUES ?body {{ {values(_bodies(reader, actor))} }} ?office dip:officeOf ?body . "
        f"?tenure dip:holdsOffice ?office }} }} LIMIT {MOST}"
    )
    order = [None, *OfficeStanding]
    tenure_list = [_tenure(reader, each, day) for each in sorted(found, key=str)]
    return sorted(tenure_list, key=lambda each: order.index(each.standing))


def _bodies(reader: ProfileReader, actor: NamedNode) -> list[NamedNode]:
    return [actor, *reader.nodes.subjects(actor, DIP.GOVERNS)]


def _tenure(reader: ProfileReader, tenure: NamedNode, day: Day | None) -> Tenure:
    return Tenure(
        reader.cell(tenure),
        reader.cells(tenure, DIP.HELD_BY),
        reader.cells(tenure, DIP.HOLDS_OFFICE),
        reader.known_dates(tenure, DIP.STARTS_AT),
        reader.known_dates(tenure, DIP.ATTESTED_AT),
        reader.known_dates(tenure, DIP.ENDS_AT),
        _standing(reader, tenure, day) if day else None,
        reader.sayings(tenure),
    )


def _standing(reader: ProfileReader, tenure: NamedNode, day: Day) -> OfficeStanding:
    """Return the standing, as the question who-held-which-office-on-a-day does, over all sources."""

    def periods(predicate: NamedNode) -> list[tuple[int | None, int | None]]:
        found = (period_of_span(reader.nodes, span) for span in reader.nodes.nodes(tenure, predicate))
        return [
            (each.first.number if each.first else None, each.last.number if each.last else None)
            for each in found
        ]

    on = day.number
    starts, ends = periods(DIP.STARTS_AT), periods(DIP.ENDS_AT)
    attested = any(
        first is not None and last is not None and first <= on <= last
        for first, last in periods(DIP.ATTESTED_AT)
    )
    if any(earliest is not None and on < earliest for earliest, _ in starts):
        return OfficeStanding.NOT_YET
    if any(latest is not None and on >= latest for _, latest in ends):
        return OfficeStanding.OVER
    has_begun = any(latest is not None and latest <= on for _, latest in starts)
    lasts = any(earliest is not None and on < earliest for earliest, _ in ends)
    return OfficeStanding.HELD if attested or (has_begun and lasts) else OfficeStanding.UNKNOWN
