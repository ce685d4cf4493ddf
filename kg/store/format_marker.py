"""Format marker of a data directory: a small file that names its format and the program that made it.

A program opens only directories of its own format. A directory without the file was made before there were
markers, and has format 1.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from kg import __version__
from kg.errors import Unavailable
from kg.store.log import sync_folder

FORMAT = 1
"""The format of the directories that this program makes and opens: log, store, tokens and quarantine."""

FILE_NAME = "format.json"


@dataclass(frozen=True)
class FormatMarker:
    """The format of a data directory, and the program that made it or brought it to that format."""

    format: int
    software: str


def read(directory: Path) -> FormatMarker:
    """Return the marker of a data directory; raises Unavailable for a file that is none."""
    path = directory / FILE_NAME
    if not path.exists():
        return FormatMarker(1, "kg 0.1.0 or before")
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
    """Bring a data directory to the format of this program; raises Unavailable if no step leads there."""
    number = read(directory).format
    if number < FORMAT:
        raise Unavailable(f"{directory} has format {number}, and kg {__version__} has no step from there.")


def mark(directory: Path) -> None:
    """Write the marker durably, if there is none; call it as the writer of the directory."""
    path = directory / FILE_NAME
    if path.exists():
        return
    partial = path.with_name(f".{FILE_NAME}.partial")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(asdict(FormatMarker(FORMAT, f"kg {__version__}")), file)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    sync_folder(directory)
