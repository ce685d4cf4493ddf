"""Evaluation of a sh:sparql constraint for many focus nodes at once.

pySHACL runs the query once per focus node. Here its patterns are joined over columns, for all focus nodes
together, and rdflib, which pySHACL uses too, evaluates each filter once per distinct binding of its
variables. Unsupported queries raise ``Unfollowed``; then pySHACL must check every focus node.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache, partial
from typing import NamedTuple, TypeAlias

import rdflib
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import FrozenBindings, QueryContext

from kg.gate.overlay import Term
from kg.gate.shacl.columns import Columns
from kg.gate.shacl.filters import (
    AND,
    EXISTENCE,
    Row,
    Truth,
    Unfollowed,
    inside,
    name_of,
    parts,
    truth,
    variables,
)
from kg.gate.shacl.paths import Path, Step
from kg.gate.shacl.patterns import THIS, End, Pattern, Unbounded, pattern_of
from kg.gate.shacl.rdflib_view import prepared, to_rdflib

_WRAPPING = ("SelectQuery", "Project", "Distinct", "Reduced", "OrderBy")


class Table(NamedTuple):
    """Solutions: the variables' names, and rows of the numbers of their terms (None: unbound)."""

    names: tuple[str, ...]
    rows: list[Row]

    def marked(self) -> "Table":
        """Return the table with the row's number as a last column."""
        name = f"row of {len(self.names)}"
        return Table((*self.names, name), [(*row, number) for number, row in enumerate(self.rows)])

    def widened(self, names: Iterable[str]) -> "Table":
        """Return the table with the missing variables added, unbound."""
        fresh = tuple(dict.fromkeys(name for name in names if name not in self.names))
        if not fresh:
            return self
        nothing = (None,) * len(fresh)
        return Table(self.names + fresh, [row + nothing for row in self.rows])


def complained_of(columns: Columns, query: str, focus: Iterable[int]) -> set[int]:
    """Return the focus nodes for which a query has a solution, and possibly a few others.

    Raises Unfollowed.
    """
    plan = make_ready(query)
    if isinstance(plan, str):
        raise Unfollowed(plan)
    found = plan(_Joining(columns, query), Table((THIS,), [(node,) for node in focus]))
    return {row[0] for row in found.rows if row[0] is not None}


class _Joining:
    """Extends tables by the parts of a query, and filters their rows.

    As in rdflib, a part is evaluated with the bindings made before it. ``$this`` is always the first column.
    When no row is left, nothing more is looked up.
    """

    def __init__(self, columns: Columns, query: str) -> None:
        self._columns = columns
        self._query = query
        self.terms: Sequence[Term] = columns.terms

    @cached_property
    def _context(self) -> QueryContext:
        context = QueryContext(initBindings={})
        context.prologue = prepared(self._query).prologue
        return context

    def basic(self, table: Table, *, patterns: Iterable[Pattern]) -> Table:
        """Join triple patterns, the cheapest first."""
        waiting = list(patterns)
        while waiting and table.rows:
            best = min(waiting, key=partial(self._cost, names=table.names)) if waiting[1:] else waiting[0]
            waiting.remove(best)
            table = self._extended(best, table)
        return table

    def both(self, table: Table, *, first: "_Part", second: "_Part") -> Table:
        """Join two parts."""
        return second(self, first(self, table))

    def either(self, table: Table, *, first: "_Part", second: "_Part") -> Table:
        """Return the union of two parts."""
        return _united(first(self, table), second(self, table))

    def filtered(
        self,
        table: Table,
        *,
        part: "_Part",
        test: "_Part",
        used: frozenset[str],
        scope: frozenset[str] | None,
    ) -> Table:
        """Keep the rows of a part that pass its filter; raises Unfollowed for variables out of scope."""
        table = part(self, table)
        if scope is not None and not used.intersection(table.names) <= scope:
            raise Unfollowed("a filter on a variable from outside its group")
        return test(self, table)

    def optional(
        self, table: Table, *, first: "_Part", second: "_Part", test: "_Part", used: frozenset[str]
    ) -> Table:
        """Extend each row by its matches in the second part; rows without a match stay as they are."""
        if not used.isdisjoint(table.names):
            raise Unfollowed("OPTIONAL with a filter on a variable from outside")
        table = first(self, table)
        place = len(table.names)
        matched = test(self, second(self, table.marked()))
        found = {row[place] for row in matched.rows}
        alone = Table(table.names, [row for at, row in enumerate(table.rows) if at not in found])
        return _united(matched, alone)

    def existing(self, table: Table, *, group: "_Part", has_answer: bool) -> Table:
        """Keep the rows for which a group has an answer or, if not ``has_answer``, has none."""
        place = len(table.names)
        found = {row[place] for row in group(self, table.marked()).rows}
        return Table(table.names, [row for at, row in enumerate(table.rows) if (at in found) == has_answer])

    def passing(self, table: Table, *, tests: Sequence["_Part"]) -> Table:
        """Keep the rows that pass all tests."""
        for test in tests:
            if not table.rows:
                break
            table = test(self, table)
        return table

    def true(self, table: Table, *, truth: Truth) -> Table:
        """Keep the rows for which an expression is true."""
        is_true = truth(self, table.names)
        return Table(table.names, [row for row in table.rows if is_true(row)])

    def bindings(self, names: Iterable[str], row: Row) -> FrozenBindings:
        """Return the bindings of variables in rdflib's form."""
        pairs = {
            rdflib.Variable(name): to_rdflib(self.terms[number])
            for name, number in zip(names, row, strict=True)
            if number is not None
        }
        return FrozenBindings(self._context, pairs)

    def _cost(self, pattern: Pattern, names: tuple[str, ...]) -> tuple[int, int]:
        """Sort key: patterns with both ends known first, then those with a known subject and few triples."""
        knows_subject, knows_object = _is_known(pattern.subject, names), _is_known(pattern.object, names)
        is_plain = isinstance(pattern.path, Step)
        if knows_subject and knows_object:
            return 0, not is_plain
        size = len(self._columns.column(pattern.path.predicate)) if isinstance(pattern.path, Step) else 1
        return (1 if knows_subject else 2 if knows_object else 3), size

    def _extended(self, pattern: Pattern, table: Table) -> Table:
        ends = (pattern.subject, pattern.object)
        table = table.widened(end for end in ends if isinstance(end, str))
        first, second = (table.names.index(end) if isinstance(end, str) else None for end in ends)
        constants = [None if isinstance(end, str) else self._columns.number(end) for end in ends]
        ahead, back = (self._reach(_path(pattern), backwards=backwards) for backwards in (False, True))
        rows: list[Row] = []
        for row in table.rows:
            start = constants[0] if first is None else row[first]
            end = constants[1] if second is None else row[second]
            for near, far in _links(ahead, back, start, end):
                if first != second or near == far or first is None:
                    rows.append(_bound(_bound(row, first, near), second, far))
        return Table(table.names, rows)

    def _reach(self, path: Path, *, backwards: bool) -> "_Reach":
        """Return a function that gives the ends of a path from a node."""
        columns = self._columns
        if isinstance(path, Step):
            links = columns.linked(Step(path.predicate, path.inverse != backwards))
            return lambda node: links.get(node, ())
        ends = columns.starts if backwards else columns.ends
        return lambda node: ends(path, [node])


