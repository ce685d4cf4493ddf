"""What a writer of an export is given: quads of one version, and what the document says of itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from kg.changes import GraphName, Quads
from kg.exports.edition import Edition
from kg.store.store import Contents


@dataclass(frozen=True)
class Extract:
    """The part of a graph that a document holds.

    ``quads`` may hold more than ``graphs`` and is asked for these alone, in their order. Without an
    ``edition`` the document says nothing of itself. ``contents`` is the whole version, with terms and labels.
    """

    quads: Quads
    graphs: tuple[GraphName, ...]
    edition: Edition | None = None
    contents: Contents | None = None
    directory: Path | None = None
    """The data directory, whose columnar projection may have the tables of the version."""


Writer: TypeAlias = Callable[[Extract], Iterator[bytes]]
"""Yields a document in chunks; raises NotAcceptable before the first if it cannot carry a term."""
