"""Writes facts back as rows of a table, to be mended; what no row says is returned beside them.

Each thing of a class of ours becomes a row, with what stands around it under the names that a table gives.
The rows are then read again: whatever triple does not come back is unsaid.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.errors import Unreadable
from kg.importers import table
from kg.importers.table import term_columns
from kg.importers.table.columns import BETWEEN, Column, Record
from kg.importers.table.records import COLUMNS, RECORDS
from kg.importers.table.table import RECORD_COLUMN
from kg.importers.table.values import ENGLISH, Class, Kind, Value, Words, WordsOrThing, released
from kg.iris import DATA, KINDS, TERMS
from kg.terms import DIP, RDF, RDFS

_PARTS = ("report-interpretation-", "interpretation-", "report-", "time-", "claim-", "status-", "object-")
_ACTS: Mapping[NamedNode, str] = {
    DIP.HOLDS_OUT: "holds_out",
    DIP.ASKS_FOR: "asks_for",
    DIP.ANNOUNCES: "announces",
    DIP.REFUSES: "refuses",
}
"""By the property that names an act: the column for acts that are described elsewhere."""
_UNLIMITED = 1 << 40


@dataclass(frozen=True)
class WrittenTable:
    """A table in CSV, the triples that it does not say, and how many it says beyond those it was made of."""

    text: str
    unsaid: tuple[Triple, ...]
    more: int = 0


def written(quads: Iterable[Quad]) -> WrittenTable:
    """Write facts as a table; of what no row says, nothing is left out of ``unsaid``."""
    facts = _Facts(quads)
    rows = [row for node in facts.nodes() if (row := facts.row(node))]
    kept = [row for row in rows if _is_read(row)]
    text = _text(kept)
    back = _triples(kept)
    unsaid = sorted((triple for triple in facts.triples if triple not in back), key=str)
    return WrittenTable(text, tuple(unsaid), len(back - facts.triples))


def _text(rows: Iterable[Mapping[str, str]]) -> str:
    rows = list(rows)
    used = {name for row in rows for name in row}
    buffer = io.StringIO()
    header = [name for name in COLUMNS if name in used] or [RECORD_COLUMN]
    writer = csv.DictWriter(buffer, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _triples(rows: Iterable[Mapping[str, str]]) -> frozenset[Triple]:
    rows = list(rows)
    if not rows:
        return frozenset()
    facts = table.read(_text(rows).encode(), _UNLIMITED)
    return frozenset(Triple(quad.subject, quad.predicate, quad.object) for quad in facts.quads)


def _is_read(row: Mapping[str, str]) -> bool:
    try:
        table.read(_text([row]).encode(), _UNLIMITED)
    except Unreadable:
        return False
    return True


class _Facts:
    """The facts of a graph, by subject and property."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.triples = {Triple(quad.subject, quad.predicate, quad.object) for quad in quads}
        self._said: dict[NamedNode, dict[NamedNode, list[Value]]] = {}
        for triple in sorted(self.triples, key=str):
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
                self._said.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(
                    triple.object
                )
        self._rows_of_acts: dict[NamedNode, NamedNode] = {}
        """The one row that describes each act."""
        self._classes = {
            name: record
            for record in RECORDS.values()
            for name in (record.type, *released().classes.get(record.type, ()))
        }

    def nodes(self) -> Iterator[NamedNode]:
        """Yield the things that are rows: those that are no part of another's row."""
        acts = {act for node in self._said for predicate in _ACTS for act in self._all(node, predicate)}
        for node in self._said:
            owner = next((owner for part in _PARTS if (owner := self._owner(node, part))), None)
            if owner is None and node not in acts:
                yield node

    def _owner(self, node: NamedNode, part: str) -> NamedNode | None:
        name = node.value.removeprefix(DATA)
        owner = NamedNode(DATA + name.removeprefix(part))
        return owner if name.startswith(part) and owner in self._said else None

    def _all(self, node: NamedNode, predicate: NamedNode) -> list[Value]:
        return self._said.get(node, {}).get(predicate, [])

    def row(self, node: NamedNode) -> dict[str, str] | None:
        """Write the row of a thing; None for one that no record describes."""
        class_ = next((_local(each) for each in self._all(node, RDF.TYPE)), "")
        record = self._classes.get(class_)
        if record is None or not node.value.startswith(DATA):
            return None
        language = self._language(node, record)
        values = {each.name: self._all(node, each.term) for each in record.columns if each.term}
        values |= {"id": [node], **self._around(node, record)}
        if record.column("class"):
            values["class"] = [NamedNode(TERMS + class_)]
        row = {
            column.name: cell
            for column in record.columns
            if (cell := _cell(column, _sayable(column, values.get(column.name, []), language)))
        }
        return {RECORD_COLUMN: record.name, **row, **({"language": language} if language != ENGLISH else {})}

    def _language(self, node: NamedNode, record: Record) -> str:
        """Return the language of most of a row's texts."""
        name = node.value.removeprefix(DATA)
        nodes = [node, *(NamedNode(f"{DATA}{part}{name}") for part in _PARTS)]
        labels = {
            column.term
            for column in record.columns
            if isinstance(column.reads, Words) and column.reads.language
        }
        found = Counter(
            value.language
            for each in nodes
            for predicate, values in self._said.get(each, {}).items()
            for value in values
            if isinstance(value, Literal) and value.language and predicate not in (*labels, RDFS.LABEL)
        )
        return found.most_common(1)[0][0] if found else ENGLISH

    def _around(self, node: NamedNode, record: Record) -> dict[str, list[Value]]:
        """Return the columns that are made of the things around a row."""
        name = node.value.removeprefix(DATA)
        found: dict[str, list[Value]] = {}
        report = node if record.name == "report" else NamedNode(f"{DATA}report-{name}")
        self._take(found, report, DIP.REPORT)
        for quoted in self._all(report, DIP.QUOTES):
            self._quote(found, quoted, "passage", "passage_start")
        for when in [*self._all(node, DIP.OCCURS_AT), *self._all(node, DIP.ATTESTED_AT)]:
            self._time(found, node, when)
        for claim in self._all(node, DIP.ADVANCES):
            if claim.value == f"{DATA}claim-{name}":
                self._take(found, NamedNode(claim.value), DIP.CLAIM)
                found["claim_label_es"] = found.get("claim_label", [])
                found["bears_on"] = [point for point in self._said if claim in self._all(point, DIP.DISPUTES)]
        self._act(found, node, name)
        self._object(found, node)
        self._meaning(found, name)
        return found

    def _take(self, found: dict[str, list[Value]], part: NamedNode, class_: NamedNode) -> None:
        for predicate, column in term_columns.OF_PARTS[class_].items():
            if values := self._all(part, predicate):
                found[column] = list(values)

    def _quote(self, found: dict[str, list[Value]], passage: Value, column: str, start: str) -> None:
        node = NamedNode(passage.value)
        words = self._all(node, DIP.EXACT_TEXT)
        found[column] = list(words) or [passage]
        for predicate, name in ((DIP.PREFIX, "passage_prefix"), (DIP.SUFFIX, "passage_suffix")):
            if column == "passage" and (values := self._all(node, predicate)):
                found[name] = list(values)
        if values := self._all(node, DIP.START_OFFSET):
            found[start] = list(values)

    def _time(self, found: dict[str, list[Value]], node: NamedNode, when: Value) -> None:
        own = NamedNode(f"{DATA}time-{node.value.removeprefix(DATA)}")
        if when != own:
            found["time"] = [when]
            return
        for predicate, column in term_columns.OF_PARTS[DIP.TIME_SPAN].items():
            if predicate != DIP.HAS_PRECISION and (values := self._all(own, predicate)):
                found[column] = list(values)

    def _act(self, found: dict[str, list[Value]], node: NamedNode, name: str) -> None:
        status = NamedNode(f"{DATA}status-{name}")
        for act in self._all(status, DIP.APPLIES_TO):
            is_described = isinstance(act, NamedNode) and DIP.PROSPECTIVE_ACT in self._all(act, RDF.TYPE)
            if (
                isinstance(act, NamedNode)
                and is_described
                and self._rows_of_acts.setdefault(act, node) == node
            ):
                self._take(found, act, DIP.PROSPECTIVE_ACT)
                found |= {"act_es": found.get("act", []), "act_id": [act]}
                found["act_status"] = self._all(status, DIP.HAS_STATUS)
                found["act_holder"] = self._all(status, DIP.HELD_BY)
                for predicate, column in _ACTS.items():
                    found[column] = [each for each in self._all(node, predicate) if each != act]

    def _object(self, found: dict[str, list[Value]], node: NamedNode) -> None:
        for thing in self._all(node, DIP.MADE_WITH):
            found["object"] = [thing]
            found["object_label"] = self._all(NamedNode(thing.value), RDFS.LABEL)
            found["inscription"] = [
                self._inscribed(each) for each in self._all(NamedNode(thing.value), DIP.BEARS)
            ]
        for predicate, column in ((DIP.INSCRIPTION_BEFORE, "before"), (DIP.INSCRIPTION_AFTER, "after")):
            found[f"inscription_{column}"] = [self._inscribed(each) for each in self._all(node, predicate)]

    def _inscribed(self, inscription: Value) -> Value:
        return next(iter(self._all(NamedNode(inscription.value), DIP.TEXT)), inscription)

    def _meaning(self, found: dict[str, list[Value]], name: str) -> None:
        self._take_own(found, NamedNode(f"{DATA}interpretation-{name}"))
        report = NamedNode(f"{DATA}report-interpretation-{name}")
        self._take_own(found, report)
        for quoted in self._all(report, DIP.QUOTES):
            self._quote(found, quoted, "meaning_passage", "meaning_start")

    def _take_own(self, found: dict[str, list[Value]], part: NamedNode) -> None:
        for predicate, column in term_columns.OF_PARTS[DIP.INTERPRETATION].items():
            if column not in ("source", "seen_in") and (values := self._all(part, predicate)):
                found[column] = list(values)


