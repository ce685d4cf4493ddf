"""Compressed exports."""

import gzip
from pathlib import Path

import pytest
from backports import zstd

from kg.errors import BadInput
from kg.exports import compression

CHUNKS = [b"one line\n" * 5000, b"", b"another\n"]


@pytest.mark.parametrize(("name", "read"), [("gz", gzip.decompress), ("zst", zstd.decompress)])
def test_a_compressed_document_is_read_by_other_programs_and_bytes_repeat(name: str, read: object) -> None:
    known = compression.COMPRESSIONS[name]
    packed = b"".join(known.compressed(CHUNKS))
    assert callable(read)
    assert read(packed) == b"".join(CHUNKS)
    assert b"".join(known.compressed(CHUNKS)) == packed


def test_a_compressed_document_that_breaks_off_is_seen_to_be_broken() -> None:
    pieces = compression.COMPRESSIONS["gz"].compressed([b"x" * 100, b"y" * (1 << 20)])
    with pytest.raises(EOFError):
        gzip.decompress(next(pieces))


def test_the_suffix_of_a_file_names_the_compression() -> None:
    path, known = compression.of_path(Path("a.nq.ZST"))
    assert (path, known) == (Path("a.nq"), compression.COMPRESSIONS["zst"])
    assert compression.of_path(Path("a.nq")) == (Path("a.nq"), None)
    with pytest.raises(BadInput, match="use one of gz, zst"):
        compression.from_name("bz2")
