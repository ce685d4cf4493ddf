"""An upgrade to a major version: one commit or nothing, whatever conforms no longer listed or quarantined."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg import iris, provenance
from kg.changes import Commit, Delta
from kg.errors import Forbidden, Invalid, KGError
from kg.facts import releases, submissions, upgrade
from kg.facts.edits import Draft, change
from kg.facts.judging import STRANDED
from kg.facts.quarantine import Quarantine
from kg.facts.retraction import retract
from kg.gate.gate import Gate
from kg.gate.reports import Report
from kg.iris import DATA, TERMS
from kg.ontology import Ontology, OntologyVersion
from kg.store.snapshots import Snapshots
from kg.store.store import Store
from kg.terms import DIP, RDF
from tests.support.processes import killed_at_end
from tests.support.stores import open_store
from tests.support.two_versions import (
    ANA,
    BO,
    CONFORMING,
    DEPENDENT,
    MIGRATED,
    NEW,
    OLD,
    TWO_FRIENDS,
    add,
    submission,
    write_version,
)

NAME, FULL_NAME = NamedNode(TERMS + "name"), NamedNode(TERMS + "fullName")
VERSIONS = OntologyVersion.parse(OLD), OntologyVersion.parse(NEW)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    return write_version(tmp_path_factory.mktemp("old"), OLD)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    return write_version(tmp_path_factory.mktemp("new"), NEW)


@pytest.fixture
def store(data: Path, old: Ontology) -> Iterator[Store]:
    with open_store(data, old) as store:
        yield store


def upgraded(store: Store, release: Ontology, *, quarantine: bool = False) -> Commit:
    prepared = upgrade.prepare(store, release, *VERSIONS)
    rejected = upgrade.judge(store, Gate.of(release), prepared)
    assert quarantine or not rejected
    return upgrade.commit(store, prepared, rejected, Quarantine(store.directory))


def held(store: Store, graph: str) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None, NamedNode(DATA + graph)))


def names(store: Store, predicate: NamedNode) -> set[str]:
    return {quad.object.value for quad in store.quads_for_pattern(None, predicate, None)}  # type: ignore[union-attr]


def content_hash(store: Store, graph: str) -> list[str]:
    told = store.quads_for_pattern(NamedNode(graph), DIP.CONTENT_HASH, None, provenance.GRAPH)
    return [quad.object.value for quad in told]  # type: ignore[union-attr]


def person(name: str, graph: NamedNode | DefaultGraph, *known: str) -> list[Quad]:
    node, knows = NamedNode(DATA + name), NamedNode(TERMS + "knows")
    return [
        Quad(node, RDF.TYPE, NamedNode(TERMS + "Person"), graph),
        Quad(node, NAME, Literal("A name"), graph),
        *(Quad(node, knows, NamedNode(DATA + other), graph) for other in known),
    ]


def everything(store: Store) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None))


def test_one_commit_holds_release_migrated_facts_and_seed(store: Store, old: Ontology, new: Ontology) -> None:
    for text in (CONFORMING, MIGRATED):
        add(store, Gate.of(old), text)
    note = held(store, "graph-note")
    commit = upgraded(store, new)
    assert commit.version == 5 == store.version
    assert (commit.agent, commit.reason) == (releases.UPGRADE_AGENT, f"Ontology {OLD} to {NEW}")
    assert set(commit.graphs) == {
        iris.TERMS_GRAPH,
        iris.SHAPES_GRAPH,
        *(f"{DATA}graph-{name}" for name in ("ana", "seed", "second")),
    }
    assert (names(store, NAME), names(store, FULL_NAME)) == (set(), {"Ana", "Eva", "Flo"})
    assert held(store, "graph-note") == note
    assert releases.held_version(store) == VERSIONS[1]
    assert Gate.of(new).check_whole(store).conforms


def test_what_is_upgraded_opens_without_another_commit(data: Path, old: Ontology, new: Ontology) -> None:
    with open_store(data, old) as store:
        upgraded(store, new)
    with open_store(data, new) as store:
        assert store.version == 3
    assert releases.open_to_read(data, new).version == 3


def test_history_answers_as_before_the_upgrade_terms_included(
    store: Store, old: Ontology, new: Ontology
) -> None:
    add(store, Gate.of(old), MIGRATED)
    before = everything(store)
    upgraded(store, new)
    with Snapshots(store.directory).opened(store, 3) as then:
        assert set(then.quads_for_pattern(None, None, None)) == before


def test_a_changed_graph_keeps_its_name_and_has_the_hash_of_its_new_content(
    store: Store, old: Ontology, new: Ontology
) -> None:
    gate = Gate.of(old)
    text = "dipid:ana a dip:Person ; dip:name 'Ana' ."
    (graph,) = add(store, gate, text).report.graphs
    (before,) = content_hash(store, graph)
    upgraded(store, new)
    (after,) = content_hash(store, graph)
    again = f"<{graph}> {{ {text.replace('name', 'fullName')} }}"
    assert after == submission(again).content_hash != before
    assert add(store, Gate.of(new), again).report.is_known


def test_the_graphs_of_one_submission_share_their_hash_after_an_upgrade_too(
    store: Store, old: Ontology, new: Ontology
) -> None:
    outcome = add(store, Gate.of(old), f"{MIGRATED} {CONFORMING}")
    upgraded(store, new)
    found = [content_hash(store, graph) for graph in outcome.report.graphs]
    assert found[0] == found[1]
    assert len(found[0]) == 1
    text = f"{MIGRATED} {CONFORMING}".replace("name", "fullName")
    assert found[0] == [submission(text).content_hash]


def test_a_submission_still_belongs_to_its_author(store: Store, old: Ontology, new: Ontology) -> None:
    add(store, Gate.of(old), MIGRATED)
    upgraded(store, new)
    with pytest.raises(Forbidden, match="added by Ana"):
        retract(store, Gate.of(new), [DATA + "graph-ana"], BO)
    assert retract(store, Gate.of(new), [DATA + "graph-ana"], ANA).withdrawn == (DATA + "graph-ana",)


def test_an_unchanged_seed_is_migrated_as_other_facts(store: Store, old: Ontology, tmp_path: Path) -> None:
    new = write_version(tmp_path / "new", NEW)
    (tmp_path / "new" / "seed" / "story.trig").write_bytes((old.folder / "seed" / "story.trig").read_bytes())
    upgraded(store, new)
    assert names(store, FULL_NAME) == {"Eva"}
    assert releases.held_seed(store) == new.seed_hash


def test_a_seed_changed_after_an_upgrade_replaces_all_graphs_of_the_one_before(
    data: Path, old: Ontology, tmp_path: Path
) -> None:
    new = write_version(tmp_path / "new", NEW)
    with open_store(data, old) as store:
        add(store, Gate.of(old), MIGRATED)
        upgraded(store, new)
    third = write_version(
        tmp_path / "new", NEW, "dipid:graph-third { dipid:eva a dip:Person ; dip:fullName 'Eva' . }"
    )
    with open_store(data, third) as store:
        graphs = [graph for graph in store.graphs() if graph.startswith(DATA)]
        assert graphs == [DATA + "graph-ana", DATA + "graph-third"]


def test_edited_graphs_and_the_default_graph_are_migrated_and_stay_edited(
    store: Store, old: Ontology, new: Ontology
) -> None:
    edited = NamedNode("urn:edited")
    draft = Draft(store)
    for node, graph in (("ana", edited), ("bo", DefaultGraph())):
        draft.add(person(node, graph))
    change(store, Gate.of(old), draft, ANA)
    upgraded(store, new)
    graphs = {quad.graph_name for quad in store.quads_for_pattern(None, FULL_NAME, Literal("A name"))}
    assert graphs == {edited, DefaultGraph()}
    assert names(store, NAME) == set()
    assert not content_hash(store, "urn:edited")


def test_what_no_longer_conforms_is_listed_with_what_rests_on_it_and_nothing_changes(
    store: Store, old: Ontology, new: Ontology
) -> None:
    for text in (CONFORMING, MIGRATED, TWO_FRIENDS, DEPENDENT):
        add(store, Gate.of(old), text)
    before = everything(store)
    rejected = upgrade.judge(store, Gate.of(new), upgrade.prepare(store, new, *VERSIONS))
    assert list(rejected) == [DATA + "graph-bo", DATA + "graph-cy"]
    assert {each.rule for each in rejected[DATA + "graph-bo"].errors} == {iris.SHAPES + "knows"}
    assert STRANDED in {each.rule for each in rejected[DATA + "graph-cy"].errors}
    assert everything(store) == before


def test_rejected_graphs_move_to_quarantine_in_the_same_commit(
    store: Store, old: Ontology, new: Ontology
) -> None:
    for text in (MIGRATED, TWO_FRIENDS):
        add(store, Gate.of(old), text)
    commit = upgraded(store, new, quarantine=True)
    assert commit.version == store.version == 5
    assert commit.withdrawn == (DATA + "graph-bo",)
    quarantine = Quarantine(store.directory)
    (note,) = quarantine.notes()
    assert (note.agent, note.source, note.reason) == (ANA.agent, ANA.source, ANA.reason)
    document = quarantine.find(note.id)[1].decode()
    assert 'dip:fullName "Bo"' in document
    with pytest.raises(Invalid):
        add(store, Gate.of(new), document)
    mended = re.sub(r"dipid:ana ,\s*", "", document)
    assert add(store, Gate.of(new), mended).report.graphs == (DATA + "graph-bo",)


def test_a_graph_in_quarantine_no_longer_says_what_it_superseded(
    store: Store, old: Ontology, new: Ontology
) -> None:
    gate = Gate.of(old)
    add(store, gate, "dipid:graph-before { dipid:bo a dip:Person ; dip:name 'Bob' . }")
    text = TWO_FRIENDS.replace("dipid:ana , dipid:eva", "dipid:eva , dipid:bo")
    submissions.add(store, gate, submission(text, DATA + "graph-before"), ANA)
    upgraded(store, new, quarantine=True)
    (note,) = Quarantine(store.directory).notes()
    assert b"supersedes" not in Quarantine(store.directory).find(note.id)[1]


def test_faults_outside_of_named_graphs_stop_the_upgrade(store: Store, new: Ontology) -> None:
    store.commit(Delta(tuple(person("ana", DefaultGraph(), "ana", "eva"))), ANA)
    with pytest.raises(Invalid, match="no named graph"):
        upgrade.judge(store, Gate.of(new), upgrade.prepare(store, new, *VERSIONS))


def test_a_migration_that_makes_a_graph_is_refused(store: Store, tmp_path: Path) -> None:
    new = write_version(tmp_path / "new", NEW)
    (tmp_path / "new" / "migrations" / f"{NEW}.ru").write_text(
        "INSERT { GRAPH <urn:other> { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"
    )
    with pytest.raises(KGError, match="urn:other"):
        upgrade.prepare(store, new, *VERSIONS)


UPGRADE = """
import sys
from pathlib import Path
from kg.facts import upgrade
from kg.facts.quarantine import Quarantine
from kg.gate.gate import Gate
from kg.ontology import Ontology, OntologyVersion
from kg.store.store import Store
from kg.terms import DIP, RDF

