"""Files of event data, plain, gzip or zip, read as streams in blocks of whole lines that fit in memory."""

import gzip
import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import polars as pl

from kg.errors import Unreadable

BLOCK = 8 << 20
"""Bytes of whole lines that are mapped at once."""
_LONGEST_LINE = 64 << 20


@dataclass(frozen=True)
class FilePart:
    """A file, or one of a zip archive: its name, and its bytes as a stream."""

    name: str
    stream: IO[bytes]


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[FilePart]]:
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if start.startswith(b"\x1f\x8b"):
            with gzip.open(file) as unpacked:
                yield iter([FilePart(path.name, cast(IO[bytes], unpacked))])
        elif start == b"PK\x03\x04":
            with zipfile.ZipFile(file) as archive:
                yield _members(path, archive)
        else:
            yield iter([FilePart(path.name, file)])


def _members(path: Path, archive: zipfile.ZipFile) -> Iterator[FilePart]:
    for member in archive.infolist():
        if not member.is_dir() and not member.filename.startswith("__MACOSX/"):
            with archive.open(member) as stream:
                yield FilePart(f"{path.name}/{member.filename}", stream)


@contextmanager
def parts(path: Path) -> Iterator[Iterator[FilePart]]:
    """Open a file and yield its parts; raises Unreadable if it is damaged or missing."""
    try:
        with _opened(path) as found:
            yield found
    except (OSError, EOFError, zipfile.BadZipFile, RuntimeError) as fault:
        raise Unreadable(f"{path.name} cannot be read: {fault}.") from None


def blocks(stream: IO[bytes], size: int = BLOCK) -> Iterator[bytes]:
    """Yield a stream in blocks of whole lines."""
    rest = b""
    while chunk := stream.read(size):
        whole = rest + chunk
        end = whole.rfind(b"\n") + 1
        if not end and len(whole) > _LONGEST_LINE:
            raise Unreadable(
                f"A line is longer than {_LONGEST_LINE >> 20} MiB: this is not a table of events."
            )
        if end:
            yield whole[:end]
        rest = whole[end:]
    if rest:
        yield rest


def frames(stream: IO[bytes], before: int = 0) -> Iterator[pl.DataFrame]:
    """Yield the lines of a stream in nonempty frames with ``line``, counted from 1, and ``text``."""
    line = before + 1
    for block in blocks(stream):
        lines = _decoded(block.removeprefix(b"\xef\xbb\xbf") if line == before + 1 else block).split("\n")
        if not lines[-1]:
            lines.pop()
        frame = pl.DataFrame({"text": lines}, schema={"text": pl.String}).with_row_index("line", line)
        line += len(lines)
        yield frame.with_columns(pl.col("text").str.strip_suffix("\r")).filter(pl.col("text") != "")


def _decoded(block: bytes) -> str:
    """Decode UTF-8; a line that is not UTF-8 is decoded as Windows-1252, because releases mix the two."""
    try:
        return block.decode()
    except UnicodeDecodeError:
        return "\n".join(map(_decoded_line, block.split(b"\n")))


def _decoded_line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def fields(frame: pl.DataFrame, places: dict[str, int]) -> pl.DataFrame:
    """Split the texts of a frame at tabs; adds ``width``, and a column for each name by its position."""
    cut = frame.with_columns(pl.col("text").str.split("\t").alias("_fields"))
    columns = [
        pl.col("_fields").list.get(place, null_on_oob=True).alias(name) for name, place in places.items()
    ]
    return cut.with_columns(pl.col("_fields").list.len().alias("width"), *columns).drop("_fields")


def hash_of(path: Path, *more: str) -> str:
    """Return the SHA-256 (hex) of a file's bytes and of further inputs of its mapping."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    except OSError as fault:
        raise Unreadable(f"{path.name} cannot be read: {fault.strerror}.") from None
    for each in more:
        digest.update(f"\0{each}".encode())
    return digest.hexdigest()


def header_places(part: str, header: str, names: Sequence[str]) -> dict[str, int]:
    """Return the positions of columns in a header; raises Unreadable if one is missing."""
    column_names = [name.strip().strip('"') for name in header.rstrip("\r\n").split("\t")]
    lacking = [name for name in names if name not in column_names]
    if lacking:
        raise Unreadable(
            f"{part}: the header has no column {lacking[0]!r}; the first line names them, separated by tabs."
        )
    return {name: column_names.index(name) for name in column_names}
