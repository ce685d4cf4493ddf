"""The form that a curator sends from the desk.

The article, the marked passages, and the drafts with decisions.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kg.errors import BadInput, TooLarge
from kg.importers.drafts import rows
from kg.importers.drafts.article import Article, plain_text
from kg.importers.drafts.draft import Cells
from kg.importers.table.records import COLUMNS, RECORDS
from kg.importers.table.table import RECORD_COLUMN

MOST_ENTRIES = 200
"""Maximum drafts at one desk."""
FIELDS = ("article", "title", "url", "publisher", "date", "text-language", "marks", "supersedes", "unsaid")
"""Fields of the form besides those of its drafts."""
_OF_DRAFT = re.compile(r"(\d{1,4})\.([a-z_-]{1,40})")
_DECISION, _REASON, _ANOTHER, _ANOTHER_VALUE = "decision", "reason", "another", "another-value"


class DraftDecision(StrEnum):
    """The decision of a curator on a draft."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True)
class DeskEntry:
    """A draft at the desk: its cells, the reason for the proposal, and the decision."""

    cells: Cells
    reasons: tuple[str, ...] = ()
    decision: DraftDecision = DraftDecision.OPEN

    @property
    def record(self) -> str:
        """The record of the row."""
        return self.cells.get(RECORD_COLUMN, "")


@dataclass(frozen=True)
class DeskRequest:
    """The whole content of the desk; ``supersedes`` is the graph that the rows will replace."""

    article: Article = field(default_factory=lambda: Article(""))
    marks: tuple[str, ...] = ()
    entries: tuple[DeskEntry, ...] = ()
    supersedes: str = ""
    missing: tuple[str, ...] = ()
    """Marked passages that do not occur in the text."""
    left_out: int = 0
    unsaid: tuple[str, ...] = ()
    """Triples of the superseded graph that no row states, as Turtle."""

    @property
    def kept(self) -> list[DeskEntry]:
        """The entries that are not rejected, in order."""
        return [entry for entry in self.entries if entry.decision != DraftDecision.REJECTED]

    @property
    def accepted(self) -> list[DeskEntry]:
        """The accepted entries, in order."""
        return [entry for entry in self.entries if entry.decision == DraftDecision.ACCEPTED]

    def with_entries(self, entries: Iterable[DeskEntry]) -> "DeskRequest":
        """Return the request with other entries; raises TooLarge for too many."""
        found = tuple(entries)
        if len(found) > MOST_ENTRIES:
            raise TooLarge(f"The desk holds {MOST_ENTRIES} drafts; commit some of them, then start again.")
        return replace(self, entries=found)


def table(entries: Sequence[DeskEntry]) -> tuple[str, list[int]]:
    """Return entries as a table, and the line of each."""
    return rows.table([entry.cells for entry in entries])


def read(parameters: Iterable[tuple[str, str]]) -> DeskRequest:
    """Read the fields of a form; raises BadInput for an unknown one, and TooLarge for too many drafts."""
    own: dict[str, str] = {}
    drafts: dict[int, list[tuple[str, str]]] = {}
    for name, value in parameters:
        if match := _OF_DRAFT.fullmatch(name):
            drafts.setdefault(int(match[1]), []).append((match[2], value))
        elif name in FIELDS:
            own[name] = value
        else:
            raise BadInput(f"The desk has no field '{name[:64]}'.")
    line = {name: " ".join(own.get(name, "").split()) for name in FIELDS}
    article = Article(
        plain_text(own.get("article", "")),
        title=line["title"],
        url=line["url"],
        publisher=line["publisher"],
        date=line["date"],
        language="es" if own.get("text-language") == "es" else "en",
    )
    marks = tuple(line.strip() for line in plain_text(own.get("marks", "")).split("\n") if line.strip())
    unsaid = tuple(line for line in own.get("unsaid", "").splitlines() if line)
    desk_request = DeskRequest(article, marks, supersedes=own.get("supersedes", "").strip(), unsaid=unsaid)
    return desk_request.with_entries(_entry(drafts[number]) for number in sorted(drafts))


def _entry(pairs: Sequence[tuple[str, str]]) -> DeskEntry:
    cells: dict[str, str] = {}
    decision = DraftDecision.OPEN
    reasons = []
    others: Mapping[str, str] = {name: value for name, value in pairs if name.startswith(_ANOTHER)}
    for name, value in pairs:
        text = plain_text(value).strip()
        if name == _DECISION and value in list(DraftDecision):
            decision = DraftDecision(value)
        elif name == _REASON:
            reasons.append(text)
        elif name in COLUMNS:
            cells[name] = text
        elif name not in others:
            raise BadInput(f"A draft has no field '{name}'.")
    if (column := others.get(_ANOTHER, "")) in COLUMNS:
        cells[column] = others.get(_ANOTHER_VALUE, "").strip()
    if cells.get(RECORD_COLUMN) not in RECORDS:
        raise BadInput(f"There is no record '{cells.get(RECORD_COLUMN, '')[:64]}' in the table.")
    return DeskEntry({name: text for name, text in cells.items() if text}, tuple(reasons), decision)
