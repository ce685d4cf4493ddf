"""Protocols of an engine: what readers ask of it, and what the writer of a data directory needs besides."""

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
    """The graphs that a query reads, whatever its text says; ``None`` means all.

    The default graph is the merge of those in ``default``, a set of triples.
    """

    default: tuple[NamedNode, ...] | None = None
    named: tuple[NamedNode, ...] | None = None


class QueriedQuads(Quads, Protocol):
    """Quads of one version that answer queries too: what a page is written from."""

    @property
    def version(self) -> int:
        """The version that is read."""
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
        """Evaluate a query; see Engine for what it takes and raises."""
        ...


class Engine(Quads, Protocol):
    """A store of quads that is read."""

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

        Raises SyntaxError for a text that does not parse, ValueError or RuntimeError if evaluation fails.
        """
        ...

    def dump(self, output: IO[bytes]) -> None:
        """Write all quads as N-Quads."""
        ...

    def dump_stored(self, output: IO[bytes]) -> None:
        """Write what the engine holds as N-Quads for ``in_memory_of``, several times as fast as ``dump``."""
        ...

    def copy_to(self, path: Path) -> None:
        """Make a copy on disk, of one moment, at a path that does not exist yet."""
        ...

    def close(self) -> None:
        """Close the store; it cannot be used afterwards."""
        ...


class WritableEngine(Engine, Protocol):
    """A store of quads that this process alone writes.

    After a failed write it takes no more writes: ``fault`` says why until ``reopen`` succeeds.
    """

    fault: str | None

    def apply(self, *parts: ChangeSet) -> None:
        """Apply a delta, given in parts: a small one in one transaction, a large one in steps.

        What tells of its commit in the provenance graph is the last step of a large one.
        """
        ...

    def unapply(self, delta: Delta) -> None:
        """Undo a delta, of which a store may hold a part: what tells of its commit is the first step."""
        ...

    def flush(self) -> None:
        """Write to disk what is held in memory."""
        ...

    def compact(self) -> None:
        """Reclaim the space of removed quads. Logs a failure and does not raise."""
        ...

    def size(self) -> int:
        """Return the bytes that the store takes on disk."""
        ...

    def reopen(self, complete: Callable[["WritableEngine"], None]) -> None:
        """Open the store anew and let ``complete`` apply what it lacks; then ``fault`` is None.

        Raises OSError or RuntimeError; then ``fault`` stays, and reading goes on.
        """
        ...

    def become_read_only(self) -> None:
        """Open the store to read only, in the place of one that takes no writes."""
        ...

    def load_graphs(self, lines: Sequence[bytes]) -> None:
        """Add quads to their graphs; see ``bulk_writing``."""
        ...

    def load_merge(self, lines: Sequence[bytes]) -> None:
        """Add the triples of quads to the merge; see ``bulk_writing``."""
        ...

    def replace(self, path: Path, aside: Path) -> None:
        """Put the store at another path, which nobody has open, in the place of this one; drop this one.

        Raises OSError or RuntimeError; then ``fault`` says why until ``reopen`` succeeds.
        """
        ...

    def start_empty(self, aside: Path) -> None:
        """Start anew without quads; move the old store to ``aside``."""
        ...
