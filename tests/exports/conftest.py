"""The seed graph in memory, as exports read it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TypeAlias

import pytest

from kg import ontology, provenance
from kg.changes import Commit
from kg.exports import export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.selection import ALL_FACTS, Selection
from kg.store.engine import in_memory
from kg.store.store import Contents

Exported: TypeAlias = Callable[..., bytes]


@pytest.fixture(scope="session")
def contents() -> Contents:
    """The release with its seed graph, as version 1 of a day in November 2026."""
    release = ontology.load()
    made = datetime(2026, 11, 30, 12, tzinfo=UTC)
    commit = Commit(1, made, "Ana", None, None, (), None, "kg")
    return Contents(in_memory([*release.quads, *release.seed, *provenance.quads(commit)]), 1)


@pytest.fixture(scope="session")
def exported(contents: Contents) -> Exported:
    """Write the seed graph, or a selection of it, in a format; once for each."""

    @cache
    def write(name: str, selection: Selection = ALL_FACTS) -> bytes:
        return b"".join(export.chosen(EXPORT_FORMATS[name].writer, selection, contents))

    return write
