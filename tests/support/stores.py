"""Data directories for tests, opened with a release of their own."""

import atexit
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from kg import ontology
from kg.facts import releases
from kg.ontology import Ontology
from kg.store.store import Store


def open_store(directory: Path, release: Ontology | None = None) -> Store:
    """Open a data directory to write, at a release, by default the real one."""
    release = release or ontology.load()
    if release is ontology.load():  # which is read once
        fill(directory)
    return releases.open_store(directory, release)


def fill(directory: Path) -> None:
    """Fill a data directory that does not exist with a copy of one that has the real release."""
    if not directory.exists():
        shutil.copytree(_fresh(), directory)


@cache
def _fresh() -> Path:
    """Make a data directory with the real release, once in each process."""
    folder = Path(tempfile.mkdtemp(prefix="kg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    releases.open_store(folder / "data").close()
    return folder / "data"


def copied_alive(directory: Path, goal: Path) -> Path:
    """Copy a data directory as a kill would leave it; its engine may be removing tables meanwhile."""
    while True:
        with suppress(shutil.Error):
            return Path(shutil.copytree(directory, goal))
        shutil.rmtree(goal)
