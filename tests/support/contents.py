"""What a store holds, for tests that compare whole stores."""

from pyoxigraph import Quad

from kg.changes import Quads


def quads_in(store: Quads) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None))
