"""Mapping between columns and properties, so that the gate's findings use the table's words."""

from collections.abc import Iterable, Mapping
from functools import cache

from pyoxigraph import NamedNode, Triple

from kg.importers.table.columns import Record
from kg.importers.table.entries import Entry
from kg.importers.table.records import RECORDS
from kg.iris import compact
from kg.terms import DIP, RDF, RDFS

Columns = Mapping[NamedNode, str]

OF_ROW: Columns = {
    DIP.OCCURS_AT: "date",
    DIP.ATTESTED_AT: "date",
    DIP.ADVANCES: "claim",
    DIP.HOLDS_OUT: "act",
    DIP.ASKS_FOR: "act",
    DIP.ANNOUNCES: "act",
    DIP.REFUSES: "act",
    DIP.PREDICTS: "act",
    DIP.MADE_WITH: "object",
    DIP.INSCRIPTION_BEFORE: "inscription_before",
    DIP.INSCRIPTION_AFTER: "inscription_after",
    RDF.TYPE: "class",
}
"""Properties of a row's thing that come from columns without a term."""

_ATTESTED = frozenset({DIP.ATTESTED_AT})
_OF_OTHERS: Mapping[str, frozenset[NamedNode]] = {
    "tenure": frozenset({DIP.OCCURS_AT}),
    "event": frozenset({DIP.ATTESTED_AT, DIP.HOLDS_OUT, DIP.ASKS_FOR, DIP.ANNOUNCES, DIP.PREDICTS}),
    "statement": frozenset({DIP.ATTESTED_AT, DIP.REFUSES}),
}
"""By record: properties that a column of this name has only in other records."""

_OF_PASSAGE: Columns = {
    DIP.OCCURS_IN: "source",
    DIP.EXACT_TEXT: "passage",
    DIP.EXACT_HASH: "passage",
    DIP.PREFIX: "passage_prefix",
    DIP.SUFFIX: "passage_suffix",
    DIP.START_OFFSET: "passage_start",
    DIP.END_OFFSET: "passage_start",
}
_OF_REPORT: Columns = {
    DIP.FOUND_IN: "source",
    DIP.QUOTES: "passage",
    DIP.HEDGED_AS: "hedge",
    DIP.BASED_ON: "basis",
    DIP.RELAYED_THROUGH: "through",
    DIP.SEEN_IN: "seen_in",
    DIP.QUALIFIER: "qualifier",
    DIP.INFERENCE_NOTE: "reading_note",
}
_MORE: Columns = {DIP.QUOTES: "more_passages"}
OF_PARTS: Mapping[NamedNode, Columns] = {
    DIP.REPORT: _OF_REPORT,
    DIP.PASSAGE: _OF_PASSAGE,
    DIP.TIME_SPAN: {
        DIP.DATE_AS_WRITTEN: "date_as_written",
        DIP.DATE: "date",
        DIP.EARLIEST: "earliest",
        DIP.LATEST: "latest",
        DIP.DATE_BASIS: "date_basis",
        DIP.HAS_PRECISION: "date",
        DIP.INFERENCE_NOTE: "inference_note",
    },
    DIP.CLAIM: {
        DIP.CONTENT: "claim",
        RDFS.LABEL: "claim_label",
        DIP.CLAIMED_BY: "claim_by",
        DIP.CONCERNS: "claim_about",
        DIP.ALLEGED_ACTOR: "alleged_actor",
        DIP.ALLEGED_KIND: "alleged_kind",
        DIP.ALLEGED_TARGET: "alleged_target",
        DIP.ALLEGED_PLACE: "alleged_place",
        DIP.ALLEGED_TIME: "alleged_time",
        DIP.CONTESTED_WORD: "contested_word",
        DIP.EQUIVALENT_WORD: "equivalent_word",
        DIP.HAS_TOPIC: "claim_topics",
        DIP.DISPUTES: "bears_on",
    },
    DIP.PROSPECTIVE_ACT: {
        RDFS.LABEL: "act",
        DIP.HAS_KIND: "act_kind",
        DIP.WOULD_BE_PERFORMED_BY: "act_by",
        DIP.WOULD_BE_DIRECTED_AT: "act_toward",
        DIP.CONDITION: "condition",
    },
    DIP.STATUS_RECORD: {
        DIP.APPLIES_TO: "act",
        DIP.HAS_STATUS: "act_status",
        DIP.HAS_DEADLINE: "act_deadline",
        DIP.HELD_BY: "act_holder",
        DIP.OCCURS_AT: "date",
        DIP.SETTLED_BY: "act",
    },
    DIP.SYMBOLIC_OBJECT: {
        RDFS.LABEL: "object_label",
        DIP.FOUND_IN: "source",
        DIP.BEARS: "inscription",
    },
    DIP.INSCRIPTION: {DIP.TEXT: "inscription", DIP.FOUND_IN: "source"},
    DIP.INTERPRETATION: {
        DIP.MEANING: "meaning",
        DIP.ASSESSED_BY: "interpreter",
        DIP.HAS_TOPIC: "meaning_topics",
        DIP.FOUND_IN: "source",
        DIP.QUOTES: "meaning_passage",
        DIP.HEDGED_AS: "meaning_hedge",
        DIP.BASED_ON: "meaning_basis",
        DIP.RELAYED_THROUGH: "meaning_through",
        DIP.SEEN_IN: "seen_in",
    },
}
"""By class of a related thing: the columns by property; an interpretation also has those of its report."""


