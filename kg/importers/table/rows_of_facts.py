"""Rows that state given facts: one row for each thing, with its related things."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from kg.gate.dates.calendar import Period
from kg.importers.table import term_columns
from kg.importers.table.cells_of_facts import cell
from kg.importers.table.columns import Record
from kg.importers.table.facts_by_subject import Facts
from kg.importers.table.literals import ENGLISH
from kg.importers.table.records import RECORDS
from kg.importers.table.release_words import local_name, released
from kg.importers.table.table import RECORD_COLUMN
from kg.importers.table.values import Value
from kg.iris import DATA, TERMS
from kg.terms import DIP, RDF, RDFS, SKOS

Cells: TypeAlias = dict[str, str]
_Found: TypeAlias = dict[str, list[Value]]
"""Content of a row: the values by column."""

_ACTS: Mapping[NamedNode, str] = {
    DIP.HOLDS_OUT: "holds_out",
    DIP.ASKS_FOR: "asks_for",
    DIP.ANNOUNCES: "announces",
    DIP.REFUSES: "refuses",
    DIP.PREDICTS: "predicts",
}
"""By property that links to an act: the column for acts that other rows describe."""
_INSCRIBED = {DIP.INSCRIPTION_BEFORE: "inscription_before", DIP.INSCRIPTION_AFTER: "inscription_after"}
_AROUND: Sequence[NamedNode] = (
    DIP.INTERPRETATION,
    DIP.STATUS_RECORD,
    DIP.REPORT,
    DIP.PROSPECTIVE_ACT,
    DIP.CLAIM,
    DIP.SYMBOLIC_OBJECT,
    DIP.TIME_SPAN,
    DIP.INSCRIPTION,
    DIP.PASSAGE,
)
"""Classes of related things; one may be related to a thing of an earlier class in this list."""
NAMING = frozenset({RDFS.LABEL, SKOS.PREF_LABEL})
"""Properties whose texts do not determine the row's language."""


def records_by_class() -> Mapping[str, Record]:
    """Return the record of each class, by class name."""
    return {
        name: record
        for record in RECORDS.values()
        for name in (*released().classes.get(record.type, ()), record.type)
    }


class RowsOfFacts:
    """Rows that state facts; the things in ``apart`` get their own rows."""

    def __init__(self, facts: Facts, apart: frozenset[NamedNode]) -> None:
        self._facts = facts
        self._apart = apart
        self._stated: set[NamedNode] = set()
        """Things stated in the row of another thing."""
        self._records = records_by_class()
        self.rows: list[Cells] = []
        for node in sorted(facts, key=lambda node: (self._rank(node), node.value)):
            record = self._record(node)
            if record is not None and node not in self._stated:
                self.rows.append(self._row(node, record))

    def stated_of_last_class(self, nodes: Iterable[object]) -> frozenset[NamedNode]:
        """Return those of the things that other things' rows state; if of several classes, the last class."""
        stated_nodes = self._stated & set(nodes)
        last = max(map(self._rank, stated_nodes), default=0)
        return frozenset(node for node in stated_nodes if self._rank(node) == last)

    def _rank(self, node: NamedNode) -> int:
        ranks = (rank for rank, class_ in enumerate(_AROUND, 1) if self._facts.is_a(node, class_))
        return next(ranks, 0)

    def _record(self, node: NamedNode) -> Record | None:
        if not node.value.startswith(DATA):
            return None
        classes = (local_name(each.value) for each in self._facts.all(node, RDF.TYPE))
        return next((self._records[name] for name in classes if name in self._records), None)

    def _row(self, node: NamedNode, record: Record) -> Cells:
        parts: list[NamedNode] = [node]
        found: _Found = {}
        for column in record.columns:
            if column.term and column.is_inverse:
                subjects = self._facts.subjects(column.term, node)
                found[column.name] = [each for each in subjects if self._record(each) is None]
            elif column.term:
                found[column.name] = self._facts.all(node, column.term)
        _Around(self._facts, self, node, parts, found).take(record)
        return self._written(node, record, found, parts)

    def _written(self, node: NamedNode, record: Record, values: _Found, parts: Sequence[NamedNode]) -> Cells:
        values["id"] = [node]
        if record.column("class"):
            values["class"] = [NamedNode(TERMS + each) for each in self._classes(node)]
        spoken = Counter(tag for part in parts for tag in self._facts.languages(part, NAMING))
        language = spoken.most_common(1)[0][0] if spoken else ENGLISH
        cells = {
            column.name: text
            for column in record.columns
            if (text := cell(column, values.get(column.name, []), language))
        }
        language_cells = {"language": language} if record.column("language") and language != ENGLISH else {}
        return {RECORD_COLUMN: record.name, **cells, **language_cells}

    def _classes(self, node: NamedNode) -> list[str]:
        return [local_name(each.value) for each in self._facts.all(node, RDF.TYPE)][:1]

    def takes(self, part: NamedNode) -> bool:
        """Return True if a thing can be stated in the row of another, and record that it is."""
        if part in self._apart or part not in self._facts:
            return False
        self._stated.add(part)
        return True

    def is_stated(self, part: Value) -> bool:
        """Return True if a thing is stated in the row of another."""
        return part in self._stated


