"""Nothing is lost: facts are withdrawn and superseded whole, by whom they belong to, nothing left hanging."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from kg import iris, provenance
from kg.changes import Commit, Delta, Provenance
from kg.errors import BadInput, Conflict, Forbidden, Invalid, NotFound
from kg.facts import submissions
from kg.facts.edits import Draft, change
from kg.facts.judging import STRANDED
from kg.facts.retraction import retract, undo
from kg.facts.submissions import Submission
from kg.formats import RDF_FORMATS
from kg.gate.gate import Gate
from kg.iris import DATA, PREFIXES
from kg.ontology import Ontology
from kg.store.snapshots import Snapshots
from kg.store.store import Store
from kg.terms import DIP, PROV, RDF
from tests.support.stores import open_store

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
TERMS = """
    dip:Person a owl:Class . dip:knows a owl:ObjectProperty . dip:name a owl:DatatypeProperty .
    dip:supersedes a owl:ObjectProperty .
"""
SHAPES = """
    dipsh:Person a sh:NodeShape ; sh:targetClass dip:Person ; sh:property dipsh:name , dipsh:knows .
    dipsh:name a sh:PropertyShape ; sh:path dip:name ; sh:minCount 1 .
    dipsh:knows a sh:PropertyShape ; sh:path dip:knows ; sh:class dip:Person .
