"""Facts written in Turtle with the prefixes of the project, as quads of one graph."""

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.iris import PREFIXES

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


def quads(text: str, graph: str = "urn:g") -> tuple[Quad, ...]:
    """Read facts into a graph."""
    read = parse((HEADER + text).encode(), format=RdfFormat.TURTLE)
    return tuple(Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph)) for quad in read)
