"""What is known of one thing, or in one graph: as RDF, and arranged for a page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from pyoxigraph import NamedNode, Quad, Triple, serialize

from kg import iris, turtle
from kg.changes import Object, Subject
from kg.errors import NotFound
from kg.formats import RDFFormat
from kg.store.store import Contents

MAX_MENTIONS = 500
"""How many of the triples that point at a thing are told."""


@dataclass
class Description:
    """Some triples, and the graphs they come from."""

    triples: set[Triple] = field(default_factory=set)
    graphs: set[str] = field(default_factory=set)

    def add(self, subject: Subject, predicate: NamedNode, value: Object) -> None:
        """Add a triple."""
        self.triples.add(Triple(subject, predicate, value))

    def take(self, quads: Iterable[Quad]) -> None:
        """Add the triples of quads, and remember their graphs."""
        for quad in quads:
            self.triples.add(quad.triple)
            if isinstance(quad.graph_name, NamedNode):
                self.graphs.add(quad.graph_name.value)

    def by_subject(self) -> dict[str, list[Triple]]:
        """Give the triples of each named thing, by its IRI."""
        found: dict[str, list[Triple]] = {}
        for triple in self.triples:
            if isinstance(triple.subject, NamedNode):
                found.setdefault(triple.subject.value, []).append(triple)
        return found

    def serialized(self, rdf_format: RDFFormat) -> bytes:
        """Write the triples, in the same order each time."""
        ordered = sorted(self.triples, key=str)
        if rdf_format.name == "turtle":
            return _turtle(ordered).encode()
        return serialize(ordered, format=rdf_format.syntax, prefixes=iris.PREFIXES) or b""


def of_thing(contents: Contents, node: NamedNode) -> Description:
    """Tell what is said of a thing and what points at it; raises NotFound where nothing is."""
    told = Description()
    told.take(contents.quads_for_pattern(node, None, None))
    told.take(islice(contents.quads_for_pattern(None, None, node), MAX_MENTIONS))
    if not told.triples:
        raise NotFound(f"Nothing is known of {iris.compact(node.value)}.", iri=node.value)
    return told


def of_graph(contents: Contents, graph: str) -> Description:
    """Tell what a graph holds."""
    told = Description()
    told.take(contents.quads_for_pattern(None, None, None, NamedNode(graph)))
    return told


def _turtle(triples: list[Triple]) -> str:
    by_subject: dict[str, list[Quad]] = {}
    for triple in triples:
        quad = Quad(triple.subject, triple.predicate, triple.object)
        by_subject.setdefault(str(triple.subject), []).append(quad)
    blocks = [turtle.block(quads) for quads in by_subject.values()]
    return "\n".join([turtle.HEADER, *blocks])
