"""Index of the (shape, focus node) pairs that a change can affect, built once from the shapes.

For each changed triple, the index gives the reads of its predicate; walking a read's path backwards from the
triple's nearer end gives the focus nodes that may have read it. Those that are targets after the change are
affected. The cost depends on the change, not on the graph.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pyoxigraph import NamedNode
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph

from kg.gate.overlay import Overlay, Term, Triple
from kg.gate.shacl.paths import walk
from kg.gate.shacl.patterns import Unbounded, predicates, touched
from kg.gate.shacl.rdflib_view import from_rdflib
from kg.gate.shacl.reads import QueryRead, Read, reads


@dataclass(frozen=True, eq=False)  # compared by identity: comparing the sets is too slow
class Target:
    """A shape with targets, and how it selects its focus nodes."""

    shape: Shape
    nodes: frozenset[Term]
    classes: frozenset[Term]
    subjects_of: frozenset[NamedNode]
    objects_of: frozenset[NamedNode]

    def holds(self, view: Overlay, node: Term) -> bool:
        """Return whether a node is a focus node of the shape."""
        return (
            node in self.nodes
            or not self.classes.isdisjoint(view.classes(node))
            or (bool(self.subjects_of) and any(view.objects(node, each) for each in self.subjects_of))
            or (bool(self.objects_of) and any(view.has(None, each, node) for each in self.objects_of))
        )


@dataclass(frozen=True)
class Changes:
    """The triples added to and removed from the union of all graphs."""

    came: tuple[Triple, ...]
    went: tuple[Triple, ...]

    @classmethod
    def of(cls, overlay: Overlay) -> "Changes":
        """Return the changes between the store under an overlay and the overlay."""
        added = {(quad.subject, quad.predicate, quad.object) for quad in overlay.added}
        removed = {(quad.subject, quad.predicate, quad.object) for quad in overlay.removed}
        removed.update(overlay.restated)
        return cls(
            came=tuple(triple for triple in added if not overlay.had(*triple)),
            went=tuple(triple for triple in removed if overlay.had(*triple) and not overlay.has(*triple)),
        )


_Reads: TypeAlias = dict[NamedNode | None, dict[Read | QueryRead, set[Target]]]


@dataclass
class ShapeIndex:
    """The reads of all shapes by predicate (None: any), and the shapes with unbounded affected nodes.

    Many shapes have the same reads, so each read is stored once, with its shapes.
    """

    targets: tuple[Target, ...]
    reads: _Reads = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    unbounded: dict[str, str] = field(default_factory=dict)  # reason by name of the shape
    _gains: _Reads = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    """The reads that an added triple can affect."""
    _always: list[Target] = field(default_factory=list)
    _by_class: dict[Term, set[Target]] = field(default_factory=lambda: defaultdict(set))
    _otherwise: list[Target] = field(default_factory=list)
    """The targets that select focus nodes not only by class."""

    @classmethod
    def of(cls, shapes: ShapesGraph) -> "ShapeIndex":
        """Return the index of all shapes with targets."""
        index = cls(targets=tuple(_targets(shapes)))
        for target in index.targets:
            index._enter(target)
        return index

    def _enter(self, target: Target) -> None:
        for class_ in target.classes:
            self._by_class[class_].add(target)
        if target.nodes or target.subjects_of or target.objects_of:
            self._otherwise.append(target)
        try:
            found = set(reads(target.shape))
        except Unbounded as reason:
            self.unbounded[str(target.shape.node)] = str(reason)
            self._always.append(target)
            return
        for read in found:
            read_here = predicates(read.reading.pattern) if isinstance(read, QueryRead) else {read.predicate}
            for predicate in read_here:
                self.reads[predicate][read].add(target)
                if isinstance(read, QueryRead) or not read.losses_only:
                    self._gains[predicate][read].add(target)

    @property
    def properties(self) -> frozenset[NamedNode] | None:
        """The properties that the shapes read; None if they may read any."""
        if self._always or None in self.reads:
            return None
        return frozenset(predicate for predicate in self.reads if predicate is not None)

    def affected(self, overlay: Overlay) -> dict[Shape, set[Term]]:
        """Return, by shape, the focus nodes after the change whose verdict may have changed."""
        found: dict[Shape, set[Term]] = defaultdict(set)
        focused: dict[Term, set[Target]] = {}
        for targets, nodes in self._candidates(overlay):
            for node in nodes:
                if node not in focused:
                    focused[node] = self._focused(overlay, node)
                for target in targets & focused[node]:
                    found[target.shape].add(node)
        return found

    def _focused(self, overlay: Overlay, node: Term) -> set[Target]:
        """Return the targets that select a node as focus node."""
        by_class = (self._by_class[each] for each in overlay.classes(node) & self._by_class.keys())
        return {target for target in self._otherwise if target.holds(overlay, node)}.union(*by_class)

    def _candidates(self, overlay: Overlay) -> Iterator[tuple[set[Target], set[Term]]]:
        """Yield the nodes that may have read a changed triple, with the targets whose read it was."""
        changes = Changes.of(overlay)
        # The path may have existed before or after the change, so nothing is hidden on the way back.
        view = overlay.widened() if changes.went else overlay
        for index, triples in ((self._gains, changes.came), (self.reads, changes.went)):
            for triple in triples:
                for predicate in (triple[1], None):
                    for read, targets in index.get(predicate, {}).items():
                        yield targets, _readers(view, read, triple)

    def always(self, overlay: Overlay) -> Iterable[Shape]:
        """Return the unbounded shapes, which each change checks on all their targets."""
        return [target.shape for target in self._always] if overlay.added or overlay.removed else []


def _readers(view: Overlay, read: Read | QueryRead, triple: Triple) -> set[Term]:
    """Return the focus nodes from which a read reaches a changed triple."""
    if isinstance(read, QueryRead):
        starts = touched(view, read.reading, triple)
    else:
        starts = {triple[2] if read.inverse else triple[0]}
    return walk(view, read.before, starts, backwards=True)


def _targets(shapes: ShapesGraph) -> Iterator[Target]:
    for shape in shapes.shapes:
        classes = {*shape.target_classes(), *shape.implicit_class_targets()}
        target = Target(
            shape,
            nodes=frozenset(from_rdflib(node) for node in shape.target_nodes()),
            classes=frozenset(from_rdflib(node) for node in classes),
            subjects_of=frozenset(NamedNode(str(node)) for node in shape.target_subjects_of()),
            objects_of=frozenset(NamedNode(str(node)) for node in shape.target_objects_of()),
        )
        if target.nodes or target.classes or target.subjects_of or target.objects_of:
            yield target
