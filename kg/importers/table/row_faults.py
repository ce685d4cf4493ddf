"""Faults of rows: missing or contradictory cells."""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from kg.importers.table import spans
from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import GROUNDS, Column, Groups
from kg.importers.table.entries import Entry
from kg.importers.table.faults import Fault
from kg.iris import KINDS

_AROUND = ("passage_prefix", "passage_suffix", "passage_start", "meaning_start")
_NO_NAME = Bilingual(
    "this is required if there is no id, because the name is derived from it",
    "es necesario si no hay id, para nombrar la cosa",
)
_NOTHING_ADDED = Bilingual(
    "fill in what the row adds to this record, or leave the row out",
    "rellene lo que la fila añade a este registro, o quite la fila",
)
_DESCRIBED = Bilingual(
    "leave this empty, because the passage already exists",
    "déjelo vacío, pues el pasaje ya está descrito",
)
_ONE_SOURCE = Bilingual(
    "only one source can support the ties; name the others in rows of record report",
    "una sola fuente respalda los vínculos; nombre las demás en filas de report",
)


def of_rows(entries: Iterable[Entry]) -> Iterator[Fault]:
    """Yield the faults of each row, at most one per cell."""
    for entry in entries:
        faults: dict[str, Fault] = {}
        for name, wrong in (*_missing(entry), *_at_odds(entry), *spans.faults(entry.values)):
            faults.setdefault(name, Fault(entry.line, name, entry.told(name), wrong))
        yield from faults.values()


def _missing(entry: Entry) -> Iterator[tuple[str, Bilingual]]:
    for column in entry.record.columns:
        is_filled = column.name in entry.values
        if column.is_required and not is_filled and _is_needed(entry, column):
            meaning = column.meaning
            yield column.name, Bilingual(f"this is required: {meaning.en}", f"es necesario: {meaning.es}")
        if is_filled:
            because = Bilingual(f"the cell {column.name} is filled", f"la celda {column.name} está llena")
            needs = tuple(group for group in column.needs if _is_for_row(entry, group[0]))
            yield from _of_groups(entry, needs, because)
    if entry.is_addition:
        if entry.values.keys() <= {"id", "adds_to", "language"}:
            yield "adds_to", _NOTHING_ADDED
        return
    if not any(name in entry.values for name in ("id", "label", "label_es", "names")):
        yield "label" if entry.record.column("label") else "id", _NO_NAME
    for word in _words(entry):
        because = Bilingual(f"this is of {word}", f"esto es de {word}")
        yield from _of_groups(entry, entry.record.needs.get(word, ()), because)


def _is_needed(entry: Entry, column: Column) -> bool:
    """Return True if a row must fill a required column; a row that adds to a record need not repeat it."""
    if entry.is_addition and not (entry.record.is_reported and column.name in GROUNDS):
        return False
    return _is_for_row(entry, column.name)


def _is_for_row(entry: Entry, column: str) -> bool:
    """Return True if a row must fill a column itself; for its grounds, a row of ``report`` may do instead."""
    if column not in GROUNDS or entry.rests_on_itself:
        return True
    return column == "source" and not entry.record.is_reported


def _at_odds(entry: Entry) -> Iterator[tuple[str, Bilingual]]:
    for name in _AROUND:
        quoted = entry.one("meaning_passage" if name == "meaning_start" else "passage")
        if name in entry.values and isinstance(quoted, NamedNode):
            yield name, _DESCRIBED
    if entry.record.name == "actor" and "hedge" in entry.values and len(entry.all("source")) > 1:
        yield "source", _ONE_SOURCE


def _of_groups(entry: Entry, groups: Groups, because: Bilingual) -> Iterator[tuple[str, Bilingual]]:
    for group in groups:
        if any(name in entry.values for name in group):
            continue
        names = ", ".join(group)
        if len(group) == 1:
            column = entry.record.column(group[0])
            meaning = column.meaning if column else Bilingual("", "")
            wrong = Bilingual(
                f"this is required, because {because.en}: {meaning.en}",
                f"es necesario, pues {because.es}: {meaning.es}",
            )
        else:
            wrong = Bilingual(
                f"one of the cells {names} is required, because {because.en}",
                f"es necesaria una de las celdas {names}, pues {because.es}",
            )
        yield group[0], wrong


def _words(entry: Entry) -> tuple[str, ...]:
    """Return the words that determine what a row needs, most specific first."""
    status = entry.text("status").removeprefix(KINDS)
    return tuple(dict.fromkeys((status, *entry.kinds, *entry.classes, entry.record.type)))
