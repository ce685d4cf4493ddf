"""Values computed from a submission, which its sender may omit: added as facts before the gate judges it.

These are the SHA-256 of a passage's words, its end offset (from the start offset), the first and last day of
a date, and the key of a claim; if the source's text is kept, also the start offset and the text's length.
Values that the sender gave stay as they are, so that the gate rejects wrong ones.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import GraphName, Object, Subject
from kg.facts.kept_texts import TextsAtHand
from kg.gate.dates.calendar import Period
from kg.gate.rules.claims import keyed
from kg.terms import DIP, DIPK, RDF, XSD

_Said: TypeAlias = Mapping[NamedNode, list[tuple[Object, GraphName]]]
"""The values of one node by property, each with its graph."""
_Computed: TypeAlias = tuple[NamedNode, Literal, GraphName]

_OFFSET = re.compile(r"[0-9]{1,12}")
_PRECISIONS = {
    XSD.DATE: DIPK.DAY,
    XSD.G_YEAR_MONTH: DIPK.MONTH,
    XSD.G_YEAR: DIPK.YEAR,
}


def completed(quads: Iterable[Quad], texts: TextsAtHand | None = None) -> list[Quad]:
    """Return the quads, and the missing values that follow from them and from the kept texts of sources."""
    quads = keyed(quads)
    if texts is not None:
        quads = texts.completed(quads)
    classes = {
        quad.subject: quad.object
        for quad in quads
        if quad.predicate == RDF.TYPE and quad.object in (DIP.PASSAGE, DIP.TIME_SPAN)
    }
    values_by_subject: dict[Subject, dict[NamedNode, list[tuple[Object, GraphName]]]] = {}
    for quad in quads if classes else ():
        if quad.subject in classes:
            values = values_by_subject.setdefault(quad.subject, {})
            values.setdefault(quad.predicate, []).append((quad.object, quad.graph_name))
    for node, values in values_by_subject.items():
        computed = _of_passage(values) if classes[node] == DIP.PASSAGE else _of_time_span(values)
        quads += [
            Quad(node, predicate, value, graph)
            for predicate, value, graph in computed
            if predicate not in values
        ]
    return quads


def _only(values: _Said, predicate: NamedNode) -> tuple[Object, GraphName] | None:
    """Return the value of a property with its graph, if there is exactly one."""
    found = values.get(predicate, [])
    return found[0] if len(found) == 1 else None


def _of_passage(values: _Said) -> Iterator[_Computed]:
    match _only(values, DIP.EXACT_TEXT):
        case Literal() as text, graph:
            yield DIP.EXACT_HASH, Literal(sha256(text.value.encode()).hexdigest()), graph
            match _only(values, DIP.START_OFFSET):
                case Literal() as start, place if _is_offset(start):
                    yield DIP.END_OFFSET, Literal(int(start.value) + len(text.value)), place


def _is_offset(literal: Literal) -> bool:
    return literal.datatype == XSD.INTEGER and _OFFSET.fullmatch(literal.value) is not None


def _of_time_span(values: _Said) -> Iterator[_Computed]:
    match _only(values, DIP.DATE), _only(values, DIP.HAS_PRECISION):
        case (Literal() as date, graph), (precision, _) if _PRECISIONS.get(date.datatype) == precision:
            if period := Period.of(date):
                for bound, day in ((DIP.EARLIEST, period.first), (DIP.LATEST, period.last)):
                    if day is not None:
                        yield bound, Literal(str(day), datatype=XSD.DATE), graph
