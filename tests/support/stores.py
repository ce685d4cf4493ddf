"""Data directories for tests, opened with a release of their own."""

from pathlib import Path

from kg.facts import releases
from kg.ontology import Ontology
from kg.store.store import Store


def open_store(directory: Path, release: Ontology | None = None) -> Store:
    """Open a data directory to write, at a release, by default the real one."""
    return releases.open_store(directory, release)