def words(entry: Entry, node: NamedNode, triples: Iterable[Triple]) -> Mapping[str, str]:
    """Return the table's words for terms, by compact name, in triples about a thing."""
    if node == entry.node:
        return words_of_record(entry.record.name)
    if node == entry.part("report-interpretation"):
        return _words(entry.record.name, DIP.INTERPRETATION)
    class_ = next(
        (each.object for each in triples if (each.subject, each.predicate) == (node, RDF.TYPE)), None
    )
    return _words(entry.record.name, class_ if isinstance(class_, NamedNode) else DIP.SYMBOLIC_OBJECT)


def of_record(record: Record) -> Columns:
    """Return the columns of a record by property: of its row, else of related things."""
    own = {
        column.term: column.name
        for column in reversed(record.columns)
        if column.term and not column.is_inverse
    }
    names = {column.name for column in record.columns}
    around = {
        term: name
        for columns in reversed([*OF_PARTS.values()])
        for term, name in columns.items()
        if name in names
    }
    every = {**around, **OF_ROW, **(_OF_REPORT if record.name == "report" else {}), **own}
    foreign = _OF_OTHERS.get(record.name, _ATTESTED)
    return {term: name for term, name in every.items() if name in names and term not in foreign}


def becomes(record: Record, column: str) -> tuple[NamedNode, ...]:
    """Return the properties of a column; none for a column that only names the row or its language."""
    described = record.column(column)
    if described is not None and described.term is not None:
        return (described.term,)
    every = [of_record(record), _MORE, *OF_PARTS.values()]
    found = (term for columns in every for term, name in columns.items() if name == column)
    return tuple(dict.fromkeys(found))


def words_of_record(record: str) -> Mapping[str, str]:
    """Return the table's words for terms, by compact name, in triples about a row of a record."""
    return _words(record, None)


@cache
def _words(record: str, class_: NamedNode | None) -> Mapping[str, str]:
    """Return the words for a row, or for its related thing of a class."""
    columns = of_record(RECORDS[record])
    if class_ is not None:
        names = {column.name for column in RECORDS[record].columns}
        columns = {
            **columns,
            **{term: name for term, name in OF_PARTS.get(class_, {}).items() if name in names},
        }
    records = {f"dip:{each.type}": each.name for each in RECORDS.values()}
    return {**_elsewhere(), **records, **{compact(term.value): name for term, name in columns.items()}}


@cache
def _elsewhere() -> Mapping[str, str]:
    """Return the words for properties that one record alone has: its name and the column's."""
    found: dict[str, set[str]] = {}
    for record in RECORDS.values():
        for column in record.columns:
            if column.term and not column.is_inverse:
                found.setdefault(compact(column.term.value), set()).add(f"{record.name}.{column.name}")
    return {term: next(iter(names)) for term, names in found.items() if len(names) == 1}
