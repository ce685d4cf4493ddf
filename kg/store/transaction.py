"""One store transaction that removes and adds quads."""

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from kg import scratch
from kg.changes import Delta, GraphName


def normalised(quads: Iterable[Quad]) -> set[Quad]:
    """Give quads as the store keeps them: literals by value, "01" as "1"."""
    return set(scratch.filled(quads))


def change(engine: pyoxigraph.Store, delta: Delta) -> None:
    """Make a change in one transaction."""
    if delta.removed:
        exchange(engine, delta.removed, delta.added)
    else:
        engine.extend(delta.added)


def exchange(engine: pyoxigraph.Store, removed: Sequence[Quad], added: Sequence[Quad]) -> None:
    """Remove and add quads in one transaction.

    The engine's only transaction that does both is an update; its text cannot hold blank nodes, so the
    terms are handed over by number, through functions.
    """
    quads = (*removed, *added)
    numbers = range(len(quads))
    update = [
        *_operations("DELETE", quads, numbers[: len(removed)]),
        *_operations("INSERT", quads, numbers[len(removed) :]),
    ]
    engine.update(
        ";\n".join(update),
        custom_functions={
            NamedNode("kg:subject"): lambda number: quads[int(number.value)].subject,
            NamedNode("kg:predicate"): lambda number: quads[int(number.value)].predicate,
            NamedNode("kg:object"): lambda number: quads[int(number.value)].object,
            NamedNode("kg:graph"): lambda number: _named(quads[int(number.value)].graph_name),
        },
    )


def _operations(verb: str, quads: Sequence[Quad], numbers: Iterable[int]) -> Iterator[str]:
    """Write the update operations for some quads: one for those in named graphs, one for the others."""
    triple = "?s ?p ?o"
    bound = "BIND(<kg:subject>(?n) AS ?s) BIND(<kg:predicate>(?n) AS ?p) BIND(<kg:object>(?n) AS ?o)"
    plain: list[str] = []
    named: list[str] = []
    for number in numbers:
        (plain if isinstance(quads[number].graph_name, DefaultGraph) else named).append(str(number))
    if plain:
        yield f"{verb} {{ {triple} }} WHERE {{ VALUES ?n {{ {' '.join(plain)} }} {bound} }}"
    if named:
        graph = "BIND(<kg:graph>(?n) AS ?g)"
        values = f"VALUES ?n {{ {' '.join(named)} }}"
        yield f"{verb} {{ GRAPH ?g {{ {triple} }} }} WHERE {{ {values} {bound} {graph} }}"


def _named(graph: GraphName) -> NamedNode | BlankNode | None:
    return None if isinstance(graph, DefaultGraph) else graph
