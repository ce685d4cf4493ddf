"""Entries of the duet: what the page shows of each word and deed, with the sources that say it."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.gate.dates.calendar import Period
from kg.pages.cells import Cell, Cells
from kg.pages.relation.parties import Party
from kg.pages.relation.periods import days_between
from kg.pages.relation.reading import NodeReader
from kg.pages.relation.records import Act
from kg.terms import DIP, DIPK

_STEPS = {
    DIPK.POSITIVE: 1,
    DIPK.CONCILIATORY: 1,
    DIPK.NEUTRAL: 0,
    DIPK.DISPARAGING: -1,
    DIPK.SHARP: -1,
    DIPK.HOSTILE: -1,
}
"""Tones by the way they point: friendly up, hostile down."""
SHORTEST_SILENCE = 30
"""Days without a record from which on the page says so."""


@dataclass(frozen=True)
class Saying:
    """A report of a record: the outlet and its source, how it hedges, and the report itself."""

    outlets: tuple[Cell, ...]
    source: tuple[Cell, ...]
    hedge: Cell | None
    """None where the report is plain."""
    report: Cell


@dataclass(frozen=True)
class Version:
    """What one graph says of a record: words, dates and the reports that bear them out."""

    quotations: tuple[Cell, ...]
    paraphrases: tuple[Cell, ...]
    dates: tuple["WrittenDate", ...]
    sayings: tuple[Saying, ...]


@dataclass(frozen=True)
class WrittenDate:
    """A date as its source writes it, as it was read, and how far it is known."""

    written: Cell | None
    read: Cell | None
    precision: Cell | None
    is_inferred: bool


@dataclass(frozen=True)
class Contention:
    """A claim that a statement makes, and those who deny it."""

    claim: Cell
    content: Cell | None
    deniers: tuple[Cell, ...]


@dataclass(frozen=True)
class Heard:
    """A tone, and who hears it."""

    tone: Cell
    by: tuple[Cell, ...]
    step: int | None


@dataclass(frozen=True)
class DuetEntry:
    """A word or deed as the page shows it; ``silence`` counts the days without a record before it."""

    act: Act
    thing: Cell
    kinds: tuple[Cell, ...]
    actors: tuple[tuple[Cell, Cell | None], ...]
    """Those who act, each with the party for which it counts, if that is another."""
    versions: tuple[Version, ...]
    claims: tuple[Contention, ...]
    tones: tuple[Heard, ...]
    after: tuple[Cell, ...]
    silence: int | None = None

    @property
    def step(self) -> int | None:
        """The way its tones point together; None where none is told."""
        steps = [heard.step for heard in self.tones if heard.step is not None]
        return (sum(steps) > 0) - (sum(steps) < 0) if steps else None


class EntryMaker:
    """Makes the entries of one page; reports from other outlets than those chosen are left out."""

    def __init__(self, cells: Cells, parties: Sequence[Party], outlets: Set[NamedNode]) -> None:
        self._cells = cells
        self._reader = NodeReader(cells.contents)
        self._parties = parties
        self._outlets = outlets

    def entries(self, acts: Sequence[Act]) -> list[DuetEntry]:
        """Return the entries of acts in their order, with the silences between dated ones."""
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
        """Return the outlets whose reports tell of these acts."""
        reports = (report for act in acts for report in self._reader.subjects(act.node, DIP.REPORTS))
        return sorted({outlet for report in reports for outlet in self._publishers(report)}, key=str)

    def _entry(self, act: Act, versions: tuple[Version, ...], silence: int | None) -> DuetEntry:
        cell, reader = self._cells.cell, self._reader
        return DuetEntry(
            act,
            cell(act.node),
            tuple(map(cell, reader.nodes(act.node, DIP.HAS_KIND))),
            tuple((cell(actor), self._party(actor)) for actor in act.actors),
            versions,
            tuple(self._claims(act.node)),
            tuple(self._tones(act.node)),
            tuple(map(cell, act.after)),
            silence if silence is not None and silence >= SHORTEST_SILENCE else None,
        )

    def _party(self, actor: NamedNode) -> Cell | None:
        """Return the party for which an actor counts, unless it is the party itself."""
        if any(party.actor == actor for party in self._parties):
            return None
        parties = (party.actor for party in self._parties if actor in party.capacities)
        return next((self._cells.cell(party) for party in parties), None)

    def _versions(self, node: NamedNode) -> Iterator[Version]:
        """Yield what each graph says that has a report of the record from a chosen outlet."""
        for graph, reports in sorted(self._reports(node).items(), key=lambda item: item[0].value):
            spans = self._reader.nodes(node, DIP.OCCURS_AT, graph=graph)
            yield Version(
                self._texts(node, DIP.QUOTATION, graph),
                self._texts(node, DIP.PARAPHRASE, graph),
                tuple(map(self._date, spans)),
                tuple(map(self._saying, reports)),
            )

    def _reports(self, node: NamedNode) -> dict[NamedNode, list[NamedNode]]:
        found: dict[NamedNode, list[NamedNode]] = {}
        for quad in self._cells.contents.quads_for_pattern(None, DIP.REPORTS, node):
            report, graph = quad.subject, quad.graph_name
            if isinstance(report, NamedNode) and isinstance(graph, NamedNode) and self._is_chosen(report):
                found.setdefault(graph, []).append(report)
        return {graph: sorted(reports, key=str) for graph, reports in found.items()}

    def _is_chosen(self, report: NamedNode) -> bool:
        return not self._outlets or not self._outlets.isdisjoint(self._publishers(report))

    def _publishers(self, report: NamedNode) -> list[NamedNode]:
        sources = self._reader.nodes(report, DIP.FOUND_IN)
        return [outlet for source in sources for outlet in self._reader.nodes(source, DIP.PUBLISHED_BY)]

    def _saying(self, report: NamedNode) -> Saying:
        cell, nodes = self._cells.cell, self._reader.nodes
        hedges = [hedge for hedge in nodes(report, DIP.HEDGED_AS) if hedge != DIPK.PLAIN]
        return Saying(
            tuple(map(cell, self._publishers(report))),
            tuple(map(cell, nodes(report, DIP.FOUND_IN))),
            cell(hedges[0]) if hedges else None,
            cell(report),
        )

    def _date(self, span: NamedNode) -> WrittenDate:
        written = self._reader.texts(span, DIP.DATE_AS_WRITTEN)
        read = self._reader.texts(span, DIP.DATE)
        precision = self._reader.nodes(span, DIP.HAS_PRECISION)
        return WrittenDate(
            self._cells.cell(written[0]) if written else None,
            self._cells.cell(read[0]) if read else None,
            self._cells.cell(precision[0]) if precision else None,
            self._reader.has(span, DIP.DATE_BASIS, DIPK.INFERRED),
        )

    def _claims(self, node: NamedNode) -> Iterator[Contention]:
        for claim in self._reader.nodes(node, DIP.ADVANCES):
            content = self._reader.texts(claim, DIP.CONTENT)
            denials = self._reader.subjects(claim, DIP.DENIES)
            deniers = {who for denial in denials for who in self._reader.nodes(denial, DIP.MADE_BY)}
            yield Contention(
                self._cells.cell(claim),
                self._cells.cell(content[0]) if content else None,
                tuple(map(self._cells.cell, sorted(deniers, key=str))),
            )

    def _tones(self, node: NamedNode) -> Iterator[Heard]:
        for judgement in self._reader.subjects(node, DIP.ASSESSES):
            for tone in self._reader.nodes(judgement, DIP.HAS_TONE):
                by = tuple(map(self._cells.cell, self._reader.nodes(judgement, DIP.ASSESSED_BY)))
                yield Heard(self._cells.cell(tone), by, _STEPS.get(tone))

    def _texts(self, node: NamedNode, predicate: NamedNode, graph: NamedNode) -> tuple[Cell, ...]:
        return tuple(map(self._cells.cell, self._reader.texts(node, predicate, graph)))
