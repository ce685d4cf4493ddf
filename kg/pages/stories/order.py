"""Order of records: by date if known, else by the records that they are known to follow or precede."""

from collections.abc import Callable, Iterable, Mapping

from pyoxigraph import NamedNode

from kg.gate.dates.calendar import Period
from kg.pages.stories.records import Act

_Place = tuple[int, int]
"""Day number, and steps from a record of that day: after it, or before it if negative."""


def in_order(acts: Iterable[Act]) -> tuple[list[Act], list[Act]]:
    """Return the acts with a place in time, in order, and those without one.

    An act without a date comes after the last act that it follows, else before the first that follows it.
    """
    acts_by_node = {act.node: act for act in acts}
    places = {node: place for node in acts_by_node if (place := _behind(acts_by_node, node, frozenset()))}
    for act in acts_by_node.values():
        for earlier in act.after:
            if act.node in places and earlier in acts_by_node and not _is_dated(acts_by_node[earlier]):
                day, step = places[act.node]
                places[earlier] = min(places.get(earlier, (day, step - 1)), (day, step - 1))
    placed = sorted(
        (acts_by_node[node] for node in places), key=lambda act: (places[act.node], act.node.value)
    )
    return placed, [act for act in acts_by_node.values() if act.node not in places]


def _is_dated(act: Act) -> bool:
    return bool(act.period.first or act.period.last)


def _behind(
    acts_by_node: Mapping[NamedNode, Act], node: NamedNode, visited: frozenset[NamedNode]
) -> _Place | None:
    """Return an act's place by its date or by the acts that it follows; None if it has neither."""
    act = acts_by_node[node]
    bound = act.period.first or act.period.last
    places = [(bound.number, 0)] if bound else []
    for earlier in act.after:
        if (
            earlier in acts_by_node
            and earlier not in visited
            and (place := _behind(acts_by_node, earlier, visited | {node}))
        ):
            places.append((place[0], place[1] + 1))
    return max(places, default=None)


def by_day(nodes: Iterable[NamedNode], periods: Callable[[NamedNode], list[Period]]) -> list[NamedNode]:
    """Return nodes sorted by the first possible day; undated ones come last, in their given order."""

    def place(node: NamedNode) -> tuple[bool, int]:
        days = [day.number for period in periods(node) if (day := period.first or period.last)]
        return not days, min(days, default=0)

    return sorted(nodes, key=place)
