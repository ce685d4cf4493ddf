"""Triples of reports and of the passages that they quote."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Triple

from kg.importers.table.entries import Entry
from kg.importers.table.triples import Triples, each, is_a, named_by_content
from kg.importers.table.values import Value
from kg.iris import compact
from kg.terms import DIP


def report(entry: Entry) -> Triples:
    """Yield the report of a row, if the row names a source; a row of ``report`` reports on other rows."""
    is_report = entry.record.name == "report"
    if not is_report and not entry.one("hedge"):
        return
    node = entry.node if is_report else entry.part("report")
    if not is_report:
        yield is_a(node, DIP.REPORT)
        yield Triple(node, DIP.REPORTS, entry.node)
    if entry.one("act"):
        yield Triple(node, DIP.REPORTS, entry.part("status"))
    yield from _grounds(entry, node, "hedge", "basis", "through")
    yield from each(node, DIP.QUALIFIER, entry.all("qualifier"))
    yield from each(node, DIP.INFERENCE_NOTE, entry.all("reading_note"))
    yield from each(node, DIP.QUOTES, entry.all("more_passages"))
    yield from _passage(entry, node, _quoted(entry))


def report_of_reading(entry: Entry, reading: NamedNode) -> Triples:
    """Yield the report of an interpretation of a gesture."""
    node = entry.part("report-interpretation")
    yield is_a(node, DIP.REPORT)
    yield Triple(node, DIP.REPORTS, reading)
    yield from _grounds(entry, node, "meaning_hedge", "meaning_basis", "meaning_through")
    yield from _passage(entry, node, _quoted(entry, "meaning_") or _quoted(entry))


def passage(entry: Entry) -> Triples:
    """Yield the computed values of a passage that has its own row: hash and end offset."""
    words = entry.text("passage")
    yield Triple(entry.node, DIP.EXACT_HASH, _digest(words))
    around = {DIP.START_OFFSET: "passage_start", DIP.PREFIX: "passage_prefix", DIP.SUFFIX: "passage_suffix"}
    located = {term: value for term, column in around.items() if (value := entry.one(column))}
    for term, value in Quoted(Literal(words), located).offsets().items():
        yield Triple(entry.node, term, value)


def _grounds(entry: Entry, report: NamedNode, hedge: str, basis: str, through: str) -> Triples:
    yield from each(report, DIP.FOUND_IN, entry.all("source"))
    yield from each(report, DIP.HEDGED_AS, entry.all(hedge))
    yield from each(report, DIP.BASED_ON, entry.all(basis))
    yield from each(report, DIP.RELAYED_THROUGH, entry.all(through))
    yield from each(report, DIP.SEEN_IN, entry.all("seen_in"))


@dataclass(frozen=True)
class Quoted:
    """Words of a source that a row quotes, or an existing passage."""

    words: Value
    around: Mapping[NamedNode, Value]

    def offsets(self) -> Mapping[NamedNode, Value]:
        """Return the values that locate the words: prefix, suffix, and the offsets if the first is known."""
        start = self.around.get(DIP.START_OFFSET)
        end = {DIP.END_OFFSET: Literal(int(start.value) + len(self.words.value))} if start else {}
        return {**self.around, **end}


def _quoted(entry: Entry, prefix: str = "") -> Quoted | None:
    """Return the words that a row quotes, for its thing or for an interpretation of it."""
    words = entry.one(f"{prefix}passage") or (None if prefix else entry.one("quote"))
    columns = {
        DIP.START_OFFSET: f"{prefix or 'passage_'}start",
        DIP.PREFIX: f"{prefix}passage_prefix",
        DIP.SUFFIX: f"{prefix}passage_suffix",
    }
    around = {term: value for term, column in columns.items() if (value := entry.one(column))}
    return Quoted(words, around) if words else None


def _passage(entry: Entry, report: NamedNode, quoted: Quoted | None) -> Triples:
    """Yield the passage of a report. Equal words of a source are one passage, whichever row quotes them."""
    if quoted is None:
        return
    if isinstance(quoted.words, NamedNode):
        yield Triple(report, DIP.QUOTES, quoted.words)
        return
    words, where = quoted.words.value, entry.text("source")
    around = {compact(term.value): value.value for term, value in quoted.around.items()}
    place = "\0".join(f"{name.removeprefix('dip:')} {around[name]}" for name in sorted(around))
    passage = named_by_content("passage", words, f"{where}\0{words}\0{place}")
    yield Triple(report, DIP.QUOTES, passage)
    yield is_a(passage, DIP.PASSAGE)
    yield from each(passage, DIP.OCCURS_IN, entry.all("source"))
    yield Triple(passage, DIP.EXACT_TEXT, Literal(words))
    yield Triple(passage, DIP.EXACT_HASH, _digest(words))
    for term, value in quoted.offsets().items():
        yield Triple(passage, term, value)


def _digest(words: str) -> Literal:
    return Literal(sha256(words.encode()).hexdigest())
