"""A knowledge graph of regional diplomacy: statements, happenings and claims, each according to someone."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.client.graph import Graph

__version__ = "0.1.0"


def open(place: str | Path = "data", *, token: str | None = None) -> "Graph":  # noqa: A001  # as files are
    """Open a data directory, or the graph behind an address (``http://...``), as a Graph.

    Beside a running server a data directory is reached through it. A token is needed only to add facts to the
    server of somebody else.
    """
    from kg.client.graph import Graph

    return Graph(place, token=token)
