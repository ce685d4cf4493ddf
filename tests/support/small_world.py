"""A small world for the gate: a few terms and shapes, and facts written in Turtle with our prefixes."""

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat

from kg.iris import DATA, PREFIXES

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
GRAPH = NamedNode(DATA + "graph-1")

TERMS_OF_A_SMALL_WORLD = """
    dip:Actor a owl:Class . dip:Person a owl:Class ; rdfs:subClassOf dip:Actor .
    dip:State a owl:Class ; rdfs:subClassOf dip:Actor . dip:Statement a owl:Class .
    dip:Envoy a owl:Class ; rdfs:subClassOf dip:Person .
    [] a owl:AllDisjointClasses ; owl:members ( dip:Person dip:State ) .
    dip:Actor owl:disjointWith dip:Statement .
    dip:speaker a owl:ObjectProperty . dip:words a owl:DatatypeProperty . dip:day a owl:DatatypeProperty .
    dip:birthday a owl:DatatypeProperty , owl:FunctionalProperty .
    dip:until a owl:DatatypeProperty .
    dip:sayer a owl:ObjectProperty ; owl:deprecated true ; dcterms:isReplacedBy dip:speaker .
    dip:inLayer a owl:AnnotationProperty .
    dipk:praise a skos:Concept .
"""
SHAPES_OF_A_SMALL_WORLD = """
    dipsh: a owl:Ontology ;
        sh:declare [ sh:prefix "dip" ; sh:namespace "https://w3id.org/regional-diplomacy/terms#" ] .
    dipsh:Statement a sh:NodeShape ; sh:targetClass dip:Statement ;
        sh:property dipsh:speaker , dipsh:words ; sh:sparql dipsh:not-of-itself .
    dipsh:speaker a sh:PropertyShape ; sh:path dip:speaker ; sh:minCount 1 ; sh:class dip:Actor ;
        sh:message "A statement needs its speaker."@en , "Una declaración necesita hablante."@es .
    dipsh:words a sh:PropertyShape ; sh:path dip:words ; sh:severity sh:Warning ;
        sh:or ( [ sh:minLength 3 ] [ sh:in ( "ja" "no" ) ] ) .
    dipsh:not-of-itself sh:prefixes dipsh: ;
        sh:message "{?value} speaks of {$this}."@en , "{?value} habla de {$this}."@es ;
        sh:select "SELECT $this ?value WHERE { $this dip:speaker ?value . ?value dip:speaker $this . }" .
"""


def quads(text: str, graph: NamedNode = GRAPH) -> tuple[Quad, ...]:
    triples = pyoxigraph.parse((HEADER + text).encode(), format=RdfFormat.TURTLE)
    return tuple(Quad(found.subject, found.predicate, found.object, graph) for found in triples)
