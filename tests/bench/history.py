"""Measures history: as-of on a large graph, ordinary queries beside a long history, commits onto a long log.

Run it by hand: ``python -m tests.bench.history [--quads 1000000] [--back 1000] [--retracted 10000]``.
It is no test. The facts are the visits of tests/bench/gate.py, one in each submission.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from kg import iris, ontology
from kg.changes import Delta, Provenance
from kg.query.evaluation import evaluate
from kg.query.job import QueryJob
from kg.store import engine
from kg.store.snapshots import Snapshots
from kg.store.store import Contents, Store, open_snapshot
from tests.bench.gate import facts, visit
from tests.support.stores import open_store

ME = Provenance("Bench", reason="To measure.")
QUERIES = {
    "point": "SELECT ?p ?o { dipid:bench-visit-77 ?p ?o }",
    "join": "SELECT ?v ?w { ?v dip:performedBy dipid:bench-state-7 ; dip:occursAt/dip:date ?w } LIMIT 500",
    "count": "SELECT (COUNT(*) AS ?n) { ?v a dip:Visit }",
}


def main() -> None:
    """Print what was measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quads", type=int, default=1_000_000)
    options.add_argument("--back", type=int, default=1000, help="commits to go back")
    options.add_argument("--retracted", type=int, default=10_000, help="submissions retracted")
    options.add_argument("--beside", type=int, default=200_000, help="quads beside the retracted ones")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        as_of(Path(folder) / "large", given.quads, given.back)
        beside_history(Path(folder), given.beside, given.retracted)


def as_of(directory: Path, quads: int, back: int) -> None:
    """Ask a version so many commits ago."""
    with filled(directory, quads) as store:
        wanted = store.version
        seconds = timed(lambda: add(store, back))
        print(f"{back:,} commits onto {quads:,} quads: {1000 * seconds / back:.1f} ms each")
        snapshots = Snapshots(directory)
        for name, text in QUERIES.items():
            shutil.rmtree(directory / "asof", ignore_errors=True)
            first, again = (timed(partial(ask_as_of, store, snapshots, wanted, text)) for _ in range(2))
            now = median(store, text)
            with snapshots.opened(store, wanted) as contents:
                then = median(contents, text)
            print(
                f"as of {back:,} commits ago, {name}: first {first:.2f} s, opened again"
                f" {1000 * again:.0f} ms, then {1000 * then:.2f} ms, now {1000 * now:.2f} ms"
            )


def beside_history(folder: Path, quads: int, retracted: int) -> None:
    """Compare ordinary queries with and without a history of retractions, turn by turn, in CPU time."""
    bare, long = filled(folder / "bare", quads), filled(folder / "long", quads)
    with bare, long:
        seconds = timed(lambda: add_and_retract(long, retracted))
        long.compaction.settle()  # as in some seconds of quiet
        print(f"{2 * retracted:,} commits: {1000 * seconds / retracted / 2:.1f} ms each")
        print(f"finding the end of the log: {1000 * timed(lambda: long.log.last):.2f} ms")
        copies = [reopened(store, folder / f"copy-{store.version}") for store in (bare, long)]
        for name, text in QUERIES.items():
            without, beside = turn_by_turn(copies, text)
            print(
                f"beside {retracted:,} retracted, {name}: {1000 * beside:.3f} ms,"
                f" without {1000 * without:.3f} ms: {100 * (beside / without - 1):+.1f} %"
            )


def reopened(store: Store, path: Path) -> Contents:
    """Open a snapshot of the store, as the readers do."""
    return open_snapshot(path, store.snapshot(path))


def turn_by_turn(copies: Sequence[Contents], text: str) -> list[float]:
    """Ask one and the other many times; give the median CPU seconds of each."""
    found: list[list[float]] = [[] for _ in copies]
    for _ in range(400):
        for contents, times in zip(copies, found, strict=True):
            start = time.process_time()
            ask(contents, text)
            times.append(time.process_time() - start)
    return [statistics.median(times) for times in found]


def filled(directory: Path, quads: int) -> Store:
    """Make a data directory with so many quads of visits; they are no commit, and stay as they are."""
    open_store(directory).close()
    release = ontology.load()
    engine.write_quads((*release.quads, *release.seed, *facts(quads)), directory / "store")
    opened = engine.open_to_amend(directory / "store")
    opened.compact()
    opened.close()
    return open_store(directory)


def submission(number: int) -> tuple[Quad, ...]:
    graph = NamedNode(f"{iris.DATA}graph-of-{number}")
    return tuple(
        Quad(quad.subject, quad.predicate, quad.object, graph) for quad in visit(50_000_000 + number, 1)
    )


def add(store: Store, commits: int) -> None:
    for number in range(commits):
        store.commit(Delta(added=submission(number)), ME, content_hash=f"{number:064}")


def add_and_retract(store: Store, commits: int) -> None:
    for number in range(commits):
        store.commit(Delta(added=submission(number)), ME, content_hash=f"{number:064}")
        store.commit(Delta(removed=submission(number)), ME)


def ask(contents: Contents, text: str) -> None:
    with tempfile.TemporaryFile() as file:
        evaluate(contents, QueryJob(text, "application/sparql-results+json")).write(file)


def ask_as_of(store: Store, snapshots: Snapshots, version: int, text: str) -> None:
    with snapshots.opened(store, version) as contents:
        ask(contents, text)


def median(contents: Contents, text: str) -> float:
    return statistics.median(timed(lambda: ask(contents, text)) for _ in range(51))


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
