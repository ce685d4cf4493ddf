"""Measures the gate: how long the validation of a submission takes, by the size of submission and store.

Run it by hand: ``python -m tests.bench_gate [--sizes 10000 1000000] [--disk]``. It is no test.
The facts are of the real ontology: visits of states, each with report, passage and time span.
"""

import argparse
import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import iris, ontology
from kg.quads import Delta
from kg.validation import Gate

STATES = 200
EVENTS_PER_SOURCE = 40
RUNS = 40


def main() -> None:
    """Print the median and 95th percentile of each size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    options.add_argument("--submissions", type=int, nargs="+", default=[20, 200], help="triples of each")
    options.add_argument("--disk", action="store_true", help="keep the store on disk")
    given = options.parse_args()
    release = ontology.load()
    gate = Gate.of(release)
    print(f"{'store':>12} {'submission':>12} {'median ms':>12} {'p95 ms':>12} {'median CPU ms':>14}")
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as directory:
            store = Store(Path(directory) / "store") if given.disk else Store()
            fill(store, release, size)
            for triples in given.submissions:
                walls, works = map(sorted, zip(*measure(gate, store, triples), strict=True))
                median, late = statistics.median(walls), walls[int(len(walls) * 0.95)]
                work = statistics.median(works)
                print(f"{size:>12,} {triples:>12} {median:>12.1f} {late:>12.1f} {work:>14.1f}", flush=True)
            del store


def fill(store: Store, release: ontology.Ontology, size: int) -> None:
    """Bring the release and so many triples of visits into a store."""
    store.extend(release.quads)
    store.extend(release.seed)
    store.extend(outlet())
    store.bulk_extend(quad for state in range(STATES) for quad in actor(state))
    store.bulk_extend(islice((quad for number in range(size) for quad in described_visit(number)), size))
    store.optimize()  # or the measuring would compete with the engine's own tidying up


def measure(gate: Gate, store: Store, triples: int) -> Iterator[tuple[float, float]]:
    """Time the checks of submissions that conform, but the first: wall and CPU milliseconds."""
    for run in range(RUNS + 1):
        numbers = range(10_000_000 + run * 1000, 10_000_000 + run * 1000 + max(1, triples // 23))
        delta = Delta(tuple(quad for number in numbers for quad in visit(number, source=run % 5)))
        start, work = time.perf_counter(), time.process_time()
        report = gate.check(delta, store)
        if run:
            yield (time.perf_counter() - start) * 1000, (time.process_time() - work) * 1000
        if not report.conforms:
            sys.exit(report.errors[0].sentence())


def described_visit(number: int) -> Iterator[Quad]:
    """Describe a visit, and now and then a new source for the next ones."""
    if number % EVENTS_PER_SOURCE == 0:
        yield from source(number // EVENTS_PER_SOURCE)
    yield from visit(number, number // EVENTS_PER_SOURCE)


def actor(number: int) -> Iterator[Quad]:
    """Describe a state."""
    yield from _quads(
        f"bench-state-{number}",
        ("rdf:type", "dip:State"),
        ("rdfs:label", Literal(f"State {number}", language="en")),
        ("dip:foundIn", "dipid:bench-source-0"),
    )


def outlet() -> Iterator[Quad]:
    """Describe the outlet that publishes all sources."""
    yield from _quads(
        "bench-outlet",
        ("rdf:type", "dip:Outlet"),
        ("rdfs:label", Literal("Outlet", language="en")),
        ("dip:foundIn", "dipid:bench-source-0"),
    )


def source(number: int) -> Iterator[Quad]:
    """Describe a source."""
    yield from _quads(
        f"bench-source-{number}",
        ("rdf:type", "dip:Source"),
        ("dcterms:title", Literal(f"Article {number}")),
        ("dip:hasKind", "dipk:article"),
        ("dip:publishedBy", "dipid:bench-outlet"),
    )


def visit(number: int, source: int) -> Iterator[Quad]:
    """Describe a visit: 23 triples."""
    words = f"visit number {number}"
    date = Literal(f"{2000 + number % 25}-0{1 + number % 9}-1{number % 9}", datatype=_term("xsd:date"))
    yield from _quads(
        f"bench-visit-{number}",
        ("rdf:type", "dip:Visit"),
        ("rdfs:label", Literal(f"Visit {number}", language="en")),
        ("dip:hasKind", "dipk:visit"),
        ("dip:performedBy", f"dipid:bench-state-{number % STATES}"),
        ("dip:hostedBy", f"dipid:bench-state-{(number * 7 + 1) % STATES}"),
        ("dip:occursAt", f"dipid:bench-span-{number}"),
    )
    yield from _quads(
        f"bench-report-{number}",
        ("rdf:type", "dip:Report"),
        ("dip:reports", f"dipid:bench-visit-{number}"),
        ("dip:foundIn", f"dipid:bench-source-{source}"),
        ("dip:hedgedAs", "dipk:plain"),
        ("dip:basedOn", "dipk:own-voice"),
        ("dip:quotes", f"dipid:bench-passage-{number}"),
    )
    yield from _quads(
        f"bench-passage-{number}",
        ("rdf:type", "dip:Passage"),
        ("dip:occursIn", f"dipid:bench-source-{source}"),
        ("dip:exactText", Literal(words)),
        ("dip:exactHash", Literal(hashlib.sha256(words.encode()).hexdigest())),
    )
    yield from _quads(
        f"bench-span-{number}",
        ("rdf:type", "dip:TimeSpan"),
        ("dip:dateAsWritten", Literal("that day")),
        ("dip:dateBasis", "dipk:stated"),
        ("dip:hasPrecision", "dipk:day"),
        ("dip:earliest", date),
        ("dip:latest", date),
        ("dip:date", date),
    )


def _quads(name: str, *pairs: tuple[str, str | Literal]) -> Iterator[Quad]:
    graph = NamedNode(iris.DATA + "graph-bench")
    for predicate, value in pairs:
        obj = value if isinstance(value, Literal) else _term(value)
        yield Quad(NamedNode(iris.DATA + name), _term(predicate), obj, graph)


def _term(name: str) -> pyoxigraph.NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(iris.PREFIXES[prefix] + local)


if __name__ == "__main__":
    main()