class _Around:
    """Finds the columns of a row that state related things."""

    def __init__(
        self, facts: Facts, rows: RowsOfFacts, node: NamedNode, parts: list[NamedNode], values: _Found
    ) -> None:
        self._facts = facts
        self._rows = rows
        self._node = node
        self._parts = parts
        self._found = values

    def _part(self, name: str) -> NamedNode:
        return NamedNode(f"{DATA}{name}-{self._node.value.removeprefix(DATA)}")

    def _takes(self, part: Value) -> bool:
        """Return True if the row states a related thing, that is, unless that thing has its own row."""
        if not isinstance(part, NamedNode) or not self._rows.takes(part):
            return False
        self._parts.append(part)
        return True

    def take(self, record: Record) -> None:
        """Collect everything that the columns of a record can state."""
        names = {column.name for column in record.columns}
        if record.name == "report":
            self._of_class(self._node, DIP.REPORT)
            self._quotes(self._node)
        elif "hedge" in names:
            self._report()
        if "time" in names:
            self._time()
        if "claim_by" in names and record.name != "claim":
            self._claim()
        if "act" in names:
            self._act()
        if "object_label" in names:
            self._objects()
            self._meaning()
        if record.name == "passage":
            self._located(self._node)
        if record.name == "time":
            self._span(self._node)

    def _of_class(self, part: NamedNode, class_: NamedNode) -> None:
        """Collect the columns for the properties of a related thing of a class."""
        for predicate, column in term_columns.OF_PARTS[class_].items():
            if predicate != DIP.HAS_PRECISION and (values := self._facts.all(part, predicate)):
                self._found[column] = values

    def _report(self) -> None:
        report = self._part("report")
        if self._node in self._facts.all(report, DIP.REPORTS) and self._takes(report):
            self._of_class(report, DIP.REPORT)
            self._quotes(report)

    def _quotes(self, report: NamedNode) -> None:
        """Collect the words of one passage, and the names of the others."""
        passages = self._facts.all(report, DIP.QUOTES)
        first = next((each for each in passages if each.value.startswith(DATA)), None)
        self._found["passage"] = []
        self._found["more_passages"] = [each for each in passages if each != first]
        for passage in [first] if first else []:
            self._found["passage"] = [self._words(passage, DIP.EXACT_TEXT)]
            if isinstance(passage, NamedNode) and self._found["passage"] != [passage]:
                self._located(passage)

    def _words(self, thing: Value, predicate: NamedNode) -> Value:
        """Return the words of a thing that is named by them, or the thing if it has its own row."""
        return next(iter(self._facts.all(thing, predicate)), thing) if self._takes(thing) else thing

    def _located(self, passage: NamedNode) -> None:
        for predicate, column in (
            (DIP.PREFIX, "passage_prefix"),
            (DIP.SUFFIX, "passage_suffix"),
            (DIP.START_OFFSET, "passage_start"),
        ):
            self._found[column] = self._facts.all(passage, predicate)

    def _time(self) -> None:
        own = self._part("time")
        for predicate in (DIP.OCCURS_AT, DIP.ATTESTED_AT):
            for when in self._facts.all(self._node, predicate):
                if when == own and self._takes(own):
                    self._span(own)
                else:
                    self._found.setdefault("time", []).append(when)
        self._found["also_attested_at"] = self._found.get("time", [])[1:]

    def _span(self, span: NamedNode) -> None:
        """Collect a time span, without the bounds that reading the row computes from its date."""
        self._of_class(span, DIP.TIME_SPAN)
        for date in self._found.get("date", []):
            if isinstance(date, Literal) and (period := Period.of(date)):
                for column, day in (("earliest", period.first), ("latest", period.last)):
                    if [each.value for each in self._found.get(column, [])] == [str(day)]:
                        self._found[column] = []

    def _claim(self) -> None:
        claim = self._part("claim")
        if claim in self._facts.all(self._node, DIP.ADVANCES) and self._takes(claim):
            self._of_class(claim, DIP.CLAIM)
            self._found["claim_label_es"] = self._found.get("claim_label", [])
            points = self._facts.subjects(DIP.DISPUTES, claim)
            self._found["bears_on"] = [point for point in points if not self._facts.all(point, RDF.TYPE)]
        self._found["advances"] = [
            each for each in self._facts.all(self._node, DIP.ADVANCES) if not self._rows.is_stated(each)
        ]

    def _act(self) -> None:
        """Collect an act with its status, unless another row states it."""
        status = self._part("status")
        for act in self._facts.all(status, DIP.APPLIES_TO):
            acts = (self._facts.all(self._node, predicate) for predicate in _ACTS)
            if not isinstance(act, NamedNode) or not any(act in each for each in acts):
                continue
            if self._rows.is_stated(act) or not (self._takes(act) and self._takes(status)):
                continue
            self._of_class(act, DIP.PROSPECTIVE_ACT)
            self._found |= {"act_es": self._found.get("act", []), "act_id": [act]}
            self._found["act_status"] = self._facts.all(status, DIP.HAS_STATUS)
            self._found["act_holder"] = self._facts.all(status, DIP.HELD_BY)
            self._found["act_deadline"] = self._facts.all(status, DIP.HAS_DEADLINE)
            for predicate, column in _ACTS.items():
                others = [each for each in self._facts.all(self._node, predicate) if each != act]
                self._found[column] = others

    def _objects(self) -> None:
        for thing in self._facts.all(self._node, DIP.MADE_WITH):
            self._found["object"] = [thing]
            if self._takes(thing):
                self._found["object_label"] = self._facts.all(thing, RDFS.LABEL)
                self._found["inscription"] = self._inscribed(thing, DIP.BEARS)
        for predicate, column in _INSCRIBED.items():
            self._found[column] = self._inscribed(self._node, predicate)

    def _inscribed(self, thing: Value, predicate: NamedNode) -> list[Value]:
        return [self._words(each, DIP.TEXT) for each in self._facts.all(thing, predicate)]

    def _meaning(self) -> None:
        reading, report = self._part("interpretation"), self._part("report-interpretation")
        if self._node not in self._facts.all(reading, DIP.ASSESSES) or not self._takes(reading):
            return
        self._takes(report)
        for predicate, column in term_columns.OF_PARTS[DIP.INTERPRETATION].items():
            values = self._facts.all(reading, predicate) or self._facts.all(report, predicate)
            if values and column not in ("source", "seen_in"):
                self._found[column] = values
        for quoted in self._facts.all(report, DIP.QUOTES):
            self._found["meaning_passage"] = [self._words(quoted, DIP.EXACT_TEXT)]
            self._found["meaning_start"] = self._facts.all(quoted, DIP.START_OFFSET)
