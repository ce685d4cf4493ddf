"""JSON and CSV records as rows of text, with the line of each."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from typing import IO, Any

from kg.errors import Unreadable

Record = tuple[int, str, Mapping[str, Any] | str]
"""The line, the text, and the fields or an error message."""


def of_json(name: str, stream: IO[bytes]) -> Iterator[Record]:
    """Yield JSON records: one object per line, or one array, in which the line is the record's number."""
    with _text(stream) as reader:
        first = reader.readline()
        if first.lstrip().startswith("["):
            yield from _of_array(name, first + reader.read())
            return
        for number, line in enumerate(chain([first], reader), 1):
            if line.strip():
                yield number, line.rstrip("\n"), _object(line)


@contextmanager
def _text(stream: IO[bytes], newline: str | None = None) -> Iterator[IO[str]]:
    """Decode a stream as text, and leave it open."""
    reader = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline=newline)
    try:
        yield reader
    finally:
        reader.detach()


def _of_array(name: str, text: str) -> Iterator[Record]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Unreadable(f"{name} is not JSON: {fault}.") from None
    for number, each in enumerate(found, 1):
        record_text = json.dumps(each, ensure_ascii=False)
        yield number, record_text, each if isinstance(each, dict) else "the record is not a JSON object"


def _object(line: str) -> Mapping[str, Any] | str:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as fault:
        return f"the line is not JSON: {fault}"
    return found if isinstance(found, dict) else "the record is not a JSON object"


def of_csv(name: str, stream: IO[bytes], columns: tuple[str, ...]) -> Iterator[Record]:
    """Yield CSV records, whose quoted values may contain line breaks; the line is the record's last."""
    with _text(stream, newline="") as lines:
        reader = csv.reader(lines)
        header = next(reader, [])
        if missing := [column for column in columns if column not in header]:
            raise Unreadable(
                f"{name}: the header has no column {missing[0]!r}; the first line names the columns."
            )
        try:
            for row in reader:
                yield reader.line_num, ",".join(row), _fields(header, row)
        except csv.Error as fault:
            raise Unreadable(f"{name}:{reader.line_num}: {fault}.") from None


def _fields(header: list[str], row: list[str]) -> Mapping[str, Any] | str:
    if len(row) != len(header):
        return f"the row has {len(row)} columns, and the header {len(header)}"
    return dict(zip(header, row, strict=True))


def batches(records: Iterable[Record], size: int = 20_000) -> Iterator[list[Record]]:
    """Yield records in lists that fit in memory."""
    rest = iter(records)
    while batch := list(islice(rest, size)):
        yield batch
