"""Names blank nodes by their content, and refuses those whose naming would take for ever.

Canonicalization (RDFC-1.0) tries every order of blank nodes that it cannot tell apart: eight that all point
at each other take six seconds, twelve take days. Their number is looked at first, by colour refinement.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import factorial

from pyoxigraph import BlankNode, Quad

from kg.changes import Object, Subject
from kg.errors import BadInput
from kg.ontology import canonical, hash_of_canonical, is_ground

_MOST_ALIKE = 5  # blank nodes, tied to each other, that cannot be told apart; five take 8 milliseconds
_MOST_ORDERS = 3000
"""Orders of blank nodes that canonicalization may try in all: each takes about 35 microseconds."""
_MOST_LOOKS = (
    10_000  # at blank nodes until all are told apart; a bare chain of n takes n * n / 2, then a second
)


def named_by_content(quads: Iterable[Quad]) -> tuple[str, list[Quad]]:
    """Hash a dataset (RDFC-1.0, SHA-256), and label its blank nodes after the hash.

    So the same content gives the same quads wherever it is read, and no two submissions share a blank node.
    """
    quads = list(quads)
    _refuse_endless(_linked(quads))
    named = canonical(quads)
    content_hash = hash_of_canonical(named)
    return content_hash, [_relabelled(quad, content_hash[:16]) for quad in named]


def _linked(quads: Iterable[Quad]) -> list[Quad]:
    """Return the quads of blank nodes that a triple ties to others; only these can be hard to tell apart."""
    tied = [quad for quad in quads if not is_ground(quad)]
    nodes: set[Subject | Object] = set()
    for quad in tied:
        if isinstance(quad.subject, BlankNode) and isinstance(quad.object, BlankNode):
            nodes.update((quad.subject, quad.object))
    return [quad for quad in tied if quad.subject in nodes or quad.object in nodes] if nodes else []


def _relabelled(quad: Quad, prefix: str) -> Quad:
    if is_ground(quad):
        return quad
    subject, obj = quad.subject, quad.object
    if isinstance(subject, BlankNode):
        subject = BlankNode(f"b{prefix}-{subject.value}")
    if isinstance(obj, BlankNode):
        obj = BlankNode(f"b{prefix}-{obj.value}")
    return Quad(subject, quad.predicate, obj, quad.graph_name)


def _refuse_endless(quads: list[Quad]) -> None:
    colours = _colours(quads)
    orders = 0
    for group in _tied(quads, colours):
        alike = sum(count for count in Counter(colours[node] for node in group).values() if count > 1)
        if alike > _MOST_ALIKE:
            english = f"{alike} blank nodes that are tied to each other cannot be told apart; give them IRIs."
            spanish = f"{alike} nodos anónimos ligados entre sí no pueden distinguirse; deles un IRI."
            raise BadInput(english, sentence={"en": english, "es": spanish})
        orders += factorial(alike) if alike > 2 else 0
        if orders > _MOST_ORDERS:
            english = "Too many blank nodes that are tied to each other cannot be told apart; give them IRIs."
            spanish = "Demasiados nodos anónimos ligados entre sí no pueden distinguirse; deles un IRI."
            raise BadInput(english, sentence={"en": english, "es": spanish})


def _colours(quads: list[Quad]) -> dict[BlankNode, int]:
    """Colour blank nodes by what is said of them, until no round tells more of them apart.

    Raises BadInput where that takes too many rounds.
    """
    told: dict[BlankNode, list[tuple[object, ...]]] = defaultdict(list)
    for quad in quads:
        for position, node in enumerate((quad.subject, quad.object)):
            if isinstance(node, BlankNode):
                told[node].append((position, quad.predicate, quad.subject, quad.object, quad.graph_name))
    colours = dict.fromkeys(told, 0)
    looks = 0
    while True:
        looks += len(told)
        if looks > max(_MOST_LOOKS, 3 * len(told)):
            english = (
                f"{len(told)} blank nodes hang on each other in chains too long to follow; give them IRIs."
            )
            spanish = f"{len(told)} nodos anónimos forman cadenas demasiado largas; deles un IRI."
            raise BadInput(english, sentence={"en": english, "es": spanish})
        signatures = {
            node: hash(frozenset(Counter(_seen(entry, colours, node) for entry in entries).items()))
            for node, entries in told.items()
        }
        if len(set(signatures.values())) == len(set(colours.values())):
            return signatures
        colours = signatures


def _seen(entry: tuple[object, ...], colours: dict[BlankNode, int], node: BlankNode) -> tuple[object, ...]:
    """Write an entry with colours for blank nodes."""
    return tuple(
        ("self" if part == node else colours[part])
        if isinstance(part, BlankNode) and part in colours
        else part
        for part in entry
    )


def _tied(quads: list[Quad], colours: dict[BlankNode, int]) -> Iterator[set[BlankNode]]:
    """Yield the groups of blank nodes that triples tie together."""
    neighbours: dict[BlankNode, set[BlankNode]] = {node: set() for node in colours}
    for quad in quads:
        if isinstance(quad.subject, BlankNode) and isinstance(quad.object, BlankNode):
            neighbours[quad.subject].add(quad.object)
            neighbours[quad.object].add(quad.subject)
    waiting = set(colours)
    while waiting:
        group, frontier = set(), {waiting.pop()}
        while frontier:
            group |= frontier
            frontier = set().union(*(neighbours[node] for node in frontier)) - group
        waiting -= group
        yield group
