"""Suspicion: the nodes that certainly fail a shape, and those that may, known without pySHACL."""

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from typing import NamedTuple, TypeAlias

import rdflib
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from pyshacl.shape import Shape
from rdflib.namespace import SH

from kg.gate.overlay import Term
from kg.gate.shacl.columns import Columns
from kg.gate.shacl.paths import HERE, Path, Step
from kg.gate.shacl.rdflib_view import from_rdflib
from kg.gate.shacl.reads import path_of

Node: TypeAlias = rdflib.term.Node
Nodes: TypeAlias = AbstractSet[int]
"""Nodes of the graph, by number in the columns."""

NONE: Nodes = frozenset()
_PARAMETERS = {each: each for each in ALL_CONSTRAINT_PARAMETERS}
"""Each parameter mapped to itself: lookups of the identical object are faster."""
_OF_SHAPES, _OF_LISTS = (
    tuple(_PARAMETERS[SH[name]] for name in names)
    for names in (("property", "node", "not", "qualifiedValueShape"), ("and", "or"))
)


class Suspicion(NamedTuple):
    """The nodes that certainly fail, and those that may; the former are a subset of the latter.

    >>> Suspicion(surely={1}, possibly={1, 2}).negated({1, 2, 3})
    Suspicion(surely={3}, possibly={2, 3})
    """

    surely: Nodes = NONE
    possibly: Nodes = NONE

    @classmethod
    def sure(cls, failing: Nodes) -> "Suspicion":
        """Return the suspicion that exactly these nodes fail."""
        return cls(failing, failing)

    @classmethod
    def doubt(cls, nodes: Nodes) -> "Suspicion":
        """Return the suspicion that these nodes may fail, and no others."""
        return cls(NONE, nodes)

    def __or__(self, other: "Suspicion") -> "Suspicion":
        """Return the nodes that fail either."""
        return Suspicion(self.surely | other.surely, self.possibly | other.possibly)

    def __and__(self, other: "Suspicion") -> "Suspicion":
        """Return the nodes that fail both."""
        return Suspicion(self.surely & other.surely, self.possibly & other.possibly)

    def negated(self, nodes: Nodes) -> "Suspicion":
        """Return the negation: nodes fail if they do not fail here."""
        return Suspicion(nodes - self.possibly, nodes - self.surely)


class Outline:
    """A shape's path and parameters, read from its graph once.

    By parameter: ``given`` holds the values, ``listed`` the members of values that are lists, ``inner`` and
    ``groups`` the shapes named by values and list members (None: no such shape), ``counts`` the value if it
    is a single number. Raises Unbounded if the path is not supported.
    """

    def __init__(self, shape: Shape) -> None:
        graph, another = shape.sg.graph, shape.get_other_shape
        self.shape = shape
        self.path: Path = path_of(graph, shape.path()) if shape.is_property_shape else HERE
        values_by_parameter = {
            _PARAMETERS.get(each, each): tuple(graph.objects(shape.node, each)) for each in _names(shape)
        }
        lists = {
            each: tuple(tuple(graph.items(node)) for node in values_by_parameter.get(each, ()))
            for each in (*_OF_LISTS, SH["in"])
        }
        self.given = {each: tuple(map(from_rdflib, nodes)) for each, nodes in values_by_parameter.items()}
        self.counts = {each: _only_number(nodes) for each, nodes in values_by_parameter.items()}
        self.inner = {each: tuple(map(another, values_by_parameter.get(each, ()))) for each in _OF_SHAPES}
        self.listed = {
            each: tuple(tuple(map(from_rdflib, nodes)) for nodes in found) for each, found in lists.items()
        }
        self.groups = {each: tuple(tuple(map(another, nodes)) for nodes in lists[each]) for each in _OF_LISTS}


def _names(shape: Shape) -> Iterable[Node]:
    return dict.fromkeys(shape.sg.graph.predicates(shape.node))


def _only_number(nodes: tuple[Node, ...]) -> int | None:
    values = [getattr(node, "value", None) for node in nodes]
    return values[0] if len(values) == 1 and isinstance(values[0], int) else None


class Applied:
    """A shape applied to nodes; ``trail`` holds it and the enclosing shapes."""

    def __init__(self, outline: Outline, nodes: Nodes, columns: Columns, trail: tuple[Shape, ...]) -> None:
        self.outline = outline
        self.path = outline.path
        self.nodes = nodes
        self.columns = columns
        self.trail = trail
        self._values: Nodes | None = nodes if outline.path is HERE else None

    @property
    def values(self) -> Nodes:
        """The values of all nodes; for a node shape, the nodes themselves."""
        if self._values is None:
            self._values = self.columns.ends(self.path, self.nodes)
        return self._values

    def held(self, node: int) -> Collection[int]:
        """Return the values of one node."""
        return self.reached(node, self.path)

    def reached(self, node: int, path: Path) -> Collection[int]:
        """Return the distinct nodes that a path reaches from a node."""
        if isinstance(path, Step):
            return self.columns.linked(path).get(node, ())
        return self.columns.ends(path, [node])

    def holders(self, values: Nodes) -> Nodes:
        """Return the nodes that have any of the values."""
        if not values or self.path is HERE:
            return values & self.nodes
        return self.columns.holders(self.path, self.nodes, values)

    def given(self, parameter: Node) -> tuple[Term, ...]:
        """Return the values of a parameter."""
        return self.outline.given.get(parameter, ())

    def count(self, parameter: Node) -> int | None:
        """Return a parameter's value if it is a single number."""
        return self.outline.counts.get(parameter)

    def number(self, term: Term) -> int:
        """Return the number of a term."""
        return self.columns.number(term)

    def term(self, number: int) -> Term:
        """Return the term of a number."""
        return self.columns.terms[number]
