"""Independence: the number of origins of a record; sources that depend on each other count as one origin.

Two sources have one origin if they have the same publisher, if one cites the other, if one was seen in the
other, or if their texts are the same. So a report that repeats another adds no origin.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import NamedNode

from kg.pages.cells import Cell
from kg.pages.profiles.reading import ProfileReader
from kg.terms import DIP, DIPK

MOST = 100
"""Maximum sources compared."""


@dataclass(frozen=True)
class Origin:
    """Sources that depend on each other, with their publishers."""

    publishers: tuple[Cell, ...]
    sources: tuple[Cell, ...]


@dataclass(frozen=True)
class Footing:
    """The origins and sources of a record or a source."""

    origins: tuple[Origin, ...]
    read: int
    """Number of sources whose text a curator read."""
    unread: int
    """Number of sources that are only cited, or known by a headline or through another source."""
    is_cut: bool = False

    @property
    def sources(self) -> int:
        """The number of sources."""
        return self.read + self.unread


def footing_of_record(reader: ProfileReader, *records: NamedNode) -> Footing:
    """Return the footing of records: the sources of their reports, with those cited or seen in."""
    sources: dict[NamedNode, None] = {}
    dependences: set[tuple[NamedNode, NamedNode]] = set()
    count = 0
    for record in records:
        quads = reader.all_cells.contents.quads_for_pattern(None, DIP.REPORTS, record)
        for quad in islice(quads, MOST):
            count += 1
            if isinstance(quad.subject, NamedNode):
                found = reader.nodes.nodes(quad.subject, DIP.FOUND_IN)
                through = reader.nodes.nodes(quad.subject, DIP.SEEN_IN)
                sources |= dict.fromkeys(found)
                dependences |= {(one, other) for one in found for other in through}
    return _footing(reader, sources, dependences, is_cut=count >= MOST)


def footing_of_source(reader: ProfileReader, source: NamedNode) -> Footing:
    """Return the footing of a source: itself, those it cites, and those in which it was seen."""
    rows = reader.select_nodes(
        f"SELECT DISTINCT ?seen WHERE {{ ?report dip:foundIn {source} ; dip:seenIn ?seen }} LIMIT {MOST}"
    )
    return _footing(reader, [source], {(source, each) for each in rows})


def _footing(
    reader: ProfileReader,
    sources: Iterable[NamedNode],
    dependences: set[tuple[NamedNode, NamedNode]],
    *,
    is_cut: bool = False,
) -> Footing:
    source_list = list(dict.fromkeys(sources))
    cited = [(each, other) for each in source_list for other in reader.nodes.nodes(each, DIP.CITES)]
    others = [other for _, other in (*cited, *sorted(dependences, key=str))]
    together = list(dict.fromkeys([*source_list, *others]))
    groups = _grouped(together[:MOST], [*cited, *dependences, *_alike(reader, together[:MOST])])
    sources_read = [each for each in together[:MOST] if _is_read(reader, each)]
    return Footing(
        tuple(_origin(reader, group) for group in groups),
        len(sources_read),
        min(len(together), MOST) - len(sources_read),
        is_cut or len(together) > MOST,
    )


def _alike(reader: ProfileReader, sources: Iterable[NamedNode]) -> list[tuple[NamedNode, NamedNode]]:
    """Return pairs of sources with the same publisher or text."""
    first: dict[object, NamedNode] = {}
    pairs = []
    for source in sources:
        marks = (*reader.nodes.nodes(source, DIP.PUBLISHED_BY), *reader.nodes.texts(source, DIP.TEXT_HASH))
        pairs += [(first.setdefault(mark, source), source) for mark in marks]
    return pairs


def _grouped(
    sources: Iterable[NamedNode], pairs: Iterable[tuple[NamedNode, NamedNode]]
) -> list[list[NamedNode]]:
    """Return the groups of sources that pairs connect, in order."""
    leader = {source: source for source in sources}
    for one, other in pairs:
        if one in leader and other in leader and leader[one] != leader[other]:
            old, new = leader[other], leader[one]
            leader = {source: new if led == old else led for source, led in leader.items()}
    groups: dict[NamedNode, list[NamedNode]] = {}
    for source, led in leader.items():
        groups.setdefault(led, []).append(source)
    return list(groups.values())


def _is_read(reader: ProfileReader, source: NamedNode) -> bool:
    """Return True if a source is no headline, and one of its reports is direct or its text has a hash."""
    if reader.nodes.has(source, DIP.HAS_KIND, DIPK.HEADLINE):
        return False
    found = reader.select_nodes(
        f"SELECT ?report WHERE {{ {{ SELECT ?report WHERE {{ ?report dip:foundIn {source} }} LIMIT {MOST} }} "
        "FILTER NOT EXISTS { ?report dip:seenIn ?other } } LIMIT 1"
    )
    return bool(found) or bool(reader.nodes.texts(source, DIP.TEXT_HASH))


def _origin(reader: ProfileReader, sources: list[NamedNode]) -> Origin:
    publishers: Mapping[NamedNode, None] = dict.fromkeys(
        publisher for source in sources for publisher in reader.nodes.nodes(source, DIP.PUBLISHED_BY)
    )
    return Origin(tuple(map(reader.cell, publishers)), tuple(map(reader.cell, sources)))
