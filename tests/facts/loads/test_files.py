"""Files of a load: RDF in any format, plain or compressed, becomes lines; damage is told by file."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from kg.errors import BadInput, Unreadable
from kg.facts.loads.files import LoadFile
from kg.store.zstd import ZstdCompressor

TEXT = b'<urn:a> <urn:p> "1" .\n<urn:b> <urn:p> _:c .'


def lines(path: Path) -> set[bytes]:
    return set(b"".join(LoadFile.named(path).source().blocks()).splitlines())


@pytest.mark.parametrize(
    ("suffix", "compress"),
    [("", bytes), (".gz", gzip.compress), (".zst", lambda data: ZstdCompressor().compress(data, 2))],
)
def test_lines_come_as_they_are_from_plain_and_compressed_files(
    tmp_path: Path, suffix: str, compress: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"facts.nt{suffix}"
    path.write_bytes(compress(b"\xef\xbb\xbf" + TEXT))
    assert lines(path) == set(TEXT.splitlines())


@pytest.mark.parametrize("format_", [RdfFormat.TURTLE, RdfFormat.JSON_LD])
def test_other_formats_are_parsed_by_another_process(tmp_path: Path, format_: RdfFormat) -> None:
    path = tmp_path / f"facts.{format_.file_extension}"
    path.write_bytes(serialize(parse(TEXT, RdfFormat.N_TRIPLES), format=format_) or b"")
    first, second = (line.split(b" ")[0] for line in sorted(lines(path)))
    assert (first, second) == (b"<urn:a>", b"<urn:b>")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ttl", b"<urn:a> <urn:p> 1 .\n<urn:a> ex:p 2 .\n", "line 2: the prefix ex: is not declared"),
        ("a.nt.gz", gzip.compress(TEXT, mtime=0)[:-9], "damaged or truncated"),
        ("a.jsonld", b"[" * 200_000, "Max stack size|nested too deep"),
    ],
)
def test_what_does_not_parse_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable, match=message) as fault:
        lines(tmp_path / name)
    assert name in fault.value.detail


def test_the_key_tells_files_and_their_graphs_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_bytes(TEXT)
    file = LoadFile.named(path)
    assert file.source().key == file.source().key != file.source("urn:graph").key


@pytest.mark.parametrize("suffix", ["nt", "ttl"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(TEXT)
    source = LoadFile.named(path).source()
    path.write_bytes(TEXT + b" .\n<urn:d> <urn:p> <urn:e> ."[2:])
    with pytest.raises(Unreadable, match="was changed while it was read"):
        list(source.blocks())


def test_a_file_that_goes_before_it_is_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_bytes(TEXT)
    source = LoadFile.named(path).source()
    path.unlink()
    with pytest.raises(BadInput, match="cannot be read"):
        list(source.blocks())
