"""Drafts for the desk: adds proposals of the rules to the existing drafts, and locates passages again."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from kg import turtle
from kg.changes import Quads
from kg.importers.drafts import sentences
from kg.importers.drafts.article import Article
from kg.importers.drafts.draft import Cells, DraftRow
from kg.importers.drafts.known_names import NamesOfGraph
from kg.importers.drafts.proposing import proposed
from kg.importers.table import read as read_table
from kg.pages.desk.entries import DeskEntry, DeskRequest, DraftDecision


def drafted(desk_request: DeskRequest, language: str, proposes: bool, contents: Quads) -> Iterator[bytes]:
    """Yield the entries of the desk as JSON, located in the text; if ``proposes``, also new proposals."""
    desk_request = replace(
        desk_request, entries=tuple(_located(each, desk_request.article) for each in desk_request.entries)
    )
    if proposes and desk_request.article.text.strip():
        desk_request = _with_proposals(desk_request, language, contents)
    yield json.dumps(
        {
            "entries": [[dict(each.cells), each.reasons, each.decision] for each in desk_request.entries],
            "missing": desk_request.missing,
            "left_out": desk_request.left_out,
        }
    ).encode()


def with_drafts(desk_request: DeskRequest, document: bytes) -> DeskRequest:
    """Return the request with the entries of ``drafted``; raises TooLarge for too many."""
    members = json.loads(document)
    entries = (
        DeskEntry(cells, tuple(reasons), DraftDecision(decision))
        for cells, reasons, decision in members["entries"]
    )
    found = replace(desk_request, missing=tuple(members["missing"]), left_out=members["left_out"])
    return found.with_entries(entries)


def turtle_of(table: str, limit: int) -> str:
    """Return a table's facts as Turtle; raises as reading the table does."""
    quads = sorted(read_table(table.encode(), limit).quads, key=str)
    blocks = (turtle.block(list(group)) for _, group in groupby(quads, key=lambda quad: quad.subject))
    return "\n".join([turtle.HEADER, *blocks])


def _with_proposals(desk_request: DeskRequest, language: str, contents: Quads) -> DeskRequest:
    proposal = proposed(desk_request.article, desk_request.marks, NamesOfGraph(contents))
    there = {entry.cells.get("id") for entry in desk_request.entries}
    new = [_entry(draft, language) for draft in proposal.drafts if draft.id not in there]
    return replace(
        desk_request,
        entries=(*desk_request.entries, *new),
        missing=proposal.missing,
        left_out=proposal.left_out,
        marks=proposal.missing,
    )


def _entry(draft: DraftRow, language: str) -> DeskEntry:
    """Return a proposed entry; the source is accepted already, because the curator described it."""
    is_source = draft.cells.get("record") == "source"
    decision = DraftDecision.ACCEPTED if is_source else DraftDecision.OPEN
    return DeskEntry(draft.cells, tuple(each.in_language(language) for each in draft.reasons), decision)


def _located(entry: DeskEntry, article: Article) -> DeskEntry:
    """Return an entry with the offset of its passage in the text, or a source with the hash of the text."""
    cells = entry.cells
    if not article.text:
        return entry
    if entry.record == "source" and article.id == cells.get("id"):
        length = str(len(article.text))
        return replace(entry, cells={**cells, "text_hash": article.hash, "text_length": length})
    return replace(entry, cells=_with_place(cells, article.text))


def _with_place(cells: Cells, text: str) -> Cells:
    passage, start = cells.get("passage", ""), cells.get("passage_start", "")
    if not (passage and start) or (start.isdigit() and text.startswith(passage, int(start))):
        return cells
    place = sentences.marked(text, passage)
    others = {name: value for name, value in cells.items() if name != "passage_start"}
    return {**others, "passage": place.text, "passage_start": str(place.start)} if place else others
