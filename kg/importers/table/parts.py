"""Triples of entries: the thing that a row describes, and related things."""

from collections.abc import Callable, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from kg.importers.table import spans
from kg.importers.table.entries import Entry
from kg.importers.table.reports import passage, report, report_of_reading
from kg.importers.table.triples import Triples, each, is_a, kind, named_by_content
from kg.importers.table.values import Value
from kg.iris import DATA
from kg.terms import DIP, RDFS

SHARED = frozenset({DIP.INSCRIPTION, DIP.PASSAGE, DIP.SYMBOLIC_OBJECT})
"""Classes that several rows may describe: inscriptions are named by their text, and objects are shared."""

_FIRST_STATUS: Mapping[str, tuple[NamedNode, str]] = {
    "threat": (DIP.HOLDS_OUT, "threatened"),
    "ultimatum": (DIP.HOLDS_OUT, "threatened"),
    "promise": (DIP.HOLDS_OUT, "promised"),
    "demand": (DIP.ASKS_FOR, "requested"),
    "appeal": (DIP.ASKS_FOR, "requested"),
    "proposal": (DIP.ASKS_FOR, "requested"),
    "prediction": (DIP.PREDICTS, "predicted"),
}
"""By kind of statement: the property that links it to its act, and the act's resulting status."""


def triples(entry: Entry) -> Triples:
    """Yield all triples of a row."""
    for name in () if entry.is_addition else entry.classes:
        yield is_a(entry.node, NamedNode(entry.record.namespace + name))
    for column in entry.record.columns:
        if column.term and column.is_inverse:
            for value in entry.all(column.name):
                assert isinstance(value, NamedNode)  # such columns only name things
                yield Triple(value, column.term, entry.node)
        elif column.term:
            yield from each(entry.node, column.term, entry.all(column.name))
    for part in _PARTS.get(entry.record.name, ()):
        yield from part(entry)


def _span(entry: Entry, predicate: NamedNode = DIP.OCCURS_AT) -> Triples:
    node = _when(entry)
    if node:
        yield Triple(entry.node, predicate, node)
    span = spans.of(entry.values)
    if span is None:
        return
    time_span = entry.part("time")
    yield is_a(time_span, DIP.TIME_SPAN)
    yield from _known(time_span, span)


def _time(entry: Entry) -> Triples:
    """Yield the triples of a time span that has its own row."""
    if span := spans.of(entry.values):
        yield from _known(entry.node, span)


def _known(time_span: NamedNode, span: spans.Span) -> Triples:
    yield Triple(time_span, DIP.DATE_AS_WRITTEN, span.as_written)
    yield Triple(time_span, DIP.HAS_PRECISION, kind(span.precision))
    yield Triple(time_span, DIP.DATE_BASIS, kind(span.basis))
    bounds = {
        DIP.DATE: span.date,
        DIP.EARLIEST: span.earliest,
        DIP.LATEST: span.latest,
        DIP.INFERENCE_NOTE: span.note,
    }
    for bound, value in bounds.items():
        if value:
            yield Triple(time_span, bound, value)


def _when(entry: Entry) -> Value | None:
    return entry.one("time") or (entry.part("time") if spans.of(entry.values) else None)


def _attestation(entry: Entry) -> Triples:
    return _span(entry, DIP.ATTESTED_AT)


def _claim(entry: Entry) -> Triples:
    content = entry.one("claim")
    if not content:
        return
    claim = entry.part("claim")
    yield Triple(entry.node, DIP.ADVANCES, claim)
    yield is_a(claim, DIP.CLAIM)
    yield Triple(claim, DIP.CONTENT, content)
    for column in ("claim_label", "claim_label_es"):
        yield from each(claim, RDFS.LABEL, entry.all(column))
    yield from each(claim, DIP.CLAIMED_BY, entry.all("claim_by") or entry.all("speaker"))
    for column, predicate in (
        ("alleged_actor", DIP.ALLEGED_ACTOR),
        ("alleged_kind", DIP.ALLEGED_KIND),
        ("alleged_target", DIP.ALLEGED_TARGET),
        ("alleged_place", DIP.ALLEGED_PLACE),
        ("alleged_time", DIP.ALLEGED_TIME),
        ("contested_word", DIP.CONTESTED_WORD),
        ("equivalent_word", DIP.EQUIVALENT_WORD),
        ("claim_topics", DIP.HAS_TOPIC),
        ("claim_about", DIP.CONCERNS),
    ):
        yield from each(claim, predicate, entry.all(column))
    for point in entry.all("bears_on"):
        if isinstance(point, NamedNode):
            yield Triple(point, DIP.DISPUTES, claim)


