"""Rows that add to records of other submissions."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from kg.importers.table import term_columns
from kg.importers.table.columns import ADDS_TO, ID, Record
from kg.importers.table.facts_by_subject import Facts
from kg.importers.table.records import RECORDS
from kg.importers.table.release_words import local_name
from kg.importers.table.rows_of_facts import NAMING, Cells, RowsOfFacts, records_by_class
from kg.importers.table.table import RECORD_COLUMN


def additions(
    triples: Iterable[Triple], things: Collection[NamedNode], classes: Mapping[NamedNode, NamedNode]
) -> Iterator[Cells]:
    """Yield rows for triples about things: one for each thing and each language of its texts.

    ``classes`` has the classes of things, if known; otherwise the row's record is the one that has the most
    of the columns.
    """
    by_language: dict[str, list[Triple]] = {}
    for triple in triples:
        if triple.subject in things:
            by_language.setdefault(_language(triple), []).append(triple)
    of_any = by_language.pop("", [])
    groups = [by_language[language] for language in sorted(by_language)] or [[]]
    for group in ([*of_any, *groups[0]], *groups[1:]):
        for row in _AddedRows(Facts(group), classes).rows:
            name = row.pop(ID.name)
            yield {RECORD_COLUMN: row.pop(RECORD_COLUMN), ADDS_TO.name: name, **row}


def _language(triple: Triple) -> str:
    """Return the language of a text that is not a name."""
    if not isinstance(triple.object, Literal) or triple.predicate in NAMING:
        return ""
    return triple.object.language or ""


class _AddedRows(RowsOfFacts):
    """Rows for facts about things that other submissions describe."""

    def __init__(self, facts: Facts, classes: Mapping[NamedNode, NamedNode]) -> None:
        self._classes_elsewhere = classes
        super().__init__(facts, frozenset())

    def _record(self, node: NamedNode) -> Record | None:
        class_ = self._classes_elsewhere.get(node)
        class_record = records_by_class().get(local_name(class_.value)) if class_ else None
        if class_record and class_record.column(ADDS_TO.name):
            return class_record
        able = [record for record in RECORDS.values() if record.column(ADDS_TO.name)]
        properties = self._facts.properties(node)
        return max(able, key=lambda record: len(properties & term_columns.of_record(record).keys()))
