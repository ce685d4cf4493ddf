"""Documents of single graphs; an empty graph exists if a note records it."""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from kg.changes import GraphName
from kg.errors import NotFound
from kg.exports import export
from kg.facts.edits import exists
from kg.store import mentions
from kg.store.log import CommitLog
from kg.store.store import Contents


def nothing_unless_withdrawn(log: CommitLog, graph: GraphName, store: Contents) -> Iterator[bytes]:
    """Yield an empty document; raises Withdrawn if the graph was retracted."""
    if isinstance(graph, NamedNode):
        mentions.require_not_withdrawn(store, log, graph)
    yield b""


def one(format_name: str, graph: GraphName, store: Contents) -> Iterator[bytes]:
    """Yield a graph of a store as a document; raises NotFound if it does not exist."""
    if not exists(store, graph):
        raise NotFound(f"There is no graph {graph}.")
    return export.one(format_name, graph, store)
