"""Stories for the home page: the object with most readings, the act with most statuses, the busiest pair.

They are computed from the graph. Each search examines at most ``MOST`` records, so that the home page costs
no more for a large graph.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from kg.changes import Quads
from kg.iris import DATA
from kg.pages.cells import Cell, Cells
from kg.pages.rendering import Style
from kg.pages.stories import gesture
from kg.pages.stories.entries import DuetEntry, EntryMaker
from kg.pages.stories.gesture import GestureCard, GestureReading
from kg.pages.stories.ledger import LedgerEntry, LedgerMaker
from kg.pages.stories.order import in_order
from kg.pages.stories.parties import party_of
from kg.pages.stories.reading import NodeReader
from kg.pages.stories.records import Act, Form, PartySide, acts_between
from kg.terms import DIP, RDF

MOST = 20_000
"""Maximum records of a sort that a search examines."""
_DONE_BY = (DIP.MADE_BY, DIP.PERFORMED_BY, DIP.GIVEN_BY)
_TOWARD = (DIP.CONCERNS, DIP.ADDRESSED_TO, DIP.DIRECTED_AT, DIP.RECEIVED_BY)


@dataclass(frozen=True)
class GestureStory:
    """A gesture with the most read object, a gesture that altered it, and a reading by each interpreter."""

    thing: Cell
    card: GestureCard
    altered: GestureCard | None
    readings: tuple[GestureReading, ...]


@dataclass(frozen=True)
class ThreatStory:
    """The statement with the act that has most statuses."""

    entry: LedgerEntry

    @property
    def targets(self) -> tuple[Cell, ...]:
        """The distinct targets of the acts."""
        return tuple(dict.fromkeys(target for act in self.entry.acts for target in act.targets))


@dataclass(frozen=True)
class PairRow:
    """Two actors, the address of their duet, and their words and deeds in order."""

    names: tuple[Cell, Cell]
    address: str
    entries: Sequence[DuetEntry]


@dataclass(frozen=True)
class PairStory:
    """Two actors, each with the states that the other acts for, and a shared deed that divides records."""

    rows: tuple[PairRow, ...]
    hinge: Cell | None


def gesture_story(cells: Cells) -> GestureStory | None:
    """Return the story of the object whose gestures have most readings; None if there are no readings."""
    reader, reading_counts = NodeReader(cells.contents), Counter[NamedNode]()
    for interpretation in _things(cells.contents, DIP.INTERPRETATION):
        reading_counts.update(
            node for node in reader.nodes(interpretation, DIP.ASSESSES) if _objects(reader, node)
        )
    groups: defaultdict[NamedNode, list[NamedNode]] = defaultdict(list)
    for node in reading_counts:
        for thing in _objects(reader, node):
            groups[thing].append(node)
    ranked = sorted(
        groups, key=lambda thing: (-sum(reading_counts[node] for node in groups[thing]), thing.value)
    )
    for thing in ranked[:1]:
        first = min(groups[thing], key=lambda node: (-reading_counts[node], node.value))
        found = {node: gesture.cards(cells, node) for node in reader.subjects(thing, DIP.MADE_WITH)}
        if not found.get(first):
            return None
        altered = (
            card for cards in found.values() for card in cards if card.lettering and card.lettering.letters
        )
        readings = {
            reading.interpreters: reading
            for cards in found.values()
            for card in cards[:1]
            for reading in card.readings
        }
        return GestureStory(cells.cell(first), found[first][0], next(altered, None), tuple(readings.values()))
    return None


def threat_story(cells: Cells) -> ThreatStory | None:
    """Return the story of the held-out act with most statuses; None if there are no statuses."""
    reader, followed = NodeReader(cells.contents), Counter[NamedNode]()
    held_out = islice(cells.contents.quads_for_pattern(None, DIP.HOLDS_OUT, None), MOST)
    for quad in held_out:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            followed[quad.subject] += len(reader.subjects(quad.object, DIP.APPLIES_TO))
    for statement in sorted(followed, key=lambda node: (-followed[node], node.value)):
        for entry in LedgerMaker(cells).entries(statement):
            if any(act.statuses for act in entry.acts):
                return ThreatStory(entry)
    return None


def pair_story(cells: Cells, style: Style) -> PairStory | None:
    """Return the story of the two actors with most words and deeds toward each other; None without any."""
    reader = NodeReader(cells.contents)
    pair = _busiest(cells.contents, reader)
    if pair is None:
        return None
    placed, _ = in_order(acts_between(reader, party_of(reader, pair[0]), party_of(reader, pair[1])))
    hinge = _hinge(placed)
    first, second = pair
    wider = [(first, state) for state in _bodies(reader, second)]
    wider += [(second, state) for state in _bodies(reader, first)]
    rows = (_row(cells, style, *each, hinge) for each in (pair, *wider))
    return PairStory(tuple(rows), cells.cell(hinge) if hinge else None)


def _row(cells: Cells, style: Style, first: NamedNode, second: NamedNode, hinge: NamedNode | None) -> PairRow:
    reader = NodeReader(cells.contents)
    parties = (party_of(reader, first), party_of(reader, second))
    placed, _ = in_order(acts_between(reader, *parties))
    nodes = {"actor": first, "other": second} | ({"event": hinge} if hinge else {})
    query = urlencode({name: node.value.removeprefix(DATA) for name, node in nodes.items()})
    return PairRow(
        (cells.cell(first), cells.cell(second)),
        f"{style.root}duet?{query}",
        EntryMaker(cells, parties, frozenset()).entries(placed),
    )


def _busiest(contents: Quads, reader: NodeReader) -> tuple[NamedNode, NamedNode] | None:
    acts: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
    for predicate in _DONE_BY:
        for quad in islice(contents.quads_for_pattern(None, predicate, None), MOST):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                acts[quad.subject].add(quad.object)
    doers = {doer for each in acts.values() for doer in each}
    pairs = Counter[tuple[NamedNode, NamedNode]]()
    for act, by in acts.items():
        targets = doers.intersection(reader.nodes(act, *_TOWARD))
        for first, second in {_ordered(doer, target) for doer in by for target in targets if doer != target}:
            pairs[first, second] += 1
    return min(pairs, key=lambda pair: (-pairs[pair], str(pair)), default=None)


def _ordered(first: NamedNode, second: NamedNode) -> tuple[NamedNode, NamedNode]:
    return (first, second) if first.value < second.value else (second, first)


def _hinge(acts: Sequence[Act]) -> NamedNode | None:
    """Return the latest shared deed."""
    shared = [act for act in acts if act.side is PartySide.BOTH and act.form is Form.DEED]
    return shared[-1].node if shared else None


def _bodies(reader: NodeReader, actor: NamedNode) -> list[NamedNode]:
    """Return the bodies whose offices an actor holds or held."""
    tenures = reader.subjects(actor, DIP.HELD_BY)
    offices = [office for tenure in tenures for office in reader.nodes(tenure, DIP.HOLDS_OFFICE)]
    found = {body for office in offices for body in reader.nodes(office, DIP.OFFICE_OF)}
    return sorted(found, key=str)


def _objects(reader: NodeReader, node: NamedNode) -> list[NamedNode]:
    return reader.nodes(node, DIP.MADE_WITH)


def _things(contents: Quads, of_class: NamedNode) -> Iterator[NamedNode]:
    for quad in islice(contents.quads_for_pattern(None, RDF.TYPE, of_class), MOST):
        if isinstance(quad.subject, NamedNode):
            yield quad.subject
