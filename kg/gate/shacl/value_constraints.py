"""SHACL constraints on single values, evaluated for all values of a shape together.

Set operations are used where possible; otherwise pySHACL's constraints check each distinct value.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from rdflib.namespace import RDF, SH, XSD

from kg.gate.overlay import Term
from kg.gate.shacl.rdflib_view import from_rdflib, to_rdflib
from kg.gate.shacl.suspicion import Applied, Node, Nodes, Suspicion

_STRINGS = frozenset(map(str, (XSD.string, RDF.langString)))
_USUAL = _STRINGS | frozenset(
    map(str, (XSD.date, XSD.dateTime, XSD.gYear, XSD.gYearMonth, XSD.integer, XSD.decimal, XSD.anyURI))
)
"""Datatypes that pySHACL treats without special rules, unlike rdfs:Literal."""
_EXECUTOR, _NOWHERE = SHACLExecutor(), rdflib.Graph(bind_namespaces="none")
_KINDS: Mapping[Term, frozenset[type]] = {
    from_rdflib(kind): frozenset(types)
    for kind, types in (
        (SH.IRI, (NamedNode,)),
        (SH.BlankNode, (BlankNode,)),
        (SH.Literal, (Literal,)),
        (SH.BlankNodeOrIRI, (BlankNode, NamedNode)),
        (SH.BlankNodeOrLiteral, (BlankNode, Literal)),
        (SH.IRIOrLiteral, (NamedNode, Literal)),
    )
}


def _of_class(applied: Applied, parameter: Node) -> Suspicion:
    found: Nodes = frozenset()
    for class_ in applied.given(parameter):
        found |= applied.values - applied.columns.instances_among(applied.values, applied.number(class_))
    return Suspicion.sure(found)


def _of_datatype(applied: Applied, parameter: Node) -> Suspicion:
    datatypes = [getattr(datatype, "value", "") for datatype in applied.given(parameter)]
    if len(datatypes) != 1 or datatypes[0] not in _USUAL:
        return _by_pyshacl(applied, parameter)
    alike = {value for value in applied.values if _datatype(applied.term(value)) == datatypes[0]}
    others = Suspicion.sure(applied.values - alike)
    return others if datatypes[0] in _STRINGS else others | _judged(applied, parameter, alike)


def _of_kind(applied: Applied, parameter: Node) -> Suspicion:
    kinds = _KINDS.get(applied.given(parameter)[0])
    if kinds is None:
        return Suspicion.doubt(applied.values)
    return Suspicion.sure({value for value in applied.values if type(applied.term(value)) not in kinds})


def _one_of(applied: Applied, parameter: Node) -> Suspicion:
    found: Nodes = frozenset()
    for members in applied.outline.listed[parameter]:
        found |= applied.values - {applied.number(term) for term in members}
    return Suspicion.sure(found)


def _long_enough(applied: Applied, parameter: Node) -> Suspicion:
    least = applied.count(parameter)
    if least is None:
        return _by_pyshacl(applied, parameter)
    short = {value for value in applied.values if _length(applied.term(value)) < least}
    return _judged(applied, parameter, short)


def _by_pyshacl(applied: Applied, parameter: Node) -> Suspicion:
    return _judged(applied, parameter, applied.values)


def _judged(applied: Applied, parameter: Node, values: Nodes) -> Suspicion:
    """Check each value with pySHACL; these constraints read only the value itself."""
    if not values:
        return Suspicion()
    constraint = _constraint(applied.outline.shape, parameter)

    def is_met(node: rdflib.term.Node) -> bool:
        return bool(constraint.evaluate(_EXECUTOR, _NOWHERE, {node: [node]}, [])[0])

    return Suspicion.sure({value for value in values if not is_met(to_rdflib(applied.term(value)))})


@lru_cache(maxsize=4096)
def _constraint(shape: Shape, parameter: Node) -> Any:
    return CONSTRAINT_PARAMETERS_MAP[parameter](shape)


def _unsaid(applied: Applied, parameter: Node) -> Suspicion:  # noqa: ARG001
    return Suspicion.doubt(applied.values)


def _datatype(term: Term) -> str | None:
    return term.datatype.value if isinstance(term, Literal) else None


def _length(term: Term) -> int:
    """Return the length of a text; -1 for anything else."""
    return len(term.value) if isinstance(term, Literal) and term.datatype.value in _STRINGS else -1


_Judge: TypeAlias = Callable[[Applied, Node], Suspicion]

VALUE_CONSTRAINTS: Mapping[Node, _Judge] = {
    SH["class"]: _of_class,
    SH.datatype: _of_datatype,
    SH.nodeKind: _of_kind,
    SH["in"]: _one_of,
    SH.minLength: _long_enough,
    **dict.fromkeys((SH.maxLength, SH.pattern, SH.languageIn), _by_pyshacl),
    **dict.fromkeys((SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive), _by_pyshacl),
    **dict.fromkeys((SH.xone, SH.closed), _unsaid),
}
"""The check of each parameter: which values fail."""
