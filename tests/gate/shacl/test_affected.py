"""The gate answers what pySHACL would over the whole graph, restricted to what a change can have changed."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from random import Random
from typing import Any, TypeAlias

import pyoxigraph
import pyshacl
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, RdfFormat, Store
from rdflib.namespace import SH

from kg import ontology
from kg.changes import Delta
from kg.gate.gate import Gate
from kg.gate.reports import Report
from kg.gate.shacl.rdflib_view import copy, from_rdflib, prepared
from tests.bench.gate import fill, visit
from tests.support import gallery
from tests.support.sent import SPELLINGS, after

Row: TypeAlias = tuple[str, str, str, str]
"""Focus node, value, component, and the shape if it has a name."""


class Quick(rdflib.Graph):
    """A graph in rdflib's own memory that parses a query only once."""

    def query(self, query_object: Any, *args: Any, **options: Any) -> Any:
        return super().query(prepared(query_object), *args, **options)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_walk_of_changes_is_judged_as_pyshacl_judges_each_whole_graph(seed: int) -> None:
    random = Random(seed)
    text = gallery.gallery()
    gate, store = Gate(turtle(text), ()), Store()
    rows_before = oracle(text, store, Quick())
    for _ in range(15):
        delta = gallery.random_delta(random, list(store))
        found = rows(gate.check(delta, store))
        sent = after(store, delta)
        apply(delta, store)
        rows_after = oracle(text, sent, Quick())
        assert found <= rows_after
        assert rows_after - rows_before <= found
        rows_before = rows_after if sent == set(store) else oracle(text, store, Quick())
    assert rows(gate.check_whole(store)) == rows_before


property_shapes = st.builds(
    lambda path, constraints: f"sh:property [ sh:path {path} ; {' ; '.join(constraints)} ]",
    st.sampled_from(gallery.PATHS),
    st.lists(
        st.sampled_from(gallery.PATH_CONSTRAINTS),
        min_size=1,
        max_size=2,
        unique_by=lambda text: text.split()[0],
    ),
)
constraints = st.one_of(
    property_shapes,
    property_shapes,
    st.sampled_from(gallery.QUERIES).map(gallery.query),
    st.sampled_from(gallery.NODE_CONSTRAINTS),
)
shapes = st.builds(
    lambda target, parts: f":S a sh:NodeShape ; {target} ; {' ; '.join(parts)} .",
    st.sampled_from(gallery.TARGETS),
    st.lists(
        constraints, min_size=1, max_size=3, unique_by=lambda text: _repeatable(text) or text.split()[0]
    ),
)


@settings(max_examples=30, deadline=None)
@given(shape=shapes, seed=st.integers(0, 1 << 16))
def test_what_a_change_breaks_is_what_plain_pyshacl_finds_on_the_whole(shape: str, seed: int) -> None:
    random = Random(seed)
    text = gallery.PREFIXES + gallery.INNER + shape
    gate, store = Gate(turtle(text), ()), Store()
    store.extend(gallery.random_quad(random) for _ in range(15))
    rows_before = oracle(text, store, rdflib.Graph())
    delta = gallery.random_delta(random, list(store))
    found = rows(gate.check(delta, store))
    rows_after = oracle(text, after(store, delta), rdflib.Graph())
    assert found <= rows_after
    assert rows_after - rows_before <= found


@settings(max_examples=20, deadline=None)
@given(shape=shapes, seed=st.integers(0, 1 << 16), size=st.integers(20, 200))
def test_what_a_change_of_a_larger_graph_breaks_is_what_pyshacl_finds(
    shape: str, seed: int, size: int
) -> None:
    random = Random(seed)
    text = gallery.PREFIXES + gallery.INNER + shape
    gate, store = Gate(turtle(text), ()), Store()
    store.extend(gallery.random_graph(random, size))
    rows_before = oracle(text, store, Quick())
    delta = gallery.random_change(random, sorted(store, key=str))
    report = gate.check(delta, store)
    found = rows(report)
    rows_after = oracle(text, after(store, delta), Quick())
    assert found <= rows_after
    assert rows_after - rows_before <= found
    assert report.conforms == (not found)


LITERAL_CONSTRAINTS = [
    *(f"sh:datatype xsd:{name}" for name in ("integer", "byte", "nonNegativeInteger", "decimal", "boolean")),
    *("sh:minInclusive 3", "sh:maxExclusive 7.0", "sh:in ( 7 true 1.5 )", "sh:hasValue 7", "sh:maxCount 1"),
    *('sh:pattern "^0"', "sh:maxLength 1", "sh:equals :q", "sh:disjoint :q", "sh:lessThan :q"),
    *("sh:not [ sh:datatype xsd:integer ]", "sh:nodeKind sh:IRI"),
]
spellings = st.builds(
    Quad,
    st.sampled_from(gallery.NODES[:2]),
    st.sampled_from(gallery.PROPERTIES[:2]),
    st.sampled_from(SPELLINGS),
    st.sampled_from(gallery.GRAPHS),
)


