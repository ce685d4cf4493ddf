"""From entries to triples: the thing that a row describes, and the things around it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from kg.importers.table import spans
from kg.importers.table.entries import Entry
from kg.importers.table.values import Value
from kg.iris import DATA, KINDS, compact, slug
from kg.terms import DIP, RDF, RDFS

Triples: TypeAlias = Iterator[Triple]

SHARED = frozenset({DIP.INSCRIPTION, DIP.PASSAGE, DIP.SYMBOLIC_OBJECT})
"""What several rows may describe: words are named by their letters, and an object is in many hands."""

_LONGEST_START = 32  # letters of a text that stand in the name of what is named by its content
_FIRST_STATUS: Mapping[str, tuple[NamedNode, str]] = {
    "threat": (DIP.HOLDS_OUT, "threatened"),
    "ultimatum": (DIP.HOLDS_OUT, "threatened"),
    "promise": (DIP.HOLDS_OUT, "promised"),
    "demand": (DIP.ASKS_FOR, "requested"),
    "appeal": (DIP.ASKS_FOR, "requested"),
    "proposal": (DIP.ASKS_FOR, "requested"),
}
"""By the kind of a statement: how it speaks of an act, and what has become of the act thereby."""


def triples(entry: Entry) -> Triples:
    """Say all that a row says."""
    for name in entry.classes:
        yield _is(entry.node, NamedNode(entry.record.namespace + name))
    for column in entry.record.columns:
        if column.term:
            yield from _each(entry.node, column.term, entry.all(column.name))
    for part in _PARTS.get(entry.record.name, ()):
        yield from part(entry)


def _span(entry: Entry, predicate: NamedNode = DIP.OCCURS_AT) -> Triples:
    node = _when(entry)
    if node:
        yield Triple(entry.node, predicate, node)
    span = spans.of(entry.values)
    if span is None:
        return
    known = entry.part("time")
    yield _is(known, DIP.TIME_SPAN)
    yield Triple(known, DIP.DATE_AS_WRITTEN, span.as_written)
    yield Triple(known, DIP.HAS_PRECISION, _kind(span.precision))
    yield Triple(known, DIP.DATE_BASIS, _kind(span.basis))
    bounds = {
        DIP.DATE: span.date,
        DIP.EARLIEST: span.earliest,
        DIP.LATEST: span.latest,
        DIP.INFERENCE_NOTE: span.note,
    }
    for bound, value in bounds.items():
        if value:
            yield Triple(known, bound, value)


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
    yield _is(claim, DIP.CLAIM)
    yield Triple(claim, DIP.CONTENT, content)
    for column in ("claim_label", "claim_label_es"):
        yield from _each(claim, RDFS.LABEL, entry.all(column))
    yield from _each(claim, DIP.CLAIMED_BY, entry.all("claim_by") or entry.all("speaker"))
    for column, predicate in (
        ("alleged_actor", DIP.ALLEGED_ACTOR),
        ("alleged_kind", DIP.ALLEGED_KIND),
        ("alleged_target", DIP.ALLEGED_TARGET),
        ("contested_word", DIP.CONTESTED_WORD),
        ("equivalent_word", DIP.EQUIVALENT_WORD),
        ("claim_topics", DIP.HAS_TOPIC),
    ):
        yield from _each(claim, predicate, entry.all(column))
    for point in entry.all("bears_on"):
        if isinstance(point, NamedNode):
            yield Triple(point, DIP.DISPUTES, claim)


def _act(entry: Entry) -> Triples:
    """Say which act is held out, asked for, announced or refused, and what had become of it."""
    label = entry.one("act")
    if not label:
        return
    act = NamedNode(DATA + entry.act)
    predicate, status = _first_status(entry)
    doer = entry.all("addressee") if predicate == DIP.ASKS_FOR else entry.all("speaker")
    yield Triple(entry.node, predicate, act)
    yield _is(act, DIP.PROSPECTIVE_ACT)
    yield Triple(act, RDFS.LABEL, label)
    yield from _each(act, RDFS.LABEL, entry.all("act_es"))
    yield from _each(act, DIP.HAS_KIND, entry.all("act_kind"))
    yield from _each(act, DIP.WOULD_BE_PERFORMED_BY, entry.all("act_by") or doer)
    yield from _each(act, DIP.WOULD_BE_DIRECTED_AT, entry.all("act_toward"))
    yield from _each(act, DIP.CONDITION, entry.all("condition"))
    yield from _status(entry, act, status)


def _first_status(entry: Entry) -> tuple[NamedNode, str]:
    """Give how a row speaks of its act, and the act's first status; a threat goes before a demand."""
    if entry.record.name == "event":
        return DIP.REFUSES, "refused"
    of_kinds = [_FIRST_STATUS[kind] for kind in _FIRST_STATUS if kind in entry.kinds]
    return of_kinds[0] if of_kinds else (DIP.ANNOUNCES, "announced")


