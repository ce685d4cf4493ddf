"""From rows to entries: every cell read, every fault of every row found before any triple is made."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from pyoxigraph import NamedNode

from kg.importers.table import spans
from kg.importers.table.columns import BETWEEN, Column, Groups, Record
from kg.importers.table.faults import Fault, TableLine, nearest
from kg.importers.table.records import RECORDS
from kg.importers.table.table import RECORD_COLUMN, TableRow
from kg.importers.table.values import ENGLISH, Language, Value, Words, released
from kg.iris import DATA, KINDS, compact, slug

_LONGEST_NAME = 60
_SEVERAL = "give the others rows of their own"


@dataclass(frozen=True)
class Entry:
    """A row that was read: the record it is, the name of what it describes, its values by column."""

    line: TableLine
    record: Record
    name: str
    values: Mapping[str, tuple[Value, ...]]
    broader: Mapping[str, str] = field(default_factory=dict)
    """The kind above each kind that the table describes, by slug."""

    @property
    def node(self) -> NamedNode:
        """The thing that the row describes."""
        return NamedNode(DATA + self.name)

    def part(self, name: str) -> NamedNode:
        """Name a thing around it: ``report``, ``passage`` ..."""
        return NamedNode(f"{DATA}{name}-{self.name}")

    def all(self, column: str) -> tuple[Value, ...]:
        """Give the values of a column."""
        return self.values.get(column, ())

    def one(self, column: str) -> Value | None:
        """Give the value of a column that holds one; None where the cell is empty."""
        return next(iter(self.all(column)), None)

    def text(self, column: str) -> str:
        """Give the text of a column that holds one; empty where the cell is."""
        value = self.one(column)
        return value.value if value else ""

    def told(self, column: str) -> str:
        """Write the value of a column for reading."""
        value = self.one(column)
        return compact(value.value) if isinstance(value, NamedNode) else self.text(column)

    @property
    def act(self) -> str:
        """The name of the act that it holds out or refuses."""
        return self.text("act_id").removeprefix(DATA) or f"act-{self.name}"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The slugs of its kinds; a kind that the table describes counts as the one above it, too."""
        found = [_kind(value) for value in self.all("kind")]
        for kind in found:
            if (above := self.broader.get(kind)) and above not in found:
                found.append(above)
        return tuple(found)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of its classes: as said, else those of its kinds, else that of its record."""
        if said := self.text("class"):
            return (re.split(r"[/#]", said)[-1],)
        of_kinds = (released().class_of.get(kind) for kind in self.kinds)
        return tuple(dict.fromkeys(filter(None, of_kinds))) or (self.record.type,)


def read(rows: Iterable[TableRow]) -> tuple[list[Entry], list[Fault]]:
    """Read rows. Where there are faults the entries are not to be used."""
    faults: list[Fault] = []
    entries = [entry for row in rows if (entry := _entry(row, faults.append))]
    broader = {entry.name: _kind(value) for entry in entries if (value := entry.one("broader"))}
    if broader:
        entries = [replace(entry, broader=broader) for entry in entries]
    for entry in entries:
        faults += _faults_of(entry)
    return entries, sorted(faults, key=lambda fault: fault.line.place)


def sound(entries: Sequence[Entry], faults: Iterable[Fault]) -> list[Entry]:
    """Return the rows that can be judged: they have no fault and name no thing of a row that has one.

    None is returned where it is not known what a faulty row describes.
    """
    lines = {fault.line for fault in faults}
    if not lines:
        return list(entries)
    bad = [entry for entry in entries if entry.line in lines]
    if len(bad) < len(lines) or any(entry.values.get("id") == () for entry in bad):
        return []
    left = [entry for entry in entries if entry.line not in lines]
    while bad:
        names = tuple(entry.name for entry in bad)
        bad = [entry for entry in left if any(_is_of(value, names) for value in _things(entry))]
        gone = {entry.line for entry in bad}
        left = [entry for entry in left if entry.line not in gone]
    return left


def _things(entry: Entry) -> Iterator[str]:
    for values in entry.values.values():
        yield from (value.value for value in values if isinstance(value, NamedNode))


def _is_of(thing: str, names: tuple[str, ...]) -> bool:
    """Tell if a thing is described by the row of one of these names, or stands around one."""
    return thing.startswith(DATA) and thing.endswith(names)


def _kind(value: Value) -> str:
    return value.value.removeprefix(KINDS).removeprefix(DATA)


def _entry(row: TableRow, tell: Callable[[Fault], None]) -> Entry | None:
    name = row.cells.get(RECORD_COLUMN, "").strip().lower()
    record = RECORDS.get(name)
    if record is None:
        unknown, missing = f"there is no such record; {nearest(name, RECORDS)}", ", ".join(RECORDS)
        tell(Fault(row.line, RECORD_COLUMN, name, unknown if name else f"say what this row is: {missing}"))
        return None
    language = _language(row)
    values: dict[str, tuple[Value, ...]] = {}
    for heading, cell in row.cells.items():
        if column := record.column(heading):
            if texts := _texts(column, cell):
                values[heading] = tuple(_values(column, texts, language, row.line, tell))
        elif heading != RECORD_COLUMN:
            tell(Fault(row.line, heading, cell, f"a row of {name} has no such column; {_owners(heading)}"))
    return Entry(row.line, record, _name(row, record, values), values)


def _language(row: TableRow) -> str:
    """Give the language of a row's texts; what is wrong with its cell is told where the cell is read."""
    try:
        return Language().read(row.cells.get("language", ENGLISH).strip()).value
    except ValueError:
        return ENGLISH