def _sayable(column: Column, values: Iterable[Value], language: str) -> list[Value]:
    """Return the values that a cell of the column can give: texts in its language."""
    if not isinstance(column.reads, Words):
        return list(values)
    tag = language if column.reads.language is None else column.reads.language
    is_thing = isinstance(column.reads, WordsOrThing)
    return [
        value
        for value in values
        if (isinstance(value, Literal) and (value.language or "") == tag)
        or (is_thing and isinstance(value, NamedNode))
    ]


def _cell(column: Column, values: list[Value]) -> str:
    texts = [_written(column, value) for value in values]
    if column.holds_many:
        return f"{BETWEEN} ".join(text for text in texts if BETWEEN not in text)
    return texts[0] if texts else ""


def _written(column: Column, value: Value) -> str:
    if isinstance(value, Literal):
        return value.value
    name = value.value.removeprefix(DATA)
    if isinstance(column.reads, Class):
        return _local(value)
    if value.value.startswith(KINDS):
        return (
            f"dipk:{value.value.removeprefix(KINDS)}"
            if not isinstance(column.reads, Kind)
            else value.value.removeprefix(KINDS)
        )
    is_marked = name != value.value and isinstance(column.reads, Kind | WordsOrThing)
    return f"dipid:{name}" if is_marked else name


def _local(value: Value) -> str:
    return value.value.rpartition("#")[2].rpartition("/")[2]
