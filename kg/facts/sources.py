"""Kept texts of sources for curators: add, list and remove them; no function returns a text itself."""

from __future__ import annotations

from dataclasses import asdict
from itertools import chain
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from kg.changes import Quads
from kg.errors import JSON
from kg.facts.kept_texts import TextsAtHand
from kg.gate.overlay import Overlay
from kg.gate.reports import Report, as_json
from kg.iris import DATA
from kg.store.source_texts import KeptText, SourceTexts
from kg.terms import DIP


def add(store: Quads, directory: Path, data: bytes, by: str) -> dict[str, JSON]:
    """Keep a text; return its note, and the passages of its sources that do not occur in it.

    ``new`` is False if it was kept already. Raises TooLarge, and BadInput for data that is not a text.
    """
    texts = SourceTexts(directory)
    before = {kept_text.hash for kept_text in texts.all()}
    kept_text = texts.add(data, by)
    members, overlay = as_members(store, kept_text), Overlay(store)
    sources = _sources_of(store, kept_text.hash)
    passages = list(
        dict.fromkeys(chain.from_iterable(overlay.subjects(DIP.OCCURS_IN, each) for each in sources))
    )
    report = Report.of(TextsAtHand(directory, store).of_passages(overlay, passages))
    more: dict[str, JSON] = {"new": kept_text.hash not in before, "passages": len(passages)}
    return {**members, **more, "violations": as_json(report)["violations"]}


def listed(store: Quads, directory: Path) -> list[dict[str, JSON]]:
    """Return the notes on the kept texts, oldest first."""
    return [as_members(store, kept_text) for kept_text in SourceTexts(directory).all()]


def as_members(store: Quads, kept_text: KeptText) -> dict[str, JSON]:
    """Return the note on a text, and the sources in the graph that have its hash."""
    return {**asdict(kept_text), "sources": [source.value for source in _sources_of(store, kept_text.hash)]}


def remove(directory: Path, digest: str) -> None:
    """Remove a text, named by its hash; raises NotFound."""
    texts = SourceTexts(directory)
    texts.remove(texts.find(digest).hash)


def _sources_of(store: Quads, digest: str) -> list[NamedNode]:
    quads = store.quads_for_pattern(None, DIP.TEXT_HASH, Literal(digest))
    found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    return sorted(found, key=lambda node: (not node.value.startswith(DATA), node.value))
