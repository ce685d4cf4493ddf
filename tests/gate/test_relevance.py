"""Judged without the quads that cannot matter, a change gets the same report."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kg import ontology
from kg.changes import Delta
from kg.gate import relevance
from kg.gate.gate import Gate
from kg.gate.relevance import Relevance
from kg.iris import BASE, DATA, KINDS, TERMS
from kg.terms import DIP, OWL, RDF, RDFS, SKOS, XSD
from tests.support.small_world import GRAPH

FOREIGN = NamedNode("http://example.org/vocab#p")
OTHER = NamedNode("http://example.org/vocab#Other")
ITEM = NamedNode("http://example.org/item/1")

subjects = st.sampled_from([ITEM, OTHER, BlankNode("a"), NamedNode(f"{DATA}x"), NamedNode(f"{DATA}commit-1")])
predicates = st.sampled_from(
    [
        *(FOREIGN, NamedNode("http://example.org/vocab#WarCrimes"), RDF.TYPE, RDFS.LABEL, RDFS.SUB_CLASS_OF),
        *(OWL.SAME_AS, SKOS.IN_SCHEME, DIP.TEXT, DIP.HAS_KIND, DIP.PERFORMED_BY, DIP.CONTENT_HASH),
        *(
            DIP.COMPARED_WITH,
            DIP.HELD_BY,
            NamedNode(f"{TERMS}noSuchTerm"),
            NamedNode("http://schema.org/name"),
        ),
    ]
)
objects = st.sampled_from(
    [
        *(ITEM, OTHER, BlankNode("a"), NamedNode(f"{DATA}x"), NamedNode(f"{KINDS}no-such-kind")),
        *(NamedNode(f"http{BASE[5:]}terms#Claim"), DIP.CLAIM, DIP.REPORT, DIP.COMMIT, DIP.TIME_SPAN),
        *(Literal("a"), Literal("a", language="es"), Literal(1), Literal("x", datatype=XSD.DATE)),
    ]
)
graphs = st.sampled_from([GRAPH, NamedNode("urn:graph"), NamedNode(f"{DATA}commit-7")])
changes = st.lists(st.builds(Quad, subjects, predicates, objects, graphs), max_size=6, unique=True).map(tuple)


@cache
def gate() -> Gate:
    return Gate.of(ontology.load())


@cache
def release() -> tuple[Quad, ...]:
    return ontology.load().quads


@given(changes, changes, changes)
def test_the_report_is_the_same(
    held: tuple[Quad, ...], added: tuple[Quad, ...], removed: tuple[Quad, ...]
) -> None:
    store = Store()
    store.extend((*release(), *held))
    delta = Delta(added, tuple(quad for quad in removed if quad in store and quad not in added))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relevance, "FEWEST", 0)
        narrowed = gate().check(delta, store)
        patch.setattr(relevance, "FEWEST", 10**9)
        assert narrowed == gate().check(delta, store)


def of(*quads: Quad) -> int:
    """Count the quads that are kept of some and of many that cannot matter."""
    foreign = (Quad(ITEM, FOREIGN, Literal(number), GRAPH) for number in range(relevance.FEWEST))
    narrowed = Relevance(frozenset({RDFS.LABEL})).narrowed(Delta((*foreign, *quads)), Store())
    return len(narrowed.added)


def test_foreign_vocabulary_is_left_out() -> None:
    assert of() == 0
    assert of(Quad(BlankNode("a"), FOREIGN, OTHER, GRAPH)) == 0


@pytest.mark.parametrize(
    "quad",
    [
        Quad(NamedNode(f"{DATA}x"), FOREIGN, OTHER, GRAPH),
        Quad(ITEM, FOREIGN, NamedNode(f"{DATA}x"), GRAPH),
        Quad(ITEM, FOREIGN, NamedNode("http://www.w3id.org/regionaldiplomacy/terms#Claim"), GRAPH),
        Quad(ITEM, DIP.TEXT, Literal("a"), GRAPH),
        Quad(ITEM, RDFS.LABEL, Literal("a"), GRAPH),
        Quad(ITEM, FOREIGN, Literal("2025-02-30", datatype=XSD.DATE), GRAPH),
    ],
    ids=str,
)
def test_what_is_ours_or_read_or_ill_formed_is_kept(quad: Quad) -> None:
    assert of(quad) == 1


def test_a_graph_named_as_a_commit_keeps_all() -> None:
    assert of(Quad(ITEM, FOREIGN, OTHER, NamedNode(f"{DATA}commit-7"))) == relevance.FEWEST + 1


def test_nothing_is_left_out_where_a_shape_may_read_any_property() -> None:
    foreign = tuple(Quad(ITEM, FOREIGN, Literal(number), GRAPH) for number in range(relevance.FEWEST))
    assert Relevance(None).narrowed(Delta(foreign), Store()) == Delta(foreign)
