"""Which of many focus nodes a sh:sparql constraint complains of, found for all of them at once.

pySHACL asks the query once for each focus node. Here its patterns are joined over columns, all focus nodes
together, and a filter is evaluated once for each different binding of its variables, by rdflib, whose verdict
is pySHACL's too. What is not followed raises ``Unfollowed``, and pySHACL has to look at every focus node.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import rdflib
from rdflib.plugins.sparql.evalutils import _ebv
from rdflib.plugins.sparql.operators import EBV
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.plugins.sparql.sparql import FrozenBindings, QueryContext, SPARQLError

from kg.gate.columns import Columns
from kg.gate.paths import Path, Step
from kg.gate.patterns import THIS, End, Pattern, Unbounded, pattern_of
from kg.gate.rdflib_view import prepared, to_rdflib

Row: TypeAlias = tuple[int | None, ...]

_WRAPPING = ("SelectQuery", "Project", "Distinct", "Reduced", "OrderBy")
_AND, _OR = "ConditionalAndExpression", "ConditionalOrExpression"
_EXISTENCE = {"Builtin_EXISTS": True, "Builtin_NOTEXISTS": False}


class Unfollowed(Exception):  # a finding about a query, not a fault
    """The answers of a query cannot be found here."""


@dataclass(frozen=True)
class Table:
    """Solutions: the names of the variables, and rows of the numbers they stand for (None: unbound)."""

    names: tuple[str, ...]
    rows: list[Row]

    def marked(self) -> "Table":
        """Number the rows in a column of their own, the last."""
        name = f"row of {len(self.names)}"
        return Table((*self.names, name), [(*row, number) for number, row in enumerate(self.rows)])

    def widened(self, names: Iterable[str]) -> "Table":
        """Add those of the variables that it lacks, unbound."""
        fresh = tuple(dict.fromkeys(name for name in names if name not in self.names))
        if not fresh:
            return self
        nothing = (None,) * len(fresh)
        return Table(self.names + fresh, [row + nothing for row in self.rows])


def complained_of(columns: Columns, query: str, focus: Iterable[int]) -> set[int]:
    """Give the focus nodes for which a query has an answer, or a few more; raises Unfollowed."""
    parsed = prepared(query)
    context = QueryContext(initBindings={})
    context.prologue = parsed.prologue
    table = Table((THIS,), [(node,) for node in focus])
    found = _Joining(columns, context).part(parsed.algebra, table)
    return {row[0] for row in found.rows if row[0] is not None}


class _Joining:
    """Extends tables by the parts of a query's algebra (SPARQL 1.1, section 18.2, in rdflib's names).

    A part is evaluated with what is bound before it, as rdflib does. ``$this`` is the first column all along.
    """

    def __init__(self, columns: Columns, context: QueryContext) -> None:
        self._columns = columns
        self._context = context

    def part(self, part: CompValue, table: Table) -> Table:
        match part.name:
            case "BGP":
                return self._basic(part, table)
            case "Filter":
                return self._filtered(part, table)
            case "LeftJoin":
                return self._optional(part, table)
            case "Join" if _is_plain(part.p2):
                return self.part(part.p2, self.part(part.p1, table))
            case "Union":
                return _united(self.part(part.p1, table), self.part(part.p2, table))
            case name if name in _WRAPPING:
                return self.part(part.p, table)
        raise Unfollowed(part.name)

    def _basic(self, part: CompValue, table: Table) -> Table:
        waiting = [_pattern(triple) for triple in part.triples]
        while waiting:
            best = min(waiting, key=lambda pattern: self._cost(pattern, table.names))
            waiting.remove(best)
            table = self._extended(best, table)
        return table

    def _cost(self, pattern: Pattern, names: tuple[str, ...]) -> tuple[int, int]:
        """Put patterns with both ends known first, then those with a known subject and few triples."""
        knows_subject, knows_object = (_is_known(end, names) for end in (pattern.subject, pattern.object))
        is_plain = isinstance(pattern.path, Step)
        size = len(self._columns.column(pattern.path.predicate)) if isinstance(pattern.path, Step) else 1
        if knows_subject and knows_object:
            return 0, not is_plain
        return (1 if knows_subject else 2 if knows_object else 3), size

    def _extended(self, pattern: Pattern, table: Table) -> Table:
        ends = (pattern.subject, pattern.object)
        table = table.widened(end for end in ends if isinstance(end, str))
        first, second = (table.names.index(end) if isinstance(end, str) else None for end in ends)
        constants = [None if isinstance(end, str) else self._columns.number(end) for end in ends]
        rows: list[Row] = []
        for row in table.rows:
            start = constants[0] if first is None else row[first]
            end = constants[1] if second is None else row[second]
            for near, far in self._links(_path(pattern), start, end):
                if first != second or near == far or first is None:
                    rows.append(_bound(_bound(row, first, near), second, far))
        return Table(table.names, rows)

    def _links(self, path: Path, start: int | None, end: int | None) -> Iterator[tuple[int, int]]:
        if start is not None:
            ends = self._reached(path, start, backwards=False)
            yield from ((start, far) for far in ends if end is None or far == end)
        elif end is not None:
            yield from ((near, end) for near in self._reached(path, end, backwards=True))
        else:
            raise Unfollowed("a pattern that nothing before it is tied to")

    def _reached(self, path: Path, node: int, *, backwards: bool) -> Iterable[int]:
        if isinstance(path, Step):
            return self._columns.linked(Step(path.predicate, path.inverse != backwards)).get(node, ())
        return self._columns.starts(path, [node]) if backwards else self._columns.ends(path, [node])

    def _filtered(self, part: CompValue, table: Table) -> Table:
        table = self.part(part.p, table)
        if not part.no_isolated_scope and not _variables(part.expr, table) <= _names(part._vars):
            raise Unfollowed("a filter on a variable from outside its group")
        return self._kept(part.expr, table)

    def _kept(self, expression: object, table: Table) -> Table:
        """Keep the rows for which an expression is true."""
        conjuncts = sorted(_parts(expression, _AND), key=lambda part: _name(part) in _EXISTENCE)
        for conjunct in conjuncts:
            if isinstance(conjunct, CompValue) and conjunct.name in _EXISTENCE:
                table = self._existing(conjunct, table)
            else:
                is_true = self._truth(conjunct, table)
                table = Table(table.names, [row for row in table.rows if is_true(row)])
        return table

    def _truth(self, expression: object, table: Table) -> Callable[[Row], bool]:
        """Make a test of rows. An error is not the truth, and what stands beside it does not change that."""
        if _name(expression) == _AND:
            every = [self._truth(part, table) for part in _parts(expression, _AND)]
            return lambda row: all(is_true(row) for is_true in every)
        if _name(expression) == _OR:
            some = [self._truth(part, table) for part in _parts(expression, _OR)]
            return lambda row: any(is_true(row) for is_true in some)
        if any(_name(inner) in _EXISTENCE for inner in _inside(expression)):
            raise Unfollowed("EXISTS inside an expression")
        used = sorted(_variables(expression, table))
        places = [table.names.index(name) for name in used]
        verdicts: dict[Row, bool] = {}

        def is_true(row: Row) -> bool:
            key = tuple([row[place] for place in places])
            if key not in verdicts:
                verdicts[key] = _is_true(expression, self._bindings(used, key))
            return verdicts[key]

        return is_true

    def _bindings(self, names: list[str], row: Row) -> FrozenBindings:
        terms = self._columns.terms
        pairs = {
            rdflib.Variable(name): to_rdflib(terms[number])
            for name, number in zip(names, row, strict=True)
            if number is not None
        }
        return FrozenBindings(self._context, pairs)

    def _existing(self, expression: CompValue, table: Table) -> Table:
        """Keep the rows for which a group has an answer, or those for which it has none."""
        group = expression.graph
        if any(inner.name == "LeftJoin" for inner in _groups(group)):
            raise Unfollowed("OPTIONAL inside EXISTS")  # rdflib leaves some of its answers out
        place = len(table.names)
        found = {row[place] for row in self.part(group, table.marked()).rows}
        wanted = _EXISTENCE[expression.name]
        return Table(table.names, [row for at, row in enumerate(table.rows) if (at in found) == wanted])

    def _optional(self, part: CompValue, table: Table) -> Table:
        if _variables(part.expr, table):
            raise Unfollowed("OPTIONAL with a filter on a variable from outside")
        table = self.part(part.p1, table)
        place = len(table.names)
        matched = self._kept(part.expr, self.part(part.p2, table.marked()))
        found = {row[place] for row in matched.rows}
        alone = Table(table.names, [row for at, row in enumerate(table.rows) if at not in found])
        return _united(matched, alone)


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
    """Tell if a part means the same joined to what stands before it as evaluated with its bindings."""
    return all(inner.name in ("BGP", "Union", "Join") for inner in _groups(part))


def _groups(part: CompValue) -> Iterator[CompValue]:
    """Yield a part of a query and those inside it; groups of EXISTS are looked at in their turn."""
    yield part
    for key in ("p", "p1", "p2"):
        if isinstance(inner := part.get(key), CompValue):
            yield from _groups(inner)


def _parts(expression: object, name: str) -> Iterator[object]:
    """Take a chain of && or of || apart."""
    if isinstance(expression, CompValue) and expression.name == name:
        for part in (expression.expr, *expression.other):
            yield from _parts(part, name)
    else:
        yield expression


def _is_true(expression: object, bindings: FrozenBindings) -> bool:
    """Tell if a filter lets a solution pass, as rdflib does."""
    if isinstance(expression, Expr):
        try:
            return bool(EBV(expression.eval(bindings)))
        except SPARQLError:
            return False
    return bool(_ebv(expression, bindings))  # type: ignore[arg-type]  # a bare variable or literal


def _inside(expression: object) -> Iterator[object]:
    yield expression
    members: Iterable[object] = ()
    if isinstance(expression, CompValue):
        members = [value for key, value in expression.items() if key != "_vars"]
    elif isinstance(expression, list | tuple):
        members = expression
    for member in members:
        yield from _inside(member)


def _variables(expression: object, table: Table) -> set[str]:
    """Give the variables of a table that an expression mentions."""
    return _names(_inside(expression)) & set(table.names)


def _names(nodes: Iterable[object] | None) -> set[str]:
    return {str(node) for node in nodes or () if isinstance(node, rdflib.Variable)}


def _name(expression: object) -> str | None:
    return expression.name if isinstance(expression, CompValue) else None
