"""Threat ledger: threatened, promised or requested acts, and their outcomes by source."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.gate.dates.calendar import Period
from kg.pages.cells import Cell, Cells
from kg.pages.rendering import Style
from kg.pages.stories.order import by_day
from kg.pages.stories.periods import period_of_span
from kg.pages.stories.sayings import Saying, SayingReader, WrittenDate
from kg.store.store import Contents
from kg.terms import DIP

MOST = 200
"""Maximum statements on the page; the saved question returns all."""
_HELD_OUT = (DIP.HOLDS_OUT, DIP.ASKS_FOR)


@dataclass(frozen=True)
class ActStatus:
    """A status of an act: who holds it, since when, what settled it, and the supporting reports."""

    status: Cell
    holders: tuple[Cell, ...]
    dates: tuple[WrittenDate, ...]
    settled_by: tuple[Cell, ...]
    deadlines: tuple[WrittenDate, ...]
    sayings: tuple[Saying, ...]


@dataclass(frozen=True)
class HeldOutAct:
    """A threatened, promised or requested act, with its conditions, and its statuses in order."""

    act: Cell
    is_asked_for: bool
    targets: tuple[Cell, ...]
    conditions: tuple[Cell, ...]
    statuses: tuple[ActStatus, ...]


@dataclass(frozen=True)
class LedgerEntry:
    """A statement that holds out or requests acts, by graph."""

    statement: Cell
    kinds: tuple[Cell, ...]
    speakers: tuple[Cell, ...]
    addressees: tuple[Cell, ...]
    dates: tuple[WrittenDate, ...]
    sayings: tuple[Saying, ...]
    acts: tuple[HeldOutAct, ...]


def page(style: Style, contents: Contents) -> Iterator[bytes]:
    """Yield the page."""
    cells = style.cells(contents)
    statements = sorted(
        {
            quad.subject
            for predicate in _HELD_OUT
            for quad in contents.quads_for_pattern(None, predicate, None)
            if isinstance(quad.subject, NamedNode)
        },
        key=str,
    )
    maker = LedgerMaker(cells)
    entries = [entry for each in maker.in_order(statements)[:MOST] for entry in maker.entries(each)]
    yield style.text(
        "threats.html", entries=entries, left_out=max(0, len(statements) - MOST), version=contents.version
    ).encode()


class LedgerMaker:
    """Makes the entries of the page."""

    def __init__(self, cells: Cells) -> None:
        self._reader = SayingReader(cells)

    def in_order(self, nodes: list[NamedNode]) -> list[NamedNode]:
        """Return statements sorted by day, undated ones last."""
        return by_day(nodes, self._periods)

    def _periods(self, node: NamedNode) -> list[Period]:
        reader = self._reader.nodes
        return [period_of_span(reader, span) for span in reader.nodes(node, DIP.OCCURS_AT)]

    def entries(self, statement: NamedNode) -> Iterator[LedgerEntry]:
        """Yield the account of each graph with a report of a statement."""
        reader = self._reader
        for graph, sayings in reader.by_graph(statement):
            acts = tuple(
                self._act(act, graph, is_asked_for=predicate == DIP.ASKS_FOR)
                for predicate in _HELD_OUT
                for act in reader.nodes.nodes(statement, predicate, graph=graph)
            )
            if acts:
                yield LedgerEntry(
                    reader.cell(statement),
                    reader.cells(statement, DIP.HAS_KIND, graph=graph),
                    reader.cells(statement, DIP.MADE_BY, graph=graph),
                    reader.cells(statement, DIP.ADDRESSED_TO, graph=graph),
                    reader.dates(statement, graph),
                    sayings,
                    acts,
                )

    def _act(self, act: NamedNode, graph: NamedNode, *, is_asked_for: bool) -> HeldOutAct:
        reader = self._reader
        records = reader.nodes.subjects(act, DIP.APPLIES_TO)
        records = self.in_order(
            sorted(records, key=lambda each: bool(reader.nodes.nodes(each, DIP.SETTLED_BY)))
        )
        return HeldOutAct(
            reader.cell(act),
            is_asked_for,
            reader.cells(act, DIP.WOULD_BE_DIRECTED_AT, graph=graph),
            reader.texts(act, DIP.CONDITION, graph),
            tuple(status for record in records for status in self._statuses(record)),
        )

    def _statuses(self, record: NamedNode) -> Iterator[ActStatus]:
        reader = self._reader
        for graph, sayings in reader.by_graph(record):
            for status in reader.cells(record, DIP.HAS_STATUS, graph=graph):
                yield ActStatus(
                    status,
                    reader.cells(record, DIP.HELD_BY, graph=graph),
                    reader.dates(record, graph),
                    reader.cells(record, DIP.SETTLED_BY, graph=graph),
                    reader.dates(record, graph, DIP.HAS_DEADLINE),
                    sayings,
                )
