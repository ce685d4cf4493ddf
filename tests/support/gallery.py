"""A gallery of small shapes, for each kind of constraint and path, and random changes to hold against."""

from collections.abc import Iterator
from random import Random

import rdflib
from pyoxigraph import Literal, NamedNode, Quad
from rdflib.namespace import SH

from kg.changes import Delta

EX = "urn:ex:"
PREFIXES = f"""
    @prefix : <{EX}> . @prefix sh: <{SH}> . @prefix rdf: <{rdflib.RDF}> . @prefix rdfs: <{rdflib.RDFS}> .
    @prefix xsd: <{rdflib.XSD}> .
"""
INNER = """
    :inner-1 a sh:PropertyShape ; sh:path :q ; sh:minCount 1 .
    :inner-2 a sh:PropertyShape ; sh:path :r ; sh:class :B .
    :inner-3 a sh:PropertyShape ; sh:path :p ; sh:minCount 1 ; sh:class :A .
    :inner-4 a sh:PropertyShape ; sh:path :q ; sh:maxCount 1 .
    :needs-q a sh:NodeShape ; sh:property :inner-1 .
    :needs-classed-p a sh:NodeShape ; sh:property :inner-3 .
"""
TYPE, SUBCLASS = NamedNode(str(rdflib.RDF.type)), NamedNode(str(rdflib.RDFS.subClassOf))
GRAPHS = [NamedNode(EX + "graph-1"), NamedNode(EX + "graph-2")]
NODES = [NamedNode(f"{EX}n{number}") for number in range(1, 6)]
CLASSES = [NamedNode(EX + name) for name in ("A", "B", "C")]
PROPERTIES = [NamedNode(EX + name) for name in ("p", "q", "r")]
VALUES = [
    Literal("x"),
    Literal("y"),
    Literal("x", language="en"),
    Literal("z", language="en"),
    Literal("01", datatype=NamedNode(str(rdflib.XSD.integer))),
    Literal("1", datatype=NamedNode(str(rdflib.XSD.integer))),
    Literal("7", datatype=NamedNode(str(rdflib.XSD.integer))),
    Literal("7", datatype=NamedNode(str(rdflib.XSD.byte))),
    Literal("2025-01-26", datatype=NamedNode(str(rdflib.XSD.date))),
]

TARGETS = [
    "sh:targetClass :A",
    "sh:targetNode :n1 , :n2 , :n3",
    "sh:targetSubjectsOf :p",
    "sh:targetObjectsOf :q",
    "sh:targetClass :C , :B",
]
PATHS = [
    ":p",
    "[ sh:inversePath :p ]",
    "( :p :q )",
    "( [ sh:inversePath :q ] :p )",
    "[ sh:alternativePath ( :p :r ) ]",
    "[ sh:zeroOrMorePath :p ]",
    "[ sh:oneOrMorePath :q ]",
    "[ sh:zeroOrOnePath :r ]",
    "( :p [ sh:zeroOrMorePath :q ] )",
    "[ sh:oneOrMorePath ( :p :r ) ]",
]
VALUE_CONSTRAINTS = [
    "sh:class :A",
    "sh:class :B",
    "sh:datatype xsd:string",
    "sh:nodeKind sh:IRI",
    'sh:in ( :n1 :n2 :n3 "x" 7 )',
    "sh:minInclusive 3",
    "sh:not [ sh:class :B ]",
    "sh:or ( [ sh:class :A ] [ sh:datatype xsd:string ] )",
    "sh:and ( [ sh:nodeKind sh:IRI ] [ sh:class :C ] )",
    "sh:xone ( [ sh:class :A ] [ sh:class :B ] )",
    "sh:node :needs-q",
    "sh:property :inner-2",
    "sh:property :inner-4",
    "sh:not :needs-classed-p",
    "sh:not [ sh:not :needs-classed-p ]",
]
PATH_CONSTRAINTS = [
    *VALUE_CONSTRAINTS,
    "sh:minCount 1",
    "sh:maxCount 1",
    "sh:hasValue :n2",
    "sh:uniqueLang true",
    "sh:equals :r",
    "sh:disjoint :q",
    "sh:lessThanOrEquals :r",
    "sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedMinCount 1",
    "sh:qualifiedValueShape [ sh:class :B ] ; sh:qualifiedMaxCount 1",
]
NODE_CONSTRAINTS = [
    *VALUE_CONSTRAINTS,
    "sh:closed true ; sh:ignoredProperties ( rdf:type :p )",
]
DISJOINT_SIBLINGS = """
    sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedMinCount 1 ;
        sh:qualifiedValueShapesDisjoint true ] ,
    [ sh:path :p ; sh:qualifiedValueShape [ sh:class :B ] ; sh:qualifiedMinCount 1 ;
        sh:qualifiedValueShapesDisjoint true ]
"""
QUERIES = [
    "$this :p ?value . ?value :q ?other .",
    "$this :p ?a . FILTER NOT EXISTS { ?a :q ?b . ?b :r $this }",
    "$this :p ?a . OPTIONAL { ?a :q ?value } FILTER (!BOUND(?value))",
    "?value :q $this . ?value rdf:type/rdfs:subClassOf* :A .",
    "$this :p ?s ; :q ?o . ?s ?link ?o .",
    "{ $this :p ?value } UNION { ?x :r $this . ?x :q ?value }",
    "$this :p ?a . ?b :p ?a . FILTER ($this != ?b)",
    "$this ^:q/:p+ ?value .",
    "$this :p ?a . { SELECT $this (COUNT(?b) AS ?n) { $this :q ?b } GROUP BY $this } FILTER (?n > 1)",
]
"""Where-clauses of sh:sparql constraints: each complains of every node that it holds of."""


