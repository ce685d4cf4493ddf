"""Extract: the input of an export's writer, that is, the quads of one version and the document's metadata."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from kg.changes import GraphName, Quads
from kg.exports.edition import Edition
from kg.store.store import Contents


@dataclass(frozen=True)
class Extract:
    """The part of a graph that a document contains.

    ``quads`` may hold other graphs too; writers read only ``graphs``, in their order. Without an ``edition``,
    the document has no metadata. ``contents`` is the whole version, with terms and labels.
    """

    quads: Quads
    graphs: tuple[GraphName, ...]
    edition: Edition | None = None
    contents: Contents | None = None
    directory: Path | None = None
    """The data directory, whose columnar projection may have the tables of the version."""


Writer: TypeAlias = Callable[[Extract], Iterator[bytes]]
"""Yields a document in chunks; raises NotAcceptable before the first if it cannot carry a term."""