_Part: TypeAlias = Callable[[_Joining, Table], Table]
"""A compiled part of a query, or a test of rows: turns one table into another."""
_Reach: TypeAlias = Callable[[int], Iterable[int]]


@lru_cache(maxsize=512)
def make_ready(query: str) -> _Part | str:
    """Return a compiled query, cached, or the reason why it is not supported."""
    try:
        return _part(prepared(query).algebra)
    except Unfollowed as reason:
        return str(reason)


def _part(part: CompValue) -> _Part:
    """Compile a part of a query's algebra (SPARQL 1.1, section 18.2, in rdflib's names)."""
    match part.name:
        case "BGP":
            return partial(_Joining.basic, patterns=tuple(map(_pattern, part.triples)))
        case "Filter":
            scope = None if part.no_isolated_scope else frozenset(variables(part._vars))
            used = frozenset(variables(inside(part.expr)))
            return partial(
                _Joining.filtered, part=_part(part.p), test=_test(part.expr), used=used, scope=scope
            )
        case "LeftJoin":
            used = frozenset(variables(inside(part.expr)))
            first, second = _part(part.p1), _part(part.p2)
            return partial(_Joining.optional, first=first, second=second, test=_test(part.expr), used=used)
        case "Join" if _is_plain(part.p2):
            return partial(_Joining.both, first=_part(part.p1), second=_part(part.p2))
        case "Union":
            return partial(_Joining.either, first=_part(part.p1), second=_part(part.p2))
        case name if name in _WRAPPING:
            return _part(part.p)
    raise Unfollowed(part.name)


def _test(expression: object) -> _Part:
    """Compile a filter; its EXISTS conditions come last."""
    conjuncts = sorted(parts(expression, AND), key=lambda part: name_of(part) in EXISTENCE)
    return partial(_Joining.passing, tests=tuple(map(_conjunct, conjuncts)))


def _conjunct(expression: object) -> _Part:
    if not isinstance(expression, CompValue) or expression.name not in EXISTENCE:
        return partial(_Joining.true, truth=truth(expression))
    if any(inner.name == "LeftJoin" for inner in _groups(expression.graph)):
        raise Unfollowed("OPTIONAL inside EXISTS")  # rdflib omits some answers of such a group
    return partial(_Joining.existing, group=_part(expression.graph), has_answer=EXISTENCE[expression.name])


def _links(ahead: _Reach, back: _Reach, start: int | None, end: int | None) -> Iterable[tuple[int, int]]:
    if start is not None:
        return [(start, far) for far in ahead(start) if end is None or far == end]
    if end is not None:
        return [(near, end) for near in back(end)]
    raise Unfollowed("a pattern that is not connected to any earlier one")


def _united(one: Table, other: Table) -> Table:
    one, other = one.widened(other.names), other.widened(one.names)
    order = [other.names.index(name) for name in one.names]
    return Table(one.names, one.rows + [tuple(row[place] for place in order) for row in other.rows])


def _bound(row: Row, place: int | None, number: int) -> Row:
    if place is None or row[place] is not None:
        return row
    return (*row[:place], number, *row[place + 1 :])


def _pattern(triple: tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]) -> Pattern:
    try:
        return pattern_of(triple)
    except Unbounded as reason:
        raise Unfollowed(str(reason)) from None


def _path(pattern: Pattern) -> Path:
    if isinstance(pattern.path, str):
        raise Unfollowed("a variable in the place of a predicate")
    return pattern.path


def _is_known(end: End, names: tuple[str, ...]) -> bool:
    return end in names if isinstance(end, str) else True


def _is_plain(part: CompValue) -> bool:
    """Return whether joining a part to earlier ones equals evaluating it with their bindings."""
    return all(inner.name in ("BGP", "Union", "Join") for inner in _groups(part))


def _groups(part: CompValue) -> Iterator[CompValue]:
    """Yield a part of a query and its inner parts, except groups of EXISTS, which are checked separately."""
    yield part
    for key in ("p", "p1", "p2"):
        if isinstance(inner := part.get(key), CompValue):
            yield from _groups(inner)
