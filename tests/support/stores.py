"""Data directories for tests, opened with a release of their own."""

import shutil
from contextlib import suppress
from pathlib import Path

from kg.facts import releases
from kg.ontology import Ontology
from kg.store.store import Store


def open_store(directory: Path, release: Ontology | None = None) -> Store:
    """Open a data directory to write, at a release, by default the real one."""
    return releases.open_store(directory, release)


def copied_alive(directory: Path, goal: Path) -> Path:
    """Copy a data directory as a kill would leave it; its engine may be removing tables meanwhile."""
    while True:
        with suppress(shutil.Error):
            return Path(shutil.copytree(directory, goal))
        shutil.rmtree(goal)
