"""An overlay answers as there is after the change, literals as sent, and as rdflib would read that."""

from collections.abc import Callable, Iterator

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kg.changes import Delta
from kg.gate.overlay import Overlay, Term
from kg.gate.shacl.rdflib_view import OverlayGraph, from_rdflib, to_rdflib
from kg.iris import PREFIXES
from tests.support.sent import after, kept, typed

XSD = PREFIXES["xsd"]
A, B, P, Q = (NamedNode(f"urn:{name}") for name in "abpq")
GRAPHS = [NamedNode("urn:graph-1"), NamedNode("urn:graph-2")]

subjects = st.sampled_from([A, B, BlankNode("x")])
predicates = st.sampled_from([P, Q])
literals = st.sampled_from(
    [
        Literal("x"),
        Literal("x", language="en"),
        Literal("01", datatype=NamedNode(XSD + "integer")),
        Literal("1", datatype=NamedNode(XSD + "integer")),
        Literal("1", datatype=NamedNode(XSD + "byte")),
        Literal("1", datatype=NamedNode(XSD + "boolean")),
        Literal("2025-01-26", datatype=NamedNode(XSD + "date")),
        Literal("not a date", datatype=NamedNode(XSD + "date")),
    ]
)
objects = st.one_of(subjects, literals)
quads = st.lists(st.builds(Quad, subjects, predicates, objects, st.sampled_from(GRAPHS)), max_size=12)


def stored(*given_quads: Quad) -> Store:
    store = Store()
    store.extend(given_quads)
    return store


@given(
    before=quads, added=quads, removed=quads, pattern=st.tuples(subjects, predicates, objects), data=st.data()
)
def test_an_overlay_answers_every_pattern_as_what_was_kept_and_what_was_sent(
    before: list[Quad],
    added: list[Quad],
    removed: list[Quad],
    pattern: tuple[NamedNode | BlankNode, NamedNode, Term],
    data: st.DataObject,
) -> None:
    delta = Delta(tuple(added), tuple(removed))
    overlay = Overlay(stored(*before), delta)
    subject, predicate, obj = pattern
    as_kept = kept(Quad(A, P, obj)).object
    graph = data.draw(st.sampled_from([None, *GRAPHS]))
    respelled = {quad.object for quad in added if quad != kept(quad)}
    same = {obj} if obj in respelled else {obj, as_kept}
    for s in (None, subject):
        for p in (None, predicate):
            for o in (None, obj):
                found = list(overlay.quads_for_pattern(s, p, o, graph))
                wanted = [
                    quad
                    for quad in after(before, delta)
                    if s in (None, quad.subject)
                    and p in (None, quad.predicate)
                    and (o is None or quad.object in same)
                    and graph in (None, quad.graph_name)
                ]
                assert sorted(found, key=str) == sorted(wanted, key=str)
    assert len(set(overlay.triples(None, None, None))) == len(list(overlay.triples(None, None, None)))


@given(before=quads, added=quads, removed=quads)
def test_the_quads_that_a_change_adds_are_told_as_they_were_sent(
    before: list[Quad], added: list[Quad], removed: list[Quad]
) -> None:
    overlay = Overlay(stored(*before), Delta(tuple(added), tuple(removed)))
    assert set(overlay.added) == set(added)
    assert len(overlay.added) == len(set(added))


def test_a_value_in_another_spelling_is_one_value_and_the_one_that_was_sent() -> None:
    one, other = typed("1", "integer"), typed("01", "integer")
    overlay = Overlay(stored(Quad(A, P, one, GRAPHS[0])), Delta(added=(Quad(A, P, other, GRAPHS[1]),)))
    assert overlay.objects(A, P) == (other,)
    assert not overlay.had(A, P, other)
    assert overlay.had(A, P, one)


def test_an_overlay_writes_nothing() -> None:
    store = stored(Quad(A, P, B, GRAPHS[0]))
    overlay = Overlay(store, Delta(added=(Quad(A, P, A, GRAPHS[0]),), removed=(Quad(A, P, B, GRAPHS[0]),)))
    assert {quad.object for quad in overlay.quads_for_pattern(None, None, None)} == {A}
    assert {quad.object for quad in store} == {B}


