"""A fault in the middle of an export: no file appears, and what is left of one is seen to be broken."""

import gzip
import itertools
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import IO, Any

import pytest
from pyoxigraph import Quad, RdfFormat, serialize

from kg.client.whole_file import write_file
from kg.exports import export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.selection import ALL_FACTS
from kg.store.store import Contents

QUADS_READ = 500
"""Quads that a store gives before it fails."""
OF_LITTLE = ("quickstatements", "dcat", "cff")
"""Formats for which less is read."""
KILLED = """
import os, signal, sys
from pathlib import Path
from kg import ontology
from kg.client.whole_file import write_file
from kg.exports import compression, export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.selection import ALL_FACTS
from kg.store.engine import in_memory
from kg.store.store import Contents

def killed(chunks):
    size = 0
    for chunk in chunks:
        yield chunk[:10_000]
        size += len(chunk)
        if size > 20_000:
            os.kill(os.getpid(), signal.SIGKILL)

path = Path(sys.argv[1])
unpacked, packed = compression.of_path(path)
release = ontology.load()
contents = Contents(in_memory([*release.quads, *release.seed]), 1)
chunks = export.chosen(EXPORT_FORMATS[sys.argv[2]].writer, ALL_FACTS, contents)
write_file(path, killed(packed.compressed(chunks) if packed else chunks))
"""


def failing(contents: Contents, quads_read: int) -> Contents:
    """Return a version whose store fails after so many quads."""
    left = itertools.count(quads_read, -1)
    read = contents.quads_for_pattern

    def quads(*pattern: Any) -> Iterator[Quad]:
        for quad in read(*pattern):
            if next(left) == 0:
                raise RuntimeError("the store fails")
            yield quad

    def dump(output: IO[bytes]) -> None:
        serialize(quads(None, None, None), output, RdfFormat.N_QUADS)

    broken = copy(contents)
    broken.quads_for_pattern = quads
    broken.dump = dump  # type: ignore[method-assign]
    return broken


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_a_fault_of_the_store_ends_the_export_and_no_file_appears(
    contents: Contents, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "file"
    failing_contents = failing(contents, 0 if name in OF_LITTLE else QUADS_READ)
    with pytest.raises(RuntimeError, match="the store fails"):
        write_file(path, export.chosen(EXPORT_FORMATS[name].writer, ALL_FACTS, failing_contents))
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("suffix", [".nq.gz", ".csv.zip"])
def test_a_kill_leaves_no_file_and_the_next_export_takes_its_place(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"file{suffix}"
    name = "nquads" if suffix == ".nq.gz" else "csv"
    run = subprocess.run([sys.executable, "-c", KILLED, path, name], timeout=600, check=False)
    assert run.returncode == -signal.SIGKILL
    assert not path.exists()
    (left,) = tmp_path.iterdir()
    with pytest.raises((EOFError, zipfile.BadZipFile)):
        gzip.decompress(left.read_bytes()) if suffix == ".nq.gz" else zipfile.ZipFile(left)
    write_file(path, [b"whole"])
    assert [*tmp_path.iterdir()] == [path]
