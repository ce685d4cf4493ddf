"""SHACL constraints on a node's values together, evaluated for all nodes of a shape at once."""

from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode
from rdflib.namespace import SH, XSD

from kg.gate.overlay import Term
from kg.gate.rules.literals import is_well_formed
from kg.gate.shacl.filters import Unfollowed
from kg.gate.shacl.paths import Alternative, Path, Repeat, Sequence, Step
from kg.gate.shacl.patterns import steps_needed
from kg.gate.shacl.query_solutions import complained_of
from kg.gate.shacl.reads import query_texts
from kg.gate.shacl.suspicion import Applied, Node, Nodes, Suspicion

_DATE = str(XSD.date)


def _at_least(applied: Applied, parameter: Node) -> Suspicion:
    least = applied.count(parameter)
    if least is None:
        return Suspicion.doubt(applied.nodes)
    if least == 1:
        return Suspicion.sure(applied.nodes - _starting(applied, applied.path, applied.nodes))
    return Suspicion.sure({node for node in applied.nodes if len(applied.held(node)) < least})


def _at_most(applied: Applied, parameter: Node) -> Suspicion:
    most = applied.count(parameter)
    if most is None:
        return Suspicion.doubt(applied.nodes)
    if most == 0:
        return Suspicion.sure(_starting(applied, applied.path, applied.nodes))
    return Suspicion.sure({node for node in applied.nodes if len(applied.held(node)) > most})


def _starting(applied: Applied, path: Path, nodes: Nodes) -> Nodes:
    """Return the nodes from which a path leads anywhere."""
    match path:
        case Step():
            return applied.columns.beginnings(path, nodes)
        case Alternative(parts):
            return frozenset().union(*(_starting(applied, part, nodes) for part in parts))
        case Sequence(parts):
            return _starting_all(applied, parts, nodes)
        case Repeat(part, at_least=1):
            return _starting(applied, part, nodes)
    return nodes


def _starting_all(applied: Applied, parts: tuple[Path, ...], nodes: Nodes) -> Nodes:
    """Return the nodes from which a sequence of paths leads anywhere."""
    if len(parts) < 2 or not nodes:
        return _starting(applied, parts[0], nodes) if parts else nodes
    middle = _starting_all(applied, parts[1:], applied.columns.ends(parts[0], nodes))
    return applied.columns.holders(parts[0], nodes, middle) if middle else middle


def _having(applied: Applied, parameter: Node) -> Suspicion:
    found: Nodes = frozenset()
    for term in applied.given(parameter):
        found |= applied.nodes - applied.holders({applied.number(term)})
    return Suspicion.sure(found)


def _one_in_a_language(applied: Applied, parameter: Node) -> Suspicion:  # noqa: ARG001
    def repeats(node: int) -> bool:
        if len(values := applied.held(node)) < 2:
            return False
        languages = [found for value in values if (found := _language(applied.term(value)))]
        return len(languages) > len(set(languages))

    return Suspicion.doubt({node for node in applied.nodes if repeats(node)})


def _language(term: Term) -> str | None:
    return term.language.lower() if isinstance(term, Literal) and term.language else None


def _compared(applied: Applied, parameter: Node) -> Suspicion:
    """Suspect the nodes whose values are not certainly in the relation that the constraint requires."""
    fits = _COMPARISONS[parameter]
    paths = [Step(predicate) for predicate in applied.given(parameter) if isinstance(predicate, NamedNode)]

    def is_plain(node: int) -> bool:
        return all(fits(applied, applied.held(node), applied.reached(node, path)) for path in paths)

    return Suspicion.doubt({node for node in applied.nodes if not is_plain(node)})


_Fits: TypeAlias = Callable[[Applied, Collection[int], Collection[int]], bool]


def _ordered(*, strictly: bool) -> _Fits:
    """Compare dates with four-digit years and no zone, which sort as strings."""

    def fits(applied: Applied, values: Collection[int], others: Collection[int]) -> bool:
        if not values or not others:
            return True
        days, other_days = ([_day(applied.term(number)) for number in group] for group in (values, others))
        if "" in days or "" in other_days:
            return False
        last, first = max(days), min(other_days)
        return last < first if strictly else last <= first

    return fits


def _day(term: Term) -> str:
    """Return such a date's text; empty for anything else."""
    if not isinstance(term, Literal) or term.datatype.value != _DATE:
        return ""
    return term.value if len(term.value) == 10 and is_well_formed(term) else ""


_COMPARISONS: Mapping[Node, _Fits] = {
    SH.equals: lambda _, values, others: set(values) == set(others),
    SH.disjoint: lambda _, values, others: set(values).isdisjoint(others),
    SH.lessThan: _ordered(strictly=True),
    SH.lessThanOrEquals: _ordered(strictly=False),
}


def _queried(applied: Applied, parameter: Node) -> Suspicion:  # noqa: ARG001
    found: Nodes = frozenset()
    for query in query_texts(applied.outline.shape):
        try:
            if nodes := _that_can_answer(applied, query):
                found |= complained_of(applied.columns, query, nodes)
        except Unfollowed:
            return Suspicion.doubt(applied.nodes)
    return Suspicion.doubt(found)


def _that_can_answer(applied: Applied, query: str) -> Nodes:
    nodes = applied.nodes
    for step in steps_needed(query):
        nodes = applied.columns.beginnings(step, nodes)
    return nodes


NODE_CONSTRAINTS: Mapping[Node, Callable[[Applied, Node], Suspicion]] = {
    SH.minCount: _at_least,
    SH.maxCount: _at_most,
    SH.hasValue: _having,
    SH.uniqueLang: _one_in_a_language,
    **dict.fromkeys(_COMPARISONS, _compared),
    SH.sparql: _queried,
}
"""The check of each parameter: which nodes fail."""
