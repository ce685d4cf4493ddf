"""Differences between two versions in sentences: one for each thing and graph, with names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.changes import Object, Subject
from kg.client.access import Access, result_of
from kg.client.results import ACCEPT
from kg.client.verdict import Members
from kg.iris import compact
from kg.query.job import Labelling
from kg.terms import RDF, XSD

NAMES_AT_ONCE = 500
"""Maximum IRIs in one query for names."""
MOST_NAMES = 10_000
"""Maximum IRIs of a change that are shown by name; the others are shown as IRIs."""
_BARE = (XSD.DATE, XSD.G_YEAR, XSD.G_YEAR_MONTH, XSD.DATE_TIME, XSD.INTEGER, XSD.DECIMAL, XSD.BOOLEAN)
_DEFAULT = "the default graph"


@dataclass(frozen=True)
class _Side:
    """The added or the removed quads, and the names of their nodes."""

    sign: str
    verb: str
    quads: Sequence[Quad]
    names: Mapping[str, str]


def sentences(access: Access, changes: Members, start: str, end: str, language: str) -> Iterator[str]:
    """Yield a heading for each graph and a sentence for each thing that gained (+) or lost (-) triples in it.

    ``changes`` is the result of ``Access.changes`` for the two versions. Removed things have their old names.
    """
    sides = [
        _side(access, "-", "went", changes["removed"], Labelling("on", language), start),
        _side(access, "+", "came", changes["added"], Labelling("on", language), end),
    ]
    yield " and ".join(f"{_counted(len(side.quads))} {side.verb}" for side in reversed(sides)) + "."
    by_graph: dict[str, list[str]] = {}
    for side in sides:
        for graph, lines in _by_graph(side).items():
            by_graph.setdefault(graph, []).extend(lines)
    for graph in sorted(by_graph):
        yield ""
        yield f"In {graph}:"
        yield from by_graph[graph]


def _side(
    access: Access, sign: str, verb: str, lines: Iterable[str], labelling: Labelling, as_of: str
) -> _Side:
    quads = list(parse("\n".join(lines).encode(), RdfFormat.N_QUADS))
    nodes = (node for quad in quads for node in (*quad.triple, quad.graph_name))
    iris = dict.fromkeys(node.value for node in nodes if isinstance(node, NamedNode))
    return _Side(sign, verb, quads, dict(_names(access, list(islice(iris, MOST_NAMES)), labelling, as_of)))


def _names(
    access: Access, iris: Sequence[str], labelling: Labelling, as_of: str
) -> Iterator[tuple[str, str]]:
    for place in range(0, len(iris), NAMES_AT_ONCE):
        values = " ".join(f"<{iri}>" for iri in iris[place : place + NAMES_AT_ONCE])
        text = f"SELECT ?iri WHERE {{ VALUES ?iri {{ {values} }} }}"
        for row in result_of(access.query(text, ACCEPT, as_of, labelling)).rows():
            if label := row.get("iri_label"):
                yield str(row["iri"]), str(label)


def _by_graph(side: _Side) -> dict[str, list[str]]:
    """Return the sentences of one side by the name of their graph, sorted by the name of the thing."""
    things: dict[str, dict[str, list[Quad]]] = {}
    for quad in side.quads:
        graph = _with_iri(quad.graph_name, side) if isinstance(quad.graph_name, NamedNode) else _DEFAULT
        things.setdefault(graph, {}).setdefault(_with_iri(quad.subject, side), []).append(quad)
    return {
        graph: [f"{side.sign} {thing} {_predicates(quads, side)}." for thing, quads in sorted(parts.items())]
        for graph, parts in things.items()
    }


def _predicates(quads: Sequence[Quad], side: _Side) -> str:
    """Return the predicates of a sentence about one thing: its classes first, then each property."""
    values: dict[NamedNode, list[str]] = {}
    for quad in sorted(quads, key=lambda quad: (quad.predicate != RDF.TYPE, str(quad))):
        values.setdefault(quad.predicate, []).append(_name(quad.object, side))
    return "; ".join(
        f"{_verb(predicate, names, side)} {', '.join(dict.fromkeys(names))}"
        for predicate, names in values.items()
    )


def _verb(predicate: NamedNode, values: Sequence[str], side: _Side) -> str:
    if predicate != RDF.TYPE:
        return _name(predicate, side)
    return "is an" if values[0][:1].lower() in "aeiou" else "is a"


def _name(node: Subject | Object, side: _Side) -> str:
    if isinstance(node, NamedNode):
        return side.names.get(node.value) or compact(node.value)
    if isinstance(node, Literal):
        text = " ".join(node.value.split())
        return text if node.datatype in _BARE else f"“{text}”"
    return str(node)


def _with_iri(node: Subject, side: _Side) -> str:
    name = _name(node, side)
    short = compact(node.value) if isinstance(node, NamedNode) else name
    return name if name == short else f"{name} ({short})"


def _counted(count: int) -> str:
    return "1 triple" if count == 1 else f"{count} triples" if count else "nothing"
