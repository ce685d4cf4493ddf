"""Entries: rows with parsed cells; all faults of all cells are found before any triple is made."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from pyoxigraph import NamedNode

from kg.importers.table.bilingual import Bilingual, Misread
from kg.importers.table.columns import BETWEEN, Column, Record
from kg.importers.table.faults import Fault, TableLine, nearest
from kg.importers.table.literals import ENGLISH, Language, Words
from kg.importers.table.records import RECORDS
from kg.importers.table.release_words import local_name, released
from kg.importers.table.table import RECORD_COLUMN, TableRow
from kg.importers.table.values import Value
from kg.iris import DATA, KINDS, slug

_LONGEST_NAME = 60
_SEVERAL = Bilingual(
    "this column takes one value; put the others into rows of their own",
    "esta columna toma un solo valor; dé a los demás filas propias",
)


@dataclass(frozen=True)
class Entry:
    """A parsed row: its record, the name of the thing that it describes, and its values by column."""

    line: TableLine
    record: Record
    name: str
    values: Mapping[str, tuple[Value, ...]]
    broader: Mapping[str, str] = field(default_factory=dict)
    """The broader kind of each kind that the table describes, by slug."""
    is_named_by_report: bool = False
    """True if a row of ``report`` names a source for it."""

    @property
    def node(self) -> NamedNode:
        """The thing that the row describes or adds to."""
        return NamedNode(self.text("adds_to") or DATA + self.name)

    @property
    def is_addition(self) -> bool:
        """True if another submission describes the thing."""
        return "adds_to" in self.values

    def part(self, name: str) -> NamedNode:
        """Return the IRI of a related thing: ``report``, ``passage`` ..."""
        return NamedNode(f"{DATA}{name}-{self.name}")

    def all(self, column: str) -> tuple[Value, ...]:
        """Return the values of a column."""
        return self.values.get(column, ())

    def one(self, column: str) -> Value | None:
        """Return the value of a single-value column; None if the cell is empty."""
        return next(iter(self.all(column)), None)

    def text(self, column: str) -> str:
        """Return the text of a single-value column; empty if the cell is."""
        value = self.one(column)
        return value.value if value else ""

    def told(self, column: str) -> str:
        """Return the value of a column as readable text."""
        value = self.one(column)
        return local_name(value.value) if isinstance(value, NamedNode) else self.text(column)

    @property
    def rests_on_itself(self) -> bool:
        """True if the row must name its own source, or does."""
        return not self.is_named_by_report or any(name in self.values for name in ("hedge", "basis"))

    @property
    def act(self) -> str:
        """The name of the act in the row."""
        return self.text("act_id").removeprefix(DATA) or f"act-{self.name}"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The slugs of its kinds, and of the broader kinds of those that the table describes."""
        found = [_kind(value) for value in self.all("kind")]
        for kind in found:
            if (above := self.broader.get(kind)) and above not in found:
                found.append(above)
        return tuple(found)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of its classes: the stated one, else those of its kinds, else that of its record."""
        if class_text := self.text("class"):
            return (local_name(class_text),)
        release = released()
        of_kinds = (release.class_of.get(kind, "") for kind in self.kinds)
        below = release.classes.get(self.record.type, frozenset())
        return tuple(name for name in dict.fromkeys(of_kinds) if name in below) or (self.record.type,)


def read(rows: Iterable[TableRow]) -> tuple[list[Entry], list[Fault]]:
    """Parse the cells of rows; return the entries, and the faults of single cells."""
    faults: list[Fault] = []
    entries = [entry for row in rows if (entry := _entry(row, faults.append))]
    return _related(entries), faults


def _related(entries: list[Entry]) -> list[Entry]:
    """Add to each row the facts in other rows: broader kinds, and whether a report names it."""
    broader = {entry.name: _kind(value) for entry in entries if (value := entry.one("broader"))}
    reports = [entry for entry in entries if entry.record.name == "report"]
    reported = {value.value for entry in reports for value in entry.all("reports")}
    return [
        replace(entry, broader=broader, is_named_by_report=entry.node.value in reported)
        if broader or entry.node.value in reported
        else entry
        for entry in entries
    ]


def _kind(value: Value) -> str:
    return value.value.removeprefix(KINDS).removeprefix(DATA)


def _entry(row: TableRow, tell: Callable[[Fault], None]) -> Entry | None:
    name = row.cells.get(RECORD_COLUMN, "").strip().lower()
    record = RECORDS.get(name)
    if record is None:
        tell(Fault(row.line, RECORD_COLUMN, name, _no_record(name)))
        return None
    language = _language(row)
    values: dict[str, tuple[Value, ...]] = {}
    for heading, cell in row.cells.items():
        if column := record.column(heading):
            if texts := _texts(column, cell):
                values[heading] = tuple(_values(column, texts, language, row.line, tell))
        elif heading != RECORD_COLUMN:
            tell(Fault(row.line, heading, cell, _foreign(name, heading)))
    return Entry(row.line, record, _name(row, record, values), values)


def _language(row: TableRow) -> str:
    """Return the language of a row's texts; a fault in its cell is reported when the cell is parsed."""
    try:
        return Language().read(row.cells.get("language", ENGLISH).strip()).value
    except ValueError:
        return ENGLISH


def _no_record(name: str) -> Bilingual:
    if not name:
        names = ", ".join(RECORDS)
        return Bilingual(f"say what this row is: {names}", f"diga qué es esta fila: {names}")
    near = nearest(name, RECORDS)
    return Bilingual(f"there is no such record; {near.en}", f"no existe ese registro; {near.es}")


def _foreign(name: str, heading: str) -> Bilingual:
    owners = [record.name for record in RECORDS.values() if record.column(heading)]
    return Bilingual(
        f"a row of {name} has no such column; leave the cell empty, or make the row one of"
        f" {' or '.join(owners)}",
        f"una fila de {name} no tiene esa columna; deje la celda vacía o haga la fila de"
        f" {' o '.join(owners)}",
    )


def _values(
    column: Column, texts: Iterable[str], language: str, line: TableLine, tell: Callable[[Fault], None]
) -> Iterator[Value]:
    for text in texts:
        try:
            value = column.reads.read(text)
        except Misread as misread:
            tell(Fault(line, column.name, text, _SEVERAL if BETWEEN in text else misread.wrong))
        else:
            yield column.reads.spoken(value, language) if isinstance(column.reads, Words) else value


def _texts(column: Column, cell: str) -> list[str]:
    """Split a cell. A single text stays unchanged; other values are stripped."""
    if column.holds_many:
        return [part.strip() for part in cell.split(BETWEEN) if part.strip()]
    return [cell if isinstance(column.reads, Words) else cell.strip()]


def _name(row: TableRow, record: Record, values: Mapping[str, tuple[Value, ...]]) -> str:
    """Return the name of a row's thing: its id, else its label and a hash of the row."""
    if values.get("id"):
        return values["id"][0].value.removeprefix(DATA)
    row_text = "\0".join(f"{heading}\0{cell}" for heading, cell in sorted(row.cells.items()))
    digest = sha256(row_text.encode()).hexdigest()[:8]
    label_text = next((row.cells[each] for each in ("label", "label_es") if each in row.cells), "")
    label = slug(label_text)[:_LONGEST_NAME].strip("-")
    return f"{label or record.name}-{digest}"
