"""Store transactions that remove and add quads: one for a small change, several steps for a large one.

A transaction takes some hundred bytes of memory per quad, so a large change is made in steps. The last step
writes the commit's provenance: until then the store does not hold the version, and ``recovery`` undoes the
steps that a killed process left.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import chain, islice
from typing import Any

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kg import provenance, scratch
from kg.changes import ChangeSet, Delta, GraphName

LARGEST_STEP = 10_000
"""Maximum number of quads that one step changes; a change of at least this many is made in steps."""

_KEPT_AS_WRITTEN = frozenset({Literal("").datatype, Literal("", language="en").datatype})
"""Datatypes whose lexical form a store keeps."""


def normalised(quads: Iterable[Quad]) -> Set[Quad]:
    """Return quads in the store's normal form (the literal "01" as "1"); quads that need it come last."""
    distinct_quads: dict[Quad, None] = {}
    typed: list[Quad] = []
    for quad in quads:
        if is_kept_as_written(quad):
            distinct_quads[quad] = None
        else:
            typed.append(quad)
    if typed:
        distinct_quads.update(dict.fromkeys(scratch.filled(typed)))
    return distinct_quads.keys()


def is_kept_as_written(quad: Quad) -> bool:
    """Return whether the store keeps a quad's object as written: an IRI, a blank node, or a text."""
    value = quad.object
    if isinstance(value, Literal):
        return value.datatype in _KEPT_AS_WRITTEN
    return isinstance(value, NamedNode | BlankNode)


def change(engine: pyoxigraph.Store, *parts: ChangeSet) -> None:
    """Make a change, given in parts, in one transaction; a full step of additions is added in bulk.

    Adding in bulk takes a quarter of the time. It is not atomic, but the steps of a large change need not be,
    and it holds the interpreter for 5 microseconds per quad.
    """
    added = [quad for part in parts for quad in part.added]
    if any(part.removed for part in parts):
        exchange(engine, parts)
    elif _is_full_step(added) and not _is_provenance(added[0]):
        engine.bulk_extend(added)
    else:
        engine.extend(added)


def _is_full_step(added: Sequence[Quad]) -> bool:
    """Return whether quads fill a whole step, not counting those of the merge (``merged_graph``)."""
    if len(added) < LARGEST_STEP:
        return False
    return sum(not isinstance(quad.graph_name, DefaultGraph) for quad in added) == LARGEST_STEP


def is_large(parts: Iterable[ChangeSet]) -> bool:
    """Return whether a change is made in steps."""
    return sum(len(part.added) + len(part.removed) for part in parts) >= LARGEST_STEP


def in_steps(parts: Sequence[ChangeSet]) -> Iterator[Sequence[ChangeSet]]:
    """Yield a small change unchanged, a large one in steps; the commit's provenance comes last."""
    if not is_large(parts):
        yield parts
        return
    sides = [[part.removed for part in parts], [part.added for part in parts]]
    provenance_sides = [
        tuple(quad for quad in chain.from_iterable(side) if _is_provenance(quad)) for side in sides
    ]
    facts = [(quad for quad in chain.from_iterable(side) if not _is_provenance(quad)) for side in sides]
    yield from ([Delta(removed=quads)] for quads in _slices(facts[0]))
    yield from ([Delta(added=quads)] for quads in _slices(facts[1]))
    yield [Delta(removed=provenance_sides[0], added=provenance_sides[1])]


def _is_provenance(quad: Quad) -> bool:
    return quad.graph_name == provenance.GRAPH


def _slices(quads: Iterator[Quad]) -> Iterator[tuple[Quad, ...]]:
    while some := tuple(islice(quads, LARGEST_STEP)):
        yield some


def exchange(engine: pyoxigraph.Store, parts: Iterable[ChangeSet]) -> None:
    """Remove and add quads in one transaction.

    The engine's only transaction that does both is a SPARQL update. Its text cannot hold blank nodes, and may
    not keep a backslash before a "u", so such quads are passed by number, through custom functions.
    """
    by_number: list[Quad] = []
    update: list[str] = []
    for verb, sides in (
        ("DELETE", [part.removed for part in parts]),
        ("INSERT", [part.added for part in parts]),
    ):
        update.append(f"{verb} DATA {{")
        numbers = []
        for quad in chain.from_iterable(sides):
            if (text := _as_data(quad)) is not None:
                update.append(text)
            else:
                numbers.append(len(by_number))
                by_number.append(quad)
        update.append("}")
        update.extend(f"; {operation}" for operation in _operations(verb, by_number, numbers))
        update.append(";")
    engine.update("\n".join(update), custom_functions=_functions(by_number))


def _as_data(quad: Quad) -> str | None:
    """Return a quad's text for INSERT DATA or DELETE DATA; None if the quad must be passed by number."""
    if BlankNode in (type(quad.subject), type(quad.object), type(quad.graph_name)):
        return None
    triple = f"{quad.subject} {quad.predicate} {quad.object}"
    if "\\u" in triple or "\\U" in triple:
        return None
    return (
        triple + " ."
        if isinstance(quad.graph_name, DefaultGraph)
        else f"GRAPH {quad.graph_name} {{ {triple} }}"
    )


def _functions(quads: Sequence[Quad]) -> dict[NamedNode, Callable[[Literal], Any]]:
    """Return functions for an update that return the terms of a quad by its number."""
    return {
        NamedNode("kg:subject"): lambda number: quads[int(number.value)].subject,
        NamedNode("kg:predicate"): lambda number: quads[int(number.value)].predicate,
        NamedNode("kg:object"): lambda number: quads[int(number.value)].object,
        NamedNode("kg:graph"): lambda number: _named(quads[int(number.value)].graph_name),
    }


def _operations(verb: str, quads: Sequence[Quad], numbers: Iterable[int]) -> Iterator[str]:
    """Yield the update operations for quads by number: one for named graphs, one for the default graph."""
    triple = "?s ?p ?o"
    bound = "BIND(<kg:subject>(?n) AS ?s) BIND(<kg:predicate>(?n) AS ?p) BIND(<kg:object>(?n) AS ?o)"
    plain: list[str] = []
    in_named_graphs: list[str] = []
    for number in numbers:
        (plain if isinstance(quads[number].graph_name, DefaultGraph) else in_named_graphs).append(str(number))
    if plain:
        yield f"{verb} {{ {triple} }} WHERE {{ VALUES ?n {{ {' '.join(plain)} }} {bound} }}"
    if in_named_graphs:
        graph = "BIND(<kg:graph>(?n) AS ?g)"
        values = f"VALUES ?n {{ {' '.join(in_named_graphs)} }}"
        yield f"{verb} {{ GRAPH ?g {{ {triple} }} }} WHERE {{ {values} {bound} {graph} }}"


def _named(graph: GraphName) -> NamedNode | BlankNode | None:
    return None if isinstance(graph, DefaultGraph) else graph
