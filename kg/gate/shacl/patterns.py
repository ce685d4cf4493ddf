"""Triple patterns of a sh:sparql constraint, and the ``$this`` nodes that a changed triple can affect.

This is the delta rule of semi-naive evaluation: an answer of the query changes only if one of its patterns
matches a changed triple. Bind that pattern's variables, join the other patterns that must hold with it, and
collect ``$this``. Filters are ignored and joins stop early, so the result may contain too many nodes, never
too few.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, product
from typing import NamedTuple, TypeAlias, TypeGuard

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.paths import Path as QueryPath
from rdflib.plugins.sparql.parserutils import CompValue

from kg.gate.overlay import Overlay, Term, Triple
from kg.gate.shacl import paths
from kg.gate.shacl.paths import Path, Repeat, Step, steps, walk
from kg.gate.shacl.rdflib_view import from_rdflib, prepared

THIS = "this"
_PEEK = 32  # maximum number of matches counted to compare look-ups

Bindings: TypeAlias = Mapping[str, Term]
End: TypeAlias = str | Term
"""A variable's name, or a term."""


class Unbounded(Exception):  # about a shape, not a fault of the program
    """Raised if the focus nodes that a change can affect cannot be computed; the message gives the reason."""


@dataclass(frozen=True)
class Pattern:
    """A triple pattern. Its path is a property path, or the name of a variable."""

    subject: End
    path: Path | str
    object: End

    @cached_property
    def variables(self) -> frozenset[str]:
        """The pattern's variables."""
        return frozenset(end for end in (self.subject, self.path, self.object) if isinstance(end, str))


class Shared(NamedTuple):
    """An end that a pattern shares with another pattern: whether it is the subject here, and there."""

    is_subject: bool
    is_subject_there: bool


@dataclass(frozen=True)
class Reading:
    """A pattern of a query, with the other patterns that must hold together with it.

    ``shared`` lists its ends that are also ends of an earlier pattern in the order of ``_order``.
    """

    pattern: Pattern
    others: tuple[Pattern, ...]
    shared: frozenset[Shared] = frozenset()


def readings(query: str) -> tuple[Reading, ...]:
    """Return the readings of a query; raises Unbounded if a pattern is not connected to ``$this``."""
    found = tuple(_readings(prepared(query).algebra, ()))
    for reading in found:
        if THIS not in _connected(reading):
            raise Unbounded(
                f"its query reads {_pattern_text(reading.pattern)}, which no pattern connects to $this"
            )
    return found


@lru_cache(maxsize=512)
def steps_needed(query: str) -> frozenset[Step]:
    """Return the steps from ``$this`` without which a query has no answer."""
    found: set[Step] = set()
    for pattern in _required(prepared(query).algebra):
        if isinstance(pattern.path, Step):
            if pattern.subject == THIS:
                found.add(pattern.path)
            elif pattern.object == THIS:
                found.add(Step(pattern.path.predicate, not pattern.path.inverse))
    return frozenset(found)


def predicates(pattern: Pattern) -> frozenset[NamedNode | None]:
    """Return the predicates that a pattern reads; None stands for any."""
    if isinstance(pattern.path, str):
        return frozenset({None})
    return frozenset(step.predicate for _, step in steps(pattern.path))


def touched(view: Overlay, reading: Reading, triple: Triple) -> set[Term]:
    """Return the ``$this`` nodes for which a triple can change the query's answer.

    Nodes found through other triples of the change are left out: if an end of the triple is new to the store,
    the other patterns at that end can only match triples of the change. So only the triple that matches the
    first of these patterns is followed; the others would lead to the same ``$this``.
    """
    found: set[Term] = set()
    for is_subject, is_subject_there in reading.shared:
        if view.is_new(triple[0] if is_subject else triple[2], as_subject=is_subject_there):
            return found
    for bindings, is_settled in _matches(view, reading.pattern, triple):
        rest = reading.others if is_settled else (reading.pattern, *reading.others)
        found.update(_joined(view, bindings, rest))
    return found


def _matches(view: Overlay, pattern: Pattern, triple: Triple) -> Iterator[tuple[Bindings, bool]]:
    """Yield the bindings with which a pattern uses a triple, and whether they match the whole pattern."""
    subject, predicate, obj = triple
    if isinstance(pattern.path, str):
        yield from _settled(
            _unified({}, (pattern.subject, subject), (pattern.path, predicate), (pattern.object, obj))
        )
        return
    for before, step in steps(pattern.path):
        if step.predicate != predicate:
            continue
        near, far = (obj, subject) if step.inverse else (subject, obj)
        if pattern.path == step:
            yield from _settled(_unified({}, (pattern.subject, near), (pattern.object, far)))
            continue
        for start in walk(view, before, {near}, backwards=True):
            bindings = _unified({}, (pattern.subject, start))
            if bindings is not None:
                yield bindings, False


