"""What is there after a kill or a power cut at each step of two commits that share a flush."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import ontology
from kg.changes import Delta, Provenance
from kg.errors import KGError
from kg.store import log
from kg.store.engine import beside_writer
from kg.store.log import CommitLog
from kg.store.read_only import open_read_only
from kg.store.store import Store
from kg.store.transaction import change
from tests.support.contents import quads_in
from tests.support.stores import open_store

ME = Provenance("Ana")
GRAPH = NamedNode("urn:g")
BEGUN = 2
"""The version of a data directory that has just been made."""


def fact(number: int) -> Quad:
    return Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(number), GRAPH)


def held(store: Store) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None, GRAPH))


def opened(data: Path) -> Store:
    return open_store(data, ontology.load(data / "none"))


class Images:
    """Copies of a data directory as a process that was killed just then would leave it."""

    def __init__(self, data: Path, folder: Path) -> None:
        self._data = data
        self._folder = folder
        self.paths: dict[str, Path] = {}

    def take(self, name: str) -> None:
        path = self._folder / f"{len(self.paths)}"

        def copy() -> None:
            shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(self._data, path)

        beside_writer(copy)  # the engine may be tidying up
        self.paths[name] = path

    def after(self, work: Callable[..., object], name: str) -> Callable[..., None]:
        """Give work after which, each time, an image is taken."""
        numbers = iter(range(1, 100))

        def watched(*arguments: object) -> None:
            work(*arguments)
            self.take(f"{name} {next(numbers)}")

        return watched


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Take images at each step of two commits: one adds facts 1 and 2, the other exchanges 1 for 3."""
    folder = tmp_path_factory.mktemp("images")
    images = Images(folder / "data", folder)
    with pytest.MonkeyPatch.context() as patched, opened(folder / "data") as store:
        images.take("begun")
        patched.setattr(store.log, "append", images.after(store.log.append, "written"))
        patched.setattr("kg.store.engine.change", images.after(change, "applied"))
        patched.setattr(log, "_sync", images.after(log._sync, "flushed"))
        patched.setattr("kg.store.log.Path.rename", images.after(Path.rename, "named"))
        with store.writing:
            store.commit(Delta((fact(1), fact(2))), ME)
            store.commit(Delta((fact(3),), (fact(1),)), ME)
        patched.undo()
    return images.paths


STATES = [set(), {fact(1), fact(2)}, {fact(2), fact(3)}]
"""The facts after none, one and both of the commits."""
KEPT = {
    "begun": 0,
    "written 1": 0,
    "applied 1": 1,
    "written 2": 1,
    "applied 2": 2,
    "flushed 1": 2,
    "flushed 2": 2,
    "named 1": 2,
    "named 2": 2,
    "flushed 3": 2,
}
"""How many of the commits are there after a kill at each step: those that the store had."""


