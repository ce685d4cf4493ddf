"""Protocols of an engine: ``Engine`` for readers, ``WritableEngine`` for the writer of a data directory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple, Protocol, TypeAlias

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
    Variable,
)

from kg.changes import ChangeSet, Delta, Quads

QueryResult: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples
Bindings: TypeAlias = Mapping[Variable, NamedNode | BlankNode | Literal | Triple]


class Dataset(NamedTuple):
    """The graphs that a query reads, regardless of its text; ``None`` means all.

    The default graph is the merge, a set of triples, of the graphs in ``default``.
    """

    default: tuple[NamedNode, ...] | None = None
    named: tuple[NamedNode, ...] | None = None


class QueriedQuads(Quads, Protocol):
    """Quads of one version that also answer queries: the data that a page is written from."""

    @property
    def version(self) -> int:
        """The version of the quads."""
        ...

    def query(
        self,
        text: str,
        *,
        prefixes: Mapping[str, str],
        dataset: Dataset,
        bindings: Bindings,
        base: str | None = None,
    ) -> QueryResult:
        """Evaluate a query; see Engine for its arguments and errors."""
        ...


class Engine(Quads, Protocol):
    """A store of quads for reading."""

    def __contains__(self, quad: Quad, /) -> bool:
        """Return whether the store holds the quad."""
        ...

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        """Yield the named graphs, empty ones too."""
        ...

    def query(
        self,
        text: str,
        *,
        prefixes: Mapping[str, str],
        dataset: Dataset,
        bindings: Bindings,
        base: str | None = None,
    ) -> QueryResult:
        """Evaluate a query; ``bindings`` gives variables their values, ``base`` resolves relative IRIs.

        Raises SyntaxError if the text does not parse, ValueError or RuntimeError if evaluation fails.
        """
        ...

    def dump(self, output: IO[bytes]) -> None:
        """Write all quads as N-Quads."""
        ...

    def dump_stored(self, output: IO[bytes]) -> None:
        """Write the engine's own form as N-Quads for ``in_memory_of``, several times as fast as ``dump``."""
        ...

    def copy_to(self, path: Path) -> None:
        """Make a consistent copy on disk, at a path that does not exist yet."""
        ...

    def close(self) -> None:
        """Close the store; it cannot be used afterwards."""
        ...


class WritableEngine(Engine, Protocol):
    """A store of quads that only this process writes.

    After a failed write it accepts no more writes: ``fault`` holds the reason until ``reopen`` succeeds.
    """

    fault: str | None

    def apply(self, *parts: ChangeSet) -> None:
        """Apply a delta, given in parts: a small one in one transaction, a large one in steps.

        The last step of a large delta writes the commit's provenance.
        """
        ...

    def unapply(self, delta: Delta) -> None:
        """Undo a delta, which the store may hold in part; the first step removes the commit's provenance."""
        ...

    def flush(self) -> None:
        """Flush the engine's memory to disk."""
        ...

    def compact(self) -> None:
        """Reclaim the space of removed quads. Logs a failure and does not raise."""
        ...

    def size(self) -> int:
        """Return the size of the store on disk, in bytes."""
        ...

    def reopen(self, complete: Callable[["WritableEngine"], None]) -> None:
        """Reopen the store and call ``complete`` to apply what it lacks; on success ``fault`` is None.

        If it raises OSError or RuntimeError, ``fault`` stays and reading goes on.
        """
        ...

    def become_read_only(self) -> None:
        """Reopen for reading only a store that accepts no writes."""
        ...

    def load_graphs(self, lines: Sequence[bytes]) -> None:
        """Add quads to their graphs; see ``bulk_writing``."""
        ...

    def load_merge(self, lines: Sequence[bytes]) -> None:
        """Add the triples of quads to the merge; see ``bulk_writing``."""
        ...

    def replace(self, path: Path, aside: Path) -> None:
        """Replace this store by the store at ``path``, which no process has open, and delete this one.

        Raises OSError or RuntimeError; then ``fault`` holds the reason until ``reopen`` succeeds.
        """
        ...

    def start_empty(self, aside: Path) -> None:
        """Move the store to ``aside`` and start with an empty one."""
        ...
