"""Descriptions of a thing or a graph: as RDF, and arranged for a page."""

from dataclasses import dataclass, field
from itertools import islice

from pyoxigraph import NamedNode, Quad, Triple, serialize

from kg import iris, turtle
from kg.changes import Object, Subject
from kg.errors import NotFound
from kg.formats import RDFFormat
from kg.store import mentions
from kg.store.log import CommitLog
from kg.store.store import Contents

MAX_MENTIONS = 500
"""Maximum triples that point to a thing in its description."""


@dataclass
class Description:
    """Triples, each with the graphs that contain it, if graphs are distinguished."""

    quads: set[Quad] = field(default_factory=set)
    is_cut: bool = False
    """True if there are more triples than these."""

    def add(self, subject: Subject, predicate: NamedNode, value: Object) -> None:
        """Add a triple."""
        self.quads.add(Quad(subject, predicate, value))

    @property
    def triples(self) -> set[Triple]:
        """The triples of all graphs."""
        return {quad.triple for quad in self.quads}

    @property
    def graphs(self) -> set[str]:
        """The names of the graphs."""
        return {quad.graph_name.value for quad in self.quads if isinstance(quad.graph_name, NamedNode)}

    def by_graph(self, subject: Subject) -> dict[str, set[Triple]]:
        """Return the triples of one subject by the name of their graph, empty for the default graph."""
        triples_by_graph: dict[str, set[Triple]] = {}
        for quad in self.quads:
            if quad.subject == subject:
                name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
                triples_by_graph.setdefault(name, set()).add(quad.triple)
        return triples_by_graph

    def by_subject(self) -> dict[str, list[Triple]]:
        """Return the triples of each named thing, by IRI."""
        found: dict[str, list[Triple]] = {}
        for triple in self.triples:
            if isinstance(triple.subject, NamedNode):
                found.setdefault(triple.subject.value, []).append(triple)
        return found

    def serialized(self, rdf_format: RDFFormat) -> bytes:
        """Return the triples in a fixed order; formats with named graphs keep the graphs."""
        if rdf_format.holds_graphs:
            quads = sorted(self.quads, key=str)
            return serialize(quads, format=rdf_format.syntax, prefixes=iris.PREFIXES) or b""
        ordered = sorted(self.triples, key=str)
        if rdf_format.name == "turtle":
            return _turtle(ordered).encode()
        return serialize(ordered, format=rdf_format.syntax, prefixes=iris.PREFIXES) or b""


def of_thing(contents: Contents, node: NamedNode, log: CommitLog) -> Description:
    """Return the triples about a thing, and those that point to it.

    Raises NotFound if there are none, Withdrawn if there are none any more because of a retraction.
    """
    description = Description()
    description.quads.update(contents.quads_for_pattern(node, None, None))
    # Of a term, what other terms say of it: its uses are the data.
    graph = NamedNode(iris.TERMS_GRAPH) if node.value.startswith(iris.TERMS) else None
    pointing = contents.quads_for_pattern(None, None, node, graph)
    description.quads.update(islice(pointing, MAX_MENTIONS))
    description.is_cut = next(pointing, None) is not None
    if not description.quads:
        mentions.require_not_withdrawn(contents, log, node)
        raise NotFound(f"The graph holds nothing about {iris.compact(node.value)}.", iri=node.value)
    return description


def of_graph(contents: Contents, graph: str) -> Description:
    """Return the content of a graph as a separate document, without the graph's name."""
    quads = contents.quads_for_pattern(None, None, None, NamedNode(graph))
    return Description({Quad(quad.subject, quad.predicate, quad.object) for quad in quads})


def _turtle(triples: list[Triple]) -> str:
    by_subject: dict[str, list[Quad]] = {}
    for triple in triples:
        quad = Quad(triple.subject, triple.predicate, triple.object)
        by_subject.setdefault(str(triple.subject), []).append(quad)
    blocks = [turtle.block(quads) for quads in by_subject.values()]
    return "\n".join([turtle.HEADER, *blocks])
