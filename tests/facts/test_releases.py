"""Opening with a release: a minor version is committed, a major one stops with what to do."""

from pathlib import Path

import pytest

from kg import iris
from kg.errors import Damaged, Unavailable
from kg.facts import releases
from kg.ontology import Ontology
from tests.support.stores import open_store
from tests.support.two_versions import NEW, OLD, write_version


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    return write_version(tmp_path_factory.mktemp("old"), OLD)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    return write_version(tmp_path_factory.mktemp("new"), NEW)


def test_a_major_difference_stops_every_opening(data: Path, old: Ontology, new: Ontology) -> None:
    open_store(data, old).close()
    for opening in (releases.open_store, releases.open_to_read):
        with pytest.raises(Unavailable, match=f"{OLD}.*{NEW}.*kg upgrade"):
            opening(data, new)
    with open_store(data, old) as store:
        assert store.version == 2


def test_a_directory_of_a_newer_major_version_names_the_program_to_use(
    data: Path, old: Ontology, new: Ontology
) -> None:
    open_store(data, new).close()
    for opening in (releases.open_store, releases.open_to_read):
        with pytest.raises(
            Unavailable, match=f"use the version of the program that comes with ontology {NEW}"
        ):
            opening(data, old)


def test_a_minor_version_is_committed_at_a_start_and_read_as_it_is(
    data: Path, old: Ontology, tmp_path: Path
) -> None:
    open_store(data, old).close()
    minor = write_version(tmp_path / "minor", OLD)
    file = tmp_path / "minor" / "diplomacy.ttl"
    file.write_text(file.read_text().replace(OLD, "0.1.1") + "dip:Club a owl:Class .")
    assert releases.open_to_read(data, minor).version == 2
    with open_store(data, minor) as store:
        assert (store.version, store.log.commit(3).graphs) == (3, (iris.TERMS_GRAPH,))


def test_a_start_that_reads_a_damaged_table_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object) -> None:
        raise RuntimeError("Corruption: block checksum mismatch in 000065.sst")

    monkeypatch.setattr(releases, "bring_up_to_date", damaged)
    with pytest.raises(Damaged, match="000065"):
        releases.open_store(tmp_path / "data")
