"""Format marker of a data directory: a small file that names its format and the program that made it.

A program opens only directories of its own format. A directory without the file was made before there were
markers, and has format 1. Format 2 keeps the merge of all graphs in the store (``merged_graph``).
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
"""The format of the directories that this program makes and opens: log, store, tokens and quarantine."""

FILE_NAME = "format.json"
STORE_OF_FORMAT_1 = "store.format-1"
"""The store that a directory had, while it is brought from format 1 to format 2."""

_SOFTWARE = f"kg {__version__}"


@dataclass(frozen=True)
class FormatMarker:
    """The format of a data directory, and the program that made it or brought it to that format."""

    format: int
    software: str


def read(directory: Path) -> FormatMarker:
    """Return the marker of a data directory, or that of this program for one to come.

    Raises Unavailable for a file that is none.
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
    """Raise Unavailable for a data directory of another format; say which program opens it."""
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
    """Bring a data directory to the format of this program.

    If that is interrupted, it begins again. Raises Unavailable if no step leads there, or if another process
    writes the directory.
    """
    number = read(directory).format
    if number >= FORMAT:
        return
    if number != 1:
        raise Unavailable(f"{directory} has format {number}, and kg {__version__} has no step from there.")
    with locked(directory):
        _to_format_2(directory)


def _to_format_2(directory: Path) -> None:
    """Write the store anew with the merge of its graphs; drop copies of it, which lack the merge."""
    old, store = directory / STORE_OF_FORMAT_1, directory / "store"
    if not old.exists():
        store.rename(old)
    for made in (store, directory / "asof", directory / "snapshots"):
        shutil.rmtree(made, ignore_errors=True)
    engine.add_merge(old, store)
    _write(directory)
    shutil.rmtree(old)


def mark(directory: Path) -> None:
    """Write the marker durably, if there is none; call it as the writer of the directory."""
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
