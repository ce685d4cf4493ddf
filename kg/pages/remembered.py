"""Cached contents for one page: each look-up is made once, and all quads of a node are one look-up.

A page shows the same actors, sources and kinds many times, and reads several properties of each.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from pyoxigraph import NamedNode, Quad

from kg.changes import GraphName, Object, Subject
from kg.store.engine_protocols import Bindings, Dataset, QueriedQuads, QueryResult

MOST = 2000
"""Maximum quads of a cached look-up; longer ones go to the store each time."""

_ByProperty = Mapping[NamedNode, list[Quad]]


class Remembered:
    """Cached contents for one page, used on one thread."""

    def __init__(self, contents: QueriedQuads) -> None:
        self._contents = contents
        self._about: dict[Subject, _ByProperty | None] = {}
        self._pointing: dict[tuple[NamedNode | None, Object], list[Quad]] = {}

    @property
    def version(self) -> int:
        """The version being read."""
        return self._contents.version

    def query(
        self,
        text: str,
        *,
        prefixes: Mapping[str, str],
        dataset: Dataset,
        bindings: Bindings,
        base: str | None = None,
    ) -> QueryResult:
        """Evaluate a query on the contents; its result is not kept."""
        return self._contents.query(text, prefixes=prefixes, dataset=dataset, bindings=bindings, base=base)

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Object | None,  # noqa: A002  # see Quads
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        """Yield the quads that match a pattern; those around a node are read once and kept."""
        if subject is not None:
            quads = self._about_node(subject, predicate, object, graph_name)
        elif object is not None:
            quads = self._at_node(predicate, object, graph_name)
        else:
            return self._contents.quads_for_pattern(subject, predicate, object, graph_name)
        if object is not None and subject is not None:
            quads = (quad for quad in quads if quad.object == object)
        if graph_name is not None:
            quads = (quad for quad in quads if quad.graph_name == graph_name)
        return iter(quads)

    def _about_node(
        self, node: Subject, predicate: NamedNode | None, value: Object | None, graph: GraphName | None
    ) -> Iterable[Quad]:
        if node not in self._about:
            self._about[node] = self._read(node)
        by_predicate = self._about[node]
        if by_predicate is None:
            return self._contents.quads_for_pattern(node, predicate, value, graph)
        return (
            chain.from_iterable(by_predicate.values())
            if predicate is None
            else by_predicate.get(predicate, ())
        )

    def _read(self, node: Subject) -> _ByProperty | None:
        quads = list(islice(self._contents.quads_for_pattern(node, None, None), MOST + 1))
        if len(quads) > MOST:
            return None
        found: dict[NamedNode, list[Quad]] = defaultdict(list)
        for quad in quads:
            found[quad.predicate].append(quad)
        return found

    def _at_node(self, predicate: NamedNode | None, value: Object, graph: GraphName | None) -> Iterable[Quad]:
        if (predicate, value) in self._pointing:
            return self._pointing[predicate, value]
        quads = self._contents.quads_for_pattern(None, predicate, value, graph)
        if graph is not None:
            return quads
        first = list(islice(quads, MOST + 1))
        if len(first) > MOST:
            return chain(first, quads)
        self._pointing[predicate, value] = first
        return first