def _status(entry: Entry, act: NamedNode, otherwise: str) -> Triples:
    status = entry.part("status")
    yield _is(status, DIP.STATUS_RECORD)
    yield Triple(status, DIP.APPLIES_TO, act)
    yield Triple(status, DIP.HAS_STATUS, entry.one("act_status") or _kind(otherwise))
    holders = entry.all("act_holder") or entry.all("speaker") or entry.all("performer")
    yield from _each(status, DIP.HELD_BY, holders)
    if otherwise == "refused":
        yield Triple(status, DIP.SETTLED_BY, entry.node)
    if when := _when(entry):
        yield Triple(status, DIP.OCCURS_AT, when)


def _objects(entry: Entry) -> Triples:
    """Say what a gesture was made with, and the words upon it."""
    said = entry.one("object_label")
    thing = entry.one("object") or (entry.part("object") if said else None)
    for column in ("inscription", "inscription_before", "inscription_after"):
        yield from _inscription(entry, column)
    if not isinstance(thing, NamedNode):
        return
    yield Triple(entry.node, DIP.MADE_WITH, thing)
    if words := entry.one("inscription"):
        yield Triple(thing, DIP.BEARS, _inscribed(words))
    if said:
        yield _is(thing, DIP.SYMBOLIC_OBJECT)
        yield Triple(thing, RDFS.LABEL, said)
        yield from _each(thing, DIP.FOUND_IN, entry.all("source"))


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
        yield _is(node, DIP.INSCRIPTION)
        yield Triple(node, DIP.TEXT, words)
        yield from _each(node, DIP.FOUND_IN, entry.all("source"))


def _inscribed(words: Value) -> NamedNode:
    """Name an inscription by its letters, so that the same words are one thing."""
    if isinstance(words, NamedNode):
        return words
    return _named_by_content("inscription", words.value, str(words))


def _reading(entry: Entry) -> Triples:
    """Say what somebody says that a gesture means."""
    meaning = entry.one("meaning")
    if not meaning:
        return
    reading = entry.part("interpretation")
    yield _is(reading, DIP.INTERPRETATION)
    yield Triple(reading, DIP.ASSESSES, entry.node)
    yield Triple(reading, DIP.MEANING, meaning)
    yield from _each(reading, DIP.ASSESSED_BY, entry.all("interpreter"))
    yield from _each(reading, DIP.HAS_TOPIC, entry.all("meaning_topics"))
    report = entry.part("report-interpretation")
    yield _is(report, DIP.REPORT)
    yield Triple(report, DIP.REPORTS, reading)
    yield from _grounds(entry, report, "meaning_hedge", "meaning_basis", "meaning_through")
    yield from _passage(entry, report, _quoted(entry, "meaning_") or _quoted(entry))


def _report(entry: Entry) -> Triples:
    """Say which source bears the row out; a row that is a report says it of what it reports."""
    is_report = entry.record.name == "report"
    report = entry.node if is_report else entry.part("report")
    if not is_report:
        yield _is(report, DIP.REPORT)
        yield Triple(report, DIP.REPORTS, entry.node)
    if entry.one("act"):
        yield Triple(report, DIP.REPORTS, entry.part("status"))
    yield from _grounds(entry, report, "hedge", "basis", "through")
    yield from _each(report, DIP.QUALIFIER, entry.all("qualifier"))
    yield from _each(report, DIP.INFERENCE_NOTE, entry.all("reading_note"))
    yield from _passage(entry, report, _quoted(entry))


