"""pySHACL on small data: shapes parsed once, and only the nodes that a sample mentions looked at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import rdflib
from pyoxigraph import parse
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from rdflib.namespace import RDF, RDFS, SH

from kg import ontology
from kg.gate.shacl.rdflib_view import prepared, to_rdflib
from kg.iris import compact

FOLDER = ontology.ontology_folder()


@dataclass(frozen=True, order=True)
class Found:
    """One violation: at which node, of which rule, by which constraint component."""

    focus: str
    rule: str
    component: str


class DataGraph(rdflib.Graph):
    """A graph that parses a SPARQL text once, not once for each focus node."""

    def query(self, query_object: object, *args: object, **options: object) -> rdflib.query.Result:
        """Answer a query."""
        known = prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(known, *args, **options)  # type: ignore[arg-type]


class Judge:
    """Shapes, ready to judge."""

    def __init__(self, shapes: rdflib.Graph) -> None:
        self.graph = shapes
        self._executor = SHACLExecutor()
        parsed = ShapesGraph(shapes).shapes
        self._shapes = [(shape, frozenset(shape.target_classes())) for shape in parsed]

    def violations(self, data: rdflib.Graph, nodes: Iterable[rdflib.term.Node]) -> set[Found]:
        """Judge those of the nodes that are targets."""
        classes = {node: set(_classes(data, node)) for node in nodes}
        found: set[Found] = set()
        for shape, targets in self._shapes:
            if focus := [node for node, of in classes.items() if targets & of]:
                _, results = shape.validate(self._executor, data, focus=focus)
                found.update(_found(triples, node) for _, node, triples in results)
        return found


@cache
def our_shapes() -> Judge:
    """Give the shapes of the release."""
    return Judge(read(*sorted(FOLDER.glob("*.shapes.ttl"))))


def read(*files: Path) -> DataGraph:
    """Read Turtle and TriG files into one graph."""
    graph = DataGraph()
    for file in files:
        for quad in parse(path=file):
            graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    return graph


def terms_and_kinds() -> tuple[Path, ...]:
    """Name the files that data is judged beside."""
    files = sorted([*FOLDER.glob("*.ttl"), *FOLDER.glob("codes/*.ttl")])
    return tuple(file for file in files if not file.name.endswith(".shapes.ttl"))


def _classes(data: rdflib.Graph, node: rdflib.term.Node) -> Iterator[rdflib.term.Node]:
    for direct in data.objects(node, RDF.type):
        yield from filter(None, data.transitive_objects(direct, RDFS.subClassOf))


def _found(triples: list[tuple[rdflib.term.Node, ...]], node: rdflib.term.Node) -> Found:
    parts = {p: o[1] if isinstance(o, tuple) else o for s, p, o in triples if s == node}
    rule = parts.get(SH.sourceConstraint, parts[SH.sourceShape])
    component = str(parts[SH.sourceConstraintComponent]).removeprefix(str(SH))
    return Found(_name(parts[SH.focusNode]), _name(rule), component.removesuffix("ConstraintComponent"))


def _name(node: object) -> str:
    return compact(str(node)) if isinstance(node, rdflib.URIRef) else "_:"
