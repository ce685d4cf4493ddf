"""A whole graph in columns: terms numbered once, and for each predicate who is linked to whom, as numbers.

Made for looking at everything at once. A scan of a million quads takes some five seconds in memory; after it,
a step of a path over a hundred thousand nodes takes a few hundredths of a second. A triple that stands in
several graphs counts once, as SHACL sees their union; of the graphs is kept which of them speak of a node.
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
    """The triples of one predicate, each once, as numbers."""

    def __init__(self, pairs: Iterable[int] = ()) -> None:
        self._pairs = array("Q", set(pairs))

    @cached_property
    def objects(self) -> dict[int, list[int]]:
        """By subject."""
        found: dict[int, list[int]] = {}
        for pair in self._pairs:
            found.setdefault(pair >> _BITS, []).append(pair & _LOW)
        return found

    @cached_property
    def subjects(self) -> dict[int, list[int]]:
        """By object."""
        found: dict[int, list[int]] = {}
        for pair in self._pairs:
            found.setdefault(pair & _LOW, []).append(pair >> _BITS)
        return found

    def __len__(self) -> int:
        return len(self._pairs)


_NOTHING = PredicateColumn()


class Columns:
    """The union of all graphs, read once; what changes afterwards is not seen.

    It answers ``kg.gate.paths.walk`` as an overlay does, with numbers in place of terms.
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
        """Yield each node with each graph that says something of it."""
        graphs = list(self._graphs)
        for pair in self._spoken:
            yield self.subject(pair >> _BITS), graphs[pair & _LOW]

    def number(self, term: Term) -> int:
        """Give the number of a term; one that the graph does not hold gets a new one."""
        if term not in self._numbers:
            self._numbers[term] = len(self.terms)
            self.terms.append(term)
        return self._numbers[term]

    def subject(self, number: int) -> Subject:
        """Give the term of a number that stands as a subject."""
        term = self.terms[number]
        if isinstance(term, Literal):
            raise TypeError(f"{term} is a literal, which is nobody's subject.")
        return term

    def column(self, predicate: NamedNode) -> PredicateColumn:
        """Give the triples of a predicate."""
        return self._columns.get(predicate, _NOTHING)

    def objects(self, subject: int, predicate: NamedNode) -> Iterable[int]:
        """Give the values of a property."""
        return self.column(predicate).objects.get(subject, ())

    def subjects(self, predicate: NamedNode, obj: int) -> Iterable[int]:
        """Give what has a value for a property."""
        return self.column(predicate).subjects.get(obj, ())

    def ends(self, path: Path, starts: Collection[int]) -> set[int]:
        """Give all nodes that a path leads to."""
        if isinstance(path, Step):
            return _linked(self.linked(path), starts)
        return walk(self, path, starts)

    def starts(self, path: Path, ends: Collection[int]) -> set[int]:
        """Give all nodes from which a path leads there."""
        if isinstance(path, Step):
            return _linked(self.linked(Step(path.predicate, not path.inverse)), ends)
        return walk(self, path, ends, backwards=True)

    def holders(self, path: Path, nodes: AbstractSet[int], ends: AbstractSet[int]) -> AbstractSet[int]:
        """Give those of some nodes from which a path leads to any of some ends."""
        return self.starts(path, ends) & nodes

    def beginnings(self, step: Step, nodes: AbstractSet[int]) -> AbstractSet[int]:
        """Give those of some nodes from which a step leads anywhere."""
        return nodes & self.linked(step).keys()

    def linked(self, step: Step) -> dict[int, list[int]]:
        """Give, for each node that a step starts from, where it leads."""
        column = self.column(step.predicate)
        return column.subjects if step.inverse else column.objects

    def instances(self, class_: int) -> AbstractSet[int]:
        """Give the instances of a class and of those below it."""
        if class_ not in self._instances:
            self._instances[class_] = self.starts(CLASSES, [class_])
        return self._instances[class_]

    def instances_among(self, nodes: AbstractSet[int], class_: int) -> AbstractSet[int]:
        """Give those of some nodes that are instances of a class or of one below it."""
        return nodes & self.instances(class_)


def _linked(links: dict[int, list[int]], nodes: Collection[int]) -> set[int]:
    if len(links) < len(nodes):
        wanted = nodes if isinstance(nodes, AbstractSet) else frozenset(nodes)
        return {end for node, ends in links.items() if node in wanted for end in ends}
    return {end for node in nodes for end in links.get(node, ())}