def _owners(heading: str) -> str:
    owners = [record.name for record in RECORDS.values() if record.column(heading)]
    return f"leave the cell empty, or make the row one of {' or '.join(owners)}"


def _values(
    column: Column, texts: Iterable[str], language: str, line: TableLine, tell: Callable[[Fault], None]
) -> Iterator[Value]:
    for text in texts:
        try:
            value = column.reads.read(text)
        except ValueError as fault:
            wrong = str(fault) if BETWEEN not in text else f"this column takes one value; {_SEVERAL}"
            tell(Fault(line, column.name, text, wrong))
        else:
            yield column.reads.spoken(value, language) if isinstance(column.reads, Words) else value


def _texts(column: Column, cell: str) -> list[str]:
    """Take a cell apart. A single text is kept to the letter, other values lose the space around them."""
    if column.holds_many:
        return [part.strip() for part in cell.split(BETWEEN) if part.strip()]
    return [cell if isinstance(column.reads, Words) else cell.strip()]


def _name(row: TableRow, record: Record, values: Mapping[str, tuple[Value, ...]]) -> str:
    """Name what a row describes: by its id, else by its label and a hash of all that the row says."""
    if values.get("id"):
        return values["id"][0].value.removeprefix(DATA)
    said = "\0".join(f"{heading}\0{cell}" for heading, cell in sorted(row.cells.items()))
    digest = sha256(said.encode()).hexdigest()[:8]
    label = slug(row.cells.get("label", ""))[:_LONGEST_NAME].strip("-")
    return f"{label or record.name}-{digest}"


def _faults_of(entry: Entry) -> Iterator[Fault]:
    """Find what is missing in a row, or at odds with the rest of it: one fault a cell."""
    told: dict[str, Fault] = {}
    for name, wrong in (*_missing(entry), *spans.faults(entry.values)):
        told.setdefault(name, Fault(entry.line, name, entry.told(name), wrong))
    yield from told.values()


def _missing(entry: Entry) -> Iterator[tuple[str, str]]:
    for column in entry.record.columns:
        if column.is_required and column.name not in entry.values:
            yield column.name, f"this is needed: {column.meaning}"
        if column.name in entry.values:
            yield from _of_groups(entry, column.needs, f"the cell {column.name} is filled")
    if "id" not in entry.values and "label" not in entry.values:
        yield "label", "this is needed where there is no id, to name the thing by"
    for name in ("passage_prefix", "passage_suffix", "passage_start", "meaning_start"):
        quoted = entry.one("meaning_passage" if name == "meaning_start" else "passage")
        if name in entry.values and isinstance(quoted, NamedNode):
            yield name, "leave this empty, since the passage is described already"
    if entry.record.name == "actor" and "hedge" in entry.values and len(entry.all("source")) > 1:
        yield "source", "one source bears out the ties; name the others in rows of record report"
    for word in _words(entry):
        yield from _of_groups(entry, entry.record.needs.get(word, ()), f"this is of {word}")


def _of_groups(entry: Entry, groups: Groups, because: str) -> Iterator[tuple[str, str]]:
    for group in groups:
        if not any(name in entry.values for name in group):
            what = "this" if len(group) == 1 else f"one of the cells {', '.join(group)}"
            yield group[0], f"{what} is needed, since {because}"


def _words(entry: Entry) -> tuple[str, ...]:
    """Give the words on which it depends what a row needs, the narrower first."""
    status = entry.text("status").removeprefix(KINDS)
    return tuple(dict.fromkeys((status, *entry.kinds, *entry.classes, entry.record.type)))
