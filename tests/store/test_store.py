"""The store: one writer, commits that are all or nothing, replay, snapshots and read-only opening."""

import os
import subprocess
import sys
import tempfile
from datetime import datetime, tzinfo
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kg import iris, ontology, provenance
from kg.changes import Delta, Provenance
from kg.errors import Conflict, Unavailable
from kg.store.read_only import open_read_only
from kg.store.snapshots import Snapshots
from kg.store.store import Store, open_snapshot
from kg.store.transaction import normalised
from kg.terms import DCTERMS
from tests.support.contents import quads_in
from tests.support.processes import killed_at_end
from tests.support.stores import open_store
from tests.support.strategies import quads

ME = Provenance("Ana Pérez", "https://example.org/source", "To see what happens")
GRAPH = NamedNode("urn:g")


def fact(number: int, graph: NamedNode | DefaultGraph = GRAPH) -> Quad:
    return Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal(number), graph)


@pytest.fixture
def release(tmp_path: Path) -> ontology.Ontology:
    """The smallest release: one term, one kind with a list, one seed graph."""
    folder = tmp_path / "ontology"
    (folder / "seed").mkdir(parents=True)
    (folder / "actors.ttl").write_text(f"<{iris.TERMS}Actor> <urn:label> 'Actor' .")
    (folder / "kinds.ttl").write_text(f"<{iris.KINDS}gift> <urn:list> (1 [ <urn:p> 01 ]) .")
    (folder / "seed" / "story.trig").write_text("<urn:story> { <urn:a> <urn:b> <urn:c> }")
    return ontology.load(folder)


class StoppedClock:
    @staticmethod
    def now(zone: tzinfo) -> datetime:
        return datetime(2001, 1, 1, tzinfo=zone)


def held(store: Store, graph: str | NamedNode) -> set[Quad]:
    name = graph if isinstance(graph, NamedNode) else NamedNode(graph)
    return set(store.quads_for_pattern(None, None, None, name))


def test_a_fresh_directory_gets_the_release_and_then_the_seed(
    tmp_path: Path, release: ontology.Ontology
) -> None:
    with open_store(tmp_path / "data", release) as store:
        assert store.version == 2
        assert store.log.commit(1).graphs == (iris.KINDS_GRAPH, iris.TERMS_GRAPH)
        assert store.log.commit(2).graphs == ("urn:story",)
        assert store.graphs() == [iris.KINDS_GRAPH, iris.PROVENANCE_GRAPH, iris.TERMS_GRAPH, "urn:story"]


def test_opening_again_changes_nothing(tmp_path: Path, release: ontology.Ontology) -> None:
    for _ in range(2):
        with open_store(tmp_path / "data", release) as store:
            assert store.version == 2


def test_a_changed_release_is_committed_as_its_difference(tmp_path: Path, release: ontology.Ontology) -> None:
    open_store(tmp_path / "data", release).close()
    (release.folder / "actors.ttl").write_text(f"<{iris.TERMS}Actor> <urn:label> 'Player' .")
    with open_store(tmp_path / "data", ontology.load(release.folder)) as store:
        commit = store.log.commit(3)
        assert store.version == 3
        assert commit.graphs == (iris.TERMS_GRAPH,)
        assert (commit.added, commit.removed) == (1, 1)


def test_a_release_taken_back_is_a_change_too(tmp_path: Path, release: ontology.Ontology) -> None:
    original = (release.folder / "kinds.ttl").read_text()
    for text in (original, "<urn:x> <urn:y> [ <urn:p> 2 ] .", original):
        (release.folder / "kinds.ttl").write_text(text)
        with open_store(tmp_path / "data", ontology.load(release.folder)) as store:
            kinds = {Quad(q.subject, q.predicate, q.object) for q in held(store, iris.KINDS_GRAPH)}
            expected = normalised(pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE))
            assert ontology.canonical_hash(kinds) == ontology.canonical_hash(expected)
    assert open_read_only(tmp_path / "data").version == 4


