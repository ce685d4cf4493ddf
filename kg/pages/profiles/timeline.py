"""Timeline: the words and deeds of an actor in the order of their dates, in pages."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from kg.gate.dates.calendar import Day, Period, year_text
from kg.pages.cells import Cell
from kg.pages.profiles.reading import (
    MOST,
    SECTION,
    ClaimLine,
    Item,
    KnownDate,
    Portion,
    ProfileReader,
    shortened,
    text_of,
    values,
)
from kg.pages.stories.parties import Party
from kg.pages.stories.periods import ALWAYS
from kg.pages.stories.records import Form
from kg.pages.stories.sayings import Saying
from kg.terms import DIP

_BY = "dip:performedBy|dip:givenBy|dip:involves|dip:hostedBy"
_TOWARD = "dip:directedAt|dip:receivedBy"
_OTHERS = (
    *(DIP.ADDRESSED_TO, DIP.CONCERNS, DIP.DIRECTED_AT, DIP.RECEIVED_BY, DIP.INVOLVES, DIP.HOSTED_BY),
    *(DIP.PERFORMED_BY, DIP.GIVEN_BY),
)
_INVOLVED = "dip:addressedTo, dip:concerns, dip:directedAt, dip:receivedBy, dip:involves"
_MOST_OTHERS = 5
_MOST_BARS = 60
COUNTERPARTS = 6


@dataclass(frozen=True)
class PlacedAct:
    """A word or deed with its place in time, and the actors of a party that said or did it."""

    node: NamedNode
    form: Form
    period: Period
    actors: tuple[NamedNode, ...] = ()

    @cached_property
    def place(self) -> tuple[bool, int, str]:
        """Sort key: by first possible day, undated last."""
        day = self.period.first or self.period.last
        return day is None, day.number if day else 0, self.node.value

    @cached_property
    def year(self) -> str | None:
        """The first possible year; None without a date."""
        day = self.period.first or self.period.last
        return year_text(day.year) if day else None


@dataclass(frozen=True)
class TimelineEntry:
    """A word or deed on the page."""

    item: Item
    form: Form
    year: str | None
    actors: tuple[tuple[Cell, bool], ...]
    """Its actors, each with True if it is not the actor of the page."""
    others: tuple[Cell, ...]
    kinds: tuple[Cell, ...]
    quotations: tuple[Cell, ...]
    paraphrases: tuple[Cell, ...]
    dates: tuple[KnownDate, ...]
    sayings: tuple[Saying, ...]
    claims: tuple[ClaimLine, ...]
    after: tuple[Cell, ...]
    """Records that it is known to follow, if it has no date."""


@dataclass(frozen=True)
class Bar:
    """The words and deeds of a year, and the position of the first of them in the timeline."""

    year: str
    words: int
    deeds: int
    start: int


@dataclass(frozen=True)
class Timeline:
    """Some entries in order, the number before them, and bars for all by year."""

    entries: Portion[TimelineEntry]
    start: int
    bars: tuple[Bar, ...]
    undated: int

    @property
    def following(self) -> int | None:
        """The position of the next page's first entry; None at the end."""
        end = self.start + len(self.entries.shown)
        return end if end < self.entries.number else None


def acts_by(reader: ProfileReader, party: Party) -> list[PlacedAct]:
    """Return a party's words and deeds, in order; members count only while they act for it."""
    members = f"VALUES ?by {{ {values(party.members)} }}"
    found = _acts(
        reader,
        f"{{ {members} ?act dip:madeBy ?by }} UNION {{ {members} ?act {_BY} ?by BIND(true AS ?deed) }}",
    )
    counted: list[PlacedAct] = []
    for act in found:
        actors = tuple(actor for actor in act.actors if party.counts(actor, act.period))
        if actors:
            counted.append(act if actors == act.actors else replace(act, actors=actors))
    return counted


def acts_toward(reader: ProfileReader, actor: NamedNode) -> list[PlacedAct]:
    """Return others' words about or to an actor, and deeds toward it, in order."""
    return _acts(
        reader,
        f"{{ ?act dip:concerns|dip:addressedTo {actor} ; dip:madeBy ?by }} UNION "
        f"{{ ?act {_TOWARD} {actor} OPTIONAL {{ ?act dip:performedBy|dip:givenBy ?by }} "
        "BIND(true AS ?deed) } "
        f"FILTER(!BOUND(?by) || ?by != {actor})",
    )


