"""What holds for every format of the catalogue."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kg import ontology, provenance
from kg.changes import Commit
from kg.client.whole_file import write_file
from kg.exports import export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.selection import ALL_FACTS, Selection
from kg.store.engine import in_memory
from kg.store.store import Contents
from tests.exports.conftest import Exported

LICENCE = b"creativecommons.org/licenses/by/4.0"
SHORT = ("quickstatements", "cff")
"""Formats that name the licence by its short name alone."""
OF_TABLES = ("csv", "csv-bom", "parquet", "arrow", "duckdb", "xlsx")
"""Formats of tables: tests of their own look at these, which take longer."""
OWN = [name for name in EXPORT_FORMATS if name not in OF_TABLES]


@pytest.fixture(scope="module")
def in_another_order() -> Contents:
    """The same version in a store that was filled in another order."""
    release = ontology.load()
    commit = Commit(1, datetime(2026, 11, 30, 12, tzinfo=UTC), "Ana", None, None, (), None, "kg")
    quads = [*provenance.quads(commit), *release.seed, *release.quads]
    return Contents(in_memory(reversed(quads)), 1)


@pytest.mark.parametrize("name", OWN)
def test_the_same_version_gives_the_same_bytes_whatever_the_store(
    exported: Exported, in_another_order: Contents, name: str
) -> None:
    again = b"".join(export.chosen(EXPORT_FORMATS[name].writer, ALL_FACTS, in_another_order))
    assert again == exported(name)


@pytest.mark.parametrize("name", [name for name in OWN if name not in SHORT])
def test_a_file_says_version_time_licence_and_citation(exported: Exported, name: str) -> None:
    data = exported(name)
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read(archive.namelist()[0])
    for said in (LICENCE, b"2026-11-30", b"[data set]", b"v1"):
        assert said in data


@pytest.mark.parametrize("name", OWN)
def test_a_selection_of_nothing_is_a_document_all_the_same(contents: Contents, name: str) -> None:
    selection = Selection(until="1900")
    assert isinstance(b"".join(export.chosen(EXPORT_FORMATS[name].writer, selection, contents)), bytes)


def test_a_file_whose_export_fails_does_not_appear(tmp_path: Path) -> None:
    def failing() -> Iterator[bytes]:
        yield b"half of it"
        raise RuntimeError("the reader ended")

    with pytest.raises(RuntimeError):
        write_file(tmp_path / "facts.nq", failing())
    assert [*tmp_path.iterdir()] == []