@pytest.fixture
def image(images: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    """Give a copy of an image that a test may change."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(images[name], tmp_path / name))

    return copy


def test_images_are_taken_at_all_steps(images: dict[str, Path]) -> None:
    assert list(images) == list(KEPT)


def agrees(store: Store, kept: int) -> None:
    """Assert that so many commits are there, in log and store, and nothing else, and the next can come."""
    assert store.version == store.newest == store.log.last == BEGUN + kept
    assert held(store) == STATES[kept]
    assert store.log.pending == []
    assert quads_in(store) == replayed(store)
    assert store.commit(Delta((fact(9),)), ME).version == BEGUN + kept + 1
    assert quads_in(store) == replayed(store)


def replayed(store: Store) -> set[Quad]:
    quads: set[Quad] = set()
    for version in range(1, store.log.last + 1):
        _, delta = store.log.read(version)
        assert quads.issuperset(delta.removed)
        assert quads.isdisjoint(delta.added)
        quads = quads.difference(delta.removed).union(delta.added)
    return quads


@pytest.mark.parametrize("step", KEPT)
def test_after_a_kill_at_any_step_log_and_store_agree(image: Callable[[str], Path], step: str) -> None:
    data = image(step)
    with opened(data) as store:
        agrees(store, KEPT[step])
    assert not (data / "store.ahead").exists()


def test_what_a_killed_process_left_is_flushed_before_it_is_published(
    image: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    sync, publish = log._sync, Store._publish

    def noted(path: Path) -> None:
        sync(path)
        flushed.append(path.name)

    def published(store: Store, version: int) -> None:
        if version > BEGUN:
            assert f"{version:08}.pending" in flushed
            assert flushed[-1] == "log"
        publish(store, version)

    monkeypatch.setattr(log, "_sync", noted)
    monkeypatch.setattr(Store, "_publish", published)
    with opened(image("applied 2")) as store:
        assert store.version == BEGUN + 2


def test_names_that_a_killed_process_gave_are_flushed(
    image: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    monkeypatch.setattr(log, "_sync", lambda path: flushed.append(path.name))
    opened(image("named 2")).close()
    assert flushed == ["log"]


@pytest.mark.parametrize("step", ["applied 1", "applied 2", "named 1"])
def test_reading_repairs_what_a_killed_process_left(image: Callable[[str], Path], step: str) -> None:
    data = image(step)
    contents = open_read_only(data)
    assert contents.version == CommitLog(data / "log").last == BEGUN + KEPT[step]
    found = set(contents.quads_for_pattern(None, None, None, GRAPH))
    assert found == STATES[KEPT[step]]


SIZES = [0.0, 0.01, 0.3, 0.5, 0.9, 0.99]
"""How much of a record a power cut left."""


@pytest.mark.parametrize("share", SIZES)
@pytest.mark.parametrize(
    ("step", "torn", "kept"), [("applied 1", 1, 0), ("applied 2", 1, 0), ("applied 2", 2, 1)]
)
def test_a_torn_record_goes_and_the_store_that_is_ahead_is_made_anew(
    image: Callable[[str], Path],
    caplog: pytest.LogCaptureFixture,
    step: str,
    torn: int,
    kept: int,
    share: float,
) -> None:
    data = image(step)
    record = data / "log" / f"{BEGUN + torn:08}.pending"
    whole = record.read_bytes()
    record.write_bytes(whole[: int(len(whole) * share)])
    with caplog.at_level(logging.WARNING), opened(data) as store:
        agrees(store, kept)
    assert f"rebuilt from the {BEGUN + kept} commits" in caplog.text
    assert (data / "store.ahead" / "CURRENT").exists()


def test_a_record_that_a_power_cut_spoilt_in_its_middle_goes(image: Callable[[str], Path]) -> None:
    data = image("applied 2")
    record = data / "log" / f"{BEGUN + 2:08}.pending"
    record.write_bytes(record.read_bytes().replace(b"D <urn:s>", b"D <urn:\\0>"))
    with opened(data) as store:
        agrees(store, 1)


def test_a_pending_record_beside_a_settled_one_of_its_number_goes_alone(
    image: Callable[[str], Path],
) -> None:
    """A directory that was copied file by file while a record was settled holds it under both names."""
    data = image("flushed 3")
    for record in (data / "log").glob(f"*{BEGUN + 2}.commit"):
        shutil.copy(record, record.with_suffix(".pending"))
    with opened(data) as store:
        agrees(store, 2)


def test_a_data_directory_of_before_with_what_a_kill_left_in_it_opens(image: Callable[[str], Path]) -> None:
    """Records had no hash at their end, and were written as ``partial`` first."""
    data = image("flushed 3")
    for record in (data / "log").glob("*.commit"):
        record.write_bytes(record.read_bytes().rpartition(b"E ")[0])
    (data / "log" / "partial").write_bytes(b'{"version": 5')
    with opened(data) as store:
        agrees(store, 2)


def test_records_that_a_power_cut_took_make_the_store_anew_and_so_again(image: Callable[[str], Path]) -> None:
    for step in ("applied 1", "applied 2"):
        data = image(step)
        for pending in (data / "log").glob("*.pending"):
            pending.unlink()
        (data / "store.ahead").mkdir()
        (data / "store.ahead" / "of-another-time").touch()
        with opened(data) as store:
            agrees(store, 0)
        assert not (data / "store.ahead" / "of-another-time").exists()


def test_a_kill_while_the_store_is_made_anew_is_made_good(image: Callable[[str], Path]) -> None:
    data = image("flushed 3")
    shutil.rmtree(data / "store")
    with opened(data) as store:
        agrees(store, 2)


def test_a_store_with_a_withdrawn_commit_in_the_place_of_another_is_made_anew(
    image: Callable[[str], Path],
) -> None:
    """A flush failed, its commit was withdrawn and another made; then the power was cut, and the store's
    last writes were lost: it holds the withdrawn one still."""
    data, other = image("applied 1"), image("begun")
    with opened(other) as store:
        store.commit(Delta((fact(7),)), ME)
    shutil.rmtree(data / "log")
    shutil.copytree(other / "log", data / "log")
    with opened(data) as store:
        assert (store.version, held(store)) == (BEGUN + 1, {fact(7)})
        assert quads_in(store) == replayed(store)


def test_a_store_ahead_of_a_log_with_a_gap_is_an_error_and_stays(image: Callable[[str], Path]) -> None:
    data = image("flushed 3")
    (data / "log" / f"{BEGUN:08}.commit").unlink()
    with pytest.raises(KGError, match="lacks commits"):
        opened(data)
    assert (data / "store" / "CURRENT").exists()
    assert not (data / "store.ahead").exists()
