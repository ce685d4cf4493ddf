"""Reads of a shape: for each constraint, the predicates it reads and the paths that lead to them.

The reads are computed once from the shapes graph: cutting each path of a shape at each use of a predicate
gives its reads. A changed triple can alter the verdict on a focus node only through one of them (``affected``
walks them back). An unknown constraint might read anything: its shape is Unbounded, and each change checks
all its focus nodes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

import rdflib
from pyoxigraph import NamedNode
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper
from pyshacl.shape import Shape
from rdflib.namespace import RDF, SH

from kg import terms
from kg.gate.shacl.paths import HERE, Alternative, Path, Repeat, Sequence, Step, joined, steps
from kg.gate.shacl.patterns import Reading, Unbounded, readings
from kg.iris import compact

CLASSES = Sequence((Step(terms.RDF.TYPE), Repeat(Step(terms.RDFS.SUB_CLASS_OF), 0)))
"""From a node to all its classes, as SHACL defines instances."""

Node: TypeAlias = rdflib.term.Node


@dataclass(frozen=True)
class Read:
    """A read of a predicate (None: any), at the end of a path from the focus node.

    ``inverse``: the triple's object, not its subject, is nearer to the focus node. ``losses_only``: adding a
    triple cannot cause a violation, only removing one can.
    """

    before: Path
    predicate: NamedNode | None
    inverse: bool = False
    losses_only: bool = False


@dataclass(frozen=True)
class QueryRead:
    """A pattern of a sh:sparql query, whose ``$this`` is at the end of a path from the focus node."""

    before: Path
    reading: Reading


@dataclass(frozen=True)
class Place:
    """The position in a shape while its reads are collected."""

    here: Path = HERE
    is_monotone: bool = True  # not inside sh:not or similar: conforming to this part cannot harm
    trail: tuple[Node, ...] = ()


def reads(shape: Shape) -> Iterator[Read | QueryRead]:
    """Yield all reads of a shape, those of its targets first; raises Unbounded."""
    if set(shape.target_classes()) or shape.implicit_class_targets():
        yield from _path_reads(Place(), CLASSES)
    for predicate in shape.target_subjects_of():
        yield Read(HERE, NamedNode(str(predicate)))
    for predicate in shape.target_objects_of():
        yield Read(HERE, NamedNode(str(predicate)), inverse=True)
    yield from _constraints(shape, Place())


def path_of(shapes: rdflib.Graph, node: Node) -> Path:
    """Return a property path of a shapes graph; raises Unbounded for the inverse of a longer path."""
    if isinstance(node, rdflib.URIRef):
        return Step(NamedNode(str(node)))
    if shapes.value(node, RDF.first) is not None:
        return Sequence(tuple(path_of(shapes, part) for part in shapes.items(node)))
    if (inner := shapes.value(node, SH.inversePath)) is not None:
        if not isinstance(inner, rdflib.URIRef):
            raise Unbounded("it inverts a path of several steps, which pySHACL walks in the wrong order")
        return Step(NamedNode(str(inner)), inverse=True)
    if (inner := shapes.value(node, SH.alternativePath)) is not None:
        return Alternative(tuple(path_of(shapes, part) for part in shapes.items(inner)))
    for predicate, at_least, many in _REPEATS:
        if (inner := shapes.value(node, predicate)) is not None:
            return Repeat(path_of(shapes, inner), at_least, many)
    raise Unbounded("one of its paths is malformed")


_REPEATS = ((SH.zeroOrMorePath, 0, True), (SH.oneOrMorePath, 1, True), (SH.zeroOrOnePath, 0, False))
_COMPARED = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_OF_SHAPES = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_OF_LISTS = (SH["and"], SH["or"], SH.xone)
_OF_VALUES = frozenset(
    {
        *(SH.datatype, SH.nodeKind, SH["in"], SH.hasValue, SH.minCount, SH.maxCount, SH.uniqueLang),
        *(SH.minExclusive, SH.minInclusive, SH.maxExclusive, SH.maxInclusive),
        *(SH.minLength, SH.maxLength, SH.pattern, SH.flags, SH.languageIn),
    }
)
"""Parameters of constraints that read only the values of the shape's path."""
_COMPANIONS = frozenset(
    {SH.ignoredProperties, SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.qualifiedValueShapesDisjoint}
)
"""Parameters that only refine another constraint."""
KNOWN_PARAMETERS = _OF_VALUES.union(
    _COMPARED, _OF_SHAPES, _OF_LISTS, _COMPANIONS, (SH["class"], SH.closed, SH.sparql)
)
"""Parameters of constraints whose reads this module computes."""
_WITHOUT_CONSTRAINT = frozenset(
    {
        *(SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.path, SH.deactivated),
        *(SH.severity, SH.message, SH.name, SH.description, SH.order, SH.group, SH.defaultValue),
        *(SH.declare, SH.prefixes),
    }
)
"""Properties of shapes that are not constraints."""