def query(where: str) -> str:
    """Write a sh:sparql constraint."""
    prefixes = f"PREFIX : <{EX}> PREFIX rdf: <{rdflib.RDF}> PREFIX rdfs: <{rdflib.RDFS}>"
    return f'sh:sparql [ sh:select """{prefixes} SELECT $this ?value WHERE {{ {where} }}""" ]'


def gallery() -> str:
    """Write shapes that show every constraint on several paths, every path, every target."""
    texts = [f"sh:property [ sh:path {path} ; {text} ]" for text, path in _pairs()]
    texts += [*NODE_CONSTRAINTS, *map(query, QUERIES), DISJOINT_SIBLINGS]
    lines = [
        f":S{number} a sh:NodeShape ; {TARGETS[number % len(TARGETS)]} ; {text} ."
        for number, text in enumerate(texts)
    ]
    return PREFIXES + INNER + "\n".join(lines)


def _pairs() -> Iterator[tuple[str, str]]:
    for number, text in enumerate(PATH_CONSTRAINTS):
        for path in (PATHS[number % len(PATHS)], PATHS[(3 * number + 1) % len(PATHS)], ":p"):
            yield text, path
    for path in PATHS:
        yield "sh:class :C", path
        yield "sh:maxCount 1", path


def random_quad(random: Random) -> Quad:
    """Make a quad of the little world of the gallery."""
    kind = random.random()
    graph = random.choice(GRAPHS)
    if kind < 0.1:
        return Quad(random.choice(CLASSES), SUBCLASS, random.choice(CLASSES), graph)
    if kind < 0.35:
        return Quad(random.choice(NODES), TYPE, random.choice(CLASSES), graph)
    value = random.choice(NODES) if random.random() < 0.75 else random.choice(VALUES)
    return Quad(random.choice(NODES), random.choice(PROPERTIES), value, graph)


def random_graph(random: Random, size: int) -> list[Quad]:
    """Make so many quads, of more nodes the more quads there are."""
    nodes = [NamedNode(f"{EX}n{number}") for number in range(1, 6 + size // 6)]

    def spread(quad: Quad) -> Quad:
        obj = random.choice(nodes) if quad.object in NODES else quad.object
        if quad.subject in CLASSES:
            return quad
        return Quad(random.choice(nodes), quad.predicate, obj, quad.graph_name)

    return [spread(random_quad(random)) for _ in range(size)]


def random_change(random: Random, held: list[Quad]) -> Delta:
    """Make a change of up to ten quads of a graph of any size."""
    come, go = random.randint(0, 10), random.randint(0, 10)
    added = random_graph(random, max(len(held), 30))[:come]
    removed = random.sample(held, min(go, len(held)))
    return Delta(tuple(added) or (random_quad(random),), tuple(set(removed) - set(added)))


def random_delta(random: Random, held: list[Quad]) -> Delta:
    """Make a small change; the graph grows to some twenty quads and stays there."""
    leaving = random.choice((0, 1, 1, 2)) if len(held) > 10 else 0
    coming = random.choice((0, 1, 1, 2)) if len(held) < 20 else 0
    return Delta(
        added=tuple(random_quad(random) for _ in range(coming or (not leaving))),
        removed=tuple(random.sample(held, leaving)),
    )
