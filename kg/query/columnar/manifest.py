"""Manifest of the projection: its version and its files. It is replaced as a whole."""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Self

from kg.store.log import sync_folder as sync

FORMAT = 1
"""The format of the tables; a projection in another format is rebuilt."""
FOLDER = "columnar"
LOCK_NAME = "lock"
SUFFIX = ".parquet"
_NAME = "manifest.json"


@dataclass(frozen=True)
class TableFile:
    """A file of a table: its name in the folder, its rows, its size in bytes, and its SHA-256."""

    name: str
    rows: int
    size: int
    hash: str

    @classmethod
    def of(cls, path: Path, rows: int) -> Self:
        """Flush a written file to disk, and return its description."""
        sync(path)
        return cls(path.name, rows, path.stat().st_size, _hash(path))


@dataclass(frozen=True)
class Manifest:
    """What a projection holds. ``time`` distinguishes its version from a withdrawn one of the same number."""

    version: int
    time: str
    made_by: str
    """The hash of the statements that made the tables; if a release has another hash, it rebuilds them."""
    tables: Mapping[str, tuple[TableFile, ...]]

    @property
    def files(self) -> set[str]:
        """The names of all files."""
        return {file.name for files in self.tables.values() for file in files}


def folder_in(directory: Path) -> Path:
    """Return the folder of the projection of a data directory."""
    return directory / FOLDER


def read(folder: Path) -> Manifest | None:
    """Return the manifest of a projection; None if it is missing, incomplete or in another format."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        members = json.loads((folder / _NAME).read_bytes())
        if members.pop("format") != FORMAT:
            return None
        tables = {
            name: tuple(TableFile(**file) for file in files) for name, files in members.pop("tables").items()
        }
        manifest = Manifest(tables=tables, **members)
        if all(_size(folder / file.name) == file.size for files in tables.values() for file in files):
            return manifest
    return None


def write(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest: from now on readers see its files."""
    partial = folder / f"{_NAME}.partial"
    partial.write_text(json.dumps({"format": FORMAT, **asdict(manifest)}), encoding="utf-8")
    sync(partial)
    partial.replace(folder / _NAME)
    sync(folder)


def remove_others(folder: Path, keep: Iterable[str]) -> None:
    """Remove all other files of tables, which an earlier version or a killed process left."""
    names_to_keep = set(keep)
    for path in folder.iterdir():
        if path.suffix == SUFFIX and path.name not in names_to_keep:
            path.unlink(missing_ok=True)


def is_whole(folder: Path, manifest: Manifest) -> bool:
    """Return whether each file is as it was written; the time grows with their size."""
    with suppress(OSError):
        return all(
            _hash(folder / file.name) == file.hash for files in manifest.tables.values() for file in files
        )
    return False


def discard(folder: Path) -> None:
    """Remove the manifest, so that the next use builds the projection."""
    (folder / _NAME).unlink(missing_ok=True)


def _size(path: Path) -> int:
    return os.stat(path).st_size


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
