"""The engine of a store: what one that failed to write does, and copies that are changed."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions

from kg.changes import Delta
from kg.store import copies, engine
from kg.store.engine_protocols import Dataset, WritableEngine
from kg.store.store import open_snapshot
from tests.support.contents import quads_in

GRAPH = NamedNode("urn:g")


def fact(number: int, graph: NamedNode = GRAPH) -> Quad:
    return Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(number), graph)


@pytest.fixture
def opened(tmp_path: Path) -> WritableEngine:
    opened = engine.open_to_write(tmp_path / "store")
    opened.apply(Delta((fact(1), fact(2))))
    return opened


def fail(*_: object) -> None:
    raise OSError("IO error")


def fail_to_write(opened: WritableEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("kg.store.engine.change", fail)
        with pytest.raises(OSError, match="IO error"):
            opened.apply(Delta((fact(3),)))


def test_a_failed_write_is_the_engines_fault_until_it_is_opened_anew_and_complete(
    opened: WritableEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_write(opened, monkeypatch)
    assert opened.fault == "IO error"
    opened.reopen(lambda lacking: lacking.apply(Delta((fact(3),))))
    assert opened.fault is None
    assert quads_in(opened) == {fact(1), fact(2), fact(3)}


def test_an_engine_that_lacks_quads_when_opened_anew_keeps_its_fault_and_is_read(
    opened: WritableEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_write(opened, monkeypatch)
    with pytest.raises(OSError, match="IO error"):
        opened.reopen(fail)
    assert opened.fault == "IO error"
    assert quads_in(opened) == {fact(1), fact(2)}


def test_an_engine_that_starts_empty_keeps_its_old_store(opened: WritableEngine, tmp_path: Path) -> None:
    opened.start_empty(tmp_path / "aside")
    assert quads_in(opened) == set()
    assert quads_in(engine.open_to_read(tmp_path / "aside")) == {fact(1), fact(2)}


def test_tables_that_belong_to_no_store_are_removed_when_it_is_opened(
    opened: WritableEngine, tmp_path: Path
) -> None:
    opened.flush()
    opened.close()
    orphan = tmp_path / "store" / "999999.sst"
    orphan.touch()
    again = engine.open_to_write(tmp_path / "store")
    assert not orphan.exists()
    assert quads_in(again) == {fact(1), fact(2)}
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_closed_engine_lets_another_open_the_store(opened: WritableEngine, tmp_path: Path) -> None:
    opened.close()
    with pytest.raises(AttributeError):
        opened.flush()
    assert fact(1) in engine.open_to_write(tmp_path / "store")


def test_a_copy_on_disk_is_amended_and_the_original_is_not(opened: WritableEngine, tmp_path: Path) -> None:
    opened.copy_to(tmp_path / "copy")
    copies.amend(tmp_path / "copy", [Delta((fact(3),), (fact(1),))])
    assert quads_in(open_snapshot(tmp_path / "copy", 1)) == {fact(2), fact(3)}
    assert quads_in(opened) == {fact(1), fact(2)}


def test_contents_in_memory_advance_to_another_version() -> None:
    contents = copies.ContentsInMemory(iter([fact(1), fact(2)]), 7)
    contents.advance(Delta((fact(3),), (fact(1),)), 8)
    assert (contents.version, quads_in(contents)) == (8, {fact(2), fact(3)})


OTHER = NamedNode("urn:other")


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        (Dataset(), {"1", "2"}),
        (Dataset(default=(OTHER,)), {"2"}),
        (Dataset(default=(OTHER, GRAPH)), {"1", "2"}),
        (Dataset(default=(), named=(OTHER,)), set()),
    ],
    ids=["all", "one", "two", "named"],
)
def test_a_query_reads_the_graphs_of_its_dataset(dataset: Dataset, expected: set[str]) -> None:
    held = engine.in_memory([fact(1), fact(2, OTHER)])
    answer = held.query("SELECT ?o { ?s ?p ?o }", prefixes={}, dataset=dataset, bindings={})
    assert isinstance(answer, QuerySolutions)
    assert {row["o"].value for row in answer} == expected