def _settled(bindings: Bindings | None) -> Iterator[tuple[Bindings, bool]]:
    if bindings is not None:
        yield bindings, True


def _unified(bindings: Bindings, *pairs: tuple[End, Term]) -> Bindings | None:
    """Return the bindings with each end bound to its term; None if that is impossible."""
    extended = dict(bindings)
    for end, term in pairs:
        if (extended.setdefault(end, term) if isinstance(end, str) else end) != term:
            return None
    return extended


def _joined(view: Overlay, bindings: Bindings, rest: Sequence[Pattern]) -> Iterator[Term]:
    """Join patterns, those with fewest matches first, until ``$this`` is bound."""
    if THIS in bindings:
        yield bindings[THIS]  # the query itself checks the rest
        return
    ready = [pattern for pattern in rest if not pattern.variables.isdisjoint(bindings)] or rest[:1]
    best = _cheapest(view, ready, bindings)
    others = [pattern for pattern in rest if pattern is not best]
    for extended in _solutions(view, best, bindings):
        yield from _joined(view, extended, others)


def _cheapest(view: Overlay, patterns: Sequence[Pattern], bindings: Bindings) -> Pattern:
    """Return the pattern with the fewest matches, or the first with at most one."""
    best, least = patterns[0], _PEEK + 1
    for pattern in patterns if len(patterns) > 1 else ():
        cost = _cost(view, pattern, bindings)
        if cost < least:
            best, least = pattern, cost
        if cost <= 1:
            break
    return best


def _cost(view: Overlay, pattern: Pattern, bindings: Bindings) -> int:
    subject, obj = _value(pattern.subject, bindings), _value(pattern.object, bindings)
    if subject is None and obj is not None and _is_plain(path := pattern.path):
        return view.count_subjects(path.predicate, obj, _PEEK)
    return sum(1 for _ in islice(_found(view, pattern, subject, obj, bindings), _PEEK))


def _solutions(view: Overlay, pattern: Pattern, bindings: Bindings) -> Iterator[Bindings]:
    """Yield the bindings extended by each match of a pattern."""
    subject, obj = _value(pattern.subject, bindings), _value(pattern.object, bindings)
    for start, predicate, end in _found(view, pattern, subject, obj, bindings):
        pairs = [(pattern.subject, start), (pattern.object, end)]
        if isinstance(pattern.path, str):
            pairs.append((pattern.path, predicate))
        extended = _unified(bindings, *pairs)
        if extended is not None:
            yield extended


def _found(
    view: Overlay, pattern: Pattern, subject: Term | None, obj: Term | None, bindings: Bindings
) -> Iterable[tuple[Term, Term, Term]]:
    """Return a pattern's matches: subject, predicate (for a path: the subject again) and object."""
    path = pattern.path
    if isinstance(path, str):
        predicate = bindings.get(path)
        is_possible = not isinstance(subject, Literal) and isinstance(predicate, NamedNode | None)
        return view.triples(subject, predicate, obj) if is_possible else ()  # type: ignore[arg-type]
    if subject is not None:
        ends = view.objects(subject, path.predicate) if _is_plain(path) else walk(view, path, {subject})
        return [(subject, subject, end) for end in ends if obj is None or end == obj]
    if obj is not None:
        return [(start, start, obj) for start in walk(view, path, {obj}, backwards=True)]
    return view.triples(None, path.predicate, None) if _is_plain(path) else ()


def _order(patterns: Iterable[Pattern]) -> list[Pattern]:
    """Return patterns sorted by their distance from ``$this``."""
    waiting, variables, order = list(patterns), {THIS}, list[Pattern]()
    while near := [pattern for pattern in waiting if pattern.variables & variables]:
        order += near
        variables = variables.union(*(pattern.variables for pattern in near))
        waiting = [pattern for pattern in waiting if pattern not in near]
    return order + waiting


def _shared(pattern: Pattern, before: Sequence[Pattern]) -> Iterator[Shared]:
    """Yield the ends that a pattern shares with earlier ones, if both paths are of one triple each."""
    for other in before if _is_of_one_step(pattern.path) else ():
        if _is_of_one_step(other.path):
            ends, other_ends = ((each.subject, each.object) for each in (pattern, other))
            for place, place_there in product((0, 1), repeat=2):
                if ends[place] == other_ends[place_there]:
                    yield Shared(place == 0, place_there == 0)


def _is_of_one_step(path: Path | str) -> bool:
    """Return whether a path's ends are always subject and object of one triple."""
    if isinstance(path, paths.Alternative):
        return all(map(_is_of_one_step, path.parts))
    return isinstance(path, str) or _is_plain(path)


