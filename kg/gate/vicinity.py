"""The nodes around a change as columns: looked up in an overlay when asked for, and only once.

So the search for suspects (suspects.py) that finds the faults of a whole graph also tells which of the few
nodes that a change affects may be at fault, at a cost that follows the change.
"""

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from pyoxigraph import NamedNode

from kg.gate.columns import Column, Columns
from kg.gate.overlay import Overlay
from kg.gate.paths import Path, Step, walk
from kg.gate.reach import CLASSES


class Vicinity(Columns):
    """Columns that hold what has been asked of them. Nodes are followed forwards, never back from a hub."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._links: dict[Step, _Links] = {}
        self._classes: dict[int, set[int]] = {}
        super().__init__(_Nothing())

    def linked(self, step: Step) -> dict[int, list[int]]:
        """Give, for each node that a step starts from, where it leads."""
        if step not in self._links:
            self._links[step] = _Links(self, step)
        return self._links[step]

    def look(self, step: Step, node: int) -> list[int]:
        """Look up where a step leads from a node."""
        term, predicate = self.terms[node], step.predicate
        view = self._overlay
        ends = view.subjects(predicate, term) if step.inverse else view.objects(term, predicate)
        return [self.number(end) for end in ends]

    def objects(self, subject: int, predicate: NamedNode) -> Iterable[int]:
        """Give the values of a property."""
        return self.linked(Step(predicate)).get(subject, ())

    def subjects(self, predicate: NamedNode, obj: int) -> Iterable[int]:
        """Give what has a value for a property."""
        return self.linked(Step(predicate, inverse=True)).get(obj, ())

    def column(self, predicate: NamedNode) -> Column:  # noqa: ARG002
        """Give no triples: how many there are is not known, and nobody is to go through all."""
        return _UNCOUNTED

    def ends(self, path: Path, starts: Collection[int]) -> set[int]:
        """Give all nodes that a path leads to."""
        return walk(self, path, starts)

    def starts(self, path: Path, ends: Collection[int]) -> set[int]:
        """Give all nodes from which a path leads there."""
        return walk(self, path, ends, backwards=True)

    def holders(self, path: Path, nodes: AbstractSet[int], ends: AbstractSet[int]) -> AbstractSet[int]:
        """Give those of some nodes from which a path leads to any of some ends."""
        return {node for node in nodes if not ends.isdisjoint(self._ends_of(node, path))}

    def instances(self, class_: int) -> AbstractSet[int]:
        """Give the instances of a class and of those below it, to be asked if a node is among them."""
        return _Instances(self, class_)

    def classes(self, node: int) -> set[int]:
        """Give the classes of a node and those above them."""
        if node not in self._classes:
            self._classes[node] = walk(self, CLASSES, {node})
        return self._classes[node]

    def _ends_of(self, node: int, path: Path) -> Collection[int]:
        return self.linked(path).get(node, ()) if isinstance(path, Step) else walk(self, path, {node})


class _Links(dict[int, list[int]]):
    """Where a step leads from each node."""

    def __init__(self, vicinity: Vicinity, step: Step) -> None:
        self._vicinity = vicinity
        self._step = step

    def get(self, node: int, _otherwise: Any = None) -> list[int]:
        """Look a node up."""
        if node not in self:
            self[node] = self._vicinity.look(self._step, node)
        return self[node]

    def keys(self) -> Any:
        """Give the nodes from which the step leads anywhere, to be asked for those among others."""
        return _Beginnings(self)


class _Asked(AbstractSet[int]):
    """A set whose members are known only one by one."""

    def __iter__(self) -> Iterator[int]:
        raise TypeError("The members of this set are not known.")

    def __len__(self) -> int:
        raise TypeError("The members of this set are not known.")

    @classmethod
    def _from_iterable(cls, members: Iterable[int]) -> AbstractSet[int]:  # type: ignore[override]
        return frozenset(members)


class _Beginnings(_Asked):
    def __init__(self, links: _Links) -> None:
        self._links = links

    def __contains__(self, node: object) -> bool:
        return isinstance(node, int) and bool(self._links.get(node))


class _Instances(_Asked):
    def __init__(self, vicinity: Vicinity, class_: int) -> None:
        self._vicinity = vicinity
        self._class = class_

    def __contains__(self, node: object) -> bool:
        return isinstance(node, int) and self._class in self._vicinity.classes(node)


_UNCOUNTED = Column()


class _Nothing:
    """Quads of an empty graph."""

    def quads_for_pattern(self, *_pattern: object) -> Iterator[Any]:
        """Yield none."""
        return iter(())
