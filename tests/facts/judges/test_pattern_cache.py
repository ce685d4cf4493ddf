"""Answers that are kept are those that the store would give, whatever was committed meanwhile."""

from functools import partial
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.changes import GraphName, Object
from kg.facts.judges import pattern_cache
from kg.facts.judges.pattern_cache import PatternCache

INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
NODES = [NamedNode("urn:a"), NamedNode("urn:b")]
VALUES: list[Object] = [*NODES, Literal("1"), Literal("1", datatype=INTEGER), Literal("01", datatype=INTEGER)]
GRAPHS: list[GraphName] = [DefaultGraph(), NamedNode("urn:g")]
QUADS = [Quad(*parts) for parts in product(NODES, NODES, VALUES, GRAPHS)]
patterns = st.tuples(*(st.sampled_from([None, *terms]) for terms in (NODES, NODES, VALUES, GRAPHS)))
steps = st.one_of(patterns, st.lists(st.sampled_from(QUADS), max_size=4), st.sampled_from(QUADS))


@settings(max_examples=200, deadline=None)
@given(given_steps=st.lists(steps, max_size=40))
def test_an_answer_is_always_that_of_the_store(given_steps: list[object]) -> None:
    cache, store = PatternCache(), Store()
    for step in given_steps:
        if isinstance(step, tuple):
            ask = partial(store.quads_for_pattern, *step)
            assert list(cache.answer(step, ask)) == list(ask())
        elif isinstance(step, list):
            before = set(store)
            store.extend(step)
            cache.drop(tuple(set(store) - before))
        elif isinstance(step, Quad):
            before = set(store)
            store.remove(step)
            cache.drop(tuple(before - set(store)))


def test_a_pattern_is_asked_once_until_a_commit_changes_its_answer() -> None:
    cache, store, asked = PatternCache(), Store(), list[None]()

    def ask() -> list[Quad]:
        asked.append(None)
        return list(store.quads_for_pattern(NODES[0], None, None))

    for changed in ((), (), (QUADS[-1],), (QUADS[0],), ()):
        store.extend(changed)
        cache.drop(changed)
        list(cache.answer((NODES[0], None, None, None), ask))
    assert len(asked) == 2


def test_a_long_answer_is_not_kept_and_a_large_commit_empties_the_cache() -> None:
    cache, asked = PatternCache(), list[int]()

    def ask(count: int) -> list[Quad]:
        asked.append(count)
        return [Quad(NODES[0], NODES[1], Literal(str(number)), GRAPHS[1]) for number in range(count)]

    for count in (pattern_cache.LONGEST_ANSWER, pattern_cache.LONGEST_ANSWER + 1):
        for _ in range(2):
            found = list(cache.answer((NODES[0], None, Literal(str(count)), None), partial(ask, count)))
            assert len(found) == count
    cache.drop([QUADS[-1]] * 1_001)
    list(cache.answer((NODES[0], None, Literal(str(pattern_cache.LONGEST_ANSWER)), None), partial(ask, 8)))
    assert asked == [8, 9, 9, 8]
