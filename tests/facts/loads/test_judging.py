"""A load gets the verdict that the gate would give of all of it at once, in however many batches."""

from collections.abc import Iterable
from hashlib import sha256

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from kg import provenance
from kg.changes import Delta, Provenance
from kg.errors import Invalid
from kg.facts.computed import completed
from kg.facts.judges.release_gate import release_gate
from kg.facts.loads import batches
from kg.facts.loads.load import load, prepare
from kg.facts.loads.source import LoadSource, unheard
from kg.gate.reports import Report, as_json
from kg.iris import DATA, TERMS
from kg.store import loading
from kg.store.store import Store
from kg.terms import DIP
from tests.support import worlds
from tests.support.stores import open_store

ME = Provenance("Ana")
Found = frozenset[tuple[object, object, object]]


def source(quads: Iterable[Quad], key: str = "ab") -> LoadSource:
    text = serialize(quads, format=RdfFormat.N_QUADS) or b""
    return LoadSource("world.nq", key * 32, "urn:graph", lambda: iter([text]))


def found(violations: Iterable[dict[str, object]]) -> Found:
    return frozenset((each["focus"], each["rule"], str(each["value"])) for each in violations)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterable[Store]:
    with open_store(tmp_path_factory.mktemp("judging") / "data") as store:
        yield store


def test_a_load_in_batches_gets_the_verdict_of_the_gate_on_planted_faults(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = worlds.world(3000, seed=3, faults=6)
    quads = tuple(quad for quad in world if quad.graph_name != provenance.GRAPH)
    expected = as_json(release_gate().check(Delta(added=tuple(completed(quads))), store))
    monkeypatch.setattr(batches, "LARGEST", 400)
    with pytest.raises(Invalid) as refused:
        load(store, [source(quads)], ME)
    assert found(refused.value.extra["violations"]) == found(expected["violations"])  # type: ignore[arg-type]


def test_what_conforms_is_taken_in_batches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    world = worlds.world(1500, seed=4)  # whose sources all have one text, which is a fault
    quads = tuple(
        quad for quad in world if quad.graph_name != provenance.GRAPH and quad.predicate != DIP.TEXT_HASH
    )
    monkeypatch.setattr(batches, "LARGEST", 400)
    outcome = load(store, [source(quads, "cd")], ME)
    assert outcome.commit is not None
    assert outcome.quads >= len(quads)


FOREIGN = "http://example.com/"
TAKEN = f"""<{FOREIGN}a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{FOREIGN}Thing> .
<{FOREIGN}a> <http://www.w3.org/2000/01/rdf-schema#label> "An example" .
"""


def verdict(store: Store, text: str) -> tuple[Report, Report]:
    """Return the verdict of a load, and that of the gate."""
    given = LoadSource(
        "a.nt", sha256(text.encode()).hexdigest(), "urn:foreign", lambda: iter([text.encode()])
    )
    quads = tuple(
        Quad(each.subject, each.predicate, each.object, NamedNode("urn:foreign"))
        for each in parse(text, RdfFormat.N_TRIPLES)
    )
    expected = release_gate().check(Delta(added=quads), store)
    folder = loading.new_folder(store.directory)
    base = store.snapshot(loading.store_in(folder))
    try:
        return prepare(folder, base, [given], unheard)[1], expected
    except Invalid as refusal:
        said = refusal.extra["violations"]
    both = found(said), found(as_json(expected)["violations"])  # type: ignore[arg-type]
    return (expected, expected) if both[0] == both[1] else (Report(), expected)


def test_foreign_vocabulary_that_nothing_of_ours_speaks_of_gets_no_look_of_the_gate(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked(*_: object) -> None:
        raise AssertionError("the gate looked at it")

    gate = release_gate()
    ill = f'<{FOREIGN}a> <{FOREIGN}date> "2024-13-45"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
    report, expected = verdict(store, TAKEN + ill)
    assert report.violations == expected.violations
    monkeypatch.setattr(gate, "_check", looked)
    folder = loading.new_folder(store.directory)
    text = TAKEN.encode()
    base = store.snapshot(loading.store_in(folder))
    prepare(folder, base, [LoadSource("a.nt", "00" * 32, "urn:foreign", lambda: iter([text]))], unheard)


@pytest.mark.parametrize(
    "text",
    [
        f"<{FOREIGN}a> <{TERMS}nonsense> <{FOREIGN}b> .\n",
        f"<{FOREIGN}a> <http://w3id.org/regional-diplomacy/terms#date> <{FOREIGN}b> .\n",
        f"<{FOREIGN}a> <\\u0068ttps://w3id.org/regional-diplomacy/terms#nonsense> <{FOREIGN}b> .\n",
        f"<{FOREIGN}a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{TERMS}State> .\n",
        f"<{FOREIGN}a> <http://www.w3.org/2002/07/owl#sameAs> <{DATA}gustavo-petro> .\n",
        TAKEN,
    ],
)
def test_small_samples_get_the_verdict_of_the_gate(store: Store, text: str) -> None:
    report, expected = verdict(store, text)
    assert report.violations == expected.violations