"""
ANA = Provenance("Ana", reason="It was wrong.")
BO = Provenance("Bo", reason="It was wrong.")
ADMIN = Provenance("Root", reason="It was wrong.", is_admin=True)
ONE = "dipid:ana a dip:Person ; dip:name 'Ana' ."
FRIEND = "dipid:bo a dip:Person ; dip:name 'Bo' ; dip:knows dipid:ana ."
NOTE = "dipid:note <urn:about> dipid:ana ."


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    folder = tmp_path_factory.mktemp("ontology")
    (folder / "small.ttl").write_text(HEADER + TERMS, encoding="utf-8")
    (folder / "small.shapes.ttl").write_text(HEADER + SHAPES, encoding="utf-8")
    return Ontology(folder)


@pytest.fixture(scope="module")
def gate(release: Ontology) -> Gate:
    return Gate.of(release)


@pytest.fixture
def store(tmp_path: Path, release: Ontology) -> Iterator[Store]:
    with open_store(tmp_path / "data", release) as store:
        yield store


def submission(text: str, supersedes: str | None = None) -> Submission:
    return submissions.parse((HEADER + text).encode(), RDF_FORMATS["trig"], supersedes=supersedes)


def add(store: Store, gate: Gate, text: str, by: Provenance = ANA, supersedes: str | None = None) -> str:
    """Add facts and name their graph."""
    (graph,) = submissions.add(store, gate, submission(text, supersedes), by).report.graphs
    return graph


def held(store: Store, graph: str) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None, NamedNode(graph)))


def told(store: Store, node: str | NamedNode, predicate: NamedNode) -> set[str]:
    subject = node if isinstance(node, NamedNode) else NamedNode(node)
    found = store.quads_for_pattern(subject, predicate, None, provenance.GRAPH)
    return {quad.object.value for quad in found if isinstance(quad.object, NamedNode | Literal)}


def commit_of(store: Store) -> Commit:
    return store.log.commit(store.version)


def test_a_submission_is_withdrawn_with_a_reason_and_its_provenance_stays(store: Store, gate: Gate) -> None:
    graph = add(store, gate, ONE)
    made = told(store, graph, PROV.WAS_GENERATED_BY)
    commit = retract(store, gate, [graph], ANA)
    assert held(store, graph) == set()
    assert (commit.withdrawn, commit.graphs, commit.removed) == ((graph,), (), 2)
    node = provenance.commit_node(commit.version)
    assert told(store, node, DIP.RETRACTS) == {graph}
    assert told(store, node, NamedNode(iris.TERMS + "reason")) == {"It was wrong."}
    assert told(store, graph, PROV.WAS_GENERATED_BY) == made
    assert told(store, graph, DIP.CONTENT_HASH)


def test_what_was_withdrawn_can_be_added_again(store: Store, gate: Gate) -> None:
    graph = add(store, gate, ONE)
    retract(store, gate, [graph], ANA)
    assert add(store, gate, ONE) == graph
    assert held(store, graph)


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_a_retraction_without_a_reason_is_refused(store: Store, gate: Gate, reason: str | None) -> None:
    graph = add(store, gate, ONE)
    with pytest.raises(BadInput, match="reason"):
        retract(store, gate, [graph], Provenance("Ana", reason=reason))
    assert held(store, graph)


def test_what_was_never_there_is_not_found(store: Store, gate: Gate) -> None:
    with pytest.raises(NotFound, match="no graph dipid:nothing"):
        retract(store, gate, [f"{DATA}nothing"], ANA)


def test_what_was_withdrawn_before_is_not_found_and_said_so(store: Store, gate: Gate) -> None:
    graph = add(store, gate, ONE)
    retract(store, gate, [graph], ANA)
    with pytest.raises(NotFound, match="was withdrawn already"):
        retract(store, gate, [graph], ANA)


@pytest.mark.parametrize("graph", [iris.TERMS_GRAPH, iris.SHAPES_GRAPH, iris.PROVENANCE_GRAPH])
def test_what_came_with_a_release_is_not_withdrawn(store: Store, gate: Gate, graph: str) -> None:
    with pytest.raises(Conflict, match="release"):
        retract(store, gate, [graph], ADMIN)


def test_only_who_added_facts_or_an_admin_withdraws_them(store: Store, gate: Gate) -> None:
    graph = add(store, gate, ONE)
    with pytest.raises(Forbidden, match="added by Ana"):
        retract(store, gate, [graph], BO)
    retract(store, gate, [graph], ADMIN)
    assert held(store, graph) == set()


def test_names_that_look_alike_in_an_iri_are_not_the_same_person(store: Store, gate: Gate) -> None:
    graph = add(store, gate, ONE, Provenance("Ana Pérez"))
    with pytest.raises(Forbidden):
        retract(store, gate, [graph], Provenance("Ana Perez", reason="It was wrong."))


def test_what_others_rest_on_by_a_shape_is_not_withdrawn_alone(store: Store, gate: Gate) -> None:
    graph, other = add(store, gate, ONE), add(store, gate, FRIEND)
    with pytest.raises(Conflict) as refusal:
        retract(store, gate, [graph], ANA)
    assert refusal.value.extra["graphs"] == [other]
    assert refusal.value.extra["rule"] == STRANDED
    rules = {violation["rule"] for violation in refusal.value.extra["violations"]}  # type: ignore[union-attr,index,call-overload]
    assert rules == {iris.SHAPES + "knows", STRANDED}
    assert held(store, graph)


def test_what_others_refer_to_is_not_withdrawn_alone_where_no_shape_asks_for_it(
    store: Store, gate: Gate
) -> None:
    graph, _ = add(store, gate, ONE), add(store, gate, NOTE)
    with pytest.raises(Conflict, match="no other graph describes dipid:ana"):
        retract(store, gate, [graph], ANA)


def test_what_something_else_describes_too_is_withdrawn(store: Store, gate: Gate) -> None:
    graph, _ = add(store, gate, ONE), add(store, gate, NOTE)
    add(store, gate, "dipid:ana a dip:Person ; dip:name 'Ana' ; <urn:more> 'than before' .")
    retract(store, gate, [graph], ANA)
    assert held(store, graph) == set()


def test_what_only_provenance_refers_to_is_withdrawn(store: Store, gate: Gate) -> None:
    graph = add(store, gate, "dipid:sheet { dipid:sheet a dip:Person ; dip:name 'A graph' . }")
    retract(store, gate, [graph], ANA)
    assert held(store, graph) == set()


def test_with_cascade_what_rests_on_it_goes_too_in_one_commit(store: Store, gate: Gate) -> None:
    graphs = [add(store, gate, text) for text in (ONE, FRIEND, NOTE, "dipid:x <urn:about> dipid:bo .")]
    apart = add(store, gate, "dipid:y <urn:about> dipid:z .")
    commit = retract(store, gate, graphs[:1], ANA, cascade=True)
    assert commit.withdrawn == tuple(sorted(graphs))
    assert held(store, apart)


def test_a_cascade_does_not_reach_what_others_added(store: Store, gate: Gate) -> None:
    graph, other = add(store, gate, ONE), add(store, gate, FRIEND, BO)
    with pytest.raises(Forbidden, match="added by Bo"):
        retract(store, gate, [graph], ANA, cascade=True)
    assert held(store, graph)
    assert held(store, other)


def test_what_was_wrong_before_does_not_hinder_a_retraction(store: Store, gate: Gate) -> None:
    graph = add(store, gate, ONE)
    broken = Quad(NamedNode("urn:x"), NamedNode(iris.TERMS + "knows"), NamedNode("urn:y"), NamedNode("urn:g"))
    typed = Quad(NamedNode("urn:x"), RDF.TYPE, NamedNode(iris.TERMS + "Person"), NamedNode("urn:g"))
    more = add(store, gate, "<urn:y> <urn:p> 'of no class' .")
    store.commit(Delta(added=(broken, typed)), ADMIN)
    retract(store, gate, [graph, more], ANA)
    assert held(store, graph) == set()


def test_a_correction_replaces_what_it_supersedes_in_one_commit(store: Store, gate: Gate) -> None:
    old, _ = add(store, gate, ONE), add(store, gate, FRIEND)
    version = store.version
    new = add(store, gate, "dipid:ana a dip:Person ; dip:name 'Anna' .", supersedes=old)
    assert store.version == version + 1
    assert (held(store, old), len(held(store, new))) == (set(), 3)
    assert told(store, new, DIP.SUPERSEDES) == {old}
    commit = commit_of(store)
    assert (commit.graphs, commit.withdrawn, commit.superseding) == ((new,), (old,), ((new, old),))
    assert told(store, provenance.commit_node(commit.version), DIP.RETRACTS) == set()


def test_a_graph_may_say_itself_what_it_supersedes(store: Store, gate: Gate) -> None:
    old = add(store, gate, ONE)
    text = f"<urn:new> {{ <urn:new> dip:supersedes <{old}> . dipid:ana a dip:Person ; dip:name 'Anna' . }}"
    assert add(store, gate, text) == "urn:new"
    assert held(store, old) == set()


def test_the_same_correction_twice_is_one(store: Store, gate: Gate) -> None:
    old = add(store, gate, ONE)
    text = "dipid:ana a dip:Person ; dip:name 'Anna' ."
    new = add(store, gate, text, supersedes=old)
    version = store.version
    assert add(store, gate, text, supersedes=old) == new
    assert store.version == version


def test_a_correction_that_leaves_others_without_what_they_rest_on_is_refused(
    store: Store, gate: Gate
) -> None:
    old, _ = add(store, gate, ONE), add(store, gate, NOTE)
    with pytest.raises(Invalid, match="no other graph describes dipid:ana"):
        add(store, gate, "dipid:eva a dip:Person ; dip:name 'Eva' .", supersedes=old)
    assert held(store, old)


def test_a_correction_is_checked_like_any_submission(store: Store, gate: Gate) -> None:
    old = add(store, gate, ONE)
    with pytest.raises(Invalid, match="dip:name"):
        add(store, gate, "dipid:ana a dip:Person .", supersedes=old)


def test_only_who_added_facts_or_an_admin_supersedes_them(store: Store, gate: Gate) -> None:
    old = add(store, gate, ONE)
    with pytest.raises(Forbidden, match="added by Ana"):
        add(store, gate, "dipid:ana a dip:Person ; dip:name 'Anna' .", BO, supersedes=old)
    assert held(store, old)


@pytest.mark.parametrize(
    ("old", "fault"), [("dipid:nothing", NotFound), (iris.TERMS_GRAPH, Conflict), ("no iri", BadInput)]
)
def test_only_a_submission_that_is_there_is_superseded(
    store: Store, gate: Gate, old: str, fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        add(store, gate, ONE, supersedes=old)


def test_several_graphs_cannot_all_supersede_one() -> None:
    with pytest.raises(BadInput, match="Several graphs"):
        submission("<urn:a> { <urn:x> <urn:y> 1 } <urn:b> { <urn:x> <urn:y> 2 }", "dipid:old")


names = st.sampled_from([f"urn:fact:{number}" for number in range(4)])
operations = st.lists(
    st.tuples(st.sampled_from(["add", "retract", "supersede"]), names, names), min_size=3, max_size=7
)


@settings(max_examples=5)
@given(operations)
def test_every_version_equals_a_model_that_keeps_them_all(steps: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        nothing, terms = (Ontology(Path(folder) / name) for name in ("nothing", "terms"))
        terms.folder.mkdir()
        (terms.folder / "small.ttl").write_text(HEADER + TERMS, encoding="utf-8")
        gate = Gate.of(terms)
        with open_store(Path(folder) / "data", nothing) as store:
            model: dict[str, set[Quad]] = {}
            kept = {store.version: facts_of(model)}
            for what, name, other in steps:
                take(store, gate, model, what, name, other)
                kept[store.version] = facts_of(model)
            snapshots = Snapshots(store.directory)
            for version, expected in kept.items():
                with snapshots.opened(store, version) as contents:
                    found = set(contents.quads_for_pattern(None, None, None))
                assert {quad for quad in found if quad.graph_name != provenance.GRAPH} == expected
                commits = {quad.subject for quad in found if quad.predicate == DIP.VERSION}
                assert commits == {provenance.commit_node(number + 1) for number in range(version)}


def take(store: Store, gate: Gate, model: dict[str, set[Quad]], what: str, name: str, other: str) -> None:
    """Take one step with the store, and the same with the model."""
    if what == "retract" and name in model:
        retract(store, gate, [name], ADMIN)
        del model[name]
    elif what == "add" and name not in model:
        text = f"<{name}> {{ <urn:s> <urn:p> '{store.version}' }}"
        submissions.add(store, gate, submission(text), ADMIN)
        model[name] = set(submission(text).quads)
    elif what == "supersede" and name in model and other not in model:
        text = f"<{other}> {{ <urn:s> <urn:p> '{store.version}' }}"
        submissions.add(store, gate, submission(text, name), ADMIN)
        model[other] = set(submission(text, name).quads)
        del model[name]


def facts_of(model: dict[str, set[Quad]]) -> set[Quad]:
    return set().union(*model.values())


def test_compacting_on_disk_changes_nothing_that_is_held(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.store.compaction.AT_ONCE", 2)
    monkeypatch.setattr("kg.store.compaction.BYTES_EACH", 1 << 30)
    quads = tuple(
        Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(n), NamedNode("urn:g")) for n in range(9)
    )
    store.commit(Delta(added=quads), ANA)
    store.commit(Delta(removed=quads[1:3]), ANA)
    store.commit(Delta(removed=quads[3:5]), ANA)
    store.compaction.settle()
    assert held(store, "urn:g") == {quads[0], *quads[5:]}


def written(store: Store, gate: Gate, text: str, graph: str | None = None, by: Provenance = ANA) -> Commit:
    """Write to a graph that is edited, or to the store's own default graph."""
    home = DefaultGraph() if graph is None else NamedNode(graph)
    draft = Draft(store)
    triples = parse((HEADER + text).encode(), format=RdfFormat.TURTLE)
    draft.add([Quad(triple.subject, triple.predicate, triple.object, home) for triple in triples])
    commit = change(store, gate, draft, by).commit
    assert commit is not None
    return commit


