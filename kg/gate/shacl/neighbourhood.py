"""Columns for the nodes around a change: each node is looked up in the overlay once, on first use.

With these, the search for suspects (``suspects``), which works on columns of a whole graph, also works on the
few nodes that a change affects, at a cost proportional to the change.
"""

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from pyoxigraph import NamedNode

from kg.gate.overlay import Overlay
from kg.gate.shacl.columns import Columns, PredicateColumn
from kg.gate.shacl.paths import Path, Step, walk


class Neighbourhood(Columns):
    """Columns filled on demand. Links are followed forwards; a hub is never followed backwards."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._forwards: dict[NamedNode, _Links] = {}
        self._backwards: dict[NamedNode, _Links] = {}
        super().__init__(_Nothing())

    def linked(self, step: Step) -> dict[int, list[int]]:
        """Return the ends of a step, by start node."""
        return self._linked(step.predicate, inverse=step.inverse)

    def _linked(self, predicate: NamedNode, *, inverse: bool) -> dict[int, list[int]]:
        links = self._backwards if inverse else self._forwards
        if predicate not in links:
            links[predicate] = _Links(self, Step(predicate, inverse))
        return links[predicate]

    def look(self, step: Step, node: int) -> list[int]:
        """Look up the ends of a step from a node."""
        term, predicate = self.terms[node], step.predicate
        view = self._overlay
        ends = view.subjects(predicate, term) if step.inverse else view.objects(term, predicate)
        return [self.number(end) for end in ends]

    def objects(self, subject: int, predicate: NamedNode) -> Iterable[int]:
        """Return the values of a property."""
        return self._linked(predicate, inverse=False)[subject]

    def subjects(self, predicate: NamedNode, obj: int) -> Iterable[int]:
        """Return the subjects with a value for a property."""
        return self._linked(predicate, inverse=True)[obj]

    def column(self, predicate: NamedNode) -> PredicateColumn:  # noqa: ARG002
        """Return an empty column, because counting or listing all triples would be too slow."""
        return _UNCOUNTED

    def ends(self, path: Path, starts: Collection[int]) -> set[int]:
        """Return all nodes that a path reaches from the starts."""
        if isinstance(path, Step):
            links = self.linked(path)
            return {end for node in starts for end in links[node]}
        return walk(self, path, starts)

    def starts(self, path: Path, ends: Collection[int]) -> set[int]:
        """Return all nodes from which a path reaches the ends."""
        return walk(self, path, ends, backwards=True)

    def holders(self, path: Path, nodes: AbstractSet[int], ends: AbstractSet[int]) -> AbstractSet[int]:
        """Return those of the nodes from which a path reaches any of the ends."""
        return {node for node in nodes if not ends.isdisjoint(self._ends_of(node, path))}

    def beginnings(self, step: Step, nodes: AbstractSet[int]) -> AbstractSet[int]:
        """Return those of the nodes from which a step leads anywhere."""
        links = self.linked(step)
        return {node for node in nodes if links[node]}

    def instances(self, class_: int) -> AbstractSet[int]:
        """Raise TypeError: listing all instances of a class would be too slow."""
        raise TypeError(f"The instances of {self.terms[class_]} are not listed; ask instances_among.")

    def instances_among(self, nodes: AbstractSet[int], class_: int) -> AbstractSet[int]:
        """Return those of the nodes that are instances of a class or its subclasses."""
        class_term, terms, view = self.terms[class_], self.terms, self._overlay
        return {node for node in nodes if class_term in view.classes(terms[node])}

    def _ends_of(self, node: int, path: Path) -> Collection[int]:
        return self.linked(path)[node] if isinstance(path, Step) else walk(self, path, {node})


class _Links(dict[int, list[int]]):
    """The ends of a step, by start node."""

    def __init__(self, columns: Neighbourhood, step: Step) -> None:
        self._columns = columns
        self._step = step

    def __missing__(self, node: int) -> list[int]:
        """Look up a node."""
        self[node] = found = self._columns.look(self._step, node)
        return found

    def get(self, node: int, _otherwise: Any = None) -> list[int]:
        """Return the ends of the step from a node, possibly none."""
        return self[node]


_UNCOUNTED = PredicateColumn()


class _Nothing:
    """The quads of an empty graph."""

    def quads_for_pattern(self, *_pattern: object) -> Iterator[Any]:
        """Yield none."""
        return iter(())