release, versions = Ontology(Path(sys.argv[2])), map(OntologyVersion.parse, sys.argv[3:])
gate = Gate.of(release)
with Store.open(Path(sys.argv[1])) as store:
    prepared = upgrade.prepare(store, release, *versions)
    rejected = upgrade.judge(store, gate, prepared)
    print("begins", flush=True)
    upgrade.commit(store, prepared, rejected, Quarantine(store.directory))
print("done", flush=True)
"""


def test_an_upgrade_killed_at_any_moment_leaves_the_old_state_or_the_new(
    tmp_path: Path, old: Ontology, new: Ontology
) -> None:
    people = " ".join(f"dipid:p{number} a dip:Person ; dip:name '{number}' ." for number in range(2000))
    ended = set()
    for round_, delay in enumerate((0.0, 0.02, 0.05, 0.1, 0.2, 0.4, None)):
        data = tmp_path / f"data-{round_}"
        with open_store(data, old) as store:
            add(store, Gate.of(old), f"dipid:graph-people {{ {people} }} {TWO_FRIENDS} {MIGRATED}")
            before = everything(store)
        command = [sys.executable, "-c", UPGRADE, str(data), str(new.folder), OLD, NEW]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        with killed_at_end(child):
            assert child.stdout is not None
            assert child.stdout.readline() == "begins\n"
            if delay is not None:
                time.sleep(delay)
                child.kill()
            child.wait(120)
        with Store.open(data) as store:
            version = releases.held_version(store)
            ended.add(version)
            if version == VERSIONS[0]:
                assert (store.version, everything(store)) == (3, before)
            else:
                assert (store.version, names(store, NAME)) == (4, set())
                assert len(names(store, FULL_NAME)) == 2003
                assert not held(store, "graph-bo")
                assert len(Quarantine(data).notes()) == 1
                assert Gate.of(new).check_whole(store) == Report()
    assert ended == set(VERSIONS)
