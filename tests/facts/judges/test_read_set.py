"""A read set knows which quads a judgement asked for, and so whether a later commit concerns it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kg import scratch
from kg.facts.judges.read_set import Pattern, ReadSet
from kg.iris import PREFIXES

NODES = [NamedNode(f"urn:{letter}") for letter in "ab"]
INTEGER = NamedNode(PREFIXES["xsd"] + "integer")
OBJECTS = [*NODES, BlankNode("b"), Literal("a"), Literal("a", language="en"), Literal("1", datatype=INTEGER)]
GRAPHS = [*NODES, DefaultGraph()]


def optional(values: list) -> st.SearchStrategy:  # type: ignore[type-arg]  # of any kind of term
    return st.sampled_from([*values, None])


patterns = st.tuples(optional(NODES), optional(NODES), optional(OBJECTS), optional(GRAPHS))
quads = st.builds(
    Quad, st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from(OBJECTS), st.sampled_from(GRAPHS)
)


@given(st.lists(patterns, max_size=4), quads)
def test_a_quad_matches_exactly_if_a_store_would_return_it_for_one_of_the_patterns(
    asked: list[Pattern], quad: Quad
) -> None:
    reads, store = ReadSet(), scratch.filled([quad])
    for pattern in asked:
        reads.add(*pattern)
    found = any(True for pattern in asked for _ in store.quads_for_pattern(*pattern))
    widened = any(isinstance(pattern[2], Literal) and pattern[2].datatype == INTEGER for pattern in asked)
    assert reads.matches([quad]) == found or (widened and reads.matches([quad]))


@pytest.mark.parametrize("written", ["1", "01", "+1"])
def test_a_literal_is_matched_in_every_spelling_of_its_value(written: str) -> None:
    reads = ReadSet()
    reads.add(NODES[0], NODES[1], Literal(written, datatype=INTEGER))
    assert reads.matches([Quad(NODES[0], NODES[1], Literal("1", datatype=INTEGER))])
    assert not reads.matches([Quad(NODES[1], NODES[1], Literal("1", datatype=INTEGER))])


def test_everything_matches_any_quad_and_nothing_matches_none() -> None:
    reads, quad = ReadSet(), Quad(NODES[0], NODES[1], NODES[0])
    assert not reads.matches([quad])
    reads.add()
    assert reads.matches([quad])
    assert not reads.matches([])
    reads.clear()
    assert not reads.matches([quad])
