"""Duet: the words and deeds of two actors in order, side by side, each with its sources."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import NamedNode

from kg.errors import NotFound
from kg.iris import DATA, compact
from kg.pages.cells import Cell
from kg.pages.rendering import Style
from kg.pages.stories.entries import EntryMaker
from kg.pages.stories.order import in_order
from kg.pages.stories.parties import Party, party_of
from kg.pages.stories.periods import period_of_span
from kg.pages.stories.reading import NodeReader
from kg.pages.stories.records import Act, Form, acts_between
from kg.store.store import Contents
from kg.terms import DIP


@dataclass(frozen=True)
class DuetRequest:
    """The two actors, the selected outlets (none: all), and an event that divides the records."""

    actor: str
    other: str
    outlets: tuple[str, ...] = ()
    event: str | None = None


class Counts(NamedTuple):
    """Numbers of words and of deeds."""

    words: int
    deeds: int


@dataclass(frozen=True)
class Division:
    """Numbers of words and deeds known to be before an event, known to be after it, and neither."""

    event: Cell
    before: Counts
    after: Counts
    unknown: Counts


def page(style: Style, duet_request: DuetRequest, contents: Contents) -> Iterator[bytes]:
    """Yield the page; raises NotFound for an actor or event that the graph does not describe."""
    cells, reader = style.cells(contents), NodeReader(contents)
    for iri in (
        duet_request.actor,
        duet_request.other,
        *([duet_request.event] if duet_request.event else []),
    ):
        if not any(contents.quads_for_pattern(NamedNode(iri), None, None)):
            raise NotFound(
                f"The graph states nothing about {compact(iri)}; give a thing that the graph describes."
            )
    parties = (
        party_of(reader, NamedNode(duet_request.actor)),
        party_of(reader, NamedNode(duet_request.other)),
    )
    acts = acts_between(reader, *parties)
    placed, others = in_order(acts)
    outlets = frozenset(map(NamedNode, duet_request.outlets))
    maker = EntryMaker(cells, parties, outlets)
    entries = maker.entries(placed)
    yield style.text(
        "duet.html",
        asked=duet_request,
        short=[iri.removeprefix(DATA) for iri in (duet_request.actor, duet_request.other)],
        names=[cells.cell(party.actor) for party in parties],
        capacities=[_capacities(cells.cell, party) for party in parties],
        entries=entries,
        others=maker.entries(others),
        outlets=[(cells.cell(each), each.value, each in outlets) for each in maker.outlets(acts)],
        events=[(cells.cell(act.node), act.node.value) for act in placed if act.form is Form.DEED],
        division=_division(reader, cells.cell(NamedNode(duet_request.event)), duet_request.event, acts)
        if duet_request.event
        else None,
        version=contents.version,
    ).encode()


def _capacities(cell: Callable[[NamedNode], Cell], party: Party) -> list[tuple[Cell, Cell | None]]:
    """Return the actors that act for a party, each with the office."""
    return [
        (cell(capacity.actor), cell(capacity.office) if capacity.office else None)
        for capacities in party.capacities.values()
        for capacity in capacities
    ]


def _division(reader: NodeReader, event: Cell, iri: str, acts: Sequence[Act]) -> Division:
    """Count acts before and after an event, by certain dates and by the recorded order."""
    node = NamedNode(iri)
    spans = reader.nodes(node, DIP.OCCURS_AT)
    period = period_of_span(reader, spans[0]) if spans else None
    earlier = _followed(reader, node)
    counts = Counter[Form](), Counter[Form](), Counter[Form]()
    for act in acts:
        if act.node == node:
            continue
        is_before = act.node in earlier or (period is not None and act.period.is_before(period))
        is_after = node in _followed(reader, act.node) or (
            period is not None and period.is_before(act.period)
        )
        counts[0 if is_before else 1 if is_after else 2][act.form] += 1
    return Division(event, *(Counts(each[Form.WORD], each[Form.DEED]) for each in counts))


def _followed(reader: NodeReader, node: NamedNode) -> set[NamedNode]:
    """Return all records that a record is known to follow, directly or indirectly."""
    found: set[NamedNode] = set()
    ahead = [node]
    while ahead:
        for earlier in reader.nodes(ahead.pop(), DIP.FOLLOWS):
            if earlier not in found:
                found.add(earlier)
                ahead.append(earlier)
    return found
