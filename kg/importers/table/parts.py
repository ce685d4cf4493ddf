"""From entries to triples: the thing that a row describes, and the things around it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from kg.importers.table import spans
from kg.importers.table.entries import Entry
from kg.importers.table.values import Value
from kg.iris import DATA, KINDS, PREFIXES, TERMS, slug

Triples: TypeAlias = Iterator[Triple]

TYPE = NamedNode(PREFIXES["rdf"] + "type")
SHARED = frozenset(NamedNode(TERMS + name) for name in ("Inscription", "Passage", "SymbolicObject"))
"""What several rows may describe: words are named by their letters, and an object is in many hands."""

_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_LONGEST_START = 32  # letters of a text that stand in the name of what is named by its content
_FIRST_STATUS = {"threat": "threatened", "ultimatum": "threatened", "promise": "promised"}


def triples(entry: Entry) -> Triples:
    """Say all that a row says."""
    for name in entry.classes:
        yield _is(entry.node, name)
    for column in entry.record.columns:
        if column.term:
            yield from _each(entry.node, column.term, entry.all(column.name))
    for part in _PARTS.get(entry.record.name, ()):
        yield from part(entry)


def _span(entry: Entry, predicate: str = "occursAt") -> Triples:
    node = _when(entry)
    if node:
        yield _says(entry.node, predicate, node)
    span = spans.of(entry.values)
    if span is None:
        return
    known = entry.part("time")
    yield _is(known, "TimeSpan")
    yield _says(known, "dateAsWritten", span.as_written)
    yield _says(known, "hasPrecision", _kind(span.precision))
    yield _says(known, "dateBasis", _kind(span.basis))
    bounds = {"date": span.date, "earliest": span.earliest, "latest": span.latest, "inferenceNote": span.note}
    for name, value in bounds.items():
        if value:
            yield _says(known, name, value)


def _when(entry: Entry) -> Value | None:
    return entry.one("time") or (entry.part("time") if spans.of(entry.values) else None)


def _attestation(entry: Entry) -> Triples:
    return _span(entry, "attestedAt")


def _claim(entry: Entry) -> Triples:
    content = entry.one("claim")
    if not content:
        return
    claim = entry.part("claim")
    yield _says(entry.node, "advances", claim)
    yield _is(claim, "Claim")
    yield _says(claim, "content", content)
    for column in ("claim_label", "claim_label_es"):
        yield from _each(claim, _LABEL.value, entry.all(column))
    yield from _each(claim, TERMS + "claimedBy", entry.all("claim_by") or entry.all("speaker"))
    for column, name in (
        ("alleged_actor", "allegedActor"),
        ("alleged_kind", "allegedKind"),
        ("alleged_target", "allegedTarget"),
        ("contested_word", "contestedWord"),
        ("equivalent_word", "equivalentWord"),
        ("claim_topics", "hasTopic"),
        ("bears_on", "bearsOn"),
    ):
        yield from _each(claim, TERMS + name, entry.all(column))


def _act(entry: Entry) -> Triples:
    """Say which act is held out, announced or refused, and what had become of it."""
    label = entry.one("act")
    if not label:
        return
    act = NamedNode(DATA + entry.act)
    is_refused = entry.record.name == "event"
    is_held_out = any(kind in _FIRST_STATUS for kind in entry.kinds)
    yield _says(entry.node, "refuses" if is_refused else "holdsOut" if is_held_out else "announces", act)
    yield _is(act, "ProspectiveAct")
    yield Triple(act, _LABEL, label)
    yield from _each(act, _LABEL.value, entry.all("act_es"))
    yield from _each(act, TERMS + "hasKind", entry.all("act_kind"))
    yield from _each(act, TERMS + "wouldBePerformedBy", entry.all("act_by") or entry.all("speaker"))
    yield from _each(act, TERMS + "wouldBeDirectedAt", entry.all("act_toward"))
    yield from _each(act, TERMS + "condition", entry.all("condition"))
    yield from _status(entry, act, is_refused=is_refused)


def _status(entry: Entry, act: NamedNode, *, is_refused: bool) -> Triples:
    status = entry.part("status")
    by_kind = next((_FIRST_STATUS[kind] for kind in entry.kinds if kind in _FIRST_STATUS), "announced")
    yield _is(status, "StatusRecord")
    yield _says(status, "appliesTo", act)
    yield _says(status, "hasStatus", entry.one("act_status") or _kind("refused" if is_refused else by_kind))
    if is_refused:
        yield _says(status, "settledBy", entry.node)
    if when := _when(entry):
        yield _says(status, "occursAt", when)


def _objects(entry: Entry) -> Triples:
    """Say what a gesture was made with, and the words upon it."""
    said = entry.one("object_label")
    thing = entry.one("object") or (entry.part("object") if said else None)
    for column in ("inscription", "inscription_before", "inscription_after"):
        yield from _inscription(entry, column)
    if not isinstance(thing, NamedNode):
        return
    yield _says(entry.node, "madeWith", thing)
    if words := entry.one("inscription"):
        yield _says(thing, "bears", _inscribed(words))
    if said:
        yield _is(thing, "SymbolicObject")
        yield Triple(thing, _LABEL, said)
        yield from _each(thing, TERMS + "foundIn", entry.all("source"))


def _inscription(entry: Entry, column: str) -> Triples:
    words = entry.one(column)
    if not words:
        return
    node = _inscribed(words)
    if column != "inscription":
        yield _says(
            entry.node, "inscriptionBefore" if column.endswith("before") else "inscriptionAfter", node
        )
    if isinstance(words, Literal):
        yield _is(node, "Inscription")
        yield _says(node, "text", words)
        yield from _each(node, TERMS + "foundIn", entry.all("source"))


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
    yield _is(reading, "Interpretation")
    yield _says(reading, "assesses", entry.node)
    yield _says(reading, "meaning", meaning)
    yield from _each(reading, TERMS + "assessedBy", entry.all("interpreter"))
    yield from _each(reading, TERMS + "hasTopic", entry.all("meaning_topics"))
    report = entry.part("report-interpretation")
    yield _is(report, "Report")
    yield _says(report, "reports", reading)
    yield from _grounds(entry, report, "meaning_hedge", "meaning_basis", "meaning_through")
    yield from _passage(entry, report, _quoted(entry, "meaning_") or _quoted(entry))


def _report(entry: Entry) -> Triples:
    """Say which source bears the row out; a row that is a report says it of what it reports."""
    is_report = entry.record.name == "report"
    report = entry.node if is_report else entry.part("report")
    if not is_report:
        yield _is(report, "Report")
        yield _says(report, "reports", entry.node)
    if entry.one("act"):
        yield _says(report, "reports", entry.part("status"))
    yield from _grounds(entry, report, "hedge", "basis", "through")
    yield from _passage(entry, report, _quoted(entry))


def _grounds(entry: Entry, report: NamedNode, hedge: str, basis: str, through: str) -> Triples:
    yield from _each(report, TERMS + "foundIn", entry.all("source"))
    yield from _each(report, TERMS + "hedgedAs", entry.all(hedge))
    yield from _each(report, TERMS + "basedOn", entry.all(basis))
    yield from _each(report, TERMS + "relayedThrough", entry.all(through))


@dataclass(frozen=True)
class Quoted:
    """Words of a source as a row quotes them, or a passage that is described already."""

    words: Value
    around: Mapping[str, Value]

    def offsets(self) -> Mapping[str, Value]:
        """Give what locates the words: the text around them, and the offsets where the first is known."""
        start = self.around.get("startOffset")
        end = {"endOffset": Literal(int(start.value) + len(self.words.value))} if start else {}
        return {**self.around, **end}


def _quoted(entry: Entry, prefix: str = "") -> Quoted | None:
    """Find the words that a row quotes, for what it describes or for a reading of that."""
    words = entry.one(f"{prefix}passage") or (None if prefix else entry.one("quote"))
    columns = {
        "startOffset": f"{prefix or 'passage_'}start",
        "prefix": f"{prefix}passage_prefix",
        "suffix": f"{prefix}passage_suffix",
    }
    around = {name: value for name, column in columns.items() if (value := entry.one(column))}
    return Quoted(words, around) if words else None


def _passage(entry: Entry, report: NamedNode, quoted: Quoted | None) -> Triples:
    """Say what a report quotes. Equal words of a source are one passage, whoever quotes them."""
    if quoted is None:
        return
    if isinstance(quoted.words, NamedNode):
        yield _says(report, "quotes", quoted.words)
        return
    words, where = quoted.words.value, entry.text("source")
    place = "\0".join(f"{name} {value.value}" for name, value in sorted(quoted.around.items()))
    passage = _named_by_content("passage", words, f"{where}\0{words}\0{place}")
    yield _says(report, "quotes", passage)
    yield _is(passage, "Passage")
    yield from _each(passage, TERMS + "occursIn", entry.all("source"))
    yield _says(passage, "exactText", Literal(words))
    yield _says(passage, "exactHash", Literal(sha256(words.encode()).hexdigest()))
    for name, value in quoted.offsets().items():
        yield _says(passage, name, value)


def _named_by_content(what: str, words: str, content: str) -> NamedNode:
    start = slug(words)[:_LONGEST_START].strip("-")
    digest = sha256(content.encode()).hexdigest()[:12]
    return NamedNode(DATA + "-".join(filter(None, (what, start, digest))))


def _is(node: NamedNode, name: str) -> Triple:
    return Triple(node, TYPE, NamedNode(TERMS + name))


def _says(node: NamedNode, name: str, value: Value) -> Triple:
    return Triple(node, NamedNode(TERMS + name), value)


def _each(node: NamedNode, predicate: str, values: tuple[Value, ...]) -> Triples:
    for value in values:
        yield Triple(node, NamedNode(predicate), value)


def _kind(name: str) -> NamedNode:
    return NamedNode(KINDS + name)


_PARTS: Mapping[str, tuple[Callable[[Entry], Triples], ...]] = {
    "source": (_span,),
    "tenure": (_attestation, _report),
    "statement": (_span, _claim, _act, _report),
    "event": (_span, _act, _report),
    "gesture": (_span, _objects, _report, _reading),
    "stance": (_span, _report),
    "status": (_span, _report),
    "report": (_report,),
}
