"""Page of proposals: what drafters sent, with its rows and its verdict, for those who decide on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kg.errors import KGError
from kg.facts.judges.jobs import Offer
from kg.importers.drafts.draft import Cells
from kg.importers.table.records import RECORDS
from kg.importers.table.table import RECORD_COLUMN
from kg.pages.desk.corrections import RowsOfQuads, rows_of
from kg.pages.desk.dry_run import DryRun
from kg.pages.desk.page import SIGNS
from kg.pages.rendering import Style
from kg.store.proposals import Proposal, State
from kg.store.store import Contents


@dataclass(frozen=True)
class ReviewedProposal:
    """One proposal on the page: its document, if it is still stored, and what adding it would say."""

    note: Proposal
    offer: Offer | None
    run: DryRun
    is_own: bool

    @property
    def time(self) -> datetime:
        """When it was sent."""
        return datetime.fromisoformat(self.note.time)


@dataclass(frozen=True)
class ProposalsRequest:
    """What the page shows; ``is_curator`` is None if nobody has signed in."""

    state: State
    is_curator: bool | None = None
    reviewed: tuple[ReviewedProposal, ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class ProposedRow:
    """A row of the curators' table, as it is shown: its filled cells, each with the meaning of its column."""

    record: str
    sign: str
    name: str
    cells: tuple[tuple[str, str, str], ...]


def page(
    style: Style, proposals_request: ProposalsRequest, directory: Path, contents: Contents
) -> Iterator[bytes]:
    """Yield the page; the documents are read against this version of the graph."""
    rows = [
        (each, *_content(each, style.language, directory, contents)) for each in proposals_request.reviewed
    ]
    values = {"asked": proposals_request, "shown": rows, "states": list(State), "version": contents.version}
    yield style.text("proposals.html", **values).encode()


def _content(
    proposal: ReviewedProposal, language: str, directory: Path, contents: Contents
) -> tuple[list[ProposedRow], Sequence[str]]:
    """Return the rows of a proposal, and the triples that no row states; none of a faulty document."""
    if proposal.offer is None:
        return [], ()
    try:
        quads = proposal.offer.parsed(directory, contents).quads
    except KGError:  # the verdict says why
        return [], ()
    found: RowsOfQuads = rows_of(quads, contents)
    return [_row(cells, language) for cells in found.rows], found.unsaid


def _row(cells: Cells, language: str) -> ProposedRow:
    record = cells[RECORD_COLUMN]
    columns = {column.name: column for column in RECORDS[record].columns}
    named_by = next((name for name in ("label", "kind", "id") if name in cells), "")
    cells_shown = tuple(
        (name, columns[name].meaning.in_language(language), text)
        for name, text in cells.items()
        if name in columns and name not in (RECORD_COLUMN, "id", named_by)
    )
    return ProposedRow(record, SIGNS.get(record, "record"), cells.get(named_by, ""), cells_shown)
