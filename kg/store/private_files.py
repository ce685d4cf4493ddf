"""Private files of a data directory: readable by their owner only, written all or nothing."""

import os
import shutil
from contextlib import suppress
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Write a file and flush it; the caller flushes the folder to make the name durable."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(partial, "wb", opener=_private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder's files, if it exists, to a fresh folder; files removed meanwhile are left out."""
    if not source.is_dir():
        return
    target.mkdir(mode=0o700)
    for path in sorted(source.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            with suppress(FileNotFoundError):
                shutil.copy2(path, target)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
