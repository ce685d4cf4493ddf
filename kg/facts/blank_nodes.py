"""Blank node labels derived from content; rejects graphs that would take too long to canonicalize.

Canonicalization (RDFC-1.0) tries every order of the blank nodes that it cannot tell apart: eight that all
point at each other take six seconds, twelve take days. Colour refinement counts them first.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from math import factorial
from typing import TypeVar

from pyoxigraph import BlankNode, NamedNode, Quad

from kg.errors import BadInput
from kg.iris import submission_graph
from kg.ontology import canonical, hash_of_canonical, is_ground

N = TypeVar("N", NamedNode, BlankNode)

_MOST_ALIKE = 5  # linked blank nodes that refinement cannot distinguish; five take 8 milliseconds
_MOST_ORDERS = 3000
"""Maximum orders of blank nodes that canonicalization may try in all: each takes about 35 microseconds."""
_MOST_LOOKS = 10_000  # node visits during refinement: n * n / 2 for a bare chain of n


def named_by_content(quads: Iterable[Quad], place: str = "") -> tuple[str, list[Quad]]:
    """Return a dataset's hash (RDFC-1.0, SHA-256), and its quads with blank nodes labelled by hash and place.

    The same content gives the same quads wherever it is read. Two submissions share no blank node; neither do
    two places that store the same document. Raises BadInput if canonicalization would take too long.
    """
    quads = list(quads)
    _refuse_endless(_linked(quads))
    canonical_quads = canonical(quads)
    content_hash = hash_of_canonical(canonical_quads)
    prefix = sha256(f"{content_hash} {place}".encode()).hexdigest() if place else content_hash
    return content_hash, [_relabelled(quad, prefix[:16]) for quad in canonical_quads]


def with_named_graphs(quads: list[Quad], content_hash: str) -> list[Quad]:
    """Replace each blank node that names a graph by an IRI, wherever it occurs: graphs must be citable."""
    blank = {quad.graph_name for quad in quads if isinstance(quad.graph_name, BlankNode)}
    if not blank:
        return quads
    home = submission_graph(content_hash)
    names = {node: NamedNode(f"{home}-{number}") for number, node in enumerate(sorted(blank, key=_label), 1)}
    return [renamed(quad, names) for quad in quads]


def _label(node: BlankNode) -> tuple[int, str]:
    return len(node.value), node.value


def _linked(quads: Iterable[Quad]) -> list[Quad]:
    """Return the quads of blank nodes that a triple links to others; only these are hard to distinguish."""
    tied = [quad for quad in quads if not is_ground(quad)]
    nodes = {node for quad in tied if len(blank := _blank_nodes(quad)) > 1 for node in blank}
    return [quad for quad in tied if not nodes.isdisjoint(_blank_nodes(quad))] if nodes else []


def _blank_nodes(quad: Quad) -> list[BlankNode]:
    """Return the blank nodes of a quad, including one that names its graph."""
    return [node for node in (quad.subject, quad.object, quad.graph_name) if isinstance(node, BlankNode)]


def _relabelled(quad: Quad, prefix: str) -> Quad:
    if is_ground(quad):
        return quad
    names = {node: BlankNode(f"b{prefix}-{node.value}") for node in _blank_nodes(quad)}
    return renamed(quad, names)


def renamed(quad: Quad, names: Mapping[BlankNode, N]) -> Quad:
    """Return a quad with its blank nodes replaced as ``names`` maps them."""
    subject, obj, graph = quad.subject, quad.object, quad.graph_name
    return Quad(
        names.get(subject, subject) if isinstance(subject, BlankNode) else subject,
        quad.predicate,
        names.get(obj, obj) if isinstance(obj, BlankNode) else obj,
        names.get(graph, graph) if isinstance(graph, BlankNode) else graph,
    )


def _refuse_endless(quads: list[Quad]) -> None:
    colours = _colours(quads)
    orders = 0
    for group in _tied(quads, colours):
        alike = sum(count for count in Counter(colours[node] for node in group).values() if count > 1)
        if alike > _MOST_ALIKE:
            english = f"{alike} connected blank nodes cannot be distinguished; give them IRIs."
            spanish = f"{alike} nodos anónimos ligados entre sí no pueden distinguirse; deles un IRI."
            raise BadInput(english, sentence={"en": english, "es": spanish})
        orders += factorial(alike) if alike > 2 else 0
        if orders > _MOST_ORDERS:
            english = "Too many connected blank nodes cannot be distinguished; give them IRIs."
            spanish = "Demasiados nodos anónimos ligados entre sí no pueden distinguirse; deles un IRI."
            raise BadInput(english, sentence={"en": english, "es": spanish})


def _colours(quads: list[Quad]) -> dict[BlankNode, int]:
    """Colour blank nodes by the quads that mention them, until a round distinguishes no more of them.

    Raises BadInput if that takes too many rounds.
    """
    quads_by_node: dict[BlankNode, list[tuple[object, ...]]] = defaultdict(list)
    for quad in quads:
        for position, node in enumerate((quad.subject, quad.object, quad.graph_name)):
            if isinstance(node, BlankNode):
                quads_by_node[node].append(
                    (position, quad.predicate, quad.subject, quad.object, quad.graph_name)
                )
    colours = dict.fromkeys(quads_by_node, 0)
    looks = 0
    while True:
        looks += len(quads_by_node)
        if looks > max(_MOST_LOOKS, 3 * len(quads_by_node)):
            english = f"{len(quads_by_node)} blank nodes form chains too long to follow; give them IRIs."
            spanish = f"{len(quads_by_node)} nodos anónimos forman cadenas demasiado largas; deles un IRI."
            raise BadInput(english, sentence={"en": english, "es": spanish})
        signatures = {
            node: hash(frozenset(Counter(_seen(entry, colours, node) for entry in entries).items()))
            for node, entries in quads_by_node.items()
        }
        if len(set(signatures.values())) == len(set(colours.values())):
            return signatures
        colours = signatures


def _seen(entry: tuple[object, ...], colours: dict[BlankNode, int], node: BlankNode) -> tuple[object, ...]:
    """Return an entry with colours in place of blank nodes."""
    return tuple(
        ("self" if part == node else colours[part])
        if isinstance(part, BlankNode) and part in colours
        else part
        for part in entry
    )


def _tied(quads: list[Quad], colours: dict[BlankNode, int]) -> Iterator[set[BlankNode]]:
    """Yield the groups of blank nodes that triples link."""
    neighbours: dict[BlankNode, set[BlankNode]] = {node: set() for node in colours}
    for quad in quads:
        blank = _blank_nodes(quad)
        for node in blank:
            neighbours[node].update(blank)
    waiting = set(colours)
    while waiting:
        group, frontier = set(), {waiting.pop()}
        while frontier:
            group |= frontier
            frontier = set().union(*(neighbours[node] for node in frontier)) - group
        waiting -= group
        yield group
