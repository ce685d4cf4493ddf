"""Quarantine: rejected documents that their sender asked to keep, each with its report.

A document is two files in the data directory, readable only by their owner and named by the hash of the
content: the document itself, and a note with the report. Neither is part of the graph.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from kg.changes import Provenance
from kg.errors import JSON, Invalid, KGError, NotFound, Unavailable, Unreadable
from kg.formats import FactsFormat
from kg.store import private_files


@dataclass(frozen=True)
class Note:
    """Note on a rejected document: when and by whom it was sent, and its report."""

    id: str
    time: str
    format: str
    agent: str
    source: str | None
    reason: str | None
    supersedes: str | None
    report: dict[str, JSON]

    @property
    def said(self) -> str:
        """Why it was rejected, in a sentence or two."""
        return str(self.report["detail"])


_NOTE_NAME = re.compile(r"[0-9a-f]{16}\.json")


class Quarantine:
    """The rejected documents of a data directory."""

    def __init__(self, directory: Path) -> None:
        self._folder = directory / "quarantine"

    @contextmanager
    def keeping(
        self, data: bytes, rdf_format: FactsFormat, by: Provenance, supersedes: str | None = None
    ) -> Iterator[None]:
        """Keep the document if the block rejects it; the error's ``quarantined`` member then names it."""
        try:
            yield
        except (Invalid, Unreadable) as refusal:
            refusal.extra["quarantined"] = self.keep(data, rdf_format, by, refusal, supersedes)
            raise

    def keep(
        self,
        data: bytes,
        rdf_format: FactsFormat,
        by: Provenance,
        refusal: KGError,
        supersedes: str | None = None,
    ) -> str:
        """Keep a document and its report, and return its name; the same content is kept only once."""
        name = sha256(data).hexdigest()[:16]
        time = datetime.now(UTC).isoformat(timespec="seconds")
        report = refusal.to_problem()
        note = Note(name, time, rdf_format.name, by.agent, by.source, by.reason, supersedes, report)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        private_files.write(self._folder / f"{name}{rdf_format.suffixes[0]}", data)
        private_files.write(self._note(name), json.dumps(asdict(note), ensure_ascii=False, indent=1).encode())
        return name

    def notes(self) -> list[Note]:
        """Return the notes, oldest first."""
        notes = (_read(path) for path in self._folder.glob("*.json") if _NOTE_NAME.fullmatch(path.name))
        return sorted(notes, key=lambda note: (note.time, note.id))

    def find(self, name: str) -> tuple[Note, bytes]:
        """Return a note and its document by the start of its name; raises NotFound unless one matches."""
        found = [note for note in self.notes() if name and note.id.startswith(name)]
        if not found:
            raise NotFound(f"No quarantined document has the name {name!r}; kg quarantine lists them.")
        if len(found) > 1:
            raise NotFound(
                f"{name!r} is ambiguous: {len(found)} quarantined documents match; give more of the name."
            )
        return found[0], self._documents(found[0].id)[0].read_bytes()

    def drop(self, name: str) -> Note:
        """Delete a document; raises NotFound."""
        note, _ = self.find(name)
        for document in self._documents(note.id):
            document.unlink()
        self._note(note.id).unlink()
        return note

    def _documents(self, name: str) -> list[Path]:
        """Return the files of a document: several, with the same bytes, if it was sent in several formats."""
        note = self._note(name)
        return [path for path in self._folder.glob(f"{name}.*") if path != note]

    def _note(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def _read(path: Path) -> Note:
    try:
        return Note(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise Unavailable(f"{path} is damaged: remove it to drop its document from the quarantine.") from None
