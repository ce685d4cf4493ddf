"""A delta that a judge hands over is the one that the writer commits, whether it goes in files or not."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.store import delta_files
from kg.store.delta_files import SHORTEST_IN_FILES
from kg.store.effects import EffectiveDelta
from kg.store.quad_file import QuadFile

GRAPH = NamedNode("urn:graph")
PREDICATE = NamedNode("urn:p")


def quad(text: str) -> Quad:
    return Quad(BlankNode("b0"), PREDICATE, Literal(text), GRAPH)


@pytest.mark.parametrize("length", [0, 1, SHORTEST_IN_FILES])
@pytest.mark.parametrize("count", [1, 300])
def test_a_delta_is_read_as_it_was_written(tmp_path: Path, length: int, count: int) -> None:
    added = tuple(quad(f"{number} {'é' * length}") for number in range(count))
    removed = tuple(quad(text) for text in ('"', "\r\n\t\\u00e9\u2028", ""))
    given = EffectiveDelta(added, removed, ("urn:graph",), ("urn:old",), (("urn:graph", "urn:old"),))
    found = delta_files.read(delta_files.write(given, tmp_path))
    assert (tuple(found.added), len(found.added)) == (added, count)
    assert (tuple(found.removed), len(found.removed)) == (removed, 3)
    assert (found.graphs, found.withdrawn) == (given.graphs, given.withdrawn)
    assert found.superseding == given.superseding
    assert isinstance(found.removed, QuadFile)
    marked = b"".join(found.removed.chunks(b"D ")).splitlines()
    assert len(marked) == 3
    assert all(line.startswith(b"D _:b0 <urn:p> ") for line in marked)
    delta_files.discard(found)
    assert list(tmp_path.iterdir()) == []


def test_only_a_long_delta_makes_files(tmp_path: Path) -> None:
    long = EffectiveDelta((quad("x" * SHORTEST_IN_FILES),), (), (), (), ())
    for given, folders in ((EffectiveDelta((quad("x"),), (), (), (), ()), 0), (long, 1)):
        delta_files.write(given, tmp_path)
        assert len(list(tmp_path.iterdir())) == folders


def test_a_delta_that_only_removes_is_read_so(tmp_path: Path) -> None:
    found = delta_files.read(delta_files.write(EffectiveDelta((), (quad("x"),), (), (), ()), tmp_path))
    assert (tuple(found.added), tuple(found.removed)) == ((), (quad("x"),))
