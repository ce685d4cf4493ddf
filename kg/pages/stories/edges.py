"""Edges of the network export around one actor, read only from the records that name the actor."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.exports import relations
from kg.exports.relations import Follow, Relation
from kg.gate.dates.calendar import Period
from kg.pages.profiles.reading import ProfileReader
from kg.pages.stories.periods import ALWAYS, excludes, period_of_span, period_of_tenure
from kg.terms import DIP

MOST = 1000
"""Maximum records by one property."""
MOST_READ = 300
"""Maximum records whose edges are read."""


@dataclass(frozen=True)
class Layer:
    """A layer of edges: a class of records, properties that name actors, and the function for relations."""

    of_class: NamedNode
    naming: tuple[NamedNode, ...]
    relations: Callable[[Follow, NamedNode], Iterator[Relation]]


def _held(follow: Follow, tenure: NamedNode) -> Iterator[Relation]:
    return (relation for _, relation in relations.offices(follow, tenure))


LAYERS: Mapping[str, tuple[Layer, ...]] = {
    "statement": (Layer(DIP.STATEMENT, (DIP.MADE_BY, DIP.ADDRESSED_TO, DIP.CONCERNS), relations.words),),
    "happening": (
        Layer(
            DIP.HAPPENING,
            (DIP.PERFORMED_BY, DIP.GIVEN_BY, DIP.DIRECTED_AT, DIP.RECEIVED_BY, DIP.INVOLVES),
            relations.deeds,
        ),
    ),
    "claim": (Layer(DIP.CLAIM, (DIP.ALLEGED_ACTOR, DIP.ALLEGED_TARGET), relations.claims),),
    "judgement": (Layer(DIP.STANCE, (DIP.HELD_BY, DIP.TOWARD), relations.judgements),),
    "tie": (
        Layer(DIP.ACTOR, (DIP.GOVERNS, DIP.PART_OF, DIP.SPEAKS_FOR), relations.ties),
        Layer(DIP.OFFICE_HOLDING, (DIP.HELD_BY,), _held),
    ),
}
"""The layers by name; coded rows are a layer of their own, see ``coded_partners``."""


@dataclass(frozen=True)
class Edge:
    """A relation of one record between two actors; ``period`` is the record's time, as far as it is known."""

    source: NamedNode
    target: NamedNode
    record: NamedNode
    layer: str
    predicate: NamedNode
    is_mutual: bool
    reported_by: NamedNode
    """The record with the time and the reports: of a claim, the statement that makes it."""
    period: Period

    def other(self, actor: NamedNode) -> NamedNode:
        """Return the other end."""
        return self.target if self.source == actor else self.source


class EdgeReader:
    """Reads the edges of an actor; ``is_cut`` if it has more records than were looked at."""

    def __init__(self, reader: ProfileReader) -> None:
        self._reader = reader
        self._are_actors: dict[NamedNode, bool] = {}
        self.is_cut = False

    def edges(self, actor: NamedNode, layers: Collection[str], period: Period) -> Iterator[Edge]:
        """Yield the edges of some layers that begin or end at an actor.

        Edges of different records are never merged.

        If there are too many records, those certainly outside the period are left out first.
        """
        for name in layers:
            for layer in LAYERS[name]:
                for record in self._records(actor, layer, period):
                    yield from self._of(actor, name, layer, record)

    def _of(self, actor: NamedNode, name: str, layer: Layer, record: NamedNode) -> Iterator[Edge]:
        """Yield the edges of one record; by several properties, one for each pair."""
        found: dict[tuple[NamedNode, NamedNode], Relation] = {}
        for relation in layer.relations(self._reader.nodes.nodes, record):
            for pair in relation.pairs:
                if actor in pair and all(map(self._is_actor, pair)):
                    found.setdefault(pair, relation)
        if found:
            reported_by, period = self._reported_by(layer, record), self._period(layer, record)
            for (source, target), relation in found.items():
                yield Edge(
                    source,
                    target,
                    record,
                    name,
                    relation.predicate,
                    relation.is_mutual,
                    reported_by,
                    period,
                )

    def _records(self, actor: NamedNode, layer: Layer, period: Period) -> list[NamedNode]:
        found: dict[NamedNode, None] = {}
        for predicate in layer.naming:
            portion = self._reader.pointing_nodes(actor, predicate, most=MOST)
            found |= dict.fromkeys(portion.shown)
            self.is_cut |= portion.is_cut
        if layer.of_class == DIP.ACTOR:
            found[actor] = None
        elif layer.of_class == DIP.OFFICE_HOLDING:
            found |= dict.fromkeys(self._tenures(actor))
        records = list(found)
        if len(records) > MOST_READ and period != ALWAYS:
            records = [each for each in records if not excludes(self._period(layer, each), period)]
        self.is_cut |= len(records) > MOST_READ
        return [each for each in records[:MOST_READ] if layer.of_class in self._reader.classes(each)]

    def _tenures(self, actor: NamedNode) -> Iterator[NamedNode]:
        """Yield the tenures of the offices of an actor."""
        for office in self._reader.pointing_nodes(actor, DIP.OFFICE_OF).shown:
            yield from self._reader.pointing_nodes(office, DIP.HOLDS_OFFICE).shown

    def _reported_by(self, layer: Layer, record: NamedNode) -> NamedNode:
        """Return the record with the time and the reports: of a claim, the statement that makes it."""
        if layer.of_class != DIP.CLAIM:
            return record
        return next(iter(self._reader.pointing_nodes(record, DIP.ADVANCES).shown), record)

    def _period(self, layer: Layer, record: NamedNode) -> Period:
        nodes = self._reader.nodes
        if layer.of_class == DIP.OFFICE_HOLDING:
            return period_of_tenure(nodes, record)
        spans = nodes.nodes(self._reported_by(layer, record), DIP.OCCURS_AT)
        return period_of_span(nodes, spans[0]) if spans else ALWAYS

    def _is_actor(self, node: NamedNode) -> bool:
        if node not in self._are_actors:
            self._are_actors[node] = DIP.ACTOR in self._reader.classes(node)
        return self._are_actors[node]
