"""Entries of the duet: the content of each word and deed on the page, with its sources."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.gate.dates.calendar import Period
from kg.pages.cells import Cell, Cells
from kg.pages.stories.parties import Party
from kg.pages.stories.periods import days_between
from kg.pages.stories.records import Act
from kg.pages.stories.sayings import Saying, SayingReader, WrittenDate
from kg.terms import DIP, DIPK

_STEPS = {
    DIPK.POSITIVE: 1,
    DIPK.CONCILIATORY: 1,
    DIPK.NEUTRAL: 0,
    DIPK.DISPARAGING: -1,
    DIPK.SHARP: -1,
    DIPK.HOSTILE: -1,
}
"""Tones by direction: friendly up, hostile down."""
SHORTEST_SILENCE = 30
"""Minimum days without a record that the page mentions."""


@dataclass(frozen=True)
class Version:
    """One graph's account of a record: words, dates and the supporting reports."""

    quotations: tuple[Cell, ...]
    paraphrases: tuple[Cell, ...]
    dates: tuple[WrittenDate, ...]
    sayings: tuple[Saying, ...]


@dataclass(frozen=True)
class Contention:
    """A claim in a statement, and the actors that deny it."""

    claim: Cell
    content: Cell | None
    deniers: tuple[Cell, ...]


@dataclass(frozen=True)
class Heard:
    """A tone, and the assessor who attributes it."""

    tone: Cell
    by: tuple[Cell, ...]
    step: int | None


@dataclass(frozen=True)
class DuetEntry:
    """A word or deed on the page; ``silence`` counts the days without a record before it."""

    act: Act
    thing: Cell
    kinds: tuple[Cell, ...]
    actors: tuple[tuple[Cell, Cell | None], ...]
    """The actors, each with the party that it acts for, if that is another."""
    versions: tuple[Version, ...]
    claims: tuple[Contention, ...]
    tones: tuple[Heard, ...]
    after: tuple[Cell, ...]
    silence: int | None = None

    @property
    def step(self) -> int | None:
        """The common direction of its tones; None if there are none."""
        steps = [heard.step for heard in self.tones if heard.step is not None]
        return (sum(steps) > 0) - (sum(steps) < 0) if steps else None


class EntryMaker:
    """Makes the entries of one page; reports from outlets that are not selected are omitted."""

    def __init__(self, cells: Cells, parties: Sequence[Party], outlets: Set[NamedNode]) -> None:
        self._reader = SayingReader(cells, outlets)
        self._parties = parties

    def entries(self, acts: Sequence[Act]) -> list[DuetEntry]:
        """Return the entries of acts in order, with the silences between dated ones."""
        found: list[DuetEntry] = []
        periods: list[Period] = []
        for act in acts:
            versions = tuple(self._versions(act.node))
            if not versions:
                continue
            is_dated = act.period.first is not None
            silence = days_between(periods, act.period) if is_dated else None
            found.append(self._entry(act, versions, silence))
            if is_dated:
                periods.append(act.period)
        return found

    def outlets(self, acts: Sequence[Act]) -> list[NamedNode]:
        """Return the outlets whose reports cover these acts."""
        reports = (report for act in acts for report in self._reader.nodes.subjects(act.node, DIP.REPORTS))
        return sorted({outlet for report in reports for outlet in self._reader.publishers(report)}, key=str)

    def _entry(self, act: Act, versions: tuple[Version, ...], silence: int | None) -> DuetEntry:
        cell = self._reader.cell
        return DuetEntry(
            act,
            cell(act.node),
            self._reader.cells(act.node, DIP.HAS_KIND),
            tuple((cell(actor), self._party(actor)) for actor in act.actors),
            versions,
            tuple(self._claims(act.node)),
            tuple(self._tones(act.node)),
            tuple(map(cell, act.after)),
            silence if silence is not None and silence >= SHORTEST_SILENCE else None,
        )

    def _party(self, actor: NamedNode) -> Cell | None:
        """Return the party for which an actor acts, unless it is the party itself."""
        if any(party.actor == actor for party in self._parties):
            return None
        parties = (party.actor for party in self._parties if actor in party.capacities)
        return next((self._reader.cell(party) for party in parties), None)

    def _versions(self, node: NamedNode) -> Iterator[Version]:
        """Yield the account of each graph with a report of the record from a selected outlet."""
        for graph, sayings in self._reader.by_graph(node):
            yield Version(
                self._reader.texts(node, DIP.QUOTATION, graph),
                self._reader.texts(node, DIP.PARAPHRASE, graph),
                self._reader.dates(node, graph),
                sayings,
            )

    def _claims(self, node: NamedNode) -> Iterator[Contention]:
        for claim in self._reader.nodes.nodes(node, DIP.ADVANCES):
            denials = self._reader.nodes.subjects(claim, DIP.DENIES)
            deniers = {who for denial in denials for who in self._reader.nodes.nodes(denial, DIP.MADE_BY)}
            yield Contention(
                self._reader.cell(claim),
                next(iter(self._reader.texts(claim, DIP.CONTENT)), None),
                tuple(map(self._reader.cell, sorted(deniers, key=str))),
            )

    def _tones(self, node: NamedNode) -> Iterator[Heard]:
        for judgement in self._reader.nodes.subjects(node, DIP.ASSESSES):
            for tone in self._reader.nodes.nodes(judgement, DIP.HAS_TONE):
                by = self._reader.cells(judgement, DIP.ASSESSED_BY)
                yield Heard(self._reader.cell(tone), by, _STEPS.get(tone))
