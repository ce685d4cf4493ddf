"""Page of the desk: the article, the drafts with their cells, and the verdict beside each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.importers.table.columns import BETWEEN, Column
from kg.importers.table.records import RECORDS
from kg.importers.table.release_words import released
from kg.importers.table.values import SLUG, Class, Kind
from kg.iris import DATA
from kg.pages.desk import entries
from kg.pages.desk.dry_run import DryFinding, DryRun
from kg.pages.desk.entries import DeskEntry, DeskRequest, DraftDecision
from kg.pages.rendering import Style
from kg.store.store import Contents

_FIRST = {
    "source": "label kind publisher url date language",
    "actor": "label label_es class source",
    "statement": "speaker about kind quote paraphrase passage source hedge basis date",
    "event": "label kind performer participants target passage source hedge basis date",
    "gesture": "label kind performer giver receiver object_label passage source hedge basis date",
}
"""Columns that a draft shows even if they are empty, in order; the others are added by name."""
_LONG = frozenset(
    {"passage", "paraphrase", "quote", "claim", "label", "label_es", "act", "note", "reading_note"}
)
SIGNS = {
    **{name: name for name in ("source", "actor", "statement", "claim")},
    "event": "happening",
    "gesture": "happening",
    "act": "prospect",
    "status": "prospect",
    **dict.fromkeys(("stance", "tone", "characterization", "interpretation"), "assessment"),
}
"""The badge of each record."""


@dataclass(frozen=True)
class DeskField:
    """One cell of a draft as a field of the form."""

    column: str
    value: str
    meaning: str
    hint: str
    options: str
    """The name of the list of allowed values; empty if there is none."""
    is_long: bool
    is_needed: bool
    findings: tuple[DryFinding, ...]


@dataclass(frozen=True)
class ShownEntry:
    """A draft on the page: its number in the form, its line in the table, its fields and its verdict."""

    number: int
    line: int | None
    entry: DeskEntry
    sign: str
    fields: tuple[DeskField, ...]
    others: tuple[str, ...]
    """Further columns of its record."""
    findings: tuple[DryFinding, ...]
    """Findings that concern none of the displayed fields."""

    @property
    def is_sound(self) -> bool:
        """Whether the dry run found no error in it."""
        all_ = [*self.findings, *(each for field in self.fields for each in field.findings)]
        return all(each.severity != "error" for each in all_)


def page(
    style: Style,
    desk_request: DeskRequest,
    all_run: DryRun | None,
    own_run: DryRun | None,
    contents: Contents,
) -> Iterator[bytes]:
    """Yield the page; ``all_run`` judges all drafts that are not rejected, ``own_run`` the accepted ones."""
    shown_entries = list(_shown(desk_request, all_run, style.language))
    values = {
        "asked": desk_request,
        "shown": shown_entries,
        "general": all_run.of_line(None) if all_run else [],
        "own_run": own_run,
        "lists": {name: _list(name, style.language) for name in _lists(shown_entries)},
        "names": list(_names(style, desk_request.entries, contents)),
        "records": list(RECORDS),
        "decisions": list(DraftDecision),
        "version": contents.version,
    }
    yield style.text("desk.html", **values).encode()


def _shown(desk_request: DeskRequest, run: DryRun | None, language: str) -> Iterator[ShownEntry]:
    lines = iter(entries.table(desk_request.kept)[1])
    for number, entry in enumerate(desk_request.entries):
        line = next(lines) if entry.decision != DraftDecision.REJECTED else None
        findings = run.of_line(line) if run and line else []
        fields = tuple(_fields(entry, findings, language))
        names = {each.column for each in fields}
        yield ShownEntry(
            number,
            line,
            entry,
            SIGNS.get(entry.record, "record"),
            fields,
            tuple(each.name for each in RECORDS[entry.record].columns if each.name not in names),
            tuple(each for each in findings if each.column not in names),
        )


def _fields(entry: DeskEntry, findings: Sequence[DryFinding], language: str) -> Iterator[DeskField]:
    """Yield the fields of a draft: the usual ones, the filled ones, and those that its verdict names."""
    record = RECORDS[entry.record]
    column_names = [*_FIRST.get(entry.record, "").split(), *entry.cells, *(each.column for each in findings)]
    column_names += [column.name for column in record.columns if column.is_required]
    fields = {"id": None, **dict.fromkeys(column_names)}
    columns = {column.name: column for column in record.columns}
    for name in (name for name in fields if name in columns):
        column = columns[name]
        yield DeskField(
            name,
            entry.cells.get(name, ""),
            column.meaning.in_language(language),
            column.hint.in_language(language).replace("`", ""),
            _options(column),
            name in _LONG,
            column.is_required,
            tuple(each for each in findings if each.column == name),
        )


def _options(column: Column) -> str:
    if isinstance(column.reads, Kind):
        return column.reads.lists[0] if len(column.reads.lists) == 1 else " ".join(column.reads.lists)
    if isinstance(column.reads, Class):
        return f"class-{column.reads.root}"
    return "names" if column.hint.en.startswith("slug") else ""


def _lists(shown_entries: Iterable[ShownEntry]) -> list[str]:
    used = {field.options for entry in shown_entries for field in entry.fields}
    return sorted(used - {"", "names"})


def _list(name: str, language: str) -> list[tuple[str, str]]:
    """Return the values of a list of kinds or classes, with an explanation of each."""
    if name.startswith("class-"):
        values = released().classes[name.removeprefix("class-")]
    else:
        values = frozenset().union(*(released().kinds[each] for each in name.split()))
    explained = released().explained
    return [
        (value, explained[value].in_language(language) if value in explained else "")
        for value in sorted(values)
    ]


def _names(
    style: Style, desk_entries: Iterable[DeskEntry], contents: Contents
) -> Iterator[tuple[str, str, str | None]]:
    """Yield the slugs that drafts use, each with its label in the draft or graph, and its language."""
    slugs: dict[str, str] = {}
    cells = style.cells(contents)
    for entry in desk_entries:
        if "id" in entry.cells:
            slugs[entry.cells["id"]] = entry.cells.get("label", entry.record)
        for name, text in entry.cells.items():
            column = RECORDS[entry.record].column(name)
            if column and _options(column) == "names":
                for each in text.split(BETWEEN):
                    if SLUG.fullmatch(each.strip()):
                        slugs.setdefault(each.strip(), "")
    for slug, label in sorted(slugs.items()):
        cell = cells.cell(NamedNode(DATA + slug))
        yield (slug, label, "en") if label else (slug, cell.text, cell.language)