def _report_of_ties(entry: Entry) -> Triples:
    """Say which source bears out whose part an actor is, or for whom it speaks; a name needs no report."""
    if entry.one("hedge"):
        yield from _report(entry)


def _grounds(entry: Entry, report: NamedNode, hedge: str, basis: str, through: str) -> Triples:
    yield from _each(report, DIP.FOUND_IN, entry.all("source"))
    yield from _each(report, DIP.HEDGED_AS, entry.all(hedge))
    yield from _each(report, DIP.BASED_ON, entry.all(basis))
    yield from _each(report, DIP.RELAYED_THROUGH, entry.all(through))
    yield from _each(report, DIP.SEEN_IN, entry.all("seen_in"))


@dataclass(frozen=True)
class Quoted:
    """Words of a source as a row quotes them, or a passage that is described already."""

    words: Value
    around: Mapping[NamedNode, Value]

    def offsets(self) -> Mapping[NamedNode, Value]:
        """Give what locates the words: the text around them, and the offsets where the first is known."""
        start = self.around.get(DIP.START_OFFSET)
        end = {DIP.END_OFFSET: Literal(int(start.value) + len(self.words.value))} if start else {}
        return {**self.around, **end}


def _quoted(entry: Entry, prefix: str = "") -> Quoted | None:
    """Find the words that a row quotes, for what it describes or for a reading of that."""
    words = entry.one(f"{prefix}passage") or (None if prefix else entry.one("quote"))
    columns = {
        DIP.START_OFFSET: f"{prefix or 'passage_'}start",
        DIP.PREFIX: f"{prefix}passage_prefix",
        DIP.SUFFIX: f"{prefix}passage_suffix",
    }
    around = {term: value for term, column in columns.items() if (value := entry.one(column))}
    return Quoted(words, around) if words else None


def _passage(entry: Entry, report: NamedNode, quoted: Quoted | None) -> Triples:
    """Say what a report quotes. Equal words of a source are one passage, whoever quotes them."""
    if quoted is None:
        return
    if isinstance(quoted.words, NamedNode):
        yield Triple(report, DIP.QUOTES, quoted.words)
        return
    words, where = quoted.words.value, entry.text("source")
    around = {compact(term.value): value.value for term, value in quoted.around.items()}
    place = "\0".join(f"{name.removeprefix('dip:')} {around[name]}" for name in sorted(around))
    passage = _named_by_content("passage", words, f"{where}\0{words}\0{place}")
    yield Triple(report, DIP.QUOTES, passage)
    yield _is(passage, DIP.PASSAGE)
    yield from _each(passage, DIP.OCCURS_IN, entry.all("source"))
    yield Triple(passage, DIP.EXACT_TEXT, Literal(words))
    yield Triple(passage, DIP.EXACT_HASH, Literal(sha256(words.encode()).hexdigest()))
    for term, value in quoted.offsets().items():
        yield Triple(passage, term, value)


def _named_by_content(what: str, words: str, content: str) -> NamedNode:
    start = slug(words)[:_LONGEST_START].strip("-")
    digest = sha256(content.encode()).hexdigest()[:12]
    return NamedNode(DATA + "-".join(filter(None, (what, start, digest))))


def _is(node: NamedNode, class_: NamedNode) -> Triple:
    return Triple(node, RDF.TYPE, class_)


def _each(node: NamedNode, predicate: NamedNode, values: tuple[Value, ...]) -> Triples:
    for value in values:
        yield Triple(node, predicate, value)


def _kind(name: str) -> NamedNode:
    return NamedNode(KINDS + name)


_PARTS: Mapping[str, tuple[Callable[[Entry], Triples], ...]] = {
    "source": (_span,),
    "actor": (_report_of_ties,),
    "tenure": (_attestation, _report),
    "statement": (_span, _claim, _act, _report),
    "event": (_span, _act, _report),
    "gesture": (_span, _objects, _report, _reading),
    "stance": (_span, _report),
    "status": (_span, _report),
    "report": (_report,),
}
