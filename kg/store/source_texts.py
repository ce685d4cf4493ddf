"""Full texts of sources, kept privately beside the store: in no graph, version, export or answer.

A text is two private files in the data directory, named by its SHA-256: the text, and a note with its length,
the time when it was added and who added it. Line ends become line feeds and a byte order mark is removed;
nothing else changes, so that offsets count the code points of the original text.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from kg.errors import BadInput, Damaged, NotFound, TooLarge
from kg.store import private_files
from kg.store.log import sync_folder

FOLDER = "sources"
MOST_BYTES = 1 << 23
"""Maximum bytes of one text."""
_HASH = re.compile(r"[0-9a-f]{64}")
_LINE_END = re.compile(r"\r\n?")


@dataclass(frozen=True)
class KeptText:
    """The note of a text: its SHA-256, its length in code points, when it was added and by whom."""

    hash: str
    length: int
    since: str
    by: str


class SourceTexts:
    """The texts of a data directory."""

    def __init__(self, directory: Path) -> None:
        self._folder = directory / FOLDER

    def __bool__(self) -> bool:
        """Return whether this user may read the texts; other users may read the rest of the directory."""
        return os.access(self._folder, os.R_OK | os.X_OK)

    def add(self, data: bytes, by: str) -> KeptText:
        """Store a text durably; a text that is already stored stays unchanged. Raises as ``read_text``."""
        text = read_text(data)
        digest = hash_of(text)
        if self.holds(digest):
            return self._note(digest)
        note = KeptText(digest, len(text), datetime.now(UTC).isoformat(timespec="seconds"), by)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        private_files.write(self._text_path(digest), text.encode())
        private_files.write(
            self._note_path(digest), json.dumps(asdict(note), ensure_ascii=False, indent=1).encode()
        )
        sync_folder(self._folder)
        sync_folder(self._folder.parent)
        return note

    def holds(self, digest: str) -> bool:
        """Return whether a text is stored."""
        return self._note_path(digest).exists()

    def text(self, digest: str) -> str | None:
        """Return a text, or None if it is not stored; raises Damaged if its hash differs."""
        if not _HASH.fullmatch(digest) or not self.holds(digest):
            return None
        try:
            data = self._text_path(digest).read_bytes()
        except FileNotFoundError:  # removed just then, or damaged
            data = b""
        if sha256(data).hexdigest() != digest:
            raise Damaged(f"The text {digest} in {self._folder} is damaged: remove it and add it again.")
        return data.decode()

    def all(self) -> list[KeptText]:
        """Return the notes of the texts, oldest first."""
        return sorted(map(self._note, self._hashes()), key=lambda note: (note.since, note.hash))

    def find(self, name: str) -> KeptText:
        """Return the note of a text by its hash or a unique prefix; raises NotFound and BadInput."""
        found = [digest for digest in self._hashes() if name and digest.startswith(name)]
        if not found:
            raise NotFound("No stored text has this hash; kg source list lists them.")
        if len(found) > 1:
            raise BadInput(f"'{name}' is ambiguous: {len(found)} texts match; give more of the hash.")
        return self._note(found[0])

    def remove(self, digest: str) -> None:
        """Remove a text, durably."""
        self._note_path(digest).unlink(missing_ok=True)
        self._text_path(digest).unlink(missing_ok=True)
        sync_folder(self._folder)

    def drop_unfinished(self) -> None:
        """Remove incomplete files left by a killed process."""
        for path in self._folder.glob(".*"):
            path.unlink(missing_ok=True)

    def faults(self) -> Iterator[str]:
        """Yield a sentence for each damaged text or note."""
        for digest in self._hashes():
            try:
                self._note(digest)
                self.text(digest)
            except Damaged as fault:
                yield fault.detail

    def _hashes(self) -> list[str]:
        names = (path.stem for path in self._folder.glob("*.json"))
        return sorted(name for name in names if _HASH.fullmatch(name))

    def _note(self, digest: str) -> KeptText:
        try:
            return KeptText(**json.loads(self._note_path(digest).read_text(encoding="utf-8")))
        except (ValueError, TypeError):
            raise Damaged(
                f"{self._note_path(digest)} is damaged: remove the text and add it again."
            ) from None

    def _text_path(self, digest: str) -> Path:
        return self._folder / f"{digest}.txt"

    def _note_path(self, digest: str) -> Path:
        return self._folder / f"{digest}.json"


def read_text(data: bytes) -> str:
    """Return a text decoded from UTF-8, with line feeds as line ends; raises TooLarge and BadInput.

    >>> read_text(b"\\xef\\xbb\\xbfOne.\\r\\nTwo.")
    'One.\\nTwo.'
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(f"A text may have {MOST_BYTES >> 20} MB; this one is longer.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput(
            f"The text is not UTF-8 at byte {fault.start}; save it as plain text in UTF-8."
        ) from None
    if "\0" in text:
        raise BadInput(
            "This is not plain text: it holds the character U+0000. Save the text alone, in UTF-8."
        )
    if not text.strip():
        raise BadInput("The text is empty.")
    return _LINE_END.sub("\n", text)


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text, the value of ``dip:textHash``."""
    return sha256(text.encode()).hexdigest()
