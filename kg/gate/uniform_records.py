"""Uniform records: classes in which records with the same properties and values get the same verdict.

The shapes of most classes compare a record's values with each other, or rules read their texts. Those of a
coder's rows do not: each constraint counts the values of one property or checks one value alone. So the gate
needs to check only one record per set of properties, and each distinct name once; plain texts and numbers are
compared with what the shapes require. This applies to records that nothing else mentions and that mention no
blank node.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import rdflib
from pyoxigraph import NamedNode
from rdflib.namespace import RDF, SH, XSD

Node: TypeAlias = rdflib.term.Node

_SAYS_NOTHING = frozenset(
    {RDF.type, SH.name, SH.message, SH.description, SH.order, SH.group, SH.severity, SH.targetClass, SH.path}
)
_OF_ONE_VALUE = frozenset(
    {
        *(SH.datatype, SH.nodeKind, SH["class"], SH.hasValue, SH["in"], SH.pattern, SH.flags),
        *(SH.minLength, SH.maxLength, SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive),
    }
)
_COUNTS = frozenset({SH.minCount, SH.maxCount})
_LISTS = frozenset({SH["and"], SH["or"]})
_OF_LINKS = _LISTS | {SH["class"], SH.node, SH.nodeKind, SH.hasValue, SH["in"]}
_OTHER_TARGETS = (SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)


@dataclass(frozen=True)
class UniformClass:
    """A class of uniform records, and how the values of its properties are checked.

    Values of ``links`` are names, each checked once; values of ``texts`` are plain strings that are not
    empty; values of ``numbers`` are decimals between two allowed bounds. A record with any other property is
    checked by itself.
    """

    name: NamedNode
    links: frozenset[NamedNode]
    texts: frozenset[NamedNode]
    numbers: Mapping[NamedNode, tuple[float, float]]


def find(
    shapes: rdflib.Graph,
    above: Mapping[NamedNode, Sequence[NamedNode]],
    examined: frozenset[NamedNode],
) -> tuple[UniformClass, ...]:
    """Return those classes whose shapes check each value by itself.

    ``above`` maps each class to its superclasses, including itself. A class's properties are those that its
    shapes name. ``examined`` holds the properties whose texts, and the classes whose names, rules in code
    examine.
    """
    paths = _asked(shapes, _targets(shapes, above)).keys()
    found = (_uniform(shapes, each, above[each], examined, paths) for each in above)
    return tuple(each for each in found if each is not None)


def _targets(shapes: rdflib.Graph, classes: Iterable[NamedNode]) -> set[Node]:
    class_iris = (rdflib.URIRef(each.value) for each in classes)
    return {shape for each in class_iris for shape in shapes.subjects(SH.targetClass, each)}


def _uniform(
    shapes: rdflib.Graph,
    class_: NamedNode,
    above: Sequence[NamedNode],
    examined: frozenset[NamedNode],
    paths: Container[NamedNode],
) -> UniformClass | None:
    targets = _targets(shapes, above)
    if any((None, target, None) in shapes for target in _OTHER_TARGETS):
        return None  # such a shape may read any record
    if not examined.isdisjoint(above) or not all(_is_separate(shapes, each) for each in targets):
        return None
    links, texts, numbers = set[NamedNode](), set[NamedNode](), dict[NamedNode, tuple[float, float]]()
    for path, constraints in _asked(shapes, targets).items():
        match _values(constraints) if path in paths else None:
            case "link":
                links.add(path)
            case "text" if path not in examined:
                texts.add(path)
            case "number":
                numbers[path] = _bounds(constraints)
    return UniformClass(class_, frozenset(links), frozenset(texts), numbers)


def _asked(shapes: rdflib.Graph, targets: Iterable[Node]) -> dict[NamedNode, list[tuple[Node, Node]]]:
    """Return the constraints of shapes on the values of each property, except cardinalities."""
    found: dict[NamedNode, list[tuple[Node, Node]]] = {}
    for shape in (each for target in targets for each in shapes.objects(target, SH.property)):
        if isinstance(path := shapes.value(shape, SH.path), rdflib.URIRef):
            found.setdefault(NamedNode(str(path)), []).extend(
                (parameter, value)
                for parameter, value in shapes.predicate_objects(shape)
                if parameter not in _SAYS_NOTHING and parameter not in _COUNTS
            )
    return found


def _values(constraints: Iterable[tuple[Node, Node]]) -> str | None:
    """Return the kind of a property's values; None if they must be checked individually."""
    parameters = dict(constraints)
    datatype = parameters.get(SH.datatype)
    if datatype == XSD.string and parameters.keys() <= {SH.datatype, SH.minLength}:
        return "text" if int(str(parameters.get(SH.minLength, 1))) <= 1 else None
    if datatype == XSD.decimal and parameters.keys() <= {SH.datatype, SH.minInclusive, SH.maxInclusive}:
        return "number"
    return "link" if parameters.keys() <= _OF_LINKS else None