def test_a_store_that_knows_nothing_of_a_new_node_is_asked_for_it_once() -> None:
    asked: list[tuple[Term | None, ...]] = []

    class Counting:
        def quads_for_pattern(self, *pattern: Term | None) -> Iterator[Quad]:
            asked.append(pattern)
            return iter(())

    overlay = Overlay(Counting(), Delta((Quad(A, P, B, GRAPHS[0]),)))  # type: ignore[arg-type]  # any pattern
    assert overlay.objects(A, P) == (B,)
    assert not overlay.objects(A, Q)
    assert not overlay.had(A, P, B)
    assert not overlay.subjects(Q, A)
    assert asked == [(A, None, None), (None, None, A)]


def test_what_a_store_knows_of_a_node_stays_beside_what_is_new() -> None:
    store = stored(Quad(A, P, Literal("x"), GRAPHS[0]), Quad(B, Q, A, GRAPHS[0]))
    overlay = Overlay(store, Delta((Quad(A, P, B, GRAPHS[1]),)))
    assert set(overlay.objects(A, P)) == {B, Literal("x")}
    assert overlay.subjects(Q, A) == (B,)
    assert overlay.had(A, P, Literal("x"))
    assert not overlay.had(A, P, B)


def test_a_node_is_of_its_classes_and_of_those_above_even_in_a_circle() -> None:
    kind, above = NamedNode(PREFIXES["rdf"] + "type"), NamedNode(PREFIXES["rdfs"] + "subClassOf")
    store = stored(Quad(P, above, Q, GRAPHS[0]), Quad(Q, above, P, GRAPHS[0]))
    overlay = Overlay(store, Delta((Quad(A, kind, P, GRAPHS[0]),)))
    assert overlay.classes(A) == {P, Q}
    assert overlay.classes(B) == overlay.classes(Literal("x")) == frozenset()


def test_what_has_a_value_is_counted_up_to_a_limit_once_for_all_graphs() -> None:
    store = stored(*(Quad(node, P, A, graph) for node in (A, B, Q) for graph in GRAPHS))
    assert Overlay(store).count_subjects(P, A, 5) == 3
    assert Overlay(store).count_subjects(P, A, 2) == 2


def test_a_triple_of_two_graphs_is_told_once() -> None:
    graph = OverlayGraph(Overlay(stored(Quad(A, P, B, GRAPHS[0]), Quad(A, P, B, GRAPHS[1]))))
    assert len(list(graph.triples((None, None, None)))) == len(graph) == 1


@given(term=objects)
def test_a_term_survives_the_way_to_rdflib_and_back(term: Term) -> None:
    assert from_rdflib(to_rdflib(term)) == term


def test_a_string_is_a_plain_literal_for_rdflib() -> None:
    typed = Literal("x", datatype=NamedNode(XSD + "string"))
    assert to_rdflib(typed) == rdflib.Literal("x")
    assert from_rdflib(rdflib.Literal("x", datatype=rdflib.XSD.string)) == Literal("x")


def test_rdflib_sees_literals_as_they_were_sent_and_as_they_are_kept() -> None:
    held = Quad(B, P, typed("02", "integer"))
    graph = OverlayGraph(Overlay(stored(held), Delta(added=(Quad(A, P, typed("01", "integer")),))))
    as_sent = rdflib.Literal("01", datatype=rdflib.XSD.integer, normalize=False)
    assert set(graph.objects()) == {as_sent, rdflib.Literal(2)}


def test_rdflib_queries_see_the_change() -> None:
    graph = OverlayGraph(Overlay(stored(Quad(A, P, B, GRAPHS[0])), Delta(added=(Quad(B, Q, A, GRAPHS[1]),))))
    found = graph.query("SELECT ?x WHERE { ?x <urn:p>/<urn:q> ?x }")
    assert [dict(row) for row in found.bindings] == [{rdflib.Variable("x"): rdflib.URIRef("urn:a")}]


@pytest.mark.parametrize("write", [rdflib.Graph.add, rdflib.Graph.remove])
def test_nothing_can_be_written_through_rdflib(write: Callable[..., object]) -> None:
    with pytest.raises(TypeError, match="read-only"):
        write(OverlayGraph(Overlay(Store())), (rdflib.URIRef("urn:a"),) * 3)
