"""Format marker of a data directory: a small file with the format and the program that made the directory.

A program opens only directories of its own format. A directory without the file is older than the marker, and
has format 1. Format 2 keeps the merge of all graphs in the store (``merged_graph``).
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from kg import __version__
from kg.errors import Unavailable
from kg.store import engine
from kg.store.log import sync_folder
from kg.store.writer_lock import locked

FORMAT = 2
"""Format of the directories that this program makes and opens: log, store, tokens and quarantine."""

FILE_NAME = "format.json"
STORE_OF_FORMAT_1 = "store.format-1"
"""Name of the old store during an upgrade from format 1 to format 2."""

_SOFTWARE = f"kg {__version__}"


@dataclass(frozen=True)
class FormatMarker:
    """The format of a data directory, and the program that created or upgraded it."""

    format: int
    software: str


def read(directory: Path) -> FormatMarker:
    """Return the marker of a data directory, or this program's marker if the directory has no log yet.

    Raises Unavailable if the file is not a valid marker.
    """
    path = directory / FILE_NAME
    if not path.exists():
        is_fresh = not (directory / "log").is_dir()
        return FormatMarker(FORMAT, _SOFTWARE) if is_fresh else FormatMarker(1, "kg 0.1.0 or before")
    try:
        members = json.loads(path.read_text(encoding="utf-8"))
        return FormatMarker(int(members["format"]), str(members["software"]))
    except (ValueError, KeyError, TypeError):
        raise Unavailable(f"{path} is damaged: restore the directory, or that file, from a backup.") from None


def require(directory: Path) -> None:
    """Raise Unavailable if a data directory has another format; the message says how to open it."""
    marker = read(directory)
    if marker.format == FORMAT:
        return
    is_newer = marker.format > FORMAT
    advice = f"use {marker.software} or newer" if is_newer else f"run kg upgrade {directory}"
    raise Unavailable(
        f"{directory} has format {marker.format} and was made by {marker.software};"
        f" kg {__version__} opens format {FORMAT}: {advice}."
    )


def upgrade(directory: Path) -> None:
    """Upgrade a data directory to the format of this program.

    After an interruption, the next call starts again. Raises Unavailable if there is no upgrade from the
    directory's format, or if another process writes the directory.
    """
    number = read(directory).format
    if number >= FORMAT:
        return
    if number != 1:
        raise Unavailable(
            f"{directory} has format {number}, from which kg {__version__} has no upgrade step."
        )
    with locked(directory):
        _to_format_2(directory)


def _to_format_2(directory: Path) -> None:
    """Rewrite the store with the merge of its graphs; remove copies of the store, which lack the merge."""
    old, store = directory / STORE_OF_FORMAT_1, directory / "store"
    if not old.exists():
        store.rename(old)
    for old_folder in (store, directory / "asof", directory / "snapshots"):
        shutil.rmtree(old_folder, ignore_errors=True)
    engine.add_merge(old, store)
    _write(directory)
    shutil.rmtree(old)


def mark(directory: Path) -> None:
    """Write the marker durably if there is none; the caller must be the writer of the directory."""
    if not (directory / FILE_NAME).exists():
        _write(directory)


def _write(directory: Path) -> None:
    path = directory / FILE_NAME
    partial = path.with_name(f".{FILE_NAME}.partial")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(asdict(FormatMarker(FORMAT, _SOFTWARE)), file)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    sync_folder(directory)
