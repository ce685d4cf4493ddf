"""Cells that state the values of facts."""

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from kg.importers.table.columns import BETWEEN, Column
from kg.importers.table.literals import ENGLISH, Tagged, Words, WordsOrThing
from kg.importers.table.release_words import local_name
from kg.importers.table.values import Class, Kind, Value, WikidataItem
from kg.iris import DATA, KINDS

_LANGUAGES_WITH_COLUMNS = (ENGLISH, "es")


def cell(column: Column, values: Sequence[Value], language: str) -> str:
    """Return the cell with those values that a column can hold, in a row of a language."""
    texts = [_written(column, value) for value in values if _is_for(column, value, language)]
    if column.holds_many:
        return f"{BETWEEN} ".join(text for text in texts if BETWEEN not in text)
    return texts[0] if texts else ""


def _is_for(column: Column, value: Value, language: str) -> bool:
    if isinstance(column.reads, Tagged):
        return isinstance(value, Literal) and value.language not in (None, *_LANGUAGES_WITH_COLUMNS)
    if not isinstance(column.reads, Words):
        return True
    if isinstance(value, NamedNode):
        return isinstance(column.reads, WordsOrThing)
    tag = language if column.reads.language is None else column.reads.language
    return (value.language or "") == tag


def _written(column: Column, value: Value) -> str:
    if isinstance(value, Literal):
        return f"{value.language}: {value.value}" if isinstance(column.reads, Tagged) else value.value
    name = value.value.removeprefix(DATA)
    if isinstance(column.reads, Class | WikidataItem):
        return local_name(value.value)
    if value.value.startswith(KINDS):
        kind = value.value.removeprefix(KINDS)
        return kind if isinstance(column.reads, Kind) else f"dipk:{kind}"
    is_marked = name != value.value and isinstance(column.reads, Kind | WordsOrThing)
    return f"dipid:{name}" if is_marked else name
