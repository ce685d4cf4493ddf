"""Damage to a data directory, as disks and people do it."""

import os
from pathlib import Path


def flip(path: Path, at: int) -> None:
    """Flip one bit of a file, and leave its size and its time as they are."""
    status = path.stat()
    data = bytearray(path.read_bytes())
    data[at] ^= 16
    path.chmod(0o600)
    replaced = path.with_name(
        path.name + ".flipped"
    )  # not in place: other links to the file stay as they are
    replaced.write_bytes(data)
    replaced.rename(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def largest_table(data: Path) -> Path:
    """Return the largest table file of a data directory."""
    return max((data / "store").glob("*.sst"), key=lambda path: path.stat().st_size)


def flip_table(data: Path) -> None:
    """Flip a bit in the middle of the largest table file."""
    table = largest_table(data)
    flip(table, table.stat().st_size // 2)


def change_record(data: Path, version: int, old: bytes, new: bytes) -> None:
    """Change a settled record of the log."""
    path = data / "log" / f"{version:08}.commit"
    text = path.read_bytes()
    assert old in text
    path.write_bytes(text.replace(old, new))
