"""A purge leaves a tombstone and no byte of the graph, at whatever step it is killed."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg import iris, ontology, provenance
from kg.changes import Delta, Provenance
from kg.errors import Conflict, Damaged, Gone, NotFound, Unavailable
from kg.facts.purging import purge_graph
from kg.store import history, purge, tombstones
from kg.store.backup import backup, restore
from kg.store.log import CommitLog
from kg.store.read_only import open_read_only
from kg.store.snapshots import Snapshots
from kg.store.source_texts import SourceTexts
from kg.store.store import Store, open_snapshot
from kg.store.verification import verify
from kg.terms import DIP
from tests.support.stores import open_store

SECRET = "Maria Exemplaria lives at 12 Secret Street"
GRAPH, OTHER = NamedNode("urn:g"), NamedNode("urn:other")
ME = Provenance("Ana")
LAW = Provenance("Officer", reason="Erasure, request 7.")


def quad(number: int, graph: NamedNode = GRAPH) -> Quad:
    return Quad(NamedNode(f"urn:s{number}"), NamedNode("urn:p"), Literal(f"{SECRET}, {number}"), graph)


HASH = "f00d"
"""The hash that the graph was submitted by."""
OF_OTHERS = Quad(GRAPH, NamedNode("urn:p"), Literal("kept"), OTHER)
NAMED = Quad(NamedNode("urn:s"), NamedNode("urn:p"), GRAPH, DefaultGraph())
"""A triple of the default graph whose object is the graph's name: its line ends as those of the graph."""


def opened(data: Path) -> Store:
    return open_store(data, ontology.load(data / "none"))


@pytest.fixture
def stopped(data: Path) -> Path:
    """A directory in which a graph came (3), changed (4) and others came (5), with copies of it all."""
    with opened(data) as store:
        store.commit(Delta((quad(1), quad(2))), ME, content_hash=HASH, warnings=[f"'{SECRET}' is short."])
        store.commit(Delta((quad(3),), (quad(1),)), ME)
        store.commit(Delta((OF_OTHERS, NAMED)), ME)
        store.snapshot(data / "snapshots" / "v5")
        Snapshots(data).hold(store, 3).release()
    (data / "quarantine").mkdir()
    (data / "quarantine" / "abc.ttl").write_text(f'<urn:s1> <urn:p> "{SECRET}, 1" .')
    (data / "quarantine" / "abc.json").write_text("{}")
    (data / "proposals").mkdir()
    (data / "proposals" / f"{'0' * 16}.ttl").write_text(f'<urn:s1> <urn:p> "{SECRET}, 1" .')
    (data / "quarantine" / "def.ttl").write_text('<urn:s1> <urn:p> "other" .')
    return data


def files_with(data: Path, text: bytes) -> list[Path]:
    files = (path for path in data.rglob("*") if path.is_file())
    return [path for path in files if text in path.read_bytes()]


def is_purged(data: Path) -> None:
    """Assert that nothing is left of the graph, that the rest is there, and that the directory is sound."""
    assert files_with(data, b"Secret Street") == []
    assert not (data / purge.JOURNAL).exists()
    assert list(verify(data, lambda _: None)) == []
    (stone,) = tombstones.read(data)
    assert (stone.graph, stone.reason, stone.agent, stone.version) == ("urn:g", LAW.reason, "Officer", 6)
    assert stone.hash == HASH
    assert [path.name for path in (data / "quarantine").iterdir()] == ["def.ttl"]
    contents = open_read_only(data)
    assert contents.version == 6
    assert set(contents.quads_for_pattern(None, None, None, GRAPH)) == set()
    assert OF_OTHERS in contents
    assert NAMED in contents
    withdrawing = Quad(provenance.commit_node(6), DIP.RETRACTS, GRAPH, provenance.GRAPH)
    assert withdrawing in contents


def test_no_byte_of_a_purged_graph_is_left_and_a_tombstone_is(stopped: Path) -> None:
    assert len(files_with(stopped, b"Secret Street")) >= 4
    stone = purge_graph(stopped, "urn:g", LAW)
    assert tombstones.read(stopped) == [stone]
    is_purged(stopped)
    with opened(stopped) as store:
        assert store.commit(Delta((quad(9, OTHER),)), ME).version == 7


