"""Measures the gate: validating a submission, and adding it over HTTP, by its size and that of the store.

Run it by hand: ``python -m tests.bench.gate [--sizes 10000 1000000]``, or ``make bench``. It is no test. The
store is a data directory on disk; the facts are of the real ontology: visits of states, each with report,
passage and time span. Beside each figure stands its bar; on a busy machine processor time tells more.
"""

import argparse
import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from kg import iris, ontology
from kg.changes import Delta, Quads
from kg.gate.gate import Gate
from kg.settings import Settings
from kg.store import engine
from kg.store.store import Store
from tests.support.api_server import bearer, client
from tests.support.stores import open_store

STATES = 200
EVENTS_PER_SOURCE = 40
RUNS = 40
FAULTS = 8
"""Faults in a submission that is refused."""
BARS = {
    "validate 20": 15,
    "validate 200": 60,
    "refuse 200": 100,
    "POST /facts 20": 20,
    "POST /facts 200": 60,
}
"""Milliseconds that the median may take."""
GROWTH = 2.5
"""How many times as much the greatest store may take as the smallest."""


def main() -> None:
    """Print the median and 95th percentile of each size, with the bar; fail where a bar is passed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    release = ontology.load()
    gate = Gate.of(release)
    print(f"{'store':>12}  {'what':<16}{'median ms':>10}{'p95 ms':>10}{'median CPU ms':>15}{'bar':>6}")
    medians: dict[str, list[float]] = {}
    for size in options.parse_args().sizes:
        with tempfile.TemporaryDirectory() as directory, filled(Path(directory), release, size) as store:
            for name, timings in measured(gate, store, Path(directory)):
                medians.setdefault(name, []).append(_row(size, name, timings))
    passed = [name for name, bar in BARS.items() if max(medians[name]) > bar]
    for name, found in medians.items():
        growth = found[-1] / found[0]
        print(f"{name}: the last size takes {growth:.1f} times as long as the first (bar {GROWTH})")
        passed += [f"growth of {name}"] * (growth > GROWTH)
    sys.exit(f"Bars passed: {', '.join(passed)}" if passed else 0)


def _row(size: int, name: str, timings: Sequence[tuple[float, float]]) -> float:
    walls, works = map(sorted, zip(*timings, strict=True))
    median, late, work = statistics.median(walls), walls[int(len(walls) * 0.95)], statistics.median(works)
    print(f"{size:>12,}  {name:<16}{median:>10.1f}{late:>10.1f}{work:>15.1f}{BARS[name]:>6}", flush=True)
    return float(median)


def filled(directory: Path, release: ontology.Ontology, size: int) -> Store:
    """Open a data directory, and put the facts into its engine past the log, which would take long."""
    open_store(directory, release).close()
    engine.write_quads(facts(size), directory / "store")
    opened = engine.open_to_amend(directory / "store")
    opened.compact()  # or the measuring would compete with the engine's own tidying up
    opened.close()
    return open_store(directory, release)


def fill(store: pyoxigraph.Store, release: ontology.Ontology, size: int) -> None:
    """Bring the release and so many triples of visits into a store."""
    store.extend(release.quads)
    store.extend(release.seed)
    store.bulk_extend(facts(size))
    store.optimize()  # or the measuring would compete with the engine's own tidying up


def facts(size: int) -> Iterator[Quad]:
    """Describe visits in so many triples, and the states and the outlet that they name."""
    yield from outlet()
    for state in range(STATES):
        yield from actor(state)
    yield from islice((quad for number in range(size) for quad in described_visit(number)), size)


def measured(gate: Gate, store: Store, directory: Path) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Time what there is a bar for."""
    for triples in (20, 200):
        yield f"validate {triples}", list(measure(gate, store, triples))
    yield "refuse 200", list(measure_refusals(gate, store, 200))
    settings = Settings(data=directory, readers=1, log="off")
    headers = {**bearer("curator"), "Content-Type": "application/n-triples"}
    with client(settings, store) as asking:

        def post(triples: int, run: int) -> bool:
            data = serialize((quad.triple for quad in visits(run, triples)), format=RdfFormat.N_TRIPLES)
            return asking.post("/facts", content=data, headers=headers).status_code == 201

        for place, triples in enumerate((20, 200), start=1):
            yield f"POST /facts {triples}", list(_timed(partial(post, triples), first=place * (RUNS + 1)))


def measure(gate: Gate, store: Quads, triples: int) -> Iterator[tuple[float, float]]:
    """Time the checks of submissions that conform, but the first: wall and CPU milliseconds."""
    deltas = {run: Delta(tuple(visits(run, triples))) for run in range(RUNS + 1)}
    return _timed(lambda run: gate.check(deltas[run], store).conforms)


def measure_refusals(gate: Gate, store: Quads, triples: int) -> Iterator[tuple[float, float]]:
    """Time the checks of submissions with eight faults each, but the first: wall and CPU milliseconds."""
    deltas = {run: Delta(tuple(faulty(visits(run, triples)))) for run in range(RUNS + 1)}
    return _timed(lambda run: len(gate.check(deltas[run], store).violations) == FAULTS)


def faulty(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Leave out the hedges of the first reports, one for each fault."""
    left_out = 0
    for quad in quads:
        if left_out < FAULTS and quad.predicate == _term("dip:hedgedAs"):
            left_out += 1
        else:
            yield quad


def _timed(judge: Callable[[int], bool], first: int = 0) -> Iterator[tuple[float, float]]:
    for run in range(first, first + RUNS + 1):
        start, work = time.perf_counter(), time.process_time()
        is_accepted = judge(run)
        if run > first:
            yield (time.perf_counter() - start) * 1000, (time.process_time() - work) * 1000
        if not is_accepted:
            sys.exit(f"Submission {run} is refused.")


def visits(run: int, triples: int) -> Iterator[Quad]:
    """Make a submission of visits that no other run has."""
    for number in range(max(1, triples // 23)):
        yield from visit(10_000_000 + run * 1000 + number, source=run % 5)


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
        ("dip:dateAsWritten", Literal(date.value)),
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
