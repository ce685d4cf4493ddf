"""Parties: an actor with the actors that act for it, so that a person's words count for the state."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.gate.dates.calendar import Period
from kg.pages.stories.periods import ALWAYS, excludes, period_of_tenure
from kg.pages.stories.reading import NodeReader
from kg.terms import DIP


@dataclass(frozen=True)
class Capacity:
    """Capacity to act for a party: an office, during the tenure, or as its government or spokesperson."""

    actor: NamedNode
    office: NamedNode | None = None
    period: Period = ALWAYS


@dataclass(frozen=True)
class Party:
    """An actor, and the capacities of the actors that act for it."""

    actor: NamedNode
    capacities: Mapping[NamedNode, tuple[Capacity, ...]]

    def counts(self, actor: NamedNode, when: Period) -> bool:
        """Return True if an actor's deeds at a time may count for this party, as far as recorded."""
        if actor == self.actor:
            return True
        return any(not excludes(capacity.period, when) for capacity in self.capacities.get(actor, ()))

    @property
    def members(self) -> tuple[NamedNode, ...]:
        """The actor, and the actors that act for it."""
        return self.actor, *self.capacities


def party_of(reader: NodeReader, actor: NamedNode) -> Party:
    """Return an actor with its governments, their spokespersons, and the holders of their offices."""
    bodies = [actor, *reader.subjects(actor, DIP.GOVERNS)]
    capacities: dict[NamedNode, list[Capacity]] = {body: [Capacity(body)] for body in bodies[1:]}
    for body in bodies:
        for voice in reader.subjects(body, DIP.SPEAKS_FOR):
            capacities.setdefault(voice, []).append(Capacity(voice))
        for office in reader.subjects(body, DIP.OFFICE_OF):
            for tenure in reader.subjects(office, DIP.HOLDS_OFFICE):
                tenure_period = period_of_tenure(reader, tenure)
                for holder in reader.nodes(tenure, DIP.HELD_BY):
                    capacities.setdefault(holder, []).append(Capacity(holder, office, tenure_period))
    capacities.pop(actor, None)
    return Party(actor, {each: tuple(capacities[each]) for each in sorted(capacities, key=str)})