def test_the_history_of_other_graphs_is_as_it_was(stopped: Path) -> None:
    purge_graph(stopped, "urn:g", LAW)
    log = CommitLog(stopped / "log")
    contents = open_read_only(stopped)
    past = Snapshots(stopped).hold(contents, 4)
    earlier = open_snapshot(past.path, 4)
    assert set(earlier.quads_for_pattern(None, None, None, GRAPH)) == set()
    assert OF_OTHERS not in earlier
    past.release()
    for start in (4, 2):
        with history.ChangesBetween(log, start, 5) as changes:
            assert set(changes.added) == {OF_OTHERS, NAMED}
    assert [commit.version for commit in history.commits_of(contents, log, "urn:g")] == [6, 4, 3]
    assert log.commit(3).warnings == ()
    assert [log.erased(version) for version in (2, 3, 4, 5)] == [(), ("urn:g",), ("urn:g",), ()]


def test_the_changes_of_an_erased_commit_are_gone(stopped: Path) -> None:
    purge_graph(stopped, "urn:g", LAW)
    for start, end in ((2, 3), (4, 3)):
        with pytest.raises(Gone, match=r"<urn:g> was purged on .* by Officer: Erasure, request 7\.") as gone:
            history.ChangesBetween(CommitLog(stopped / "log"), start, end)
        assert dict(gone.value.extra["tombstone"])["hash"] == HASH  # type: ignore[arg-type]


def test_a_graph_is_gone_up_to_the_purge_and_may_come_again(stopped: Path) -> None:
    purge_graph(stopped, "urn:g", LAW)
    for version in (1, 5, 6):
        with pytest.raises(Gone):
            tombstones.require_kept(stopped, ["urn:other", "urn:g"], version)
    tombstones.require_kept(stopped, ["urn:g"], 7)
    tombstones.require_kept(stopped, ["urn:other"], 3)


def test_a_graph_that_was_retracted_long_ago_is_purged_from_the_log(stopped: Path) -> None:
    with opened(stopped) as store:
        store.commit(Delta((), (quad(2), quad(3))), ME)
    assert purge_graph(stopped, "urn:g", LAW).version == 7
    assert files_with(stopped, b"Secret Street") == []
    assert list(verify(stopped, lambda _: None)) == []


def test_two_graphs_of_one_commit_are_purged_one_after_the_other(stopped: Path) -> None:
    with opened(stopped) as store:
        store.commit(Delta((quad(1, NamedNode("urn:x")), quad(2, NamedNode("urn:y")))), ME)
    for graph in ("urn:g", "urn:x"):
        purge_graph(stopped, graph, LAW)
    assert files_with(stopped, b"Secret Street, 2")
    purge_graph(stopped, "urn:y", LAW)
    assert files_with(stopped, b"Secret Street") == []
    assert CommitLog(stopped / "log").erased(6) == ("urn:x", "urn:y")
    assert list(verify(stopped, lambda _: None)) == []


@pytest.mark.parametrize("graph", [iris.PROVENANCE_GRAPH, iris.TERMS_GRAPH, iris.EMPTY_GRAPHS])
def test_graphs_of_the_release_and_of_commits_are_not_purged(stopped: Path, graph: str) -> None:
    with pytest.raises(Conflict):
        purge_graph(stopped, graph, LAW)


def test_a_graph_that_never_was_is_not_found_and_nothing_changes(stopped: Path) -> None:
    before = CommitLog(stopped / "log").last
    with pytest.raises(NotFound):
        purge_graph(stopped, "urn:nothing", LAW)
    assert CommitLog(stopped / "log").last == before
    assert not (stopped / purge.JOURNAL).exists()


def test_a_directory_that_is_written_or_damaged_is_not_purged(stopped: Path) -> None:
    with opened(stopped), pytest.raises(Unavailable, match="being written by process"):
        purge_graph(stopped, "urn:g", LAW)
    (stopped / "log" / "00000002.commit").unlink()
    with pytest.raises(Damaged):
        purge_graph(stopped, "urn:g", LAW)