def test_a_changed_seed_supersedes_the_old_one(tmp_path: Path, release: ontology.Ontology) -> None:
    open_store(tmp_path / "data", release).close()
    (release.folder / "seed" / "story.trig").write_text("<urn:retold> { <urn:a> <urn:b> <urn:d> }")
    with open_store(tmp_path / "data", ontology.load(release.folder)) as store:
        assert (len(held(store, "urn:story")), len(held(store, "urn:retold"))) == (0, 1)


@pytest.fixture
def in_parts(release: ontology.Ontology) -> ontology.Ontology:
    """A release whose seed dataset has two parts."""
    for part, graph in (("1-article", "urn:one"), ("2-statements", "urn:two")):
        (release.folder / "seed" / part).mkdir()
        (release.folder / "seed" / part / "told.trig").write_text(
            f"<{graph}> {{ <urn:a> <urn:b> <{graph}> }}"
        )
    (release.folder / "seed" / "story.trig").unlink()
    return ontology.load(release.folder)


def test_each_part_of_the_seed_is_a_commit(tmp_path: Path, in_parts: ontology.Ontology) -> None:
    for _ in range(2):
        with open_store(tmp_path / "data", in_parts) as store:
            commits = [store.log.commit(version) for version in range(2, store.version + 1)]
    assert [commit.graphs for commit in commits] == [("urn:one",), ("urn:two",)]
    assert [commit.reason for commit in commits] == [
        "The seed dataset: article",
        "The seed dataset: statements",
    ]
    assert commits[0].hash != commits[1].hash


