"""What a store would hold after a change, read without writing anything.

An overlay is a store with a delta laid over it: added quads appear, removed quads are hidden. The gate judges
a submission on it, so a refused submission leaves no trace in the store.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from itertools import islice
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import Delta, GraphName, Object, Quads, Subject
from kg.gate import sent_quads
from kg.terms import RDF, RDFS

Term: TypeAlias = Subject | Object
Triple: TypeAlias = tuple[Subject, NamedNode, Object]


class Surrounded:
    """A store that holds a large change already, a part of which is laid over it to be judged.

    ``before`` is the store without the change; ``shared`` has the nodes that other parts mention too.
    """

    def __init__(self, before: Quads, after: Quads, shared: Container[Term]) -> None:
        self.before = before
        self.shared = shared
        self._after = after

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Object | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        """Yield the quads that match after the change."""
        return self._after.quads_for_pattern(subject, predicate, object, graph_name)


class Overlay:
    """A read-only view of a store after a delta, over all its graphs.

    The delta is held in a small store of its own (20 microseconds to make), its literals as they were sent,
    although a store keeps some by value ("01"^^xsd:integer as "1"): they are judged by what was sent. A quad
    of the base that the delta adds in another spelling is hidden: it is one quad, told by the delta.

    >>> from kg import scratch
    >>> quad = Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("b"), NamedNode("urn:graph"))
    >>> Overlay(scratch.filled(), Delta(added=(quad,))).has(quad.subject, quad.predicate, quad.object)
    True
    """

    def __init__(self, base: Quads, delta: Delta | None = None) -> None:
        delta = delta or Delta()
        self._base = base
        self._before: Quads = base.before if isinstance(base, Surrounded) else base
        self._shared: Container[Term] = base.shared if isinstance(base, Surrounded) else ()
        added, removed = sent_quads.held(delta.added), sent_quads.held(delta.removed)
        self._added = added.view
        self.added: tuple[Quad, ...] = added.quads
        """The quads the delta adds, as sent, those the base holds already among them."""
        self.removed: tuple[Quad, ...] = removed.quads
        """The quads the delta removes, as sent."""
        self._hidden = removed.either | added.either  # what is added is told once, by the delta
        self._respelled = frozenset(quad.object for quad in added.respelled)
        self.restated: tuple[Triple, ...] = tuple(tuple(quad.triple) for quad in added.kept)
        """The triples, as they would be kept, that the delta states in another spelling only."""
        self._restated = frozenset(quad.triple for quad in added.kept)
        self._described = frozenset(quad.subject for quad in self.added)
        self._is_old: dict[tuple[Term, bool], bool] = {}
        self._said: dict[Term, dict[NamedNode, tuple[Object, ...]]] = {}
        self._objects: dict[NamedNode, dict[Term, tuple[Object, ...]]] = defaultdict(dict)
        self._subjects: dict[NamedNode, dict[Term, tuple[Subject, ...]]] = defaultdict(dict)
        self._counts: dict[tuple[NamedNode, Term, int], int] = {}
        self._classes: dict[Term, frozenset[Term]] = {}
        self._above: dict[tuple[Term, ...], frozenset[Term]] = {}

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Object | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        """Yield the quads that match; ``None`` matches anything."""
        yield from self._added.quads_for_pattern(subject, predicate, object, graph_name)
        if self._is_unheard_of(subject, object) or (self._respelled and object in self._respelled):
            return
        found = self._base.quads_for_pattern(subject, predicate, object, graph_name)
        if not self._hidden:
            yield from found
            return
        for quad in found:
            if quad not in self._hidden and not (self._restated and quad.triple in self._restated):
                yield quad

    def _is_unheard_of(self, subject: Subject | None, obj: Object | None) -> bool:
        """Tell if the base says nothing of what the delta describes: most of a submission is new.

        Asked once for each node and not for each property, for a look-up on disk takes 20 microseconds.
        """
        return self.is_new(subject, as_subject=True) or self.is_new(obj, as_subject=False)

    def is_new(self, node: Term | None, *, as_subject: bool) -> bool:
        """Return whether the delta describes a node of which no triple of the base has it in this place."""
        if node not in self._described or node in self._shared:
            return False
        return not self._was_there(node, is_subject=as_subject)

    def _was_there(self, node: Any, *, is_subject: bool) -> bool:
        key = node, is_subject
        if key not in self._is_old:
            pattern = (node, None, None) if is_subject else (None, None, node)
            self._is_old[key] = next(self._before.quads_for_pattern(*pattern), None) is not None
        return self._is_old[key]

    def triples(
        self, subject: Subject | None, predicate: NamedNode | None, obj: Object | None
    ) -> Iterator[Triple]:
        """Yield the triples that match in the union of all graphs, each once."""
        seen: set[Triple] = set()
        for quad in self.quads_for_pattern(subject, predicate, obj):
            triple = (quad.subject, quad.predicate, quad.object)
            if triple not in seen:
                seen.add(triple)
                yield triple

    def has(self, subject: Subject | None, predicate: NamedNode | None, obj: Object | None) -> bool:
        """Tell if any triple matches."""
        return next(self.quads_for_pattern(subject, predicate, obj), None) is not None

    def had(self, subject: Subject, predicate: NamedNode, obj: Object) -> bool:
        """Tell if a triple stands in the store without the delta."""
        is_new = obj in self._respelled or self._is_unheard_of(subject, obj)
        return not is_new and next(self._before.quads_for_pattern(subject, predicate, obj), None) is not None

    def was_described(self, node: Subject) -> bool:
        """Tell if the store without the delta says anything of a node."""
        return self._was_there(node, is_subject=True)

    def objects(self, subject: Term, predicate: NamedNode) -> tuple[Object, ...]:
        """Give the values of a property, looked up once; a literal has none."""
        if subject in self._said:
            return self._said[subject].get(predicate, ())
        known = self._objects[predicate]
        if subject not in known:
            if self.is_new(subject, as_subject=True):
                return self._said_of(subject).get(predicate, ())
            quads = () if isinstance(subject, Literal) else self.quads_for_pattern(subject, predicate, None)
            known[subject] = tuple({quad.object: None for quad in quads})
        return known[subject]

    def _said_of(self, subject: Any) -> dict[NamedNode, tuple[Object, ...]]:
        """Give all that the delta says of a node that is new, by property."""
        found: dict[NamedNode, dict[Object, None]] = defaultdict(dict)
        for quad in self._added.quads_for_pattern(subject, None, None):
            found[quad.predicate][quad.object] = None
        said = self._said[subject] = {predicate: tuple(values) for predicate, values in found.items()}
        return said

    def subjects(self, predicate: NamedNode, obj: Term) -> tuple[Subject, ...]:
        """Give what has a value for a property, looked up once."""
        known = self._subjects[predicate]
        if obj not in known:
            quads = self.quads_for_pattern(None, predicate, obj)
            known[obj] = tuple({quad.subject: None for quad in quads})
        return known[obj]

    def count_subjects(self, predicate: NamedNode, obj: Term, most: int) -> int:
        """Count what has a value for a property, up to so many."""
        key = predicate, obj, most
        if key not in self._counts:
            self._counts[key] = sum(1 for _ in islice(self.triples(None, predicate, obj), most))
        return self._counts[key]

    def classes(self, node: Term) -> frozenset[Term]:
        """Give the classes of a node and those above them."""
        if node not in self._classes:
            self._classes[node] = self.above(self.objects(node, RDF.TYPE))
        return self._classes[node]

    def above(self, classes: tuple[Term, ...]) -> frozenset[Term]:
        """Give some classes and those above them."""
        if classes not in self._above:
            self._above[classes] = frozenset(self._upwards(classes))
        return self._above[classes]

    def _upwards(self, classes: Iterable[Term]) -> set[Term]:
        found: set[Term] = set()
        waiting = [*classes]
        while waiting:
            if (class_ := waiting.pop()) not in found:
                found.add(class_)
                waiting.extend(self.objects(class_, RDFS.SUB_CLASS_OF))
        return found

    def before(self) -> Quads:
        """Give the store without the delta."""
        return self._before

    def widened(self) -> "Overlay":
        """Give the view that holds what was there before and what is there after: nothing is hidden."""
        return Overlay(self._base, Delta(added=self.added))