def counterparts(reader: ProfileReader, party: Party, acts: Iterable[PlacedAct]) -> list[tuple[Cell, int]]:
    """Return the actors most frequently involved in a party's acts, with the number of acts."""
    found = reader.select(
        "SELECT ?other (COUNT(DISTINCT ?act) AS ?number) WHERE { "
        f"VALUES ?act {{ {values(act.node for act in acts)} }} "
        f"?act ?property ?other FILTER(?property IN ({_INVOLVED})) }} "
        "GROUP BY ?other ORDER BY DESC(?number) ?other LIMIT 40"
    )
    pairs = [(row["other"], int(row["number"].value)) for row in found]
    counted_actors = [(other, number) for other, number in pairs if isinstance(other, NamedNode)]
    others = [(other, number) for other, number in counted_actors if other not in party.members]
    actors = [pair for pair in others if DIP.ACTOR in reader.classes(pair[0])]
    return [(reader.cell(other), number) for other, number in actors[:COUNTERPARTS]]


def timeline(
    reader: ProfileReader, party: Party | None, acts: Sequence[PlacedAct], start: int = 0, most: int = SECTION
) -> Timeline:
    """Return a page of the acts, from a position on."""
    entries = tuple(_entry(reader, party, act) for act in acts[start : start + most])
    return Timeline(
        Portion(entries, len(acts), len(acts) >= MOST),
        start,
        tuple(_bars(acts)) if len(acts) > 1 else (),
        sum(act.year is None for act in acts),
    )


def _acts(reader: ProfileReader, pattern: str) -> list[PlacedAct]:
    """Return the acts that match a pattern, in order; of very many, the first in the store."""
    rows = reader.select(
        "SELECT ?act ?by ?deed ?first ?last ?date WHERE { "
        f"{{ SELECT DISTINCT ?act ?by ?deed WHERE {{ {pattern} }} LIMIT {MOST} }} "
        "OPTIONAL { ?act dip:occursAt ?span OPTIONAL {{ ?span dip:earliest ?first }} "
        "OPTIONAL { ?span dip:latest ?last } OPTIONAL { ?span dip:date ?date } } }"
    )
    found: dict[NamedNode, PlacedAct] = {}
    days: dict[str, Day | None] = {}
    for act, by, deed, first, last, date in rows:
        if not isinstance(act, NamedNode):
            continue
        placed_act = found.get(act)
        if placed_act is None:
            span = text_of(first), text_of(last), date if isinstance(date, Literal) else None
            placed_act = PlacedAct(act, Form.DEED if deed else Form.WORD, _period(*span, days))
        actors = placed_act.actors
        if isinstance(by, NamedNode) and by not in actors:
            actors = tuple(sorted((*actors, by), key=str))
        found[act] = PlacedAct(act, placed_act.form, placed_act.period, actors)
    return sorted(found.values(), key=lambda act: act.place)


def _period(
    first: str | None, last: str | None, date: Literal | None, cache: dict[str, Day | None]
) -> Period:
    """Return the days of a span: its bounds, else those of its date; ``cache`` caches parsed days."""
    if first or last:
        for text in (first, last):
            if text and text not in cache:
                cache[text] = Day.read(text)
        return Period(cache[first] if first else None, cache[last] if last else None)
    return (Period.of(date) if date is not None else None) or ALWAYS


def _bars(acts: Sequence[PlacedAct]) -> list[Bar]:
    """Return the bars of the last years."""
    words, deeds = Counter[str](), Counter[str]()
    starts: dict[str, int] = {}
    for number, act in enumerate(acts):
        if act.year is not None:
            (words if act.form is Form.WORD else deeds)[act.year] += 1
            starts.setdefault(act.year, number)
    return [Bar(year, words[year], deeds[year], start) for year, start in starts.items()][-_MOST_BARS:]


def _entry(reader: ProfileReader, party: Party | None, act: PlacedAct) -> TimelineEntry:
    others = [each for each in reader.nodes.nodes(act.node, *_OTHERS) if each not in act.actors]
    return TimelineEntry(
        reader.item(act.node),
        act.form,
        act.year,
        tuple((reader.cell(actor), party is None or actor != party.actor) for actor in act.actors),
        tuple(map(reader.cell, others[:_MOST_OTHERS])),
        reader.cells(act.node, DIP.HAS_KIND),
        tuple(map(shortened, reader.texts(act.node, DIP.QUOTATION))),
        tuple(map(shortened, reader.texts(act.node, DIP.PARAPHRASE))),
        reader.known_dates(act.node),
        reader.sayings(act.node),
        tuple(map(reader.claim, reader.nodes.nodes(act.node, DIP.ADVANCES))),
        reader.cells(act.node, DIP.FOLLOWS, DIP.SAME_DAY_AS, DIP.HAS_OCCASION) if act.year is None else (),
    )
