"""What is known of nodes held against a shape without pySHACL: who surely fails, and who may."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from typing import NamedTuple, TypeAlias

import rdflib
from pyshacl.shape import Shape
from rdflib.namespace import SH

from kg.gate.columns import Columns
from kg.gate.overlay import Term
from kg.gate.paths import HERE, Path, Step
from kg.gate.rdflib_view import from_rdflib
from kg.gate.reach import path_of

Node: TypeAlias = rdflib.term.Node
Nodes: TypeAlias = AbstractSet[int]
"""Nodes of the graph, by their numbers in the columns."""

NONE: Nodes = frozenset()
_LISTS = (SH["and"], SH["or"], SH["in"])


class Verdict(NamedTuple):
    """Who surely fails, and who may; the first are among the second.

    >>> Verdict(surely={1}, possibly={1, 2}).negated({1, 2, 3})
    Verdict(surely={3}, possibly={2, 3})
    """

    surely: Nodes = NONE
    possibly: Nodes = NONE

    @classmethod
    def sure(cls, failing: Nodes) -> "Verdict":
        """Say exactly who fails."""
        return cls(failing, failing)

    @classmethod
    def doubt(cls, nodes: Nodes) -> "Verdict":
        """Say nothing about some nodes, and that the others do not fail."""
        return cls(NONE, nodes)

    def __or__(self, other: "Verdict") -> "Verdict":
        """Fail by either."""
        return Verdict(self.surely | other.surely, self.possibly | other.possibly)

    def __and__(self, other: "Verdict") -> "Verdict":
        """Fail by both."""
        return Verdict(self.surely & other.surely, self.possibly & other.possibly)

    def negated(self, nodes: Nodes) -> "Verdict":
        """Fail by not failing."""
        return Verdict(nodes - self.possibly, nodes - self.surely)


class Outline:
    """A shape read from its graph once, however often it is held against nodes: its path and parameters.

    ``given`` holds the values of each parameter, ``listed`` the members of each list that is one. Raises
    Unbounded where the path cannot be followed.
    """

    def __init__(self, shape: Shape) -> None:
        graph = shape.sg.graph
        self.shape = shape
        self.path: Path = path_of(graph, shape.path()) if shape.is_property_shape else HERE
        self.given = {
            predicate: tuple(graph.objects(shape.node, predicate))
            for predicate in graph.predicates(shape.node)
        }
        self.listed: dict[Node, tuple[tuple[Node, ...], ...]] = {
            parameter: tuple(tuple(graph.items(node)) for node in self.given.get(parameter, ()))
            for parameter in _LISTS
        }


class Applied:
    """A shape held against some nodes; ``trail`` names it and the shapes around it."""

    def __init__(self, outline: Outline, nodes: Nodes, columns: Columns, trail: tuple[Node, ...]) -> None:
        self.shape = outline.shape
        self.path = outline.path
        self.nodes = nodes
        self.columns = columns
        self.trail = trail
        self._outline = outline
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

    def given(self, parameter: Node) -> tuple[Node, ...]:
        """Give the values of a parameter."""
        return self._outline.given.get(parameter, ())

    def listed(self, parameter: Node) -> tuple[tuple[Node, ...], ...]:
        """Give the members of each list that is a value of a parameter."""
        return self._outline.listed[parameter]

    def count(self, parameter: Node) -> int | None:
        """Give the number that is a parameter's only value."""
        values = [getattr(node, "value", None) for node in self.given(parameter)]
        return values[0] if len(values) == 1 and isinstance(values[0], int) else None

    def number(self, node: Node) -> int:
        """Give the number of a node of the shapes graph."""
        return self.columns.number(from_rdflib(node))

    def term(self, number: int) -> Term:
        """Give the term of a number."""
        return self.columns.terms[number]
