"""Measures the check of a whole graph: seconds and memory by size, and the verdict beside plain pySHACL's.

Run it by hand: ``python -m tests.bench.whole_graph [--sizes 10000 1000000] [--faults 200] [--plainly
10000]``. It is no test. Each size is measured in a process of its own, without faults and with them (at
most one for 500 triples). On a busy machine processor seconds tell more than seconds.
"""

import argparse
import multiprocessing
import resource
import time
from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from kg import ontology
from kg.gate.gate import Gate
from kg.gate.reports import Report
from tests.gate.shacl.test_affected import rows
from tests.support import worlds


@dataclass(frozen=True)
class Measured:
    """What one check took, and what it and plain pySHACL (if asked) found."""

    quads: int
    faults: int
    loading: float
    seconds: float
    processor: float
    megabytes: int
    found: int
    missed: int
    plainly: str

    def __str__(self) -> str:
        took = f"{self.loading:>8.1f} {self.seconds:>8.1f} {self.processor:>8.1f} {self.megabytes:>7,}"
        return f"{self.quads:>12,} {self.faults:>7} {took} {self.found:>7} {self.missed:>7}   {self.plainly}"


def main() -> None:
    """Print a line for each size, without and with faults."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    options.add_argument("--faults", type=int, default=200)
    options.add_argument("--plainly", type=int, default=10_000, help="compare with pySHACL up to this size")
    given = options.parse_args()
    names = ("quads", "faults", "load s", "check s", "cpu s", "MB", "found", "missed")
    print("{:>12} {:>7} {:>8} {:>8} {:>8} {:>7} {:>7} {:>7}   plain pySHACL".format(*names), flush=True)
    for size in given.sizes:
        for faults in (0, min(given.faults, size // 500)):
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print(pool.apply(measured, (size, faults, size <= given.plainly)), flush=True)


def measured(size: int, faults: int, plainly: bool) -> Measured:
    """Load a world beside the release and check it all."""
    release = ontology.load()
    gate, store = Gate.of(release), Store()
    start = time.perf_counter()
    store.bulk_extend(release.quads)
    store.bulk_extend(release.seed)
    store.bulk_extend(worlds.world(size, faults=faults))
    loading = time.perf_counter() - start
    start, processor = time.perf_counter(), time.process_time()
    report = gate.check_whole(store)
    seconds, processor = time.perf_counter() - start, time.process_time() - processor
    faulty = {
        violation.focus.value for violation in report.violations if isinstance(violation.focus, NamedNode)
    }
    planted = worlds.planted(size, faults=faults)
    return Measured(
        len(store),
        faults,
        loading,
        seconds,
        processor,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        len(report.violations),
        sum(not faulty.issuperset(node for node, _, _ in fault.violations) for fault in planted),
        compared(gate, store, report) if plainly else "-",
    )


def compared(gate: Gate, store: Store, report: Report) -> str:
    """Time plain pySHACL, and tell if it reports the same."""
    start = time.perf_counter()
    is_same = rows(gate.check_whole_plainly(store)) == rows(report)
    return f"{time.perf_counter() - start:.1f} s, {'the same report' if is_same else 'ANOTHER REPORT'}"


if __name__ == "__main__":
    main()
