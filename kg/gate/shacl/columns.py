"""Columns: a whole graph in memory, with terms as numbers, and each predicate's links as pairs of numbers.

They are used for checks of the whole graph. Reading a million quads takes about five seconds; after that, a
path step over a hundred thousand nodes takes a few hundredths of a second. A triple in several graphs counts
once, as in SHACL's union; which graphs describe a node is kept separately.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from kg.changes import GraphName, Quads, Subject
from kg.gate.overlay import Term
from kg.gate.shacl.paths import Path, Step, walk
from kg.gate.shacl.reads import CLASSES

_BITS = 32
_LOW = (1 << _BITS) - 1


class PredicateColumn:
    """The distinct triples of one predicate, as numbers."""

    def __init__(self, pairs: Iterable[int] = ()) -> None:
        self._pairs = array("Q", set(pairs))

    @cached_property
    def objects(self) -> dict[int, list[int]]:
        """The objects, by subject."""
        found: dict[int, list[int]] = {}
        for pair in self._pairs:
            found.setdefault(pair >> _BITS, []).append(pair & _LOW)
        return found

    @cached_property
    def subjects(self) -> dict[int, list[int]]:
        """The subjects, by object."""
        found: dict[int, list[int]] = {}
        for pair in self._pairs:
            found.setdefault(pair & _LOW, []).append(pair >> _BITS)
        return found

    def __len__(self) -> int:
        return len(self._pairs)


_NOTHING = PredicateColumn()


class Columns:
    """The union of all graphs, read once; later changes are not visible.

    It supports ``kg.gate.paths.walk`` like an overlay, with numbers in place of terms.
    """

    def __init__(self, quads: Quads) -> None:
        self._numbers: dict[Term, int] = {}
        self._columns: dict[NamedNode, PredicateColumn] = {}
        self._instances: dict[int, set[int]] = {}
        self._graphs: dict[GraphName, int] = {}
        self._spoken = array("Q")
        self._read(quads)
        self.terms: list[Term] = list(self._numbers)

    def _read(self, quads: Quads) -> None:
        numbers = self._numbers
        graphs, spoken = self._graphs, set[int]()
        pairs: dict[NamedNode, array[int]] = {}
        for quad in quads.quads_for_pattern(None, None, None):
            subject = numbers.setdefault(quad.subject, len(numbers))
            obj = numbers.setdefault(quad.object, len(numbers))
            spoken.add(subject << _BITS | graphs.setdefault(quad.graph_name, len(graphs)))
            predicate = quad.predicate
            if predicate not in pairs:
                pairs[predicate] = array("Q")
            pairs[predicate].append(subject << _BITS | obj)
        self._columns = {predicate: PredicateColumn(pairs.pop(predicate)) for predicate in list(pairs)}
        self._spoken = array("Q", spoken)

    @property
    def predicates(self) -> Collection[NamedNode]:
        """All predicates."""
        return self._columns.keys()

    @property
    def spoken_of(self) -> Iterator[tuple[Subject, GraphName]]:
        """Yield each node with each graph that describes it."""
        graphs = list(self._graphs)
        for pair in self._spoken:
            yield self.subject(pair >> _BITS), graphs[pair & _LOW]

    def number(self, term: Term) -> int:
        """Return the number of a term; a term that is not in the graph gets a new number."""
        if term not in self._numbers:
            self._numbers[term] = len(self.terms)
            self.terms.append(term)
        return self._numbers[term]

    def subject(self, number: int) -> Subject:
        """Return the term of a number that occurs as a subject."""
        term = self.terms[number]
        if isinstance(term, Literal):
            raise TypeError(f"{term} is a literal, which is nobody's subject.")
        return term

    def column(self, predicate: NamedNode) -> PredicateColumn:
        """Return the triples of a predicate."""
        return self._columns.get(predicate, _NOTHING)

    def objects(self, subject: int, predicate: NamedNode) -> Iterable[int]:
        """Return the values of a property."""
        return self.column(predicate).objects.get(subject, ())

    def subjects(self, predicate: NamedNode, obj: int) -> Iterable[int]:
        """Return the subjects with a value for a property."""
        return self.column(predicate).subjects.get(obj, ())

    def ends(self, path: Path, starts: Collection[int]) -> set[int]:
        """Return all nodes that a path reaches from the starts."""
        if isinstance(path, Step):
            return _linked(self.linked(path), starts)
        return walk(self, path, starts)

    def starts(self, path: Path, ends: Collection[int]) -> set[int]:
        """Return all nodes from which a path reaches the ends."""
        if isinstance(path, Step):
            return _linked(self.linked(Step(path.predicate, not path.inverse)), ends)
        return walk(self, path, ends, backwards=True)

    def holders(self, path: Path, nodes: AbstractSet[int], ends: AbstractSet[int]) -> AbstractSet[int]:
        """Return those of the nodes from which a path reaches any of the ends."""
        return self.starts(path, ends) & nodes

    def beginnings(self, step: Step, nodes: AbstractSet[int]) -> AbstractSet[int]:
        """Return those of the nodes from which a step leads anywhere."""
        return nodes & self.linked(step).keys()

    def linked(self, step: Step) -> dict[int, list[int]]:
        """Return the ends of a step, by start node."""
        column = self.column(step.predicate)
        return column.subjects if step.inverse else column.objects

    def instances(self, class_: int) -> AbstractSet[int]:
        """Return the instances of a class and its subclasses."""
        if class_ not in self._instances:
            self._instances[class_] = self.starts(CLASSES, [class_])
        return self._instances[class_]

    def instances_among(self, nodes: AbstractSet[int], class_: int) -> AbstractSet[int]:
        """Return those of the nodes that are instances of a class or its subclasses."""
        return nodes & self.instances(class_)


def _linked(links: dict[int, list[int]], nodes: Collection[int]) -> set[int]:
    if len(links) < len(nodes):
        node_set = nodes if isinstance(nodes, AbstractSet) else frozenset(nodes)
        return {end for node, ends in links.items() if node in node_set for end in ends}
    return {end for node in nodes for end in links.get(node, ())}
