"""Words and deeds of one party toward another: the records, and the actors in them."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from enum import Enum

from pyoxigraph import NamedNode

from kg.gate.dates.calendar import Period
from kg.pages.stories.parties import Party
from kg.pages.stories.periods import ALWAYS, period_of_span
from kg.pages.stories.reading import NodeReader
from kg.terms import DIP


class Form(Enum):
    """Form of a record: words, or a deed."""

    WORD = "word"
    DEED = "deed"


class PartySide(Enum):
    """Side of a record: the first party's, the second's, or both."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both"


_PERFORMED = (DIP.PERFORMED_BY, DIP.GIVEN_BY)
_RECEIVED = (DIP.DIRECTED_AT, DIP.RECEIVED_BY)
_TOOK_PART = (DIP.INVOLVES, DIP.PERFORMED_BY, DIP.HOSTED_BY)


@dataclass(frozen=True)
class Act:
    """A record of the relation: its form and side, its actors, and its time."""

    node: NamedNode
    form: Form
    side: PartySide
    actors: tuple[NamedNode, ...]
    spans: tuple[NamedNode, ...]
    period: Period
    after: tuple[NamedNode, ...]
    """Records that it is known to follow, or with which it is known to share its day."""


def acts_between(reader: NodeReader, first: Party, second: Party) -> list[Act]:
    """Return the words and deeds of two parties toward each other; a meeting of both counts once, for both.

    Records that answer one of these acts, or mention it, are included.
    """
    found: dict[NamedNode, Act | None] = {}
    for node in _shared(reader, first, second):
        found[node] = _act(reader, node, Form.DEED, PartySide.BOTH, _TOOK_PART, (first, second))
    sides = ((PartySide.FIRST, first, second), (PartySide.SECOND, second, first))
    for side, party, other in sides:
        for node in _deeds(reader, party, set(other.members)):
            found.setdefault(node, _act(reader, node, Form.DEED, side, _PERFORMED, (party,)))
        for node in _words(reader, party, set(other.members)):
            found.setdefault(node, _act(reader, node, Form.WORD, side, (DIP.MADE_BY,), (party,)))
    acts = {node for node, act in found.items() if act}
    for side, party, _ in sides:
        for node in _answers(reader, party, acts):
            found.setdefault(node, _act(reader, node, Form.DEED, side, _PERFORMED, (party,)))
        for node in _words(reader, party, acts):
            found.setdefault(node, _act(reader, node, Form.WORD, side, (DIP.MADE_BY,), (party,)))
    return [act for act in found.values() if act]


def _act(
    reader: NodeReader,
    node: NamedNode,
    form: Form,
    side: PartySide,
    properties: tuple[NamedNode, ...],
    parties: tuple[Party, ...],
) -> Act | None:
    """Return a record as an act; None if none of its actors acts for the parties at that time."""
    spans = tuple(reader.nodes(node, DIP.OCCURS_AT))
    period = period_of_span(reader, spans[0]) if spans else ALWAYS
    own_actors = reader.nodes(node, *properties)
    actors = tuple(actor for actor in own_actors if any(party.counts(actor, period) for party in parties))
    if not all(any(party.counts(actor, period) for actor in own_actors) for party in parties):
        return None
    after = tuple(reader.nodes(node, DIP.FOLLOWS, DIP.SAME_DAY_AS))
    return Act(node, form, side, actors, spans, period, after)


def _words(reader: NodeReader, party: Party, partners: Set[NamedNode]) -> Iterator[NamedNode]:
    """Yield the statements of a party that concern, address or answer one of ``partners``."""
    for member in party.members:
        for statement in reader.subjects(member, DIP.MADE_BY):
            if not partners.isdisjoint(
                reader.nodes(statement, DIP.CONCERNS, DIP.ADDRESSED_TO, DIP.RESPONDS_TO)
            ):
                yield statement


def _deeds(reader: NodeReader, party: Party, partners: Set[NamedNode]) -> Iterator[NamedNode]:
    """Yield the deeds of a party toward one of ``partners``: done to it, given to it, or refused to it."""
    for member in party.members:
        for deed in reader.subjects(member, *_PERFORMED):
            refused = reader.nodes(deed, DIP.REFUSES)
            targets = [
                *reader.nodes(deed, *_RECEIVED),
                *(by for act in refused for by in reader.nodes(act, DIP.WOULD_BE_PERFORMED_BY)),
            ]
            if not partners.isdisjoint(targets):
                yield deed


def _answers(reader: NodeReader, party: Party, acts: Set[NamedNode]) -> Iterator[NamedNode]:
    """Yield the deeds of a party in answer to one of these acts."""
    for member in party.members:
        for deed in reader.subjects(member, *_PERFORMED):
            if not acts.isdisjoint(reader.nodes(deed, DIP.RESPONDS_TO)):
                yield deed


def _shared(reader: NodeReader, first: Party, second: Party) -> Iterator[NamedNode]:
    """Yield the events with both parties as participants, neither acting on the other."""
    theirs = {event for member in second.members for event in reader.subjects(member, *_TOOK_PART)}
    for member in first.members:
        for event in reader.subjects(member, *_TOOK_PART):
            if event in theirs and not reader.nodes(event, *_RECEIVED):
                yield event
