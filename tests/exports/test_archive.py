"""Zip archives that are streamed."""

import io
import zipfile
from collections import deque
from collections.abc import Iterator

import pytest

from kg.exports.archive import zipped

FILES = [("a.csv", [b"one\n", b"two\n"]), ("b/c.txt", []), ("d.bin", [bytes(range(256)) * 3000])]


def test_any_program_reads_the_files_of_an_archive_and_bytes_repeat() -> None:
    data = b"".join(zipped(FILES))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            name: b"".join(chunks) for name, chunks in FILES
        }
    assert b"".join(zipped(FILES)) == data


def test_an_archive_whose_file_fails_is_opened_by_no_program() -> None:
    def failing() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise OSError("the disk")

    sent: list[bytes] = []
    with pytest.raises(OSError, match="the disk"):
        deque(map(sent.append, zipped([*FILES, ("e.csv", failing())])))
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(b"".join(sent)))
