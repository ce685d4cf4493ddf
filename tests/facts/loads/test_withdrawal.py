"""Withdrawal of a load: the version before comes back, and what rests on the load keeps it."""

import shutil
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from kg import provenance
from kg.changes import Delta, Provenance, Quads
from kg.errors import Conflict, NotFound
from kg.facts.judges.release_gate import release_gate
from kg.facts.loads import withdrawal
from kg.facts.loads.load import load
from kg.facts.loads.source import LoadSource
from kg.facts.retraction import retract, undo
from kg.iris import DATA, TERMS
from kg.store import history, verification
from kg.store.bulk_file import BulkFileWriter
from kg.store.log import REMOVED
from kg.store.snapshots import Snapshots
from kg.store.store import Contents, Store
from kg.terms import RDF
from tests.support import coded_rows
from tests.support.stores import open_store

ME = Provenance("Ana", reason="It was wrong.")
COUNTRY = NamedNode(f"{DATA}gdelt-actor-2")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withdrawal, "LARGE", 50)
    monkeypatch.setattr(withdrawal, "LARGEST_STEP", 40)
    monkeypatch.setattr(coded_rows, "DAYS", 2)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("withdrawal") / "data"
    open_store(directory).close()
    return directory


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(template, tmp_path / "data")
    with Store.open(tmp_path / "data") as store:
        yield store


def loaded(store: Store, files: int = 1) -> tuple[str, ...]:
    text = b"".join(coded_rows.lines(40, files=files, actors=4))
    given = LoadSource("rows.nq", sha256(text).hexdigest(), "urn:g", lambda: iter([text]))
    return load(store, [given], ME).graphs


def resting(graph: str) -> tuple[Quad, ...]:
    """Describe a resolution of an actor of a load, in another graph."""
    node, name = NamedNode(f"{DATA}resolution-elsewhere"), NamedNode(graph)
    return (
        Quad(node, RDF.TYPE, NamedNode(f"{TERMS}ActorResolution"), name),
        Quad(node, NamedNode(f"{TERMS}assesses"), COUNTRY, name),
    )


def facts(contents: Contents) -> list[bytes]:
    """Return what a version holds, but for what commits tell, as sorted lines."""
    output = BytesIO()
    contents.dump(output)
    graph = str(provenance.GRAPH).encode()
    return sorted(line for line in output.getvalue().splitlines() if graph not in line)


def test_undo_of_a_load_gives_the_version_before_byte_for_byte(store: Store) -> None:
    before, version = facts(store), store.version
    graphs = loaded(store, files=2)
    commit = undo(store, release_gate(), version + 1, ME)
    assert facts(store) == before
    assert (commit.withdrawn, commit.removed) == (
        tuple(sorted(graphs)),
        store.log.bulk(version + 2)[REMOVED].quads,
    )
    assert list(verification.verify(store.directory, lambda _: None)) == []


def test_versions_around_a_load_and_its_undoing_stay(store: Store) -> None:
    before, version = facts(store), store.version
    loaded(store)
    after = facts(store)
    undo(store, release_gate(), version + 1, ME)
    snapshots = Snapshots(store.directory)
    with snapshots.opened(store, version + 1) as contents:
        assert facts(contents) == after
    with snapshots.opened(store, version) as contents:
        assert facts(contents) == before
    with history.ChangesBetween(store.log, version, version + 2) as changes:
        assert (list(changes.added), list(changes.removed)) == ([], [])
    with history.ChangesBetween(store.log, version + 2, version + 1) as changes:
        assert len(list(changes.added)) == len(after) - len(before)


def test_what_rests_on_a_load_keeps_it_and_goes_with_it(store: Store) -> None:
    version = store.version
    graphs = loaded(store)
    store.commit(Delta(resting("urn:resting")), ME)
    with pytest.raises(Conflict) as refused:
        undo(store, release_gate(), version + 1, ME)
    assert refused.value.extra["graphs"] == ["urn:resting"]
    commit = retract(store, release_gate(), graphs, ME, cascade=True)
    assert commit.withdrawn == tuple(sorted((*graphs, "urn:resting")))


def test_the_gate_is_shown_only_what_other_graphs_speak_of(store: Store) -> None:
    graphs = loaded(store)
    shown = withdrawal.GoingGraphs(store, graphs).delta.removed
    states = {f"{DATA}{state}" for state in coded_rows.STATES}
    assert {quad.predicate.value for quad in shown} <= {f"{TERMS}resolvesTo"}
    assert {quad.object.value for quad in shown if isinstance(quad.object, NamedNode)} <= states


def test_a_commit_made_meanwhile_that_rests_on_it_is_a_conflict(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = store.version
    loaded(store)

    class Meanwhile(BulkFileWriter):
        def finish(self) -> None:
            super().finish()
            note = NamedNode(f"{DATA}coded-note")
            quad = Quad(note, NamedNode(f"{TERMS}assesses"), COUNTRY, NamedNode("urn:new"))
            store.commit(
                Delta(
                    (Quad(note, RDF.TYPE, NamedNode(f"{TERMS}ActorResolution"), NamedNode("urn:new")), quad)
                ),
                ME,
            )

    monkeypatch.setattr(withdrawal, "BulkFileWriter", Meanwhile)
    with pytest.raises(Conflict, match="in the meantime"):
        undo(store, release_gate(), version + 1, ME)
    assert store.version == version + 2
    assert not any((store.directory / "loads").iterdir())


def test_what_was_withdrawn_is_not_withdrawn_again(store: Store) -> None:
    graphs = loaded(store)
    retract(store, release_gate(), graphs, ME)
    with pytest.raises(NotFound, match="withdrawn already"):
        retract(store, release_gate(), graphs, ME)


def held(contents: Quads, graph: str) -> int:
    return sum(1 for _ in contents.quads_for_pattern(None, None, None, NamedNode(graph)))


def test_a_load_that_was_undone_can_be_loaded_again(store: Store) -> None:
    graphs = loaded(store)
    count = held(store, graphs[0])
    retract(store, release_gate(), graphs, ME)
    assert held(store, graphs[0]) == 0
    loaded(store)
    assert held(store, graphs[0]) == count
