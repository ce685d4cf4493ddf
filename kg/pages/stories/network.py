"""Network: the edges of one actor by layer, period and tone; the layers are counted and drawn apart."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import NamedNode

from kg.errors import NotFound
from kg.gate.dates.calendar import Day, Period
from kg.iris import DATA, compact
from kg.pages.cells import Cell
from kg.pages.profiles.reading import ClaimLine, Item, KnownDate, ProfileReader
from kg.pages.remembered import Remembered
from kg.pages.rendering import Style
from kg.pages.stories.coded_partners import CodedPartners, coded_partners
from kg.pages.stories.edges import LAYERS, Edge, EdgeReader
from kg.pages.stories.fan import ConnectedActor, Strand, fans
from kg.pages.stories.periods import ALWAYS, excludes
from kg.pages.stories.sayings import Saying
from kg.store.store import Contents
from kg.terms import DIP

CODING = "coding"
ALL_LAYERS = (*LAYERS, CODING)
NEIGHBOURS = 12
"""Maximum neighbours on a page."""
ROWS = 50
"""Maximum edges in the table."""
MOST = 2000
"""Maximum statements examined to find the actor shown by default."""


@dataclass(frozen=True)
class NetworkRequest:
    """An actor (by default the one with the most statements) and the filters of its network.

    Dates are xsd:date.

    Without layers, all are shown. The tone is an IRI.
    """

    actor: str | None = None
    layers: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    tone: str | None = None

    @property
    def period(self) -> Period:
        """The chosen period."""
        since, until = (Day.read(day) if day else None for day in (self.since, self.until))
        return Period(since, until)


@dataclass(frozen=True)
class HeardTone:
    """A tone, and the assessors who attribute it."""

    tone: Cell
    by: tuple[Cell, ...]


@dataclass(frozen=True)
class EdgeRow:
    """An edge in the table: the record that it is made of, with its date, sources and tones."""

    source: Cell
    target: Cell
    layer: str
    is_mutual: bool
    record: Item
    claim: ClaimLine | None
    kinds: tuple[Cell, ...]
    dates: tuple[KnownDate, ...]
    sayings: tuple[Saying, ...]
    tones: tuple[HeardTone, ...]


@dataclass(frozen=True)
class LeftOut:
    """Counts of the edges and neighbours that the page does not show."""

    outside: int = 0
    """Edges certainly outside the period."""
    undated: int = 0
    """Edges without a date, if a period is chosen."""
    toneless: int = 0
    """Number of edges without the chosen tone."""
    neighbours: int = 0
    edges: int = 0
    """Edges of the neighbours left out."""
    rows: int = 0
    """Edges that are drawn but not in the table."""
    is_cut: bool = False
    """True if the actor has more records than were read."""


@dataclass(frozen=True)
class ActorNetwork:
    """The neighbours of an actor, the edges in a table, the tones to choose from, and what is left out."""

    neighbours: tuple[ConnectedActor, ...]
    rows: tuple[EdgeRow, ...]
    tones: tuple[tuple[Cell, int], ...]
    left_out: LeftOut


def page(style: Style, network_request: NetworkRequest, contents: Contents) -> Iterator[bytes]:
    """Yield the page; raises NotFound for an actor that the graph does not describe."""
    if network_request.actor and not any(
        contents.quads_for_pattern(NamedNode(network_request.actor), None, None)
    ):
        raise NotFound(
            f"The graph states nothing about {compact(network_request.actor)}; name a thing that the graph"
            " describes."
        )
    reader = ProfileReader(style.cells(Remembered(contents)))
    actor = NamedNode(network_request.actor) if network_request.actor else busiest(contents)
    layers = network_request.layers or ALL_LAYERS
    found = network(reader, actor, network_request) if actor else None
    coded = CodedPartners()
    if actor and CODING in layers and not network_request.tone:
        coded = coded_partners(reader, actor, network_request.period)
    yield style.text(
        "network.html",
        asked=network_request,
        layers=layers,
        actor=reader.cell(actor) if actor else None,
        iri=actor.value if actor else None,
        short=actor.value.removeprefix(DATA) if actor else "",
        network=found,
        coded=coded,
        fans=fans(found.neighbours) if found else (),
        all_layers=ALL_LAYERS,
        version=contents.version,
    ).encode()


def busiest(contents: Contents) -> NamedNode | None:
    """Return the actor with most of the first statements; None if there are none."""
    quads = islice(contents.quads_for_pattern(None, DIP.MADE_BY, None), MOST)
    counts = Counter(quad.object for quad in quads if isinstance(quad.object, NamedNode))
    return min(counts, key=lambda each: (-counts[each], each.value), default=None)


def network(reader: ProfileReader, actor: NamedNode, network_request: NetworkRequest) -> ActorNetwork:
    """Return the network of an actor, filtered and capped."""
    edges = EdgeReader(reader)
    layers = [each for each in network_request.layers or ALL_LAYERS if each != CODING]
    left_out = Counter[str]()
    tones = Counter[NamedNode]()
    matching_edges: list[Edge] = []
    for edge in edges.edges(actor, layers, network_request.period):
        if reason := _why_not(edge, network_request.period):
            left_out[reason] += 1
            continue
        heard = _tones(reader, edge)
        tones.update(heard.keys())
        if network_request.tone and NamedNode(network_request.tone) not in heard:
            left_out["toneless"] += 1
        else:
            matching_edges.append(edge)
    if network_request.tone:
        tones.setdefault(NamedNode(network_request.tone), 0)
    numbers = Counter(edge.other(actor) for edge in matching_edges)
    ordered = sorted(numbers, key=lambda each: (-numbers[each], each.value))
    drawn = set(ordered[:NEIGHBOURS])
    drawn_edges = [edge for edge in matching_edges if edge.other(actor) in drawn]
    return ActorNetwork(
        tuple(_neighbour(reader, actor, each, drawn_edges) for each in ordered[:NEIGHBOURS]),
        tuple(_row(reader, edge) for edge in sorted(drawn_edges, key=_place)[:ROWS]),
        tuple((reader.cell(tone), tones[tone]) for tone in sorted(tones, key=str)),
        LeftOut(
            left_out["outside"],
            left_out["undated"],
            left_out["toneless"],
            len(ordered) - len(drawn),
            len(matching_edges) - len(drawn_edges),
            max(0, len(drawn_edges) - ROWS),
            edges.is_cut,
        ),
    )


def _why_not(edge: Edge, period: Period) -> str | None:
    """Return why a period leaves an edge out; None if it does not."""
    if period == ALWAYS:
        return None
    if edge.period == ALWAYS:
        return "undated"
    return "outside" if excludes(edge.period, period) else None


def _place(edge: Edge) -> tuple[bool, int, str]:
    """Order edges by date, newest first; those without one last."""
    day = edge.period.first or edge.period.last
    return day is None, -day.number if day else 0, edge.record.value


def _tones(reader: ProfileReader, edge: Edge) -> dict[NamedNode, tuple[NamedNode, ...]]:
    """Return the tones attributed to the statement of an edge, with the judgements that attribute them."""
    found: dict[NamedNode, tuple[NamedNode, ...]] = {}
    if edge.layer == "statement":
        for judgement in reader.nodes.subjects(edge.record, DIP.ASSESSES):
            for tone in reader.nodes.nodes(judgement, DIP.HAS_TONE):
                found[tone] = (*found.get(tone, ()), judgement)
    return found


def _neighbour(
    reader: ProfileReader, actor: NamedNode, other: NamedNode, edges: Sequence[Edge]
) -> ConnectedActor:
    counts: dict[str, Counter[str]] = {layer: Counter() for layer in LAYERS}
    for edge in edges:
        if edge.other(actor) == other:
            way = "mutual" if edge.is_mutual else "outward" if edge.source == actor else "inward"
            counts[edge.layer][way] += 1
    strands = (Strand(layer, **ways) for layer, ways in counts.items() if ways)
    return ConnectedActor(reader.cell(other), tuple(strands))


def _row(reader: ProfileReader, edge: Edge) -> EdgeRow:
    return EdgeRow(
        reader.cell(edge.source),
        reader.cell(edge.target),
        edge.layer,
        edge.is_mutual,
        reader.item(edge.record),
        reader.claim(edge.record) if edge.layer == "claim" else None,
        _kinds(reader, edge),
        _dates(reader, edge),
        reader.sayings(edge.reported_by),
        tuple(
            HeardTone(
                reader.cell(tone),
                tuple(by for each in judgements for by in reader.cells(each, DIP.ASSESSED_BY)),
            )
            for tone, judgements in _tones(reader, edge).items()
        ),
    )


def _kinds(reader: ProfileReader, edge: Edge) -> tuple[Cell, ...]:
    """Return the kinds of an edge; of a tie between two actors, the property."""
    found = reader.cells(edge.record, DIP.HAS_KIND, DIP.HAS_MODE, DIP.POSITION, DIP.HOLDS_OFFICE)
    return (reader.cell(edge.predicate),) if edge.layer == "tie" and not found else found


def _dates(reader: ProfileReader, edge: Edge) -> tuple[KnownDate, ...]:
    """Return the dates of an edge; of an office, when it began."""
    return reader.known_dates(edge.reported_by) or reader.known_dates(edge.reported_by, DIP.STARTS_AT)