@settings(max_examples=60, deadline=None)
@given(
    constraint=st.sampled_from(LITERAL_CONSTRAINTS),
    before=st.lists(spellings, max_size=4),
    added=st.lists(spellings, min_size=1, max_size=6),
)
def test_literals_are_judged_as_pyshacl_judges_them_as_they_were_sent(
    constraint: str, before: list[Quad], added: list[Quad]
) -> None:
    text = (
        f"{gallery.PREFIXES} :S a sh:NodeShape ; sh:targetSubjectsOf :p , :q ; sh:property :inner .\n"
        f":inner sh:path :p ; {constraint} ."
    )
    gate, store, delta = Gate(turtle(text), ()), Store(), Delta(tuple(added))
    store.extend(before)
    rows_before = oracle(text, store, rdflib.Graph())
    rows_after = oracle(text, after(store, delta), rdflib.Graph())
    found = of_shapes(gate.check(delta, store))
    assert found <= rows_after
    assert rows_after - rows_before <= found
    assert of_shapes(gate.check(delta, Store())) == oracle(text, added, rdflib.Graph())


SIBLINGS = gallery.PREFIXES + f":S a sh:NodeShape ; sh:targetNode :n1 ; {gallery.DISJOINT_SIBLINGS} ."
CHAIN = gallery.PREFIXES + f":S a sh:NodeShape ; sh:targetNode :n1 ; {gallery.query(gallery.QUERIES[1])} ."
MERGED = (
    gallery.PREFIXES
    + ":S a sh:NodeShape ; sh:targetClass :A ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ."
)


@pytest.mark.parametrize(
    ("shapes", "before", "added", "removed"),
    [
        pytest.param(SIBLINGS, ":n1 :p :n2 , :n3 . :n2 a :A . :n3 a :B .", ":n2 a :B", "", id="sibling"),
        pytest.param(
            CHAIN, ":n1 :p :n2 . :n2 :q :n3 . :n3 :r :n1 .", "", ":n2 :q :n3 . :n3 :r :n1", id="two"
        ),
        pytest.param(MERGED, ":n1 a :B ; :p :n2 .", ":B rdfs:subClassOf :A", "", id="subclass"),
    ],
)
def test_a_change_that_harms_from_afar_is_found(shapes: str, before: str, added: str, removed: str) -> None:
    store = Store()
    store.extend(in_graph(before))
    delta = Delta(tuple(in_graph(f"{added} .")), tuple(in_graph(f"{removed} .")))
    assert not oracle(shapes, store, Quick())
    found = rows(Gate(turtle(shapes), ()).check(delta, store))
    apply(delta, store)
    assert found == oracle(shapes, store, Quick()) != set()


@pytest.mark.parametrize(
    ("query", "triples"),
    [
        ("?a :p $this . ?a :q ?b . ?b :r ?value .", (":n2 :p :n1", ":n2 :q :n3", ":n3 :r :n4")),
        ("?a :p $this ; :q ?b . ?value :r ?b .", (":n2 :p :n1", ":n2 :q :n3", ":n4 :r :n3")),
        ("$this :p ?a . ?a :q ?b . ?b :r ?value .", (":n1 :p :n2", ":n2 :q :n3", ":n3 :r :n4")),
        ("?a :p $this . ?a ?any ?b . ?b :q|:r ?value .", (":n2 :p :n1", ":n2 :q :n3", ":n3 :r :n2")),
        ("?a :p $this . ?b ^:q ?a . ?b :r* ?c . ?c :q ?value .", (":n2 :p :n1", ":n2 :q :n3", ":n3 :q :n4")),
        (
            "?a :p $this . OPTIONAL { ?a :q ?b . ?b :r ?value } FILTER (BOUND(?b))",
            (":n2 :p :n1", ":n2 :q :n3", ":n3 :r :n4"),
        ),
        ("?a :p $this . FILTER EXISTS { ?a :q ?b . ?b :r ?c }", (":n2 :p :n1", ":n2 :q :n3", ":n3 :r :n4")),
        (
            "?a :p $this . ?a :q ?b . ?c :q ?b ; :r ?value . ?c :p ?a .",
            (":n2 :p :n1", ":n2 :q :n3", ":n4 :q :n3", ":n4 :r :n5", ":n4 :p :n2"),
        ),
    ],
)
def test_a_match_is_found_whichever_of_its_triples_come_with_a_change(
    query: str, triples: Sequence[str]
) -> None:
    shapes = gallery.PREFIXES + f":S a sh:NodeShape ; sh:targetClass :A ; {gallery.query(query)} ."
    gate = Gate(turtle(shapes), ())
    for come in product((False, True), repeat=len(triples)):
        store, sides = Store(), ([":n1 a :A"], list[str]())
        for triple, comes in zip(triples, come, strict=True):
            sides[comes].append(triple)
        store.extend(in_graph(" . ".join(sides[False]) + " ."))
        report = gate.check(Delta(tuple(in_graph(" . ".join([*sides[True], ""])))), store)
        assert [str(violation.focus) for violation in report.violations] == ["<urn:ex:n1>"] * any(come), come


