"""What only commits tell is refused, however it comes: as facts, by an update or a Graph Store write."""

from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg import ontology, provenance
from kg.changes import Delta, Provenance
from kg.errors import Invalid
from kg.facts import submissions
from kg.facts.edits import Draft, change
from kg.formats import RDF_FORMATS
from kg.gate.gate import Gate
from kg.gate.overlay import Overlay
from kg.gate.rules import told_by_commits
from kg.iris import DATA, PREFIXES
from kg.store.store import Store as OurStore
from tests.support.stores import open_store

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
GRAPH = NamedNode(DATA + "graph-of-mine")
FORGED = [
    "dipid:commit-99 a dip:Commit .",
    "dipid:commit-2 rdfs:label 'a bad one' .",
    "dipid:graph-meeting prov:wasGeneratedBy dipid:commit-9 .",
    "dipid:anything dip:version 7 .",
    "dipid:anything dip:softwareVersion 'kg 9' .",
    "dipid:graph-meeting dip:contentHash 'f' .",
    "dipid:graph-meeting dip:warning 'do not trust it' .",
    "dipid:anything dip:reason 'because' .",
    "dipid:commit-2 dip:retracts dipid:graph-meeting .",
    "dipid:other dip:supersedes dipid:graph-meeting .",
    "dipid:graph-meeting a dip:Submission .",
    "dipid:agent-ana rdfs:label 'Bo' .",
]
"""Each is one fact that forges the history."""


def quads(text: str, graph: NamedNode = GRAPH) -> list[Quad]:
    found = parse((HEADER + text).encode(), format=RdfFormat.TURTLE)
    return [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in found]


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.of(ontology.load())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OurStore]:
    with open_store(tmp_path_factory.mktemp("data"), ontology.load()) as store:
        note = Quad(NamedNode("urn:a"), NamedNode("urn:p"), NamedNode("urn:b"), GRAPH)
        store.commit(Delta(added=(note,)), Provenance("Ana"))
        yield store


def rules(refusal: pytest.ExceptionInfo[Invalid]) -> set[object]:
    violations = refusal.value.extra["violations"]
    assert isinstance(violations, list)
    return {violation["rule"] for violation in violations if isinstance(violation, dict)}


@pytest.mark.parametrize("text", FORGED)
def test_facts_that_forge_the_history_are_refused_by_the_rule(text: str, store: OurStore, gate: Gate) -> None:
    submission = submissions.parse((HEADER + text).encode(), RDF_FORMATS["turtle"])
    with pytest.raises(Invalid) as refusal:
        submissions.add(store, gate, submission, Provenance("Ana"))
    assert told_by_commits.RULE in rules(refusal)


@pytest.mark.parametrize("text", [*FORGED, "dipid:graph-of-mine dip:supersedes dipid:graph-meeting ."])
def test_edits_that_forge_the_history_are_refused_by_the_rule(text: str, store: OurStore, gate: Gate) -> None:
    draft = Draft(store)
    draft.add(quads(text))
    with pytest.raises(Invalid) as refusal:
        change(store, gate, draft, Provenance("Ana"))
    assert told_by_commits.RULE in rules(refusal)


@pytest.mark.parametrize("text", FORGED[:-1])
def test_what_forges_the_history_of_a_store_is_found_in_it(text: str) -> None:
    store = Store()
    store.extend(quads(text))
    is_only_known_by_name = "dip:" not in text
    assert bool(list(told_by_commits.whole(Overlay(store)))) is not is_only_known_by_name


def test_a_graph_says_of_itself_that_it_is_a_submission_and_what_it_supersedes(
    store: OurStore, gate: Gate
) -> None:
    text = "dipid:mine { dipid:mine a dip:Submission ; dip:supersedes dipid:graph-gestures . }"
    submission = submissions.parse((HEADER + text).encode(), RDF_FORMATS["trig"])
    assert submissions.check(store, gate, submission).conforms


def test_a_graph_that_is_called_like_a_commit_is_refused(store: OurStore, gate: Gate) -> None:
    submission = submissions.parse(b"<urn:a> <urn:p> 1 .", RDF_FORMATS["turtle"], supersedes=None)
    home = NamedNode(DATA + "commit-77")
    moved = tuple(Quad(quad.subject, quad.predicate, quad.object, home) for quad in submission.quads)
    assert [violation.rule for violation in gate.check(Delta(added=moved), store).errors] == [
        told_by_commits.RULE
    ]


def test_what_commits_themselves_tell_is_in_order(store: OurStore) -> None:
    told = store.quads_for_pattern(None, None, None, provenance.GRAPH)
    assert list(told_by_commits.violations(Overlay(Store(), Delta(added=tuple(told))))) == []
    assert list(told_by_commits.whole(Overlay(store))) == []