def test_a_part_that_a_killed_start_left_out_is_committed_at_the_next(
    tmp_path: Path, in_parts: ontology.Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = in_parts.seed_parts
    monkeypatch.setitem(in_parts.__dict__, "seed_parts", whole[:1])
    open_store(tmp_path / "data", in_parts).close()
    with open_store(tmp_path / "data", ontology.load(in_parts.folder)) as store:
        assert store.log.commit(store.version).graphs == ("urn:two",)
        assert store.version == 3


def test_a_part_that_did_not_change_is_not_committed_again(
    tmp_path: Path, in_parts: ontology.Ontology
) -> None:
    open_store(tmp_path / "data", in_parts).close()
    (in_parts.folder / "seed" / "2-statements" / "told.trig").write_text("<urn:new> { <urn:a> <urn:b> 1 }")
    with open_store(tmp_path / "data", ontology.load(in_parts.folder)) as store:
        assert (store.version, store.log.commit(4).graphs) == (4, ("urn:new",))
        assert (len(held(store, "urn:one")), len(held(store, "urn:two"))) == (1, 0)


def test_a_commit_is_told_in_the_provenance_graph(tmp_path: Path, release: ontology.Ontology) -> None:
    with open_store(tmp_path / "data", release) as store:
        commit = store.commit(
            Delta((fact(1),)), ME, content_hash="ab12", warnings=["Two sources would be better."]
        )
        told = pyoxigraph.Store()
        told.extend(held(store, iris.PROVENANCE_GRAPH))
        found = told.query(
            """PREFIX prov: <http://www.w3.org/ns/prov#>
            ASK { GRAPH ?g {
              dipid:commit-3 a dip:Commit ; dip:version 3 ; prov:endedAtTime ?time ;
                prov:wasAssociatedWith dipid:agent-ana-perez ; prov:used <https://example.org/source> ;
                dip:reason "To see what happens" ; dip:softwareVersion ?software .
              <urn:g> a dip:Submission ; prov:wasGeneratedBy dipid:commit-3 ; dip:contentHash "ab12" ;
                dip:warning "Two sources would be better." .
              dipid:agent-ana-perez a prov:Agent ; rdfs:label "Ana Pérez" } }""",
            prefixes=iris.PREFIXES,
        )
        assert bool(found)
        assert commit == store.log.commit(3)


def test_a_source_that_is_no_iri_is_kept_as_text(tmp_path: Path, release: ontology.Ontology) -> None:
    with open_store(tmp_path / "data", release) as store:
        store.commit(Delta((fact(1),)), Provenance("Ana", "a letter of 3 May"))
        told = store.quads_for_pattern(provenance.commit_node(3), DCTERMS.SOURCE, None, provenance.GRAPH)
        assert [quad.object for quad in told] == [Literal("a letter of 3 May")]


def test_removing_and_adding_reach_named_graphs_the_default_graph_and_blank_nodes(
    tmp_path: Path, release: ontology.Ontology
) -> None:
    blank = Quad(BlankNode("x"), NamedNode("urn:p"), BlankNode("y"), GRAPH)
    other = Quad(BlankNode("x"), NamedNode("urn:p"), BlankNode("z"), GRAPH)
    with open_store(tmp_path / "data", release) as store:
        store.commit(Delta((fact(1), fact(2), fact(1, DefaultGraph()), blank)), ME)
        store.commit(Delta((other, fact(3)), (blank, fact(1), fact(1, DefaultGraph()))), ME)
        assert held(store, GRAPH) == {other, fact(2), fact(3)}
        assert not set(store.quads_for_pattern(None, None, None, DefaultGraph()))


def test_a_delta_that_touches_the_provenance_graph_is_refused(
    tmp_path: Path, release: ontology.Ontology
) -> None:
    with open_store(tmp_path / "data", release) as store:
        with pytest.raises(Conflict):
            store.commit(Delta((fact(1, provenance.GRAPH),)), ME)
        assert store.version == store.log.last == 2


def test_times_of_commits_never_go_back(
    tmp_path: Path, release: ontology.Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path / "data", release) as store:
        first = store.commit(Delta((fact(1),)), ME)
        monkeypatch.setattr("kg.store.store.datetime", StoppedClock)
        assert store.commit(Delta((fact(2),)), ME).time == first.time


def test_a_second_writer_is_refused_and_told_who_holds_the_store(
    tmp_path: Path, release: ontology.Ontology
) -> None:
    with (
        open_store(tmp_path / "data", release),
        pytest.raises(Unavailable, match=str(os.getpid())),
    ):
        open_store(tmp_path / "data", release)
    open_store(tmp_path / "data", release).close()


def test_a_store_behind_its_log_is_brought_up_to_it(tmp_path: Path, release: ontology.Ontology) -> None:
    with open_store(tmp_path / "data", release) as store:
        before = store.version
        commit = store.commit(Delta((fact(1),)), ME)
        delta = store.log.read(commit.version)[1]

    fresh = tmp_path / "fresh"
    with open_store(fresh, release) as store:
        assert store.version == before
        store.log.append(commit, delta)
        store.log.settle([commit.version])  # a power cut here, and the store's files are lost
    assert open_read_only(fresh).version == 3
    with open_store(fresh, release) as store:
        assert held(store, GRAPH) == {fact(1)}


def test_reading_beside_the_writer_sees_what_is_committed(tmp_path: Path, release: ontology.Ontology) -> None:
    with open_store(tmp_path / "data", release) as store:
        store.commit(Delta((fact(1),)), ME)
        reading = open_read_only(tmp_path / "data")
        assert reading.version == 3
        assert list(reading.quads_for_pattern(None, None, None, GRAPH)) == [fact(1)]


def test_a_snapshot_laid_beside_the_writer_has_what_that_holds_in_memory(
    tmp_path: Path, release: ontology.Ontology
) -> None:
    with open_store(tmp_path / "data", release) as store:
        store.commit(Delta((fact(1), fact(2))), ME)
        store.commit(Delta((), (fact(1),)), ME)
        reading = open_read_only(tmp_path / "data")
        store.commit(Delta((fact(3),)), ME)
        assert reading.snapshot(tmp_path / "snapshot") == 4
        snapshot = open_snapshot(tmp_path / "snapshot", 4)
        assert list(snapshot.quads_for_pattern(None, None, None, GRAPH)) == [fact(2)]
        with Snapshots(tmp_path / "data").opened(reading, 3) as past:
            assert set(past.quads_for_pattern(None, None, None, GRAPH)) == {fact(1), fact(2)}


def test_a_snapshot_stays_as_it_was(tmp_path: Path, release: ontology.Ontology) -> None:
    with open_store(tmp_path / "data", release) as store:
        store.commit(Delta((fact(1),)), ME)
        assert store.snapshot(tmp_path / "data" / "snapshots" / "v3") == 3
        store.commit(Delta((), (fact(1),)), ME)
        snapshot = pyoxigraph.Store.read_only(str(tmp_path / "data" / "snapshots" / "v3"))
        assert fact(1) in snapshot


def test_table_files_left_by_a_killed_process_are_removed(tmp_path: Path, release: ontology.Ontology) -> None:
    open_store(tmp_path / "data", release).close()
    orphan = tmp_path / "data" / "store" / "999999.sst"
    orphan.write_bytes(b"left behind")
    with open_store(tmp_path / "data", release) as store:
        assert not orphan.exists()
        assert len(held(store, "urn:story")) == 1


WRITER = """
import sys
from pathlib import Path
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from kg import ontology
from kg.changes import Delta, Provenance
from kg.facts.releases import open_store

store = open_store(Path(sys.argv[1]), ontology.load(Path(sys.argv[2])))
last = store.version
while True:
    def numbered(version):
        return tuple(
            Quad(BlankNode(f"b{part}"), NamedNode("urn:p"), Literal(version), NamedNode("urn:g"))
            for part in range(20)
        )
    store.commit(Delta(numbered(last + 1), numbered(last)), Provenance("child"))
    last += 1
    print(last, flush=True)
"""


def test_a_writer_killed_at_any_moment_loses_nothing_acknowledged_and_leaves_nothing_half(
    tmp_path: Path, release: ontology.Ontology
) -> None:
    data = tmp_path / "data"
    for acknowledged_before_kill in (1, 4, 9):
        command = [sys.executable, "-c", WRITER, str(data), str(release.folder)]
        with killed_at_end(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)) as child:
            assert child.stdout is not None
            acknowledged = [int(child.stdout.readline()) for _ in range(acknowledged_before_kill)]
            child.kill()
            acknowledged += [int(line) for line in child.stdout.read().splitlines()]
        with open_store(data, release) as store:
            assert store.version >= acknowledged[-1]
            assert store.version == store.log.last
            assert {(str(quad.subject), quad.object) for quad in held(store, GRAPH)} == {
                (f"_:b{part}", Literal(store.version)) for part in range(20)
            }