def _constraints(shape: Shape, place: Place) -> Iterator[Read | QueryRead]:
    """Yield the reads of a shape applied at a place."""
    if shape.deactivated:
        return
    if shape.node in place.trail:
        raise Unbounded("it refers to itself")
    if shape.find_custom_constraints():
        raise Unbounded("it uses a constraint component of its own")
    if unknown := sorted(_unknown_parameters(shape)):
        raise Unbounded(f"it uses {', '.join(unknown)}, whose reads are unknown")
    place = replace(place, trail=(*place.trail, shape.node))
    for predicate in (compared for parameter in _COMPARED for compared in shape.objects(parameter)):
        yield Read(place.here, NamedNode(str(predicate)))
    for query in query_texts(shape):
        yield from (QueryRead(place.here, reading) for reading in readings(query))
    if shape.is_property_shape:
        path = path_of(shape.sg.graph, shape.path())
        yield from _path_reads(place, path)
        place = replace(place, here=joined(place.here, path))
    yield from _value_constraints(shape, place)


def _unknown_parameters(shape: Shape) -> Iterator[str]:
    """Yield the unknown properties that may be parameters: in SHACL's namespace or registered in pySHACL."""
    for predicate in set(shape.sg.graph.predicates(shape.node)) - KNOWN_PARAMETERS - _WITHOUT_CONSTRAINT:
        if predicate in CONSTRAINT_PARAMETERS_MAP or str(predicate).startswith(str(SH)):
            yield compact(str(predicate))


def _value_constraints(shape: Shape, place: Place) -> Iterator[Read | QueryRead]:
    """Yield the reads of the constraints on each value; the place is that of the values."""
    if next(shape.objects(SH["class"]), None) is not None:
        yield from _path_reads(place, CLASSES, losses_only=place.is_monotone)
    if any(bool(closed) for closed in shape.objects(SH.closed)):
        yield Read(place.here, None)
    for inner, is_monotone in _inner_shapes(shape):
        yield from _constraints(inner, replace(place, is_monotone=place.is_monotone and is_monotone))


def _inner_shapes(shape: Shape) -> Iterator[tuple[Shape, bool]]:
    """Yield the shapes applied to the values, and whether conforming to them can never cause a violation."""
    listed = shape.sg.graph.items
    for parameter in (SH.property, SH.node, SH["not"]):
        for node in shape.objects(parameter):
            yield shape.get_other_shape(node), parameter != SH["not"]
    for parameter in _OF_LISTS:
        for node in (member for list_node in shape.objects(parameter) for member in listed(list_node)):
            yield shape.get_other_shape(node), parameter != SH.xone
    for node in shape.objects(SH.qualifiedValueShape):
        only_at_least = next(shape.objects(SH.qualifiedMaxCount), None) is None
        siblings = tuple(_siblings(shape, node))
        yield shape.get_other_shape(node), only_at_least
        for sibling in siblings:
            yield shape.get_other_shape(sibling), False


def _siblings(shape: Shape, qualified: Node) -> Iterator[Node]:
    """Yield the siblings' qualified shapes, if sh:qualifiedValueShapesDisjoint requires them."""
    if not any(bool(disjoint) for disjoint in shape.objects(SH.qualifiedValueShapesDisjoint)):
        return
    graph = shape.sg.graph
    for parent in graph.subjects(SH.property, shape.node):
        for beside in graph.objects(parent, SH.property):
            yield from (node for node in graph.objects(beside, SH.qualifiedValueShape) if node != qualified)


def _path_reads(place: Place, path: Path, *, losses_only: bool = False) -> Iterator[Read]:
    for before, step in steps(path):
        yield Read(joined(place.here, before), step.predicate, step.inverse, losses_only)


@lru_cache(maxsize=1024)
def query_texts(shape: Shape) -> tuple[str, ...]:
    """Return the texts of a shape's sh:sparql constraints, prepared by pySHACL ($PATH, prefixes)."""
    return tuple(_query_texts(shape))


def _query_texts(shape: Shape) -> Iterator[str]:
    graph = shape.sg.graph
    for constraint in shape.objects(SH.sparql):
        if any(bool(deactivated) for deactivated in graph.objects(constraint, SH.deactivated)):
            continue
        helper = SPARQLQueryHelper(shape, constraint, str(graph.value(constraint, SH.select)))
        helper.collect_prefixes()
        _, text = helper.pre_bind_variables(shape.node)
        yield helper.apply_prefixes(text)
