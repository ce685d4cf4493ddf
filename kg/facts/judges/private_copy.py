"""Private copy of the store: one judge process alone opens, writes and reads it.

The copy starts as a snapshot (hard links, milliseconds) and applies the commits of the log, pending ones
included. It records every pattern that is queried, so that a judgement can be confirmed for a later version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from kg.changes import Delta, GraphName, Object, Subject
from kg.errors import TooLarge, Unavailable
from kg.facts.judges.pattern_cache import PatternCache
from kg.facts.judges.read_set import ReadSet
from kg.query.evaluation import evaluate
from kg.query.job import QueryJob
from kg.store import effects
from kg.store.copies import ContentsOnDisk
from kg.store.log import CommitLog

MOST_ROW_BYTES = 1 << 26
"""Maximum bytes of the rows of one WHERE of an update."""


class PrivateCopy:
    """The store at one version; ``advance`` moves it to a later one."""

    def __init__(self, path: Path, version: int, log: CommitLog) -> None:
        self.version = version
        self.log = log
        self.reads = ReadSet()
        self.followers: list[Callable[[Sequence[Quad]], None]] = []
        self._contents = ContentsOnDisk(path, version)
        self._cache = PatternCache()

    @property
    def newest(self) -> int:
        """The version of the copy."""
        return self.version

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Object | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        """Yield the quads that match, and add the pattern to the read set."""
        self.reads.add(subject, predicate, object, graph_name)
        pattern = subject, predicate, object, graph_name
        return self._cache.answer(pattern, lambda: self._contents.quads_for_pattern(*pattern))

    def __contains__(self, quad: Quad, /) -> bool:
        self.reads.add(quad.subject, quad.predicate, quad.object, quad.graph_name)
        return quad in self._contents

    def graphs(self) -> list[str]:
        """List the graphs that hold quads, sorted; the read set becomes all quads."""
        self.reads.add()
        return self._contents.graphs()

    def effective(self, delta: Delta) -> Delta:
        """Return the part of a delta that changes this copy."""
        return effects.effective(self, delta)

    def advance(self, version: int) -> list[Delta]:
        """Apply the commits up to a version, and return their deltas, oldest first."""
        deltas = []
        for number in range(self.version + 1, version + 1):
            if self.log.bulk(number):
                raise Unavailable("A load was committed meanwhile; a fresh copy is needed.")
            _, delta = self.log.read(number)
            self._cache.drop((*delta.added, *delta.removed))
            self._contents.apply(delta)
            for follower in self.followers:
                follower(delta.added)
            self.version = number
            deltas.append(delta)
        return deltas

    def rows(self, job: QueryJob, delta: Delta) -> bytes:
        """Evaluate a query on the store with an effective delta applied, and return the rows as JSON.

        A query may read any quad, so the read set becomes all quads. Raises as ``evaluate``, and TooLarge for
        more than ``MOST_ROW_BYTES``.
        """
        self.reads.add()
        if delta:
            self._contents.apply(delta)
        output = _Bounded()
        try:
            evaluate(self._contents, job).write(output)
        finally:
            if delta:
                self._contents.apply(delta.inverse())
        return output.getvalue()


class _Bounded(BytesIO):
    """A byte buffer with a maximum size."""

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the serialiser only writes bytes
        if self.tell() + len(data) > MOST_ROW_BYTES:
            raise TooLarge("The update matches too much at once; send it in smaller parts.")
        return super().write(data)
