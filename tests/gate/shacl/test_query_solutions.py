"""Queries solved for many focus nodes at once complain of those that rdflib complains of one by one."""

from collections.abc import Iterable, Iterator
from random import Random

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import iris, ontology
from kg.gate.overlay import Overlay, Term
from kg.gate.shacl.columns import Columns
from kg.gate.shacl.filters import Unfollowed
from kg.gate.shacl.judge import Shapes
from kg.gate.shacl.patterns import predicates, readings
from kg.gate.shacl.query_solutions import complained_of
from kg.gate.shacl.rdflib_view import OverlayGraph, to_rdflib
from kg.gate.shacl.reads import query_texts
from kg.iris import KINDS, PREFIXES
from tests.support import gallery

NODES = [NamedNode(f"urn:n{number}") for number in range(6)]
GRAPH = NamedNode("urn:graph")
VALUES: list[Term] = [
    *(NamedNode(KINDS + name) for name in ("day", "year", "undated", "own-voice", "announced-by-performer")),
    *(Literal(text) for text in ("a", "2025", "2025-01-26")),
    Literal("ab", language="en"),
    *(Literal(day, datatype=NamedNode(PREFIXES["xsd"] + "date")) for day in ("2025-01-26", "2025-01-27")),
    Literal("2025", datatype=NamedNode(PREFIXES["xsd"] + "gYear")),
    *(Literal(number) for number in (1, 2, 3)),  # rdflib takes 0 and "" for an unbound end of a path
    Literal("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
]
OTHERS = [
    "$this :p ?a . OPTIONAL { ?a :q ?b . FILTER (?b != ?c) }",
    "$this :p ?a . OPTIONAL { ?a :q ?b } OPTIONAL { ?a :r ?b } FILTER (BOUND(?b) && ?b = $this)",
    "$this :p ?a OPTIONAL { ?a :q ?b } FILTER (?a != ?b)",
    "$this :p ?a OPTIONAL { ?a :q ?b } FILTER (DATATYPE(?a) = DATATYPE(?b) || DATATYPE(?a) != ?b)",
    "$this :p ?a ; :q ?b FILTER (?a = ?b || !(?a != 'a') || DATATYPE(STR(?b)) = DATATYPE(?a))",
    "$this :p ?a . FILTER EXISTS { { ?a :q ?b } UNION { ?a :r $this } }",
    "$this :p ?a . FILTER (?a = :n1 || NOT EXISTS { ?a :q ?b })",
    "$this :p ?a . FILTER NOT EXISTS { ?a :q ?b . FILTER NOT EXISTS { ?b :r $this } }",
    "$this :p ?a . FILTER NOT EXISTS { ?a :q ?b OPTIONAL { ?b :r ?c } FILTER (!BOUND(?c)) }",
    "{ $this :p ?a FILTER (?a = :n1) } UNION { $this :q ?a FILTER (ISLITERAL(?a) || ?a = :n2) }",
    "$this :p ?a . { ?a :q ?b . FILTER (?b = $this) }",
    "$this :p ?a . { ?a :q ?b OPTIONAL { ?b :r ?a } }",
    "$this :p $this",
    "$this :p? ?a . ?a (:q|^:r)* ?b . FILTER (?b != $this && !(?b = :n3))",
    "$this :p ?a . ?x :q ?y . FILTER (?x = ?y)",
    "$this :p ?a . BIND (?a AS ?b) FILTER (?b = :n1)",
    "$this :p ?a MINUS { $this :q ?a }",
    "$this :p ?a . VALUES ?a { :n1 :n2 }",
    "$this !:p ?a",
    "$this :p ?a FILTER (?a < 8 || ?a = 'x')",
    "$this :p/:q ?a FILTER (?a + 1 > 7 || LANG(?a) = 'en')",
]
"""Where-clauses that are followed, in part or not at all."""


def queries_of_the_release() -> list[str]:
    shapes = Shapes(ontology.load().graphs[iris.SHAPES_GRAPH])
    return sorted({query for target in shapes.index.targets for query in query_texts(target.shape)})


@pytest.mark.parametrize("query", queries_of_the_release(), ids=lambda text: " ".join(text.split())[-60:])
def test_the_queries_of_the_release_are_followed_exactly(query: str) -> None:
    properties = sorted(
        {predicate for reading in readings(query) for predicate in predicates(reading.pattern) if predicate},
        key=str,
    )
    random = Random(query)
    for _ in range(12):
        store = Store()
        store.extend(random_quads(random, properties))
        columns = Columns(store)
        assert complained(columns, query) == set(answered(store, query, NODES))


@pytest.mark.parametrize("where", [*gallery.QUERIES, *OTHERS])
def test_no_node_that_rdflib_complains_of_is_left_out(where: str) -> None:
    query = f"PREFIX : <{gallery.EX}> PREFIX rdf: <{rdflib.RDF}> PREFIX rdfs: <{rdflib.RDFS}>"
    query += f" SELECT $this ?value WHERE {{ {where} }}"
    random = Random(where)
    for _ in range(12):
        store = Store()
        store.extend(gallery.random_quad(random) for _ in range(25))
        columns = Columns(store)
        try:
            found = complained(columns, query, gallery.NODES)
        except Unfollowed:
            continue
        assert found >= set(answered(store, query, gallery.NODES))


def test_what_is_not_followed_is_said() -> None:
    columns = Columns(Store())
    for where in ("$this ?p ?o", "$this <urn:p> ?a MINUS { $this <urn:q> ?a }", "?a <urn:p> ?b"):
        with pytest.raises(Unfollowed):
            complained(columns, f"SELECT $this WHERE {{ {where} }}")


def complained(columns: Columns, query: str, nodes: Iterable[NamedNode] = NODES) -> set[Term]:
    numbers = complained_of(columns, query, [columns.number(node) for node in nodes])
    return {columns.terms[number] for number in numbers}


def answered(store: Store, query: str, nodes: Iterable[NamedNode]) -> Iterator[Term]:
    """Ask rdflib the query for each node, as pySHACL does."""
    graph = OverlayGraph(Overlay(store))
    for node in nodes:
        if len(graph.query(query, initBindings={"this": to_rdflib(node)})):
            yield node


def random_quads(random: Random, properties: list[NamedNode]) -> Iterator[Quad]:
    for _ in range(random.randint(5, 40)):
        value = random.choice(NODES) if random.random() < 0.6 else random.choice(VALUES)
        yield Quad(random.choice(NODES), random.choice(properties), value, GRAPH)
