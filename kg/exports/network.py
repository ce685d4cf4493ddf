"""Network of actors: statements and deeds between them, and claims and judgements about them.

Actors are the nodes. An edge is one relation of one record, and has a layer: ``words`` (a statement),
``deeds`` (a happening), ``claim`` (what a claimant says that another did: the edge points from the alleged
actor to the alleged target, and asserts nothing), ``judgement`` (a stance), ``tie`` (an office, a government,
a part), or ``coding`` (rows of coders, counted by pair, code and month, between designations of their own).
Several edges may connect two actors; words and deeds are never added up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from itertools import chain

from pyoxigraph import NamedNode

from kg import iris
from kg.exports import coded_network, relations
from kg.exports.coded_network import CodedPair, CodedRows
from kg.exports.extract import Extract
from kg.exports.records import Records, Time
from kg.exports.relations import Relation
from kg.exports.text_set import TextSet
from kg.terms import DIP


@dataclass(frozen=True)
class NetworkNode:
    """An actor. ``kind`` is its class, ``label_es`` its name in Spanish.

    A coder's designation is a separate node: ``resolves_to`` is the actor that it is judged to name.
    """

    id: str
    label: str
    label_es: str
    kind: str
    wikidata: str
    resolves_to: str = ""

    def attributes(self) -> dict[str, str]:
        """Return the attributes other than the name."""
        return {name: value for name, value in asdict(self).items() if name != "id"}


@dataclass(frozen=True)
class NetworkEdge:
    """A relation between two actors; all values are text, and unknown ones are empty.

    ``start`` and ``end`` are the first and last possible day, ``date`` is the date as known; for a claim, the
    time at which it was made. ``tone`` is the tone that ``tone_by`` perceived in the words. ``mutual`` is yes
    if neither actor acts on the other. ``hedge``, ``basis`` and ``source`` are those of the reports,
    ``claimant`` is the claim's author and ``denied_by`` the actors that deny it. For a coded edge, ``count``
    is the number of rows, ``side`` is words or deeds by its code, and ``mean_intensity`` is the mean stated
    intensity.
    """

    id: str
    source_id: str
    target_id: str
    label: str
    made_of: str
    layer: str
    relation: str
    kind: str
    side: str = ""
    tone: str = ""
    tone_by: str = ""
    start: str = ""
    end: str = ""
    date: str = ""
    precision: str = ""
    mutual: str = "no"
    claimant: str = ""
    denied_by: str = ""
    assessor: str = ""
    hedge: str = ""
    basis: str = ""
    source: str = ""
    record: str = ""
    graph: str = ""
    count: str = "1"
    mean_intensity: str = ""

    def attributes(self) -> dict[str, str]:
        """Return the attributes other than the ends."""
        own = ("id", "source_id", "target_id")
        return {name: value for name, value in asdict(self).items() if name not in own}


EDGE_ATTRIBUTES = tuple(field.name for field in fields(NetworkEdge))[3:]
NODE_ATTRIBUTES = tuple(field.name for field in fields(NetworkNode))[1:]


class Network:
    """The network of an extract."""

    def __init__(self, extract: Extract) -> None:
        self._records = Records(extract)
        self._extract = extract

    @cached_property
    def _coded(self) -> Mapping[CodedPair, CodedRows]:
        return coded_network.pairs(self._extract, self._records)

    def nodes(self) -> Iterator[NetworkNode]:
        """Yield the described actors, and those that only edges name, in order."""
        records = self._records
        ends = (iri for edge in self._own_edges() for iri in (edge.source_id, edge.target_id))
        for iri in TextSet(chain(ends, (actor.value for actor in records.of(DIP.ACTOR)))):
            node = NamedNode(iri)
            items = "; ".join(each.value for each in records.things(node, DIP.WIKIDATA_ITEM))
            label, label_es = records.label(node), records.label(node, "es")
            yield NetworkNode(iri, label, label_es, records.class_name(node), items)
        designations = {each for pair in self._coded for each in (pair.actor, pair.target)}
        for node in sorted(designations, key=str):
            name = records.text(node, DIP.CODED_NAME) or records.text(node, DIP.ACTOR_CODE)
            standing = coded_network.resolved(records, node)
            yield NetworkNode(node.value, name or records.label(node), name, "CodedActor", "", standing)

    def edges(self) -> Iterator[NetworkEdge]:
        """Yield the edges, by layer in the order of their records."""
        yield from self._own_edges()
        yield from self._codings()

    def _own_edges(self) -> Iterator[NetworkEdge]:
        """Yield the edges between our actors."""
        yield from self._words()
        yield from self._deeds()
        yield from self._claims()
        yield from self._judgements()
        yield from self._ties()

    def _words(self) -> Iterator[NetworkEdge]:
        records = self._records
        for statement in records.of(DIP.STATEMENT):
            tones = records.pointing(DIP.ASSESSES, statement)
            tone = _joined(records.names(each, DIP.HAS_TONE) for each in tones)
            heard = [each for each in tones if records.things(each, DIP.HAS_TONE)]
            tone_by = _joined(records.names(each, DIP.ASSESSED_BY) for each in heard)
            for relation in relations.words(records.things, statement):
                yield from self._edges(statement, relation, layer="statement", tone=tone, tone_by=tone_by)

    def _deeds(self) -> Iterator[NetworkEdge]:
        records = self._records
        for happening in records.of(DIP.HAPPENING):
            for relation in relations.deeds(records.things, happening):
                yield from self._edges(happening, relation, layer="happening")

    def _claims(self) -> Iterator[NetworkEdge]:
        records = self._records
        for claim in records.of(DIP.CLAIM):
            claimants = records.names(claim, DIP.CLAIMED_BY)
            statements = records.pointing(DIP.ADVANCES, claim)
            denials = records.pointing(DIP.DENIES, claim)
            for relation in relations.claims(records.things, claim):
                yield from self._edges(
                    claim,
                    relation,
                    layer="statement",
                    label=f"claim by {claimants}: “{records.text(claim, DIP.CONTENT)}”",
                    kind=records.names(claim, DIP.ALLEGED_KIND),
                    claimant=claimants,
                    denied_by=_joined(records.names(each, DIP.MADE_BY) for each in denials),
                    reported_by=statements[0] if statements else claim,
                )

    def _judgements(self) -> Iterator[NetworkEdge]:
        records = self._records
        for stance in records.of(DIP.STANCE):
            for relation in relations.judgements(records.things, stance):
                yield from self._edges(
                    stance,
                    relation,
                    layer="assessment",
                    kind=_joined([records.names(stance, DIP.HAS_MODE), records.names(stance, DIP.POSITION)]),
                    assessor=records.names(stance, DIP.ASSESSED_BY),
                )

    def _ties(self) -> Iterator[NetworkEdge]:
        records = self._records
        for actor in records.of(DIP.ACTOR):
            for relation in relations.ties(records.things, actor):
                yield from self._edges(actor, relation, layer="actor")
        for tenure in records.of(DIP.OFFICE_HOLDING):
            for office, relation in relations.offices(records.things, tenure):
                yield from self._edges(tenure, relation, layer="actor", label=records.label(office))

    def _codings(self) -> Iterator[NetworkEdge]:
        records = self._records
        for pair, counted in self._coded.items():
            root = records.label(pair.root)
            ends = f"{_last(pair.actor)}-{_last(pair.target)}-{_last(pair.root)}"
            yield NetworkEdge(
                f"{iris.BASE}coded#{ends}-{iris.slug(pair.coder)}-{pair.month}",
                pair.actor.value,
                pair.target.value,
                label=f"{counted.rows} rows of {pair.coder}: {root}",
                made_of="coding",
                layer="assessment",
                relation=_local(DIP.CODED_TARGET),
                kind=root,
                side=coded_network.side(records, pair.root),
                start=counted.first,
                end=counted.last,
                date=pair.month,
                assessor=pair.coder,
                count=str(counted.rows),
                mean_intensity=counted.mean_intensity,
            )

    def _edges(
        self,
        record: NamedNode,
        related: Relation,
        *,
        reported_by: NamedNode | None = None,
        **attributes: str,
    ) -> Iterator[NetworkEdge]:
        """Yield the edges of one relation of a record, between actors only.

        ``reported_by`` is the record with their time and reports, if it is another one.
        """
        records = self._records
        pairs = [pair for pair in related.pairs if all(map(records.is_actor, pair))]
        if not pairs:
            return
        relation = _local(related.predicate)
        reports = [*records.reports(reported_by or record)]
        time = self._time(reported_by or record)
        shared = {
            "label": records.label(record),
            "made_of": related.made_of,
            "mutual": "yes" if related.is_mutual else "no",
            "kind": records.names(record, DIP.HAS_KIND),
            "start": time.earliest,
            "end": time.latest,
            "date": time.date or time.as_written,
            "precision": time.precision,
            "hedge": _joined(each.hedge for each in reports),
            "basis": _joined(each.basis for each in reports),
            "source": _joined(each.source for each in reports),
            "graph": "; ".join(records.graphs(record)),
            **attributes,
        }
        for number, (one, other) in enumerate(pairs, 1):
            name = f"{record.value}#{relation}-{number}-{_last(one)}"
            yield NetworkEdge(name, one.value, other.value, relation=relation, record=record.value, **shared)

    def _time(self, record: NamedNode) -> Time:
        """Return the time of a record; a tenure lasts from its start to its end, if they are known."""
        records = self._records
        started, ended = records.when(record, DIP.STARTS_AT), records.when(record, DIP.ENDS_AT)
        if started == ended == Time():
            return records.when(record)
        date = "/".join([started.date or "..", ended.date or ".."])
        return Time(date, started.earliest, ended.latest, precision=started.precision or ended.precision)


def _joined(texts: Iterable[str]) -> str:
    """Join distinct texts, sorted, with semicolons."""
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _local(predicate: NamedNode) -> str:
    return predicate.value.removeprefix(iris.TERMS)


def _last(node: NamedNode) -> str:
    return node.value.rsplit("/", 1)[-1]