@settings(max_examples=10)
@given(st.lists(st.tuples(quads, quads), min_size=1, max_size=4))
def test_commits_and_their_replay_equal_a_plain_set_of_quads(
    changes: list[tuple[tuple[Quad, ...], tuple[Quad, ...]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        nothing = ontology.load(Path(folder) / "ontology")
        model: set[Quad] = set()
        with open_store(Path(folder) / "data", nothing) as store:
            for added, removed in changes:
                store.commit(Delta(added, removed), ME)
                model = model - normalised(removed) | normalised(added)
            assert facts_in(store) == model
            states: list[set[Quad]] = [set()]
            for version in range(1, store.version + 1):
                _, delta = store.log.read(version)
                assert states[-1].issuperset(delta.removed)
                assert states[-1].isdisjoint(delta.added)
                states.append(states[-1].difference(delta.removed).union(delta.added))
            assert states[-1] == quads_in(store)
            for version in range(store.version, 0, -1):
                undone = store.log.read(version)[1].inverse()
                assert states[version].difference(undone.removed).union(undone.added) == states[version - 1]
        with open_store(Path(folder) / "data", nothing) as store:
            assert facts_in(store) == model


def facts_in(store: Store) -> set[Quad]:
    return {quad for quad in quads_in(store) if quad.graph_name != provenance.GRAPH}
