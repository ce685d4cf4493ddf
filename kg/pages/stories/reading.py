"""Graph look-ups by node, for pages that arrange records themselves."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from kg.changes import Object, Quads, Subject


class NodeReader:
    """Follows properties of a graph from node to node."""

    def __init__(self, contents: Quads) -> None:
        self._contents = contents

    def nodes(
        self, subject: NamedNode, *predicates: NamedNode, graph: NamedNode | None = None
    ) -> list[NamedNode]:
        """Return the things that a node points to by any of these properties, sorted by IRI."""
        return _sorted(
            quad.object
            for predicate in predicates
            for quad in self._contents.quads_for_pattern(subject, predicate, None, graph)
        )

    def subjects(
        self, value: NamedNode, *predicates: NamedNode, graph: NamedNode | None = None
    ) -> list[NamedNode]:
        """Return the things that point to a node by any of these properties, sorted by IRI."""
        return _sorted(
            quad.subject
            for predicate in predicates
            for quad in self._contents.quads_for_pattern(None, predicate, value, graph)
        )

    def texts(
        self, subject: NamedNode, predicate: NamedNode, graph: NamedNode | None = None
    ) -> list[Literal]:
        """Return the literals of a property, sorted."""
        found = {quad.object for quad in self._contents.quads_for_pattern(subject, predicate, None, graph)}
        return sorted((each for each in found if isinstance(each, Literal)), key=str)

    def text(self, subject: NamedNode, predicate: NamedNode, graph: NamedNode | None = None) -> str | None:
        """Return the first literal of a property; None if there is none."""
        return next((each.value for each in self.texts(subject, predicate, graph)), None)

    def has(self, subject: NamedNode, predicate: NamedNode, value: NamedNode) -> bool:
        """Return True if a graph holds this triple."""
        return any(self._contents.quads_for_pattern(subject, predicate, value))


def _sorted(terms: Iterator[Subject | Object]) -> list[NamedNode]:
    return sorted({each for each in terms if isinstance(each, NamedNode)}, key=str)