@pytest.mark.parametrize("graph", [None, "urn:notes"], ids=["default graph", "graph"])
def test_undo_takes_out_of_an_edited_graph_just_what_the_commit_added(
    store: Store, gate: Gate, graph: str | None
) -> None:
    before = written(store, gate, "<urn:a> <urn:p> 1 .", graph)
    later = written(store, gate, "<urn:a> <urn:p> 1 , 2 .", graph)
    gone = undo(store, gate, later.version, ANA)
    assert gone.removed == 1
    assert {str(quad.object)[1] for quad in store.quads_for_pattern(NamedNode("urn:a"), None, None)} == {"1"}
    undo(store, gate, before.version, ANA)
    assert not any(store.quads_for_pattern(NamedNode("urn:a"), None, None))
    with pytest.raises(Conflict, match="added no facts that could be withdrawn"):
        undo(store, gate, before.version, ANA)


def test_undo_of_what_others_wrote_or_rest_on_is_refused(store: Store, gate: Gate) -> None:
    commit = written(store, gate, ONE)
    with pytest.raises(Forbidden, match="made by Ana"):
        undo(store, gate, commit.version, BO)
    add(store, gate, FRIEND)
    with pytest.raises(Conflict, match="What was written cannot be withdrawn alone"):
        undo(store, gate, commit.version, ANA)
    assert undo(store, gate, commit.version, ADMIN, cascade=True).removed == 5
