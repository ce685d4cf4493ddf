"""What is known of nodes held against a shape without pySHACL: who surely fails, and who may."""

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
"""Nodes of the graph, by their numbers in the columns."""

NONE: Nodes = frozenset()
_PARAMETERS = {each: each for each in ALL_CONSTRAINT_PARAMETERS}
"""Each parameter by itself: what is one and the same is found at once."""
_OF_SHAPES, _OF_LISTS = (
    tuple(_PARAMETERS[SH[name]] for name in names)
    for names in (("property", "node", "not", "qualifiedValueShape"), ("and", "or"))
)


class Suspicion(NamedTuple):
    """Who surely fails, and who may; the first are among the second.

    >>> Suspicion(surely={1}, possibly={1, 2}).negated({1, 2, 3})
    Suspicion(surely={3}, possibly={2, 3})
    """

    surely: Nodes = NONE
    possibly: Nodes = NONE

    @classmethod
    def sure(cls, failing: Nodes) -> "Suspicion":
        """Say exactly who fails."""
        return cls(failing, failing)

    @classmethod
    def doubt(cls, nodes: Nodes) -> "Suspicion":
        """Say nothing about some nodes, and that the others do not fail."""
        return cls(NONE, nodes)

    def __or__(self, other: "Suspicion") -> "Suspicion":
        """Fail by either."""
        return Suspicion(self.surely | other.surely, self.possibly | other.possibly)

    def __and__(self, other: "Suspicion") -> "Suspicion":
        """Fail by both."""
        return Suspicion(self.surely & other.surely, self.possibly & other.possibly)

    def negated(self, nodes: Nodes) -> "Suspicion":
        """Fail by not failing."""
        return Suspicion(nodes - self.possibly, nodes - self.surely)


class Outline:
    """A shape read from its graph once, however often it is held against nodes: its path and parameters.

    By parameter: ``given`` holds the values, ``listed`` the members of the lists that are values, ``inner``
    and ``groups`` the shapes that both of them name (None: one that there is not), ``counts`` the number that
    is the only value. Raises Unbounded where the path cannot be followed.
    """

    def __init__(self, shape: Shape) -> None:
        graph, another = shape.sg.graph, shape.get_other_shape
        self.shape = shape
        self.path: Path = path_of(graph, shape.path()) if shape.is_property_shape else HERE
        read = {_PARAMETERS.get(each, each): tuple(graph.objects(shape.node, each)) for each in _names(shape)}
        lists = {
            each: tuple(tuple(graph.items(node)) for node in read.get(each, ()))
            for each in (*_OF_LISTS, SH["in"])
        }
        self.given = {each: tuple(map(from_rdflib, nodes)) for each, nodes in read.items()}
        self.counts = {each: _only_number(nodes) for each, nodes in read.items()}
        self.inner = {each: tuple(map(another, read.get(each, ()))) for each in _OF_SHAPES}
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
    """A shape held against some nodes; ``trail`` holds it and the shapes around it."""

    def __init__(self, outline: Outline, nodes: Nodes, columns: Columns, trail: tuple[Shape, ...]) -> None:
        self.outline = outline
        self.path = outline.path
        self.nodes = nodes
        self.columns = columns
        self.trail = trail
        self._values: Nodes | None = nodes if outline.path is HERE else None

    @property
    def values(self) -> Nodes:
        """The values of all the nodes; of a shape without a path they are the nodes themselves."""
        if self._values is None:
            self._values = self.columns.ends(self.path, self.nodes)
        return self._values

    def held(self, node: int) -> Collection[int]:
        """Give the values of one node."""
        return self.reached(node, self.path)

    def reached(self, node: int, path: Path) -> Collection[int]:
        """Give the different nodes that a path leads to from one."""
        if isinstance(path, Step):
            return self.columns.linked(path).get(node, ())
        return self.columns.ends(path, [node])

    def holders(self, values: Nodes) -> Nodes:
        """Give the nodes that have any of some values."""
        if not values or self.path is HERE:
            return values & self.nodes
        return self.columns.holders(self.path, self.nodes, values)

    def given(self, parameter: Node) -> tuple[Term, ...]:
        """Give the values of a parameter."""
        return self.outline.given.get(parameter, ())

    def count(self, parameter: Node) -> int | None:
        """Give the number that is a parameter's only value."""
        return self.outline.counts.get(parameter)

    def number(self, term: Term) -> int:
        """Give the number of a term."""
        return self.columns.number(term)

    def term(self, number: int) -> Term:
        """Give the term of a number."""
        return self.columns.terms[number]