def _act(entry: Entry) -> Triples:
    """Yield the triples of the act that is held out, asked for, announced or refused, with its status."""
    label = entry.one("act")
    if not label:
        return
    act = NamedNode(DATA + entry.act)
    predicate, status = _first_status(entry)
    doer = entry.all("addressee" if predicate == DIP.ASKS_FOR else "speaker")
    doer = () if predicate == DIP.PREDICTS else doer
    yield Triple(entry.node, predicate, act)
    yield is_a(act, DIP.PROSPECTIVE_ACT)
    yield Triple(act, RDFS.LABEL, label)
    yield from each(act, RDFS.LABEL, entry.all("act_es"))
    yield from each(act, DIP.HAS_KIND, entry.all("act_kind"))
    yield from each(act, DIP.WOULD_BE_PERFORMED_BY, entry.all("act_by") or doer)
    yield from each(act, DIP.WOULD_BE_DIRECTED_AT, entry.all("act_toward"))
    yield from each(act, DIP.CONDITION, entry.all("condition"))
    yield from _status(entry, act, status)


def _first_status(entry: Entry) -> tuple[NamedNode, str]:
    """Return the property that links a row to its act, and the first status; a threat precedes a demand."""
    if entry.record.name == "event":
        return DIP.REFUSES, "refused"
    of_kinds = [first for name, first in _FIRST_STATUS.items() if name in entry.kinds]
    return of_kinds[0] if of_kinds else (DIP.ANNOUNCES, "announced")


def _status(entry: Entry, act: NamedNode, otherwise: str) -> Triples:
    status = entry.part("status")
    yield is_a(status, DIP.STATUS_RECORD)
    yield Triple(status, DIP.APPLIES_TO, act)
    yield Triple(status, DIP.HAS_STATUS, entry.one("act_status") or kind(otherwise))
    holders = entry.all("act_holder") or entry.all("speaker") or entry.all("performer")
    yield from each(status, DIP.HELD_BY, holders)
    yield from each(status, DIP.HAS_DEADLINE, entry.all("act_deadline"))
    if otherwise == "refused":
        yield Triple(status, DIP.SETTLED_BY, entry.node)
    if when := _when(entry):
        yield Triple(status, DIP.OCCURS_AT, when)


def _objects(entry: Entry) -> Triples:
    """Yield the triples of a gesture's objects and their inscriptions."""
    label = entry.one("object_label")
    thing = entry.one("object") or (entry.part("object") if label else None)
    for column in ("inscription", "inscription_before", "inscription_after"):
        yield from _inscription(entry, column)
    if not isinstance(thing, NamedNode):
        return
    yield Triple(entry.node, DIP.MADE_WITH, thing)
    if words := entry.one("inscription"):
        yield Triple(thing, DIP.BEARS, _inscribed(words))
    if label:
        yield is_a(thing, DIP.SYMBOLIC_OBJECT)
        yield Triple(thing, RDFS.LABEL, label)
        yield from each(thing, DIP.FOUND_IN, entry.all("source"))


def _inscription(entry: Entry, column: str) -> Triples:
    words = entry.one(column)
    if not words:
        return
    node = _inscribed(words)
    if column != "inscription":
        yield Triple(
            entry.node, DIP.INSCRIPTION_BEFORE if column.endswith("before") else DIP.INSCRIPTION_AFTER, node
        )
    if isinstance(words, Literal):
        yield is_a(node, DIP.INSCRIPTION)
        yield Triple(node, DIP.TEXT, words)
        yield from each(node, DIP.FOUND_IN, entry.all("source"))


def _inscribed(words: Value) -> NamedNode:
    """Return an inscription's IRI, which is computed from its text, so that equal texts are one thing."""
    if isinstance(words, NamedNode):
        return words
    return named_by_content("inscription", words.value, str(words))


def _reading(entry: Entry) -> Triples:
    """Yield the triples of an interpretation of a gesture."""
    meaning = entry.one("meaning")
    if not meaning:
        return
    reading = entry.part("interpretation")
    yield is_a(reading, DIP.INTERPRETATION)
    yield Triple(reading, DIP.ASSESSES, entry.node)
    yield Triple(reading, DIP.MEANING, meaning)
    yield from each(reading, DIP.ASSESSED_BY, entry.all("interpreter"))
    yield from each(reading, DIP.HAS_TOPIC, entry.all("meaning_topics"))
    yield from report_of_reading(entry, reading)


_PARTS: Mapping[str, tuple[Callable[[Entry], Triples], ...]] = {
    "source": (_span,),
    "passage": (passage,),
    "time": (_time,),
    "report": (report,),
    "actor": (report,),
    "tenure": (_attestation, report),
    "statement": (_span, _claim, _act, report),
    "event": (_span, _act, report),
    "gesture": (_span, _objects, report, _reading),
    "status": (_span, report),
    "stance": (_span, report),
    "tone": (_span, report),
    "interpretation": (_span, report),
    "characterization": (_span, report),
    "coding": (_span, report),
    "participation": (report,),
    "identity": (_span, report),
}