def test_a_backup_is_purged_as_a_directory_is_and_keeps_the_tombstone(stopped: Path, tmp_path: Path) -> None:
    backup(stopped, tmp_path / "saved")
    purge_graph(tmp_path / "saved", "urn:g", LAW)
    assert files_with(tmp_path / "saved", b"Secret Street") == []
    assert files_with(stopped, b"Secret Street")
    restore(tmp_path / "saved", tmp_path / "again")
    assert len(tombstones.read(tmp_path / "again")) == 1


def test_the_text_of_a_source_goes_with_the_last_graph_that_tells_its_hash(stopped: Path) -> None:
    texts = SourceTexts(stopped)
    gone, kept, unknown = (texts.add(f"{text} text".encode(), "Ana").hash for text in ("gone", "kept", "new"))
    (stopped / "sources" / ".left.txt.7").write_text("half a text")
    told = [(gone, GRAPH), (kept, GRAPH), (kept, OTHER)]
    quads = (Quad(NamedNode("urn:source"), DIP.TEXT_HASH, Literal(text), graph) for text, graph in told)
    with opened(stopped) as store:
        store.commit(Delta(tuple(quads)), ME)
    (stopped / "quarantine" / "ghi.json").write_text(f'{{"rule": "{iris.SHAPES}kept-text"}}')
    purge_graph(stopped, "urn:g", LAW)
    assert {each.hash for each in texts.all()} == {kept, unknown}
    assert files_with(stopped / "sources", b"gone text") == []
    assert not (stopped / "sources" / ".left.txt.7").exists()
    assert [path.name for path in (stopped / "quarantine").iterdir()] == ["def.ttl"]


def killed_at_each_step(data: Path, folder: Path, patched: pytest.MonkeyPatch) -> dict[str, Path]:
    """Purge, and take images of the directory as a kill after each step would leave it."""
    images: dict[str, Path] = {}

    def after(name: str, work: Callable[..., object]) -> Callable[..., object]:
        def watched(*arguments: object, **options: object) -> object:
            result = work(*arguments, **options)
            image = folder / f"{len(images)}"
            shutil.copytree(data, image, symlinks=True)
            images[f"{len(images)} {name}"] = image
            return result

        return watched

    def begin(*arguments: Any) -> tombstones.Tombstone:
        for name in ("_write", "_erase_records", "_drop_quarantined", "_build", "_exchange"):
            patched.setattr(purge, name, after(name, getattr(purge, name)))
        patched.setattr("kg.store.purge.Path.rename", after("rename", Path.rename))
        patched.setattr("kg.store.purge.shutil.rmtree", after("rmtree", shutil.rmtree))
        return work(*arguments)

    work = purge.purge
    patched.setattr(purge, "purge", begin)
    purge_graph(data, "urn:g", LAW)
    patched.undo()
    return images


def test_a_purge_that_was_killed_is_finished_at_the_next_opening_or_has_not_begun(
    stopped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "images").mkdir()
    images = killed_at_each_step(stopped, tmp_path / "images", monkeypatch)
    begun = 0
    for number, image in enumerate(images.values()):
        if not (image / purge.JOURNAL).exists() and not tombstones.read(image):
            assert begun == 0
            assert files_with(image, b"Secret Street")
            continue
        begun += 1
        if number % 2:
            opened(image).close()
        else:
            open_read_only(image)
        is_purged(image)
    assert begun > 8


def test_verification_knows_tombstones(stopped: Path) -> None:
    purge_graph(stopped, "urn:g", LAW)
    assert list(verify(stopped, lambda _: None)) == []
    stone = (stopped / tombstones.FILE_NAME).read_text()
    (stopped / tombstones.FILE_NAME).unlink()
    found = list(verify(stopped, lambda _: None))
    assert [fault.split(" of ")[1] for fault in found] == ["<urn:g>, which has no tombstone."] * 2
    (stopped / tombstones.FILE_NAME).write_text(stone.replace("urn:g", "urn:other"))
    assert any("holds quads of <urn:other>, which was purged" in fault for fault in verify(stopped, print))
    (stopped / tombstones.FILE_NAME).write_text("{")
    assert "cannot be read" in next(verify(stopped, lambda _: None))
