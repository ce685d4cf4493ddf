"""Certain findings of the gate in a table with faults: those that are not consequences of a fault.

The gate judges all rows; rows with faults lack the cells that are unreadable or missing. A finding is
certain

- in a row that is not linked to a row with faults: always;
- in a row that is linked to one: if it depends on this row only, and no row with faults describes its value;
- in a row with faults: if, in addition, it is about the value of a cell without a fault.

Rows are linked if one names the other, directly or through further rows, but not through things that many
rows share, such as a source or an actor. If it is unknown what a row with faults describes, every row may be
linked to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import NamedNode

from kg.formats import TableFault
from kg.importers.table.entries import Entry
from kg.importers.table.faults import Fault
from kg.iris import DATA

_SHARED = frozenset(
    {"source", "actor", "place", "office", "kind", "passage", "time", "object", "inscription", "quantity"}
)
"""Records that many rows name, and that therefore do not link these rows."""
_Line: TypeAlias = tuple[int, int]
"""The number of a sheet and the number of a line."""


class CertainFindings:
    """Decides which findings of the gate are certain."""

    def __init__(self, entries: Sequence[Entry], faults: Iterable[Fault]) -> None:
        self._at_fault: dict[_Line, set[str]] = {}
        for fault in faults:
            self._at_fault.setdefault(fault.line.place, set()).add(fault.column)
        bad = [entry for entry in entries if entry.line.place in self._at_fault]
        self._is_all_known = len(bad) == len(self._at_fault) and all(
            entry.values.get("id") != () for entry in bad
        )
        self._names_at_fault = tuple(entry.name for entry in bad)
        self._tied = frozenset(_tied(entries, bad)) if self._is_all_known else frozenset()

    def holds(self, finding: TableFault) -> bool:
        """Return True if a finding is not a consequence of a fault of the table."""
        line = (finding.place.sheet_number, finding.place.line or 0)
        if line in self._at_fault:
            is_of_cell = bool(finding.value) and finding.column not in {"", *self._at_fault[line]}
            return is_of_cell and self._is_sure(finding)
        if self._is_all_known and line not in self._tied:
            return True
        return self._is_sure(finding)

    def _is_sure(self, finding: TableFault) -> bool:
        """Return True if a finding depends on its row only, and no row with faults describes its value."""
        if not self._is_all_known and finding.thing:
            return False
        is_of_bad = any(_is_around(finding.thing, name) for name in self._names_at_fault)
        return finding.is_of_row_alone and not is_of_bad


def _tied(entries: Sequence[Entry], bad: Iterable[Entry]) -> Iterator[_Line]:
    """Yield the lines of the rows that are linked to rows in ``bad``."""
    by_name = {entry.name: entry for entry in entries}
    beside: dict[str, set[str]] = {}
    for entry in entries:
        for name in _named(entry, by_name):
            beside.setdefault(entry.name, set()).add(name)
            beside.setdefault(name, set()).add(entry.name)
    first = frozenset(entry.name for entry in bad)
    waiting, visited = list(first), set(first)
    while waiting:
        name = waiting.pop()
        yield by_name[name].line.place
        if by_name[name].record.name in _SHARED and name not in first:
            continue
        new = beside.get(name, set()) - visited
        visited |= new
        waiting.extend(new)


def _named(entry: Entry, by_name: Mapping[str, Entry]) -> Iterator[str]:
    """Yield the names of the rows that describe things that a row names, or whose parts it names."""
    for values in entry.values.values():
        for value in values:
            if isinstance(value, NamedNode) and value.value.startswith(DATA):
                slug = value.value.removeprefix(DATA)
                ends = (slug[place:] for place in range(len(slug)) if not place or slug[place - 1] == "-")
                yield from (end for end in ends if end in by_name and end != entry.name)


def _is_around(slug: str, name: str) -> bool:
    """Return True if a slug is a name, or the name of one of its parts."""
    return slug == name or slug.endswith(f"-{name}")
