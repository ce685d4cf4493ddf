"""Measures what a flush for all that wait saves: submissions of 20 triples by one writer, and by eight.

Run it by hand: ``python -m tests.bench.writers``, or ``make bench-writers``. Each writer adds facts through
the gate (``facts.add``) to a data directory on disk, one after the other. Beside that the same with one flush
for each commit, the next writer waiting for it; the two take turns. Then all again with a disk that takes
5 ms longer for each fsync.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import RdfFormat, serialize

from kg import ontology
from kg.changes import Provenance
from kg.facts.submissions import Submission, add, parse
from kg.formats import RDF_FORMATS
from kg.gate.gate import Gate
from kg.store import log
from kg.store.store import Store
from tests.bench.gate import filled, visits

TRIPLES = 20
SIZE = 10_000
SLOW = 0.005
"""Seconds that an fsync takes longer on the slow disk."""
ME = Provenance("bench")


@dataclass
class Counts:
    """How long commits took, and how often the disk was asked to flush."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    flushes: int = 0
    fsyncs: int = 0

    def row(self) -> str:
        """Tell commits per second, median and 99th percentile, flushes and fsyncs per commit."""
        commits = len(self.latencies)
        waited = sorted(1000 * seconds for seconds in self.latencies)
        late = waited[int(commits * 0.99)]
        return (
            f"{self.rate:>10.1f}{statistics.median(waited):>11.1f}{late:>9.1f}"
            f"{self.flushes / commits:>9.2f}{self.fsyncs / commits:>8.2f}"
        )

    @property
    def rate(self) -> float:
        """Commits per second."""
        return len(self.latencies) / self.seconds


class Bench:
    """A store and its gate, to which each submission is added once."""

    def __init__(self, store: Store, gate: Gate) -> None:
        self._store = store
        self._gate = gate
        self._made = 0

    def run(self, counts: Counts, writers: int, commits: int, *, is_grouped: bool) -> None:
        """Have so many writers make so many commits in all."""
        submissions = [self._submission() for _ in range(commits)]
        add = self._add if is_grouped else self._add_alone
        with self._counting(counts), ThreadPoolExecutor(writers) as pool:
            start = time.perf_counter()
            counts.latencies += pool.map(add, submissions)
            counts.seconds += time.perf_counter() - start

    def _submission(self) -> Submission:
        self._made += 1
        quads = (quad.triple for quad in visits(self._made, TRIPLES))
        data = serialize(quads, format=RdfFormat.N_TRIPLES)
        assert data is not None
        return parse(data, RDF_FORMATS["ntriples"])

    def _add(self, submission: Submission) -> float:
        start = time.perf_counter()
        assert add(self._store, self._gate, submission, ME).commit
        return time.perf_counter() - start

    def _add_alone(self, submission: Submission) -> float:
        start = time.perf_counter()
        with self._store.writing:
            assert add(self._store, self._gate, submission, ME).commit
            self._store.flush()
        return time.perf_counter() - start

    @contextmanager
    def _counting(self, counts: Counts) -> Iterator[None]:
        settle, sync = self._store.log.settle, log._sync

        def settled(versions: list[int]) -> None:
            counts.flushes += 1
            settle(versions)

        def synced(path: Path) -> None:
            counts.fsyncs += 1
            sync(path)

        self._store.log.settle, log._sync = settled, synced  # type: ignore[method-assign,assignment]  # to count
        try:
            yield
        finally:
            self._store.log.settle, log._sync = settle, sync  # type: ignore[method-assign]  # as it was


@contextmanager
def slower(seconds: float) -> Iterator[None]:
    """Have each fsync of the log take longer."""
    sync = log._sync

    def slow(path: Path) -> None:
        time.sleep(seconds)
        sync(path)

    log._sync = slow
    try:
        yield
    finally:
        log._sync = sync


def main() -> None:
    """Print a row for each case, and how many times as many commits a second one flush for all makes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--commits", type=int, default=120, help="commits of one turn")
    options.add_argument("--turns", type=int, default=3)
    given = options.parse_args()
    release = ontology.load()
    print(f"{'disk':<6}{'writers':>8}  {'flush':<10}{'commits/s':>10}{'median ms':>11}{'p99 ms':>9}", end="")
    print(f"{'flushes':>9}{'fsyncs':>8}  (the last two for each commit)")
    with tempfile.TemporaryDirectory() as directory, filled(Path(directory), release, SIZE) as store:
        bench = Bench(store, Gate.of(release))
        bench.run(Counts(), 1, 10, is_grouped=True)
        for disk, delay in (("real", 0.0), ("slow", SLOW)):
            for writers in (1, 8):
                with slower(delay):
                    _compare(bench, f"{disk:<6}{writers:>8}", writers, given.commits, given.turns)


def _compare(bench: Bench, name: str, writers: int, commits: int, turns: int) -> None:
    alone, grouped = Counts(), Counts()
    for _ in range(turns):
        bench.run(alone, writers, commits, is_grouped=False)
        bench.run(grouped, writers, commits, is_grouped=True)
    print(f"{name}  {'one each':<10}{alone.row()}")
    print(f"{name}  {'for all':<10}{grouped.row()}  {grouped.rate / alone.rate:.2f} times", flush=True)


if __name__ == "__main__":
    main()
