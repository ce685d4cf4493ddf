"""Filter expressions of a query, compiled once for the rows of any table of solutions.

rdflib evaluates an expression once per distinct binding of its variables, so the result is the same as
pySHACL's. Only comparisons of IRIs, the most frequent ones, are evaluated here.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Protocol, TypeAlias

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.plugins.sparql.evalutils import _ebv
from rdflib.plugins.sparql.operators import EBV
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.plugins.sparql.sparql import FrozenBindings, SPARQLError

from kg.gate.overlay import Term
from kg.gate.shacl.rdflib_view import from_rdflib

AND = "ConditionalAndExpression"
EXISTENCE = {"Builtin_EXISTS": True, "Builtin_NOTEXISTS": False}
_OR = "ConditionalOrExpression"
_COMPARISON = "RelationalExpression"

Row: TypeAlias = tuple[int | None, ...]
"""A row: the numbers of the terms of a table's variables (None: unbound)."""
Names: TypeAlias = tuple[str, ...]


class Unfollowed(Exception):  # about a query, not a fault of the program
    """The query uses a feature that is not supported here."""


class Solutions(Protocol):
    """The terms for the numbers in the rows of a table."""

    @property
    def terms(self) -> Sequence[Term]:
        """The terms by their numbers."""
        ...

    def bindings(self, names: Iterable[str], row: Row) -> FrozenBindings:
        """Return the bindings of variables in rdflib's form."""
        ...


Truth: TypeAlias = Callable[[Solutions, Names], Callable[[Row], bool]]
"""A compiled expression: given a table's variables, returns a function that tests a row."""
_Term: TypeAlias = Callable[[Solutions, Names], Callable[[Row], Term | None]]
"""A compiled operand: given a table's variables, returns its term in a row; None if unbound."""


def truth(expression: object) -> Truth:
    """Compile an expression. An error counts as false, separately in each operand of && and ||.

    Raises Unfollowed if the expression contains EXISTS.
    """
    for name, combined in ((AND, all), (_OR, any)):
        if name_of(expression) == name:
            return partial(_combined, combined, [truth(part) for part in parts(expression, name)])
    if any(name_of(inner) in EXISTENCE for inner in inside(expression)):
        raise Unfollowed("EXISTS inside an expression")
    evaluated = partial(_evaluated, expression, sorted(variables(inside(expression))))
    if isinstance(expression, CompValue) and expression.name == _COMPARISON and expression.op in ("=", "!="):
        one, other = _operand(expression.expr), _operand(expression.other)
        if one and other:
            return partial(_compared, one, other, expression.op == "=", evaluated)
    return evaluated


def parts(expression: object, name: str) -> Iterator[object]:
    """Return the operands of a chain of && or ||."""
    if isinstance(expression, CompValue) and expression.name == name:
        for part in (expression.expr, *expression.other):
            yield from parts(part, name)
    else:
        yield expression


def inside(expression: object) -> Iterator[object]:
    """Yield an expression and all its parts."""
    yield expression
    members: Iterable[object] = ()
    if isinstance(expression, CompValue):
        members = [value for key, value in expression.items() if key != "_vars"]
    elif isinstance(expression, list | tuple):
        members = expression
    for member in members:
        yield from inside(member)


def variables(nodes: Iterable[object] | None) -> set[str]:
    """Return the names of those nodes that are variables."""
    return {str(node) for node in nodes or () if isinstance(node, rdflib.Variable)}


def name_of(expression: object) -> str | None:
    """Return rdflib's name for the kind of an expression; None for a single term."""
    return expression.name if isinstance(expression, CompValue) else None


def _combined(
    combined: Callable[[Iterable[bool]], bool], truths: Sequence[Truth], solutions: Solutions, names: Names
) -> Callable[[Row], bool]:
    tests = [truth(solutions, names) for truth in truths]
    return lambda row: combined(is_true(row) for is_true in tests)


def _evaluated(
    expression: object, mentioned: Sequence[str], solutions: Solutions, names: Names
) -> Callable[[Row], bool]:
    used = [name for name in mentioned if name in names]
    places = [names.index(name) for name in used]
    verdicts: dict[Row, bool] = {}

    def is_true(row: Row) -> bool:
        key = tuple([row[place] for place in places])
        if key not in verdicts:
            verdicts[key] = _is_true(expression, solutions.bindings(used, key))
        return verdicts[key]

    return is_true


def _is_true(expression: object, bindings: FrozenBindings) -> bool:
    """Return whether a filter accepts a solution, as evaluated by rdflib."""
    if isinstance(expression, Expr):
        try:
            return bool(EBV(expression.eval(bindings)))
        except SPARQLError:
            return False
    return bool(_ebv(expression, bindings))  # type: ignore[arg-type]  # a bare variable or literal


def _compared(
    one: _Term, other: _Term, is_equal: bool, evaluated: Truth, solutions: Solutions, names: Names
) -> Callable[[Row], bool]:
    """Compile a comparison: IRIs are compared here, other terms by rdflib, which knows equality of values."""
    first, second, otherwise = one(solutions, names), other(solutions, names), evaluated(solutions, names)

    def is_true(row: Row) -> bool:
        left, right = first(row), second(row)
        if isinstance(left, NamedNode) and isinstance(right, NamedNode):
            return (left == right) == is_equal
        return otherwise(row)

    return is_true


def _operand(expression: object) -> _Term | None:
    """Compile a variable, an IRI or the datatype of a variable; None for anything else."""
    if isinstance(expression, rdflib.Variable):
        return partial(_bound, str(expression))
    if isinstance(expression, rdflib.URIRef):
        iri = from_rdflib(expression)
        return lambda _solutions, _names: lambda _row: iri
    if isinstance(expression, CompValue) and expression.name == "Builtin_DATATYPE":
        literal = _operand(expression.arg) if isinstance(expression.arg, rdflib.Variable) else None
        return literal and partial(_datatype, literal)
    return None


def _bound(name: str, solutions: Solutions, names: Names) -> Callable[[Row], Term | None]:
    terms, place = solutions.terms, names.index(name) if name in names else None

    def term(row: Row) -> Term | None:
        number = None if place is None else row[place]
        return None if number is None else terms[number]

    return term


def _datatype(literal: _Term, solutions: Solutions, names: Names) -> Callable[[Row], Term | None]:
    found = literal(solutions, names)

    def datatype(row: Row) -> Term | None:
        term = found(row)
        return term.datatype if isinstance(term, Literal) else None

    return datatype
