"""What a store makes of quads is known before it holds them."""

from hypothesis import given
from pyoxigraph import Quad

from kg import scratch
from kg.store.transaction import normalised
from tests.support.strategies import quads


@given(quads)
def test_quads_are_normalised_as_a_store_does_it(content: tuple[Quad, ...]) -> None:
    assert normalised(content) == set(scratch.filled(content))
