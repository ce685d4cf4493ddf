"""What a store holds, for tests that compare whole stores."""

from pyoxigraph import Literal, Quad, QuerySolutions

from kg.changes import Quads
from kg.store.engine_protocols import Dataset
from kg.store.store import Contents


def quads_in(store: Quads) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None))


def count(contents: Contents, group: str) -> int:
    """Count the solutions of a group of a query."""
    answer = contents.query(f"SELECT (COUNT(*) AS ?n) {group}", prefixes={}, dataset=Dataset(), bindings={})
    assert isinstance(answer, QuerySolutions)
    (row,) = answer
    assert isinstance(row["n"], Literal)
    return int(row["n"].value)
