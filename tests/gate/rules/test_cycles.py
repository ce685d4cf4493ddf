"""A link that closes a circle is found, at the cost of the shorter way; the whole is told the same."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules.cycles import MOST_STEPS, Cycles
from kg.iris import DATA
from kg.terms import DIP

Link = tuple[int, int]
CYCLES = Cycles(frozenset({DIP.FOLLOWS}))


def quads(links: Iterable[Link], graph: str = "urn:g") -> tuple[Quad, ...]:
    return tuple(
        Quad(NamedNode(f"{DATA}n{one}"), DIP.FOLLOWS, NamedNode(f"{DATA}n{other}"), NamedNode(graph))
        for one, other in links
    )


class Counted:
    """A store that counts the patterns it is asked."""

    def __init__(self, links: Iterable[Link]) -> None:
        self._store = pyoxigraph.Store()
        self._store.extend(quads(links))
        self.asked = 0

    def quads_for_pattern(self, *pattern: Any) -> Iterator[Quad]:
        self.asked += 1
        yield from self._store.quads_for_pattern(*pattern)


def found(before: Iterable[Link], new: Iterable[Link]) -> set[tuple[str, str]]:
    store = pyoxigraph.Store()
    store.extend(quads(before))
    return told(CYCLES.violations(Overlay(store, Delta(added=quads(new, "urn:new")))))


def told(violations: Iterable[object]) -> set[tuple[str, str]]:
    return {(str(each.focus), str(each.value)) for each in violations}  # type: ignore[attr-defined]


def links_of(pairs: Iterable[Link]) -> set[tuple[str, str]]:
    return {(str(quad.subject), str(quad.object)) for quad in quads(pairs)}


LINKS = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=10)


@given(LINKS, LINKS)
def test_a_change_is_told_what_the_whole_is_told_of_its_links(before: set[Link], new: set[Link]) -> None:
    store = pyoxigraph.Store()
    store.extend(quads(before | new))
    assert found(before, new) == told(CYCLES.whole(Overlay(store))) & links_of(new)


@given(LINKS)
def test_the_links_of_a_circle_are_those_that_lead_back(links: set[Link]) -> None:
    reached = set(links)
    for _ in range(7):
        reached |= {(one, last) for one, middle in reached for again, last in links if again == middle}
    store = pyoxigraph.Store()
    store.extend(quads(links))
    on_a_circle = {(one, other) for one, other in links if one == other or (other, one) in reached}
    assert told(CYCLES.whole(Overlay(store))) == links_of(on_a_circle)


def test_a_link_of_another_relation_closes_no_circle() -> None:
    store = pyoxigraph.Store()
    store.extend(quads([(1, 2)]))
    other = Quad(NamedNode(f"{DATA}n2"), DIP.PART_OF, NamedNode(f"{DATA}n1"))
    assert not told(CYCLES.violations(Overlay(store, Delta(added=(other,)))))


@pytest.mark.parametrize("new", [[(5000, 4999)], [(5000, 4999), (5001, 5000), (5002, 5001)]])
def test_the_end_of_a_long_chain_costs_a_few_probes(new: list[Link]) -> None:
    store = Counted(pairwise(range(4999, -1, -1)))
    assert not told(CYCLES.violations(Overlay(store, Delta(added=quads(new)))))
    assert store.asked < 20


def test_the_part_of_what_has_many_parts_costs_a_few_probes() -> None:
    store = Counted((part, 0) for part in range(1, 5000))
    assert not told(CYCLES.violations(Overlay(store, Delta(added=quads([(0, 6000)])))))
    assert store.asked < 20


def test_a_search_ends_after_so_many_steps() -> None:
    one, other = range(2 * MOST_STEPS), range(2 * MOST_STEPS, 4 * MOST_STEPS)
    store = Counted([*pairwise(one), *pairwise(other)])
    assert not told(CYCLES.violations(Overlay(store, Delta(added=quads([(one[-1], other[0])])))))
    assert store.asked < 2 * MOST_STEPS + 10
