"""The format marker: written once, kept by backups, and read before anything is opened."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.changes import Delta, Provenance
from kg.errors import Unavailable
from kg.ontology import Ontology
from kg.store import format_marker
from kg.store.backup import backup, restore
from kg.store.format_marker import FORMAT, FormatMarker
from kg.store.read_only import open_read_only
from kg.store.store import Store
from tests.support.contents import count, quads_in
from tests.support.stores import open_store


@pytest.fixture
def made(data: Path) -> Path:
    open_store(data, Ontology(data / "none")).close()
    return data


def write_marker(directory: Path, number: int) -> None:
    members = {"format": number, "software": "kg 9.1.0"}
    (directory / format_marker.FILE_NAME).write_text(json.dumps(members))


def test_a_fresh_directory_is_marked_with_format_and_program(made: Path) -> None:
    from kg import __version__

    assert format_marker.read(made) == FormatMarker(FORMAT, f"kg {__version__}")


STATED = Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("b"), NamedNode("urn:g"))
RESTATED = Quad(STATED.subject, STATED.predicate, STATED.object, NamedNode("urn:h"))
UNNAMED = Quad(STATED.subject, STATED.predicate, Literal("c"), DefaultGraph())


@pytest.fixture
def of_format_1(made: Path) -> Path:
    """A directory of format 1, whose store holds no merge and whose marker may be missing."""
    with Store.open(made) as store:
        store.commit(Delta((STATED, RESTATED, UNNAMED)), Provenance("Ana"))
        quads = list(store.quads_for_pattern(None, None, None, None))
    shutil.rmtree(made / "store")
    plain = pyoxigraph.Store(made / "store")
    plain.extend(quads)
    plain.flush()
    del plain
    (made / "asof" / "v1").mkdir(parents=True)
    (made / format_marker.FILE_NAME).unlink()
    return made


def test_a_directory_of_format_1_is_upgraded_once_and_then_merges(of_format_1: Path) -> None:
    with pytest.raises(Unavailable, match="run kg upgrade"):
        Store.open(of_format_1)
    for _ in range(2):
        format_marker.upgrade(of_format_1)
    assert format_marker.read(of_format_1).format == 2
    assert not (of_format_1 / "asof").exists()
    with Store.open(of_format_1) as store:
        assert {STATED, RESTATED, UNNAMED} <= quads_in(store)
        assert [quad.object for quad in store.quads_for_pattern(None, None, None, DefaultGraph())] == [
            UNNAMED.object
        ]
        assert count(store, "{ <urn:a> ?p ?o }") == 2


def test_an_interrupted_upgrade_of_the_format_begins_again(
    of_format_1: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(format_marker, "_write", _fail)
        with pytest.raises(OSError, match="full"):
            format_marker.upgrade(of_format_1)
    format_marker.upgrade(of_format_1)
    with Store.open(of_format_1) as store:
        assert count(store, "{ <urn:a> ?p ?o }") == 2
    assert not (of_format_1 / format_marker.STORE_OF_FORMAT_1).exists()


def _fail(_: Path) -> None:
    raise OSError("full")


OPENINGS: tuple[Callable[[Path], object], ...] = (
    Store.open,
    open_read_only,
    lambda data: backup(data, data.with_name("copy")),
    lambda data: restore(data, data.with_name("restored")),
)


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize(("number", "advice"), [(FORMAT + 1, "use kg 9.1.0 or newer"), (0, "run kg upgrade")])
def test_another_format_is_refused_with_what_to_do(
    made: Path, opening: Callable[[Path], object], number: int, advice: str
) -> None:
    write_marker(made, number)
    with pytest.raises(Unavailable, match=advice) as refusal:
        opening(made)
    assert f"format {number}" in refusal.value.detail


def test_a_marker_is_never_overwritten(made: Path) -> None:
    write_marker(made, FORMAT)
    Store.open(made).close()
    assert format_marker.read(made).software == "kg 9.1.0"


@pytest.mark.parametrize("text", ["", "[]", '{"format": "x"}', '{"format": 1}'])
def test_a_damaged_marker_is_refused(made: Path, text: str) -> None:
    (made / format_marker.FILE_NAME).write_text(text)
    with pytest.raises(Unavailable, match="damaged"):
        open_read_only(made)


def test_a_backup_and_what_is_restored_from_it_keep_the_marker(made: Path) -> None:
    write_marker(made, FORMAT)
    backup(made, made.with_name("copy"))
    shutil.rmtree(made)
    restore(made.with_name("copy"), made)
    assert format_marker.read(made) == FormatMarker(FORMAT, "kg 9.1.0")
