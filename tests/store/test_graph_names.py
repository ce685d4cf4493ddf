"""Graphs have a name in queries as long as they exist, in memory and on disk, newest and earlier versions."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean

from kg import scratch
from kg.changes import Delta
from kg.facts.edits import note_of
from kg.store import engine
from kg.store.copies import ContentsInMemory, ContentsOnDisk
from kg.store.engine_protocols import Dataset
from kg.store.graph_names import NOTES, concerned, name_empty
from kg.store.store import Contents

FULL, EMPTY = NamedNode("urn:full"), NamedNode("urn:empty")
QUAD = Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("x"), FULL)
NOTE = note_of(EMPTY)
BEGUN = (QUAD, NOTE)


def named(contents: Contents) -> dict[str, bool]:
    return {graph.value: is_named(contents, graph) for graph in (FULL, EMPTY)}


def is_named(contents: Contents, graph: NamedNode) -> bool:
    text = f"ASK {{ GRAPH ?g {{}} FILTER(?g = {graph}) }}"
    answer = contents.query(text, prefixes={}, dataset=Dataset(), bindings={})
    assert isinstance(answer, QueryBoolean)
    return bool(answer)


CHANGES = [
    (Delta(removed=(QUAD,)), {"urn:full": False, "urn:empty": True}),
    (Delta(added=(note_of(FULL),), removed=(QUAD,)), {"urn:full": True, "urn:empty": True}),
    (Delta(removed=(NOTE,)), {"urn:full": True, "urn:empty": False}),
    (
        Delta(added=(Quad(QUAD.subject, QUAD.predicate, QUAD.object, EMPTY),), removed=(NOTE,)),
        {"urn:full": True, "urn:empty": True},
    ),
]


@pytest.mark.parametrize(("delta", "left"), CHANGES)
def test_a_copy_in_memory_names_the_graphs_that_exist(delta: Delta, left: dict[str, bool]) -> None:
    copy = ContentsInMemory(BEGUN, 1)
    assert named(copy) == {"urn:full": True, "urn:empty": True}
    copy.advance(delta, 2)
    assert named(copy) == left
    copy.advance(delta.inverse(), 3)
    assert named(copy) == {"urn:full": True, "urn:empty": True}


@pytest.mark.parametrize(("delta", "left"), CHANGES)
def test_a_store_on_disk_names_the_graphs_that_exist(
    tmp_path: Path, delta: Delta, left: dict[str, bool]
) -> None:
    engine.write_quads(BEGUN, tmp_path / "store")
    copy = ContentsOnDisk(tmp_path / "store", 1)
    assert named(copy) == {"urn:full": True, "urn:empty": True}
    copy.apply(delta)
    assert named(copy) == left
    copy.apply(delta.inverse())
    assert named(copy) == {"urn:full": True, "urn:empty": True}


def test_the_graph_of_the_notes_has_a_name_as_long_as_there_is_one(tmp_path: Path) -> None:
    engine.write_quads(BEGUN, tmp_path / "store")
    on_disk, in_memory = ContentsOnDisk(tmp_path / "store", 1), ContentsInMemory(BEGUN, 1)
    gone = Delta(removed=(NOTE,))
    assert is_named(on_disk, NOTES)
    assert is_named(in_memory, NOTES)
    on_disk.apply(gone)
    in_memory.advance(gone, 2)
    assert not is_named(on_disk, NOTES)
    assert not is_named(in_memory, NOTES)


def test_a_note_concerns_the_graph_that_it_notes() -> None:
    assert (concerned(NOTE), concerned(QUAD)) == (EMPTY, FULL)
    store = scratch.filled(BEGUN)
    assert EMPTY not in store.named_graphs()
    name_empty(store)
    assert EMPTY in store.named_graphs()
