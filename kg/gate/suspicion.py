"""What is known of nodes held against a shape without pySHACL: who surely fails, and who may."""

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import rdflib
from pyshacl.shape import Shape

from kg.gate.columns import Columns
from kg.gate.overlay import Term
from kg.gate.paths import HERE, Path, Step
from kg.gate.rdflib_view import from_rdflib

Node: TypeAlias = rdflib.term.Node
Nodes: TypeAlias = AbstractSet[int]
"""Nodes of the graph, by their numbers in the columns."""

NONE: Nodes = frozenset()


@dataclass(frozen=True)
class Verdict:
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


@dataclass(frozen=True)
class Applied:
    """A shape held against some nodes, and the shapes around it."""

    shape: Shape
    nodes: Nodes
    path: Path
    columns: Columns
    trail: tuple[Node, ...]

    @cached_property
    def values(self) -> Nodes:
        """The values of all the nodes; of a shape without a path they are the nodes themselves."""
        return self.nodes if self.path == HERE else self.columns.ends(self.path, self.nodes)

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
        if not values or self.path == HERE:
            return values & self.nodes
        return self.columns.holders(self.path, self.nodes, values)

    def given(self, parameter: Node) -> tuple[Node, ...]:
        """Give the values of a parameter."""
        return tuple(self.shape.sg.graph.objects(self.shape.node, parameter))

    def listed(self, parameter: Node) -> Iterable[tuple[Node, ...]]:
        """Give the members of each list that is a value of a parameter."""
        return (tuple(self.shape.sg.graph.items(node)) for node in self.given(parameter))

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