def _bounds(constraints: Iterable[tuple[Node, Node]]) -> tuple[float, float]:
    low = [float(str(value)) for parameter, value in constraints if parameter == SH.minInclusive]
    high = [float(str(value)) for parameter, value in constraints if parameter == SH.maxInclusive]
    return max(low, default=float("-inf")), min(high, default=float("inf"))


def _is_separate(shapes: rdflib.Graph, shape: Node) -> bool:
    """Return whether each constraint of a shape counts values or checks one value alone."""
    for parameter, value in shapes.predicate_objects(shape):
        if parameter == SH.property:
            if not _is_of_one_property(shapes, value):
                return False
        elif parameter in _LISTS:
            if not all(_only_counts(shapes, member) for member in shapes.items(value)):
                return False
        elif parameter not in _SAYS_NOTHING:
            return False
    return True


def _only_counts(shapes: rdflib.Graph, shape: Node) -> bool:
    """Return whether a shape requires only classes of its focus nodes and a number of values."""
    for parameter, value in shapes.predicate_objects(shape):
        if parameter == SH.property:
            parameters = set(shapes.predicates(value)) - _SAYS_NOTHING
            if not parameters <= _COUNTS or not _is_one_step(
                shapes, shapes.value(value, SH.path), parameters
            ):
                return False
        elif parameter != SH["class"] and parameter not in _SAYS_NOTHING:
            return False
    return True


def _is_of_one_property(shapes: rdflib.Graph, shape: Node) -> bool:
    parameters = set(shapes.predicates(shape)) - _SAYS_NOTHING
    return _is_one_step(shapes, shapes.value(shape, SH.path), parameters) and _is_of_value(
        shapes, shape, parameters
    )


def _is_one_step(shapes: rdflib.Graph, path: Node | None, parameters: Iterable[Node]) -> bool:
    """Return whether a path is a property, its inverse, or an alternative without a maximum count."""
    if isinstance(path, rdflib.URIRef) or path is None:
        return path is not None
    if (inner := shapes.value(path, SH.inversePath)) is not None:
        return isinstance(inner, rdflib.URIRef)
    members = shapes.value(path, SH.alternativePath)
    if members is None or SH.maxCount in parameters:
        return False
    return all(isinstance(each, rdflib.URIRef) for each in shapes.items(members))


def _is_of_value(shapes: rdflib.Graph, shape: Node, parameters: Iterable[Node]) -> bool:
    """Return whether a shape checks each value alone, without following an inverse path from it."""
    for parameter in parameters:
        values = shapes.objects(shape, parameter)
        if parameter in _LISTS:
            values = (member for value in values for member in shapes.items(value))
        elif parameter == SH.property:
            if not all(
                isinstance(shapes.value(value, SH.path), rdflib.URIRef)
                for value in shapes.objects(shape, parameter)
            ):
                return False
        elif parameter in _OF_ONE_VALUE or parameter in _COUNTS:
            continue
        elif parameter != SH.node:
            return False
        for value in values:
            if not _is_of_value(shapes, value, set(shapes.predicates(value)) - _SAYS_NOTHING):
                return False
    return True
