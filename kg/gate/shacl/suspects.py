"""Search for suspects: nodes of a whole graph that may violate a shape; possibly too many, never too few.

A shape's constraints are evaluated over columns, for all focus nodes together. Each result is two sets: the
nodes that certainly fail, and those that may fail. If a constraint is not supported here, its nodes may fail
and pySHACL checks them, so doubt costs time but never changes a verdict. sh:not swaps the two sets, so both
are kept.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from itertools import chain
from typing import TypeAlias

from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from pyshacl.shape import Shape
from rdflib.namespace import SH

from kg.gate.shacl.columns import Columns
from kg.gate.shacl.node_constraints import NODE_CONSTRAINTS
from kg.gate.shacl.patterns import Unbounded
from kg.gate.shacl.query_solutions import make_ready
from kg.gate.shacl.reads import query_texts
from kg.gate.shacl.suspicion import Applied, Node, Nodes, Outline, Suspicion
from kg.gate.shacl.value_constraints import VALUE_CONSTRAINTS

_Check: TypeAlias = Callable[[Applied, Node], Suspicion]


def suspects(columns: Columns, shape: Shape, focus: Nodes) -> Nodes:
    """Return those of the focus nodes that may violate a shape."""
    return _held(columns, shape, focus, ()).possibly


def prepare(shapes: Iterable[Shape]) -> None:
    """Compile shapes and their inner shapes now, not on first use."""
    waiting, visited = list(shapes), set[Shape]()
    while waiting:
        shape = waiting.pop()
        if shape in visited or (plan := _plan(shape)) is None:
            continue
        visited.add(shape)
        for query in query_texts(shape):
            make_ready(query)
        outline, _ = plan
        groups = (*outline.inner.values(), *chain.from_iterable(outline.groups.values()))
        waiting += [inner for inner in chain.from_iterable(groups) if inner is not None]


def _held(columns: Columns, shape: Shape | None, nodes: Nodes, trail: tuple[Shape, ...]) -> Suspicion:
    """Evaluate a shape for nodes; ``trail`` lists the enclosing shapes."""
    if not nodes:
        return _NOBODY
    if shape is None or shape in trail or (plan := _plan(shape)) is None:
        return Suspicion.doubt(nodes)
    outline, checks = plan
    applied = Applied(outline, nodes, columns, (*trail, shape))
    found = _NOBODY
    for check, parameter in checks:
        verdict = check(applied, parameter)
        if verdict.possibly:
            found = found | verdict if found.possibly else verdict
    return found


@lru_cache(maxsize=4096)
def _plan(shape: Shape) -> tuple[Outline, tuple[tuple[_Check, Node], ...]] | None:
    """Return a shape's outline and checks, cached; None if the shape is not supported here."""
    if shape.find_custom_constraints():
        return None
    try:
        outline = Outline(shape)
    except Unbounded:
        return None
    parameters = () if shape.deactivated else [each for each in outline.given if each in _PARAMETERS]
    return outline, tuple((_check(parameter), parameter) for parameter in parameters)


def _check(parameter: Node) -> _Check:
    if of_nodes := _OF_NODES.get(parameter):
        return of_nodes
    of_values = _OF_VALUES.get(parameter)
    return _unfollowed if of_values is None else partial(_of_values, of_values)


def _of_values(judge: _Check, applied: Applied, parameter: Node) -> Suspicion:
    """Fail the nodes that have a failing value."""
    if not applied.values:
        return _NOBODY
    failing = judge(applied, parameter)
    if not failing.possibly:
        return _NOBODY
    return Suspicion(applied.holders(failing.surely), applied.holders(failing.possibly))


def _unfollowed(applied: Applied, _parameter: Node) -> Suspicion:
    return Suspicion.doubt(applied.nodes)


def _any_of(verdicts: Iterable[Suspicion]) -> Suspicion:
    found = _NOBODY
    for verdict in verdicts:
        if verdict.possibly:
            found = found | verdict if found.possibly else verdict
    return found


def _any_failing(applied: Applied, shapes: Iterable[Shape | None]) -> Suspicion:
    """Evaluate inner shapes for the values: a value fails if it fails one of them."""
    columns, values, trail = applied.columns, applied.values, applied.trail
    return _any_of(_held(columns, shape, values, trail) for shape in shapes)


def _inner(applied: Applied, parameter: Node) -> Suspicion:
    return _any_failing(applied, applied.outline.inner[parameter])


def _and(applied: Applied, parameter: Node) -> Suspicion:
    return _any_failing(applied, (shape for group in applied.outline.groups[parameter] for shape in group))


def _not(applied: Applied, parameter: Node) -> Suspicion:
    columns, values, trail = applied.columns, applied.values, applied.trail
    shapes = applied.outline.inner[parameter]
    return _any_of(_held(columns, shape, values, trail).negated(values) for shape in shapes)


def _or(applied: Applied, parameter: Node) -> Suspicion:
    return _any_of(_none_met(applied, group) for group in applied.outline.groups[parameter])


def _none_met(applied: Applied, shapes: Iterable[Shape | None]) -> Suspicion:
    failing = Suspicion.sure(applied.values)
    for shape in shapes:  # the next shape skips values that one accepts
        if not failing.possibly:
            return _NOBODY
        failing &= _held(applied.columns, shape, failing.possibly, applied.trail)
    return failing


def _qualified(applied: Applied, parameter: Node) -> Suspicion:
    """Count each node's values that certainly conform and those that may."""
    least, most = applied.count(SH.qualifiedMinCount), applied.count(SH.qualifiedMaxCount)
    shapes = applied.outline.inner[parameter]
    if len(shapes) != 1 or (least, most) == (None, None) or applied.given(SH.qualifiedValueShapesDisjoint):
        return Suspicion.doubt(applied.nodes)
    failing = _held(applied.columns, shapes[0], applied.values, applied.trail)
    surely, possibly = set[int](), set[int]()
    for node in applied.nodes:
        values = applied.held(node)
        low = sum(value not in failing.possibly for value in values)
        high = sum(value not in failing.surely for value in values)
        if (least is not None and low < least) or (most is not None and high > most):
            possibly.add(node)
        if (least is not None and high < least) or (most is not None and low > most):
            surely.add(node)
    return Suspicion(surely, possibly)


_NOBODY = Suspicion()
_OF_NODES: Mapping[Node, _Check] = {
    **NODE_CONSTRAINTS,
    SH.qualifiedValueShape: _qualified,
}
_OF_VALUES: Mapping[Node, _Check] = {
    **VALUE_CONSTRAINTS,
    **dict.fromkeys((SH.node, SH.property), _inner),
    SH["not"]: _not,
    SH["and"]: _and,
    SH["or"]: _or,
}
_COMPANIONS = frozenset(
    {
        *(SH.flags, SH.ignoredProperties, SH.qualifiedMinCount, SH.qualifiedMaxCount),
        SH.qualifiedValueShapesDisjoint,
    }
)
"""Parameters that have a meaning only together with another."""
_PARAMETERS = frozenset({*ALL_CONSTRAINT_PARAMETERS, *_OF_NODES, *_OF_VALUES} - _COMPANIONS)