def _is_plain(path: Path | str) -> TypeGuard[Step]:
    return isinstance(path, Step) and not path.inverse


def _connected(reading: Reading) -> set[str]:
    """Return the variables connected to the reading's pattern through other patterns."""
    variables = set(reading.pattern.variables)
    waiting = list(reading.others)
    while ready := [pattern for pattern in waiting if pattern.variables & variables]:
        for pattern in ready:
            variables |= pattern.variables
            waiting.remove(pattern)
    return variables


def _value(end: End, bindings: Bindings) -> Term | None:
    return bindings.get(end) if isinstance(end, str) else end


def _pattern_text(pattern: Pattern) -> str:
    ends = (f"?{end}" if isinstance(end, str) else str(end) for end in (pattern.subject, pattern.object))
    return " … ".join(ends)


# The algebra of a parsed query (SPARQL 1.1, section 18.2, in rdflib's names).

_PLAIN = frozenset(
    (
        *("SelectQuery", "Project", "Distinct", "Reduced", "OrderBy", "Slice"),
        *("Filter", "Extend", "Group", "AggregateJoin"),
    )
)
"""Parts that have an answer only if the inner part has one."""


def _readings(part: CompValue, outer: tuple[Pattern, ...]) -> Iterator[Reading]:
    required = tuple(_required(part))
    scope = outer + required
    order = _order(scope)
    for pattern in required:
        others = tuple(other for other in scope if other is not pattern)
        before = order[: order.index(pattern)]
        yield Reading(pattern, others, frozenset(_shared(pattern, before)))
    for inner, is_apart in _inner(part):
        yield from _readings(inner, () if is_apart else scope)


def _required(part: CompValue) -> Iterator[Pattern]:
    """Yield the patterns without a match of which this part of the query has no answer."""
    match part.name:
        case "BGP":
            yield from (pattern_of(triple) for triple in part.triples)
        case "Join":
            yield from _required(part.p1)
            yield from _required(part.p2)
        case "LeftJoin":
            yield from _required(part.p1)
        case name if name in _PLAIN:
            yield from _required(part.p)


def _inner(part: CompValue) -> Iterator[tuple[CompValue, bool]]:
    """Yield the parts that need not match, and whether their variables are local (in a subquery)."""
    match part.name:
        case "BGP":
            return
        case "Join":
            yield from _inner(part.p1)
            yield from _inner(part.p2)
        case "LeftJoin":
            yield from _inner(part.p1)
            yield part.p2, False
        case "Union":
            yield part.p1, False
            yield part.p2, False
        case "ToMultiSet" if "p" in part:
            yield part.p, True
        case name if name in _PLAIN:
            yield from _inner(part.p)
        case name:
            raise Unbounded(f"its query uses {name}, which is not supported")
    for key, value in part.items():
        if key not in ("p", "p1", "p2"):
            yield from _exists(value)


def _exists(expression: object) -> Iterator[tuple[CompValue, bool]]:
    """Yield the groups of EXISTS and NOT EXISTS in an expression."""
    if isinstance(expression, CompValue):
        if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            yield expression.graph, False
            return
        for value in expression.values():
            yield from _exists(value)
    elif isinstance(expression, list):
        for value in expression:
            yield from _exists(value)


def pattern_of(triple: tuple[rdflib.term.Node, rdflib.term.Node | QueryPath, rdflib.term.Node]) -> Pattern:
    """Return a triple pattern of a parsed query; raises Unbounded for an unsupported path."""
    subject, predicate, obj = triple
    is_variable = isinstance(predicate, rdflib.Variable | rdflib.BNode)
    path = _name(predicate) if is_variable else _path(predicate)
    return Pattern(_end(subject), path, _end(obj))


def _end(node: rdflib.term.Node) -> End:
    return _name(node) if isinstance(node, rdflib.Variable | rdflib.BNode) else from_rdflib(node)


def _name(node: object) -> str:
    """Return the name of a variable or a blank node, which acts as a variable with a name of its own."""
    return f"_:{node}" if isinstance(node, rdflib.BNode) else str(node)


def _path(node: object) -> Path:
    match node:
        case rdflib.URIRef():
            return Step(NamedNode(str(node)))
        case InvPath(arg=rdflib.URIRef() as predicate):
            return Step(NamedNode(str(predicate)), inverse=True)
        case SequencePath(args=parts):
            return paths.Sequence(tuple(_path(part) for part in parts))
        case AlternativePath(args=parts):
            return paths.Alternative(tuple(_path(part) for part in parts))
        case MulPath(path=part, mod=sign):
            return Repeat(_path(part), 1 if sign == "+" else 0, many=sign != "?")
        case NegatedPath():
            raise Unbounded("its query uses a negated property set, which is not supported")
    raise Unbounded(f"its query uses the path {node}, which is not followed")