@pytest.mark.parametrize(
    ("constraint", "reason"),
    [
        ("sh:property [ sh:path [ sh:inversePath ( :p :q ) ] ; sh:minCount 1 ]", "inverts"),
        (gallery.query("?a :p ?b ."), "connects to $this"),
        (gallery.query("$this !:p ?b ."), "negated"),
        ("sh:node :S", "itself"),
    ],
)
def test_a_shape_whose_reach_has_no_bound_is_named_and_judged_on_all_its_targets(
    constraint: str, reason: str
) -> None:
    gate = Gate(turtle(f"{gallery.PREFIXES} :S a sh:NodeShape ; sh:targetNode :n1 ; {constraint} ."), ())
    assert reason in gate.unbounded[gallery.EX + "S"]


def test_a_shape_without_bound_is_still_judged() -> None:
    text = gallery.PREFIXES + f":S a sh:NodeShape ; sh:targetNode :n1 ; {gallery.query('?a :p ?value .')} ."
    report = Gate(turtle(text), ()).check(Delta(tuple(in_graph(":n4 :p :n5 ."))), Store())
    assert [str(violation.value) for violation in report.violations] == ["<urn:ex:n5>"]


def test_a_triple_that_stands_in_another_graph_too_changes_nothing() -> None:
    shapes = gallery.PREFIXES + ":S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:class :A ."
    store = Store()
    store.extend(in_graph(":n1 :p :n2 ."))
    again = tuple(in_graph(":n1 :p :n2 .", graph=1))
    assert Gate(turtle(shapes), ()).check(Delta(added=again), store).violations == ()


def _repeatable(text: str) -> str | None:
    """Give a constraint of which a shape may have several; most parameters may stand only once."""
    return text if text.startswith(("sh:property", "sh:sparql")) else None


class Counting:
    """A store that counts the quads it is asked for."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.told = 0

    def quads_for_pattern(self, *pattern: Any) -> Iterator[Quad]:
        for quad in self.store.quads_for_pattern(*pattern):
            self.told += 1
            yield quad


def test_what_is_read_of_the_store_does_not_grow_with_it() -> None:
    release = ontology.load()
    gate, delta = Gate.of(release), Delta(tuple(visit(1_000_000, source=1)))
    read = []
    for size in (2_000, 10_000):
        store = Store()
        fill(store, release, size)
        counting = Counting(store)
        assert gate.check(delta, counting).conforms
        read.append(counting.told)
    assert read[0] == read[1] < 100


def in_graph(text: str, graph: int = 0) -> list[Quad]:
    triples = turtle(gallery.PREFIXES + text) if text.strip(" .") else []
    name = gallery.GRAPHS[graph]
    return [Quad(quad.subject, quad.predicate, quad.object, name) for quad in triples]


def turtle(text: str) -> list[Quad]:
    return list(pyoxigraph.parse(text.encode(), format=RdfFormat.TURTLE))


def apply(delta: Delta, store: Store) -> None:
    for quad in delta.removed:
        store.remove(quad)
    store.extend(delta.added)


def oracle(text: str, quads: Iterable[Quad], graph: rdflib.Graph) -> set[Row]:
    """Ask pySHACL about the whole, on a copy of the union of all graphs."""
    copy(quads, graph)
    shapes_graph = rdflib.Graph().parse(data=text, format="turtle")
    _, results, _ = pyshacl.validate(graph, shacl_graph=shapes_graph)
    assert isinstance(results, rdflib.Graph)
    return {
        (
            _text(results.value(node, SH.focusNode)),
            _text(results.value(node, SH.value)),
            _text(results.value(node, SH.sourceConstraintComponent)),
            _named(str(results.value(node, SH.sourceShape))),
        )
        for node in results.objects(None, SH.result)
    }


def rows(report: Report) -> set[Row]:
    return {
        (
            str(violation.focus),
            "" if violation.value is None else str(violation.value),
            f"<{violation.component}>",
            _named(violation.rule),
        )
        for violation in report.violations
    }


def of_shapes(report: Report) -> set[Row]:
    """Give the results of the shapes, without those of rules in code."""
    return rows(Report(tuple(each for each in report.violations if each.component)))


def _text(node: rdflib.term.Node | None) -> str:
    return str(from_rdflib(node)) if node is not None else ""  # rdflib's n3 writes some literals by value


def _named(shape: str) -> str:
    """Name an inner shape; those of the gallery hold only anonymous ones, which the oracle cannot name."""
    return shape if shape.startswith(gallery.EX + "inner") else ""
