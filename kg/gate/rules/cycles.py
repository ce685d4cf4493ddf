"""Rule on cycles in acyclic relations, such as a part of itself.

The description of dipsh:circle lists the relations. A new link closes a cycle if a path leads from its end
back to its beginning. The search alternates between both ends, so its cost depends on the smaller side: a new
record without incoming links ends it at once.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Self, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import Quads
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.shacl.paths import Step
from kg.iris import SHAPES
from kg.ontology import examined

RULE = SHAPES + "circle"

MOST_STEPS = 20_000
"""Maximum links followed per change and relation; the check of the whole graph has no limit."""

_Link: TypeAlias = tuple[Term, Term]
_IsLinked: TypeAlias = Callable[[Term], bool]


@dataclass(frozen=True)
class Cycles:
    """The relations that must be acyclic."""

    relations: frozenset[NamedNode]

    @classmethod
    def of(cls, shapes: Iterable[Quad]) -> Self:
        """Return the relations from the description of the rule among the shapes."""
        return cls(examined(shapes, NamedNode(RULE)).properties)

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield the links of a change that close a cycle."""
        before = overlay.before()
        for relation in sorted(self.relations, key=str):
            if links := _links(quad for quad in overlay.added if quad.predicate == relation):
                ends = _Ends(before, relation)
                yield from _of(overlay, relation, _in_the_midst(links, ends.begins, ends.ends), MOST_STEPS)

    def whole(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield all links of a store that are part of a cycle."""
        for relation in sorted(self.relations, key=str):
            quads = overlay.quads_for_pattern(None, relation, None)
            links = _in_the_midst(_links(quads), _never, _never)
            yield from _of(overlay, relation, links, None)


def _links(quads: Iterable[Quad]) -> set[_Link]:
    return {(quad.subject, quad.object) for quad in quads}


def _of(overlay: Overlay, relation: NamedNode, links: set[_Link], most: int | None) -> Iterator[Violation]:
    search = _Search(overlay, relation, most)
    for beginning, end in sorted(links, key=str):
        if search.leads(end, beginning):
            yield _violation(beginning, relation, end)


class _Ends:
    """The existing beginnings and ends of links."""

    def __init__(self, store: Quads, relation: NamedNode) -> None:
        self._store = store
        self._relation = relation

    def begins(self, node: Term) -> bool:
        """Return whether a link begins at a node."""
        return not isinstance(node, Literal) and _any(
            self._store.quads_for_pattern(node, self._relation, None)
        )

    def ends(self, node: Term) -> bool:
        """Return whether a link ends at a node."""
        return _any(self._store.quads_for_pattern(None, self._relation, node))


def _any(quads: Iterator[Quad]) -> bool:
    return next(quads, None) is not None


def _never(_node: Term) -> bool:
    return False


def _in_the_midst(links: set[_Link], begins: _IsLinked, ends: _IsLinked) -> set[_Link]:
    """Return the links that have a link before their beginning and one after their end.

    Chains and trees vanish completely.
    """
    return _pruned(_pruned(links, 0, ends), 1, begins)


def _pruned(links: set[_Link], place: int, is_linked: _IsLinked) -> set[_Link]:
    """Return the links without those whose beginning (place 0) or end (1) has no other link, repeatedly."""
    by_node: dict[Term, list[_Link]] = {}
    for link in links:
        by_node.setdefault(link[place], []).append(link)
    count = Counter(link[1 - place] for link in links)
    waiting = [node for node in by_node if not count[node] and not is_linked(node)]
    dropped: set[_Link] = set()
    while waiting:
        for link in by_node.pop(waiting.pop(), ()):
            dropped.add(link)
            far = link[1 - place]
            count[far] -= 1
            if not count[far] and far in by_node and not is_linked(far):
                waiting.append(far)
    return links - dropped


class _Search:
    """A search along one relation, with a maximum total number of steps."""

    def __init__(self, overlay: Overlay, relation: NamedNode, most: int | None) -> None:
        self._overlay = overlay
        self._relation = relation
        self._left = most

    def leads(self, start: Term, goal: Term) -> bool:
        """Return whether a path leads from one node to another; searches from both sides in turn."""
        if start == goal:
            return True
        onward, back = {start}, {goal}
        steps = zip_longest(self._steps(onward, _onward), self._steps(back, _backward), fillvalue=_NOWHERE)
        for step in steps:
            if _NOWHERE in step or self._is_spent():
                return False
            if step[0] in back or step[1] in onward:
                return True
        return False

    def _is_spent(self) -> bool:
        if self._left is not None:
            self._left -= 1
        return self._left == 0

    def _steps(self, reached: set[Term], direction: "_Direction") -> Iterator[Term]:
        """Yield the nodes reachable from those seen, nearest first, each once, and add them to those seen."""
        waiting = deque(reached)
        while waiting:
            for node in direction(self._overlay, self._relation, waiting.popleft()):
                if node not in reached:
                    reached.add(node)
                    waiting.append(node)
                yield node


_Direction: TypeAlias = Callable[[Overlay, NamedNode, Term], Iterator[Term]]
_NOWHERE = Literal("")
"""Marks the end of a search that has used all its steps; no link begins or ends at it."""


def _onward(overlay: Overlay, relation: NamedNode, node: Term) -> Iterator[Term]:
    if not isinstance(node, Literal):
        yield from (quad.object for quad in overlay.quads_for_pattern(node, relation, None))


def _backward(overlay: Overlay, relation: NamedNode, node: Term) -> Iterator[Term]:
    yield from (quad.subject for quad in overlay.quads_for_pattern(None, relation, node))


def _violation(beginning: Term, relation: NamedNode, end: Term) -> Violation:
    name = display(relation)
    if beginning == end:
        message = {
            "en": f"{name} refers to the thing itself; refer to the intended thing, or leave it out",
            "es": f"{name} nombra esta misma cosa; nombre la otra u omítalo",
        }
    else:
        message = {
            "en": f"{name} leads from there back to this, which makes a cycle; reverse the wrong "
            "link, or leave it out",
            "es": f"{name} lleva desde ahí de vuelta a esto, y nada se precede a sí mismo; invierta el"
            " enlace equivocado u omítalo",
        }
    return Violation(beginning, RULE, message, path=Step(relation), value=end)
