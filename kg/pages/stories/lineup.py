"""Line-up: positions of actors toward one actor in rhetoric and in conduct, each under its assessor."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from pyoxigraph import NamedNode

from kg.errors import NotFound
from kg.iris import DATA, compact
from kg.pages.cells import Cell
from kg.pages.profiles.reading import KnownDate, Portion, ProfileReader
from kg.pages.remembered import Remembered
from kg.pages.rendering import Style
from kg.pages.stories.sayings import Saying
from kg.store.store import Contents
from kg.terms import DIP, DIPK, RDF

MOST = 2000
"""Maximum stances examined for the list of those toward whom they are taken."""
SHOWN = 300
"""Maximum stances on the page; the saved question returns all."""
_MODES = {DIPK.RHETORIC: "rhetoric", DIPK.CONDUCT: "conduct"}
UNSTATED = "unstated"


@dataclass(frozen=True)
class Position:
    """A position in one graph: the stance, its reports with their hedges, and the stances ranked below it."""

    stance: Cell
    position: Cell
    sayings: tuple[Saying, ...]
    is_read: bool
    """True if a curator inferred part of it."""
    exceeds: tuple[tuple[Cell, ...], ...]
    """For each stance that the assessor ranks below this one, its holders."""

    @property
    def hedges(self) -> tuple[Cell, ...]:
        """The hedges of its reports."""
        return tuple(dict.fromkeys(each.hedge for each in self.sayings if each.hedge))

    @property
    def outlets(self) -> tuple[Cell, ...]:
        """The outlets that report it."""
        return tuple(dict.fromkeys(who for each in self.sayings for who in each.outlets or each.source))


@dataclass(frozen=True)
class LeaderLine:
    """The positions of one actor in one period by one assessor."""

    holder: Cell
    assessor: Cell
    period: NamedNode | None
    dates: tuple[KnownDate, ...]
    positions: Mapping[str, tuple[Position, ...]]
    """Positions by mode: rhetoric, conduct, unstated."""

    @property
    def is_unplaced(self) -> bool:
        """True if a position has no cell in the cross table, because its mode is not stated."""
        return bool(self.positions.get(UNSTATED))


@dataclass(frozen=True)
class CrossedLine:
    """An actor in a cell of the cross table, with the hedges of the positions that meet there."""

    line: LeaderLine
    hedges: tuple[Cell, ...]


@dataclass(frozen=True)
class Crossing:
    """Cross table: rows by position in rhetoric, columns by position in conduct; None if none is recorded."""

    rows: tuple[Cell | None, ...]
    columns: tuple[Cell | None, ...]
    lines: Mapping[tuple[Cell | None, Cell | None], tuple[CrossedLine, ...]]


@dataclass(frozen=True)
class _Key:
    holder: NamedNode
    assessor: NamedNode
    period: NamedNode | None


def page(style: Style, toward: str | None, contents: Contents) -> Iterator[bytes]:
    """Yield the page of one actor, by default the state toward which most stances are taken.

    Raises NotFound for an actor that the graph does not describe.
    """
    if toward and not any(contents.quads_for_pattern(NamedNode(toward), None, None)):
        raise NotFound(
            f"The graph states nothing about {compact(toward)}; name a thing that the graph describes."
        )
    reader = ProfileReader(style.cells(Remembered(contents)))
    targets = stance_targets(reader, contents)
    target = NamedNode(toward) if toward else next(iter(targets), None)
    found = stances(reader, target) if target else Portion[NamedNode]((), 0)
    lines = line_up(reader, target, found.shown) if target else []
    yield style.text(
        "lineup.html",
        toward=reader.cell(target) if target else None,
        iri=target.value if target else None,
        short=target.value.removeprefix(DATA) if target else "",
        lines=lines,
        crossing=crossing(lines),
        left_out=found.number - len(found.shown),
        targets=[(reader.cell(each), number) for each, number in targets.items() if each != target],
        version=contents.version,
    ).encode()


def stance_targets(reader: ProfileReader, contents: Contents) -> dict[NamedNode, int]:
    """Return the actors toward whom stances are taken, states first, then those with most.

    A stance toward a government counts for its state too.
    """
    found = Counter[NamedNode]()
    for quad in islice(contents.quads_for_pattern(None, DIP.TOWARD, None), MOST):
        if isinstance(quad.object, NamedNode):
            found.update({quad.object, *reader.nodes.nodes(quad.object, DIP.GOVERNS)})
    ordered = sorted(found, key=lambda each: (not _is_state(reader, each), -found[each], each.value))
    return {each: found[each] for each in ordered}


def _is_state(reader: ProfileReader, node: NamedNode) -> bool:
    return DIP.STATE in reader.nodes.nodes(node, RDF.TYPE)


def stances(reader: ProfileReader, toward: NamedNode) -> Portion[NamedNode]:
    """Return the stances toward an actor or its government."""
    found = {
        stance
        for each in (toward, *reader.nodes.subjects(toward, DIP.GOVERNS))
        for stance in reader.pointing_nodes(each, DIP.TOWARD, most=MOST).shown
        if DIP.STANCE in reader.nodes.nodes(stance, RDF.TYPE)
    }
    ordered = sorted(found, key=str)
    return Portion(tuple(ordered[:SHOWN]), len(ordered))


def line_up(reader: ProfileReader, toward: NamedNode, stances: Iterable[NamedNode]) -> list[LeaderLine]:
    """Return the positions that reports support, by holder, assessor and period."""
    targets = {toward, *reader.nodes.subjects(toward, DIP.GOVERNS)}
    by_key: dict[_Key, dict[str, list[Position]]] = defaultdict(lambda: defaultdict(list))
    for stance in stances:
        for graph, sayings in reader.by_graph(stance):
            nodes = reader.nodes.nodes
            if targets.isdisjoint(nodes(stance, DIP.TOWARD, graph=graph)):
                continue
            periods: list[NamedNode | None] = [*nodes(stance, DIP.OCCURS_AT, graph=graph)] or [None]
            keys = product(
                nodes(stance, DIP.HELD_BY, graph=graph),
                nodes(stance, DIP.ASSESSED_BY, graph=graph),
                periods,
            )
            modes = [_MODES.get(each, UNSTATED) for each in nodes(stance, DIP.HAS_MODE, graph=graph)]
            positions = [
                _position(reader, stance, position, graph, sayings)
                for position in nodes(stance, DIP.POSITION, graph=graph)
            ]
            for key in keys:
                for mode in modes:
                    by_key[_Key(*key)][mode] += positions
    lines = [_line(reader, key, positions) for key, positions in by_key.items()]
    return sorted(lines, key=lambda each: (each.holder.text, each.assessor.text, str(each.period)))


def _position(
    reader: ProfileReader,
    stance: NamedNode,
    position: NamedNode,
    graph: NamedNode,
    sayings: tuple[Saying, ...],
) -> Position:
    reports = reader.nodes.subjects(stance, DIP.REPORTS, graph=graph)
    return Position(
        reader.cell(stance),
        reader.cell(position),
        sayings,
        any(reader.nodes.texts(report, DIP.INFERENCE_NOTE, graph) for report in reports),
        tuple(reader.cells(each, DIP.HELD_BY) for each in reader.nodes.nodes(stance, DIP.EXCEEDS)),
    )


def _line(reader: ProfileReader, key: _Key, positions: Mapping[str, list[Position]]) -> LeaderLine:
    return LeaderLine(
        reader.cell(key.holder),
        reader.cell(key.assessor),
        key.period,
        (reader.known_date(key.period),) if key.period else (),
        {mode: tuple(each) for mode, each in positions.items()},
    )


def crossing(lines: Iterable[LeaderLine]) -> Crossing:
    """Return the lines by position in rhetoric and in conduct; those with neither are left out."""
    found: dict[tuple[Cell | None, Cell | None], list[CrossedLine]] = defaultdict(list)
    for line in lines:
        words, deeds = (
            list[Cell | None](dict.fromkeys(each.position for each in line.positions.get(mode, ())))
            for mode in _MODES.values()
        )
        if words or deeds:
            for place in product(words or [None], deeds or [None]):
                found[place].append(CrossedLine(line, _hedges(line, place)))
    return Crossing(
        _ordered(row for row, _ in found),
        _ordered(column for _, column in found),
        {place: tuple(each) for place, each in found.items()},
    )


def _hedges(line: LeaderLine, place: tuple[Cell | None, Cell | None]) -> tuple[Cell, ...]:
    meeting = zip(_MODES.values(), place, strict=True)
    hedges = (
        hedge
        for mode, position in meeting
        for each in line.positions.get(mode, ())
        if each.position == position
        for hedge in each.hedges
    )
    return tuple(dict.fromkeys(hedges))


def _ordered(positions: Iterable[Cell | None]) -> tuple[Cell | None, ...]:
    """Return distinct positions by name, the missing one last."""
    return tuple(sorted(set(positions), key=lambda each: (each is None, each.text if each else "")))
